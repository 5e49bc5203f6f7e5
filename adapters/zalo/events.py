"""What Zalo's events mean to us. Every name that Zalo documents is in the table; one that is not is counted and left."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from unicodedata import normalize

from adapters.zalo.payloads import (
    SomebodyElse,
    attachments,
    coordinates,
    identity,
    mapping,
    msisdn,
    text_of,
    time_of,
    urls,
)
from adapters.zalo.settings import ZaloSettings
from bot.events import (
    ButtonPressed,
    Event,
    FileSent,
    InGroup,
    Joined,
    Left,
    LocationShared,
    OutOfReach,
    PhoneClaimed,
    PhoneShared,
    Photo,
    TakenOver,
    Withdrew,
)
from bot.model import Address, ChannelName, DeliveryReceipt, InboundMessage, ReceiptState

ROUTE = "zalo"
PHONE_ROUTE = "zalo:phone"
LONGEST_TEXT = 2000
LATE = timedelta(hours=1)
"""What came later than that is stored and not answered: the person has long gone on."""
ACTION = re.compile(r"#([a-z]{1,16}(?::\S{1,63})?)", re.ASCII)
"""What a button of ours posts in the person's name."""
ANONYMOUS = "~"
"""Begins the id of somebody who is not signed in: ``~<anonymous id>~<conversation id>``."""
BEST_SCORE = 5


@dataclass(frozen=True, slots=True)
class Ignored:
    """Nothing to store: why, for the count."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """A rating given on a form. Zalo does not say by whom: only what we sent knows."""

    score: int
    note: str
    tracking_id: str
    message_id: str
    key: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Delivered:
    """Messages of ours that reached the phone, or were read."""

    receipts: tuple[DeliveryReceipt, ...]


Reading = InboundMessage | Feedback | Delivered | Ignored
Body = Mapping[str, Any]


class Reader:
    """Reads genuine events of one account."""

    def __init__(self, settings: ZaloSettings) -> None:
        self._settings = settings

    def read(self, body: Body, raw: bytes, now: datetime) -> Reading:
        """What the event is. Raises ``SomebodyElse`` for one of another app or account."""
        name = body.get("event_name")
        self._check_account(body)
        if not isinstance(name, str):
            return Ignored("no_event")
        read = READERS.get(name)
        if read is None:
            return Ignored(IGNORED.get(name, "unknown_event"))
        return read(_Envelope(name, body, raw, now, self._settings))

    def _check_account(self, body: Body) -> None:
        """Events name the account in one of four places; group events name people and groups only."""
        if identity(body.get("app_id")) not in {self._settings.app_id, ""}:
            raise SomebodyElse
        account = identity(body.get("oa_id")) or identity(body.get("oaId"))
        named = {account} if account else {identity(mapping(body, end).get("id")) for end in ("sender", "recipient")}
        if "group" not in text_of(body.get("event_name")) and named - {""} and self._settings.oa_id not in named:
            raise SomebodyElse


@dataclass(frozen=True, slots=True)
class _Envelope:
    """One event on its way to a noun."""

    name: str
    body: Body
    raw: bytes
    now: datetime
    settings: ZaloSettings

    @property
    def message(self) -> Mapping[str, Any]:
        return mapping(self.body, "message")

    @property
    def sent_at(self) -> datetime | None:
        return time_of(self.body.get("timestamp"))

    def happened(self, person: str, event: Event | None, text: str = "", *, may_be_late: bool = False) -> Reading:
        """What *person* wrote or did."""
        if not person or person == self.settings.oa_id:
            return Ignored("no_person")
        return InboundMessage(
            sender=Address(ChannelName.ZALO, person),
            recipient=self.settings.oa_id,
            text=normalize("NFC", text)[:LONGEST_TEXT],
            received_at=self.now,
            route=ROUTE,
            external_id=self.key(person),
            ignored="late" if may_be_late and self._is_late() else None,
            event=event,
        )

    def key(self, person: str) -> str:
        """What makes a repeat recognisable: the message's own id, else who did it and when, else every octet of it."""
        if message_id := identity(self.message.get("msg_id")):
            return message_id if self.name.startswith(WRITTEN) else f"{self.name}:{message_id}"
        if at := identity(self.body.get("timestamp")):
            return _hashed(f"{self.name}|{person}|{at}".encode())
        return _hashed(self.raw)

    def _is_late(self) -> bool:
        return self.sent_at is not None and self.now - self.sent_at > LATE


Read = Callable[[_Envelope], Reading]
WRITTEN = ("user_send_", "anonymous_send_", "oa_send_")


