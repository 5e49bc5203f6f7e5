"""From an update of the Bot API to what the core understands.

Updates are read from the JSON as it came: a kind or a field that is new, old or broken costs that update alone, and is
counted. https://core.telegram.org/bots/api#update
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from adapters.telegram.commands import START, read_command
from bot.clock import Clock
from bot.events import (
    ButtonPressed,
    Edited,
    Event,
    FileSent,
    InGroup,
    Joined,
    Left,
    LocationShared,
    OutOfReach,
    PhoneShared,
    Photo,
)
from bot.model import Address, ChannelName, InboundMessage

ALLOWED = ("message", "edited_message", "callback_query", "my_chat_member")
"""The kinds that we ask for."""
OTHER_KINDS = frozenset(
    {
        *("channel_post", "edited_channel_post", "business_connection", "business_message", "edited_business_message"),
        *("deleted_business_messages", "message_reaction", "message_reaction_count", "inline_query"),
        *("chosen_inline_result", "shipping_query", "pre_checkout_query", "purchased_paid_media", "poll"),
        *("poll_answer", "chat_member", "chat_join_request", "chat_boost", "removed_chat_boost"),
        *("managed_bot", "guest_message"),
    }
)
"""Known, and none of our business."""
ROUTE = "telegram"
LONGEST_TEXT = 2000
MOST_ACTION_OCTETS = 64
LONGEST_PAYLOAD = 64
LARGEST_FILE = 20_000_000
"""Octets; the Bot API hands out no larger file."""
FILES = {"video": "video", "document": "file"}
"""What may belong to a petition; a bot gets files of at most 20 MB."""
OUT_OF_REACH = {
    "sticker": "sticker",
    "voice": "voice",
    "audio": "voice",
    "video": "video",
    "video_note": "video",
    "animation": "video",
    "live_photo": "video",
    "document": "file",
    "contact": "card",
    "poll": "file",
    "dice": "sticker",
    "game": "file",
    "story": "video",
    "paid_media": "file",
    "checklist": "file",
}
"""What a person may send, by the key of the message → what we call it. ``location`` comes before them: a venue has both."""
GROUPS = frozenset({"group", "supergroup"})
PRIVATE = "private"
_MOBILE = re.compile(r"\+?(?:84|0)([35789]\d{8})")


@dataclass(frozen=True, slots=True)
class Arrived:
    """An update that somebody wants an answer to."""

    message: InboundMessage
    callback_id: str = ""
    """Of a pressed button: Telegram shows it as busy until this is answered."""


@dataclass(frozen=True, slots=True)
class Ignored:
    """An update that is acknowledged and forgotten."""

    reason: str
    """From our own words: it is a label of a counter."""
    callback_id: str = ""


Update = Mapping[str, Any]


class Unreadable(ValueError):
    """Not an update at all."""


class UpdateReader:
    """Reads the updates of one bot."""

    def __init__(self, bot_id: int, clock: Clock) -> None:
        self._bot_id = bot_id
        self._clock = clock
        self.username = ""
        """Without @; until Telegram has told it, nobody in a group is heard who only names the bot."""
        self._kinds: dict[str, Callable[[Update, Any], Arrived | Ignored]] = {
            "message": self._message,
            "edited_message": self._edited,
            "callback_query": self._pressed,
            "my_chat_member": self._membership,
        }

    def read(self, update: Any) -> Arrived | Ignored:
        """What became of *update*, the decoded JSON. Raises ``Unreadable`` for what is none."""
        if not isinstance(update, dict) or type(update.get("update_id")) is not int:
            raise Unreadable
        for kind, read in self._kinds.items():
            if kind in update:
                try:
                    return read(update, update[kind])
                except (LookupError, TypeError, ValueError, AttributeError):
                    return Ignored("malformed")
        return Ignored(next((kind for kind in update if kind in OTHER_KINDS), "unknown_kind"))

    # The kinds.

    def _message(self, update: Update, message: Update) -> Arrived | Ignored:
        chat = message["chat"]
        sender = message.get("from")
        if not sender or sender.get("is_bot") or "sender_chat" in message:
            return Ignored("not_a_person")
        if chat["type"] in GROUPS:
            return self._in_group(update, message)
        if chat["type"] != PRIVATE:
            return Ignored("not_private")
        return self._private(update, message)

    def _edited(self, update: Update, message: Update) -> Arrived | Ignored:
        """Only what is written: a live location comes as an edit every few seconds."""
        if message["chat"]["type"] != PRIVATE:
            return Ignored("edited_in_group")
        if "text" not in message and "caption" not in message:
            return Ignored("edited_without_text")
        read = self._message(update, message)
        if isinstance(read, Ignored):
            return read
        return Arrived(replace(read.message, event=Edited(read.message.reply_key)))

    def _pressed(self, update: Update, query: Update) -> Arrived | Ignored:
        callback = _text(query["id"])
        if query["from"].get("is_bot"):
            return Ignored("not_a_person", callback)
        chat = query.get("message", {}).get("chat", {})
        if chat.get("type") != PRIVATE or chat["id"] != query["from"]["id"]:
            return Ignored("button_elsewhere", callback)
        action = _text(query.get("data", ""))
        if not 0 < len(action.encode()) <= MOST_ACTION_OCTETS:
            return Ignored("button_without_action", callback)
        return Arrived(self._inbound(update, chat, "", ButtonPressed(action)), callback)

    def _membership(self, update: Update, change: Update) -> Arrived | Ignored:
        chat, old, new = change["chat"], change["old_chat_member"]["status"], change["new_chat_member"]["status"]
        if chat["type"] != PRIVATE:
            return Ignored("membership_in_group")
        if new == "kicked":
            return Arrived(self._inbound(update, chat, "", Left()))
        if new == "member" and old == "kicked":
            return Arrived(self._inbound(update, chat, "", Joined()))
        return Ignored("membership_unchanged")

    # What a message holds.

    def _in_group(self, update: Update, message: Update) -> Arrived | Ignored:
        """Nothing of the text is kept: where others read along we only say that they had better write to us alone."""
        if not self._is_addressed(message):
            return Ignored("group_talk")
        return Arrived(self._inbound(update, message["chat"], "", InGroup()))

    def _is_addressed(self, message: Update) -> bool:
        text = _text(message.get("text") or message.get("caption") or "")
        if message.get("reply_to_message", {}).get("from", {}).get("id") == self._bot_id:
            return True
        command, name = read_command(text), self.username.lower()
        if command is not None:
            is_ours = command.name == START or command.meaning is not None
            return command.bot.lower() == name if command.bot else is_ours
        return bool(name) and re.search(rf"@{re.escape(name)}\b", text.lower()) is not None

    def _private(self, update: Update, message: Update) -> Arrived | Ignored:
        chat = message["chat"]
        written = _clean(_text(message.get("text", message.get("caption", ""))))
        event = _event(message)
        if event is None and not written:
            return Ignored("service")
        if event is not None:
            text = "" if isinstance(event, PhoneShared) else written
            return Arrived(self._inbound(update, chat, text, event))
        command = read_command(written)
        if command is None:
            return Arrived(self._inbound(update, chat, written, None))
        if command.name == START:
            return Arrived(self._inbound(update, chat, "", Joined(command.rest[:LONGEST_PAYLOAD])))
        return Arrived(self._inbound(update, chat, command.meaning or written, None))

    def _inbound(self, update: Update, chat: Update, text: str, event: Event | None) -> InboundMessage:
        if type(chat["id"]) is not int:
            raise TypeError
        return InboundMessage(
            sender=Address(ChannelName.TELEGRAM, str(chat["id"])),
            recipient=str(self._bot_id),
            text=text,
            received_at=self._now(),
            route=ROUTE,
            external_id=f"{self._bot_id}:{update['update_id']}",
            event=event,
            reply_key=_number(update),
        )

    def _now(self) -> datetime:
        return self._clock.now()


def _event(message: Update) -> Event | None:
    """What the person did besides writing; a text or a caption that can be read for itself is none."""
    if "photo" in message:
        return Photo((_text(message["photo"][-1]["file_id"]),))
    if "location" in message:
        place = message["location"]
        return LocationShared(float(place["latitude"]), float(place["longitude"]))
    if "contact" in message:
        return _contact(message)
    document = message.get("document", {})
    if _text(document.get("mime_type", "")).startswith("image/") and document.get("file_size", 0) <= LARGEST_FILE:
        return Photo((_text(document["file_id"]),))
    for kind in FILES.keys() & message.keys():
        if message[kind].get("file_size", 0) <= LARGEST_FILE:
            return FileSent(FILES[kind], (_text(message[kind]["file_id"]),))
    if "text" in message or message.get("caption"):
        return None
    return next((OutOfReach(kind) for key, kind in OUT_OF_REACH.items() if key in message), None)


def _contact(message: Update) -> Event:
    """Only the own card, made by this very person, proves a number; anybody can send anybody's."""
    card = message["contact"]
    own = card.get("user_id") == message["from"]["id"] and "forward_origin" not in message
    number = _MOBILE.fullmatch(re.sub(r"[\s().-]", "", _text(card["phone_number"])))
    return PhoneShared(f"84{number[1]}") if own and number else OutOfReach("card")


def _number(update: Update) -> str:
    """Of a message in its chat, the same when it is edited; "" of anything else."""
    message = update.get("message") or update.get("edited_message") or {}
    return str(message.get("message_id", ""))


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _clean(text: str) -> str:
    return unicodedata.normalize("NFC", text.replace("\0", "")).strip()[:LONGEST_TEXT]
