"""Updates as the Bot API writes them, for the stand-in: what one person does, or one group."""

import time
from collections.abc import Mapping
from itertools import count
from typing import Any

Update = dict[str, Any]


class Updates:
    """Makes updates with growing ids."""

    def __init__(self, first_id: int = 1) -> None:
        """*first_id*: Telegram's own start anywhere and grow."""
        self._ids = count(first_id)
        self._messages = count(1)

    def message(self, chat: int, *, sender: int | None = None, kind: str = "message", **content: Any) -> Update:
        """A message with this *content* (``text="…"``, ``photo=[…]``); in a group when *chat* is negative."""
        person = abs(chat) if sender is None else sender
        return self.update(
            kind,
            {
                "message_id": next(self._messages),
                "from": person_of(person),
                "chat": chat_of(chat),
                "date": int(time.time()),
                **content,
            },
        )

    def text(self, chat: int, text: str) -> Update:
        """A typed text."""
        return self.message(chat, text=text)

    def press(self, chat: int, action: str) -> Update:
        """A button under a message of the bot."""
        number = next(self._messages)
        shown = {"message_id": number, "chat": chat_of(chat), "date": int(time.time()), "text": "…"}
        query = {
            "id": str(10**15 + number),
            "from": person_of(chat),
            "message": shown,
            "chat_instance": "1",
            "data": action,
        }
        return self.update("callback_query", query)

    def photo(self, chat: int, file_id: str, caption: str = "") -> Update:
        """A photo in the sizes that Telegram makes of it; the last one is the largest."""
        sizes = [
            {"file_id": f"small-{file_id}", "file_unique_id": "s", "width": 90, "height": 67, "file_size": 1200},
            {"file_id": file_id, "file_unique_id": "l", "width": 1280, "height": 960, "file_size": 140_000},
        ]
        content: dict[str, Any] = {"caption": caption} if caption else {}
        return self.message(chat, photo=sizes, **content)

    def contact(self, chat: int, phone: str, owner: int | None = None) -> Update:
        """A card; of the sender unless another *owner* is given."""
        owner = chat if owner is None else owner
        return self.message(chat, contact={"phone_number": phone, "first_name": "A", "user_id": owner})

    def location(self, chat: int, latitude: float, longitude: float) -> Update:
        """A place."""
        return self.message(chat, location={"latitude": latitude, "longitude": longitude})

    def membership(self, chat: int, old: str, new: str) -> Update:
        """The person blocked the bot (``member`` → ``kicked``) or let it in again."""
        bot = {"id": 1, "is_bot": True, "first_name": "bot"}
        change = {
            "chat": chat_of(chat),
            "from": person_of(chat),
            "date": int(time.time()),
            "old_chat_member": {"status": old, "user": bot},
            "new_chat_member": {"status": new, "user": bot},
        }
        return self.update("my_chat_member", change)

    def update(self, kind: str, content: Mapping[str, Any]) -> Update:
        """Any kind."""
        return {"update_id": next(self._ids), kind: dict(content)}


def person_of(number: int) -> Update:
    """An account."""
    return {"id": number, "is_bot": False, "first_name": "Nguyễn", "language_code": "vi"}


def chat_of(number: int) -> Update:
    """A private chat, or a group when *number* is negative."""
    if number < 0:
        return {"id": number, "type": "supergroup", "title": "Tổ dân phố"}
    return {"id": number, "type": "private", "first_name": "Nguyễn"}