def _sender(event: _Envelope) -> str:
    return identity(mapping(event.body, "sender").get("id"))


def _wrote(event: _Envelope) -> Reading:
    """A text, typed or posted by a button of ours."""
    text = text_of(event.message.get("text"))
    if not text.strip():
        return Ignored("no_text")
    pressed = ACTION.fullmatch(text.strip())
    if pressed is not None:
        return event.happened(_sender(event), ButtonPressed(pressed[1]), may_be_late=True)
    return event.happened(_sender(event), None, text, may_be_late=True)


def _sent_picture(event: _Envelope) -> Reading:
    pictures = urls(event.message, {"image", "gif"})
    found: Event = Photo(pictures) if pictures else OutOfReach("photo")
    return event.happened(_sender(event), found, text_of(event.message.get("text")), may_be_late=True)


def _sent_link(event: _Envelope) -> Reading:
    """A shared link is read as the text that it carries: the code may stand in any of the three."""
    said = [text_of(event.message.get("text"))]
    for _kind, payload in attachments(event.message):
        said += [text_of(payload.get(name)) for name in ("title", "description", "url")]
    text = " ".join(dict.fromkeys(part for part in said if part))
    return event.happened(_sender(event), None, text, may_be_late=True) if text else Ignored("no_text")


def _sent_place(event: _Envelope) -> Reading:
    place = coordinates(event.message)
    found: Event = LocationShared(*place) if place else OutOfReach("location")
    return event.happened(_sender(event), found, text_of(event.message.get("text")), may_be_late=True)


def _sent(kind: str) -> Read:
    """Something that we cannot read; a text with it is read all the same."""

    def read(event: _Envelope) -> Reading:
        text = text_of(event.message.get("text")).strip()
        return event.happened(_sender(event), None if text else OutOfReach(kind), text, may_be_late=True)

    return read


def _sent_file(kind: str) -> Read:
    """A video or a document: what it is stands in its content."""

    def read(event: _Envelope) -> Reading:
        text = text_of(event.message.get("text")).strip()
        links = urls(event.message, {kind})
        found: Event = FileSent(kind, links) if links else OutOfReach(kind)
        return event.happened(_sender(event), found if links or not text else None, text, may_be_late=True)

    return read


def _card(event: _Envelope) -> Reading:
    """A number on a card proves nothing, so nothing of it is kept."""
    return event.happened(_sender(event), OutOfReach("card"), may_be_late=True)


def _anonymous(read: Read) -> Read:
    """Somebody who is not signed in: an address that is good for this conversation."""

    def as_known(event: _Envelope) -> Reading:
        who, conversation = _sender(event), identity(event.message.get("conversation_id"))
        if not who or not conversation:
            return Ignored("no_person")
        named = {**event.body, "sender": {"id": f"{ANONYMOUS}{who}{ANONYMOUS}{conversation}"}}
        return read(_Envelope(event.name, named, event.raw, event.now, event.settings))

    return as_known


def _in_group(event: _Envelope) -> Reading:
    return event.happened(_sender(event), InGroup(), may_be_late=True)


def _echo(event: _Envelope) -> Reading:
    """Our own message comes back; with an ``admin_id`` it is not ours but an officer's, written by hand."""
    if not identity(mapping(event.body, "sender").get("admin_id")):
        return Ignored("echo")
    until = (event.sent_at or event.now) + timedelta(minutes=event.settings.takeover_minutes)
    if until <= event.now:
        return Ignored("echo_late")
    return event.happened(identity(mapping(event.body, "recipient").get("id")), TakenOver(until))


def _followed(event: _Envelope) -> Reading:
    return event.happened(identity(mapping(event.body, "follower").get("id")), Joined())


def _unfollowed(event: _Envelope) -> Reading:
    return event.happened(identity(mapping(event.body, "follower").get("id")), Left())


def _opened_chat(event: _Envelope) -> Reading:
    return event.happened(identity(event.body.get("user_id")), Joined())


def _withdrew(event: _Envelope) -> Reading:
    return event.happened(identity(event.body.get("user_id")), Withdrew())


def _submitted(event: _Envelope) -> Reading:
    """The form that we sent came back. What it says can be edited, so it proves a number only if the settings say so."""
    phone = msisdn(mapping(event.body, "info").get("phone"))
    if not phone:
        return Ignored("no_phone")
    shared = PhoneShared(phone) if event.settings.trust_shared_phone else PhoneClaimed(phone)
    return event.happened(_sender(event), shared)


def _reached(event: _Envelope) -> Reading:
    """Delivered, or seen: one id, or a list of them."""
    several = event.message.get("msg_ids")
    ids = [identity(one) for one in (several if isinstance(several, list) else [event.message.get("msg_id")])]
    at = time_of(event.message.get("delivery_time")) or event.sent_at or event.now
    receipts = tuple(
        DeliveryReceipt(route=ROUTE, provider_ids=(one,), state=ReceiptState.DELIVERED, received_at=min(at, event.now))
        for one in ids
        if one
    )
    return Delivered(receipts) if receipts else Ignored("no_id")


def _rated(event: _Envelope) -> Reading:
    rate = event.message.get("rate")
    score = int(rate) if isinstance(rate, int) or (isinstance(rate, str) and rate.isdecimal() and rate.isascii()) else 0
    if not 1 <= score <= BEST_SCORE:
        return Ignored("no_score")
    answers = event.message.get("feedbacks")
    said = [text_of(event.message.get("note")), *map(text_of, answers if isinstance(answers, list) else [])]
    message_id, at = identity(event.message.get("msg_id")), identity(event.message.get("submit_time"))
    tracking_id = identity(event.message.get("tracking_id"))
    return Feedback(
        score=score,
        note=normalize("NFC", "; ".join(part for part in said if part))[:LONGEST_TEXT],
        tracking_id=tracking_id,
        message_id=message_id,
        key=_hashed(f"{event.name}|{message_id}|{tracking_id}|{at}".encode()),
        received_at=event.now,
    )


def _hashed(key: bytes) -> str:
    """Whom it concerns stays unreadable."""
    return sha256(key).hexdigest()[:40]


MEDIA: Mapping[str, Read] = {
    "text": _wrote,
    "image": _sent_picture,
    "gif": _sent_picture,
    "link": _sent_link,
    "audio": _sent("voice"),
    "video": _sent_file("video"),
    "sticker": _sent("sticker"),
    "location": _sent_place,
    "business_card": _card,
    "file": _sent_file("file"),
}
"""What somebody sent: ``user_send_<kind>``."""

ECHOES = (
    *("text", "image", "gif", "list", "file", "sticker", "template"),
    *("link", "audio", "video", "location", "business_card"),
    *(f"anonymous_{kind}" for kind in ("text", "image", "file", "sticker")),
)

READERS: Mapping[str, Read] = {
    **{f"user_send_{kind}": read for kind, read in MEDIA.items()},
    **{f"anonymous_send_{kind}": _anonymous(read) for kind, read in MEDIA.items()},
    **{f"user_send_group_{kind}": _in_group for kind in MEDIA},
    **{f"oa_send_{kind}": _echo for kind in ECHOES},
    "follow": _followed,
    "unfollow": _unfollowed,
    "user_click_chatnow": _opened_chat,
    "user_withdraw": _withdrew,
    "user_submit_info": _submitted,
    "user_received_message": _reached,
    "user_seen_message": _reached,
    "user_feedback": _rated,
}

IGNORED: Mapping[str, str] = {
    **dict.fromkeys(("user_reacted_message", "oa_reacted_message"), "reaction"),
    **dict.fromkeys(
        (
            "update_user_info",
            "add_user_to_tag",
            "remove_user_from_tag",
            "remove_tag",
            "widget_interaction_accepted",
            "widget_failed_to_sync_user_external_id",
        ),
        "about_people",
    ),
    **dict.fromkeys(("oa_send_consent", "user_reply_consent", "oa_call_user", "user_call_oa"), "call"),
    **dict.fromkeys(("shop_has_order", "extension_purchased"), "shop"),
    **dict.fromkeys(
        ("user_click_response_button", "event_journey_acknowledged", "event_journey_time_out"), "template_answer"
    ),
    **dict.fromkeys(
        (
            "change_template_status",
            "change_template_quality",
            "change_template_quota",
            "change_oa_daily_quota",
            "change_oa_template_tags",
        ),
        "template_news",
    ),
    **dict.fromkeys(
        (
            "create_group",
            "user_join_group",
            "user_request_join_group",
            "accept_request_join_group",
            "react_request_join_group_accept",
            "reject_request_join_group",
            "add_group_admin",
            "remove_group_admin",
            "update_group_info",
            "user_out_group",
            "user_leave_group",
            "delete_group",
            *(f"oa_send_group_{kind}" for kind in MEDIA),
        ),
        "group",
    ),
}
"""Documented, genuine, and nothing to us; under which word each is counted."""
