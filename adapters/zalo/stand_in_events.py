"""Events as Zalo writes them, for whoever plays Zalo."""

import secrets
import time
from collections.abc import Mapping
from typing import Any

from adapters.zalo.settings import ZaloSettings

Event = dict[str, Any]


class Events:
    """Makes events of one account; every message gets an id of its own."""

    def __init__(self, settings: ZaloSettings) -> None:
        self._settings = settings

    def sent(self, kind: str, person: str, message: Mapping[str, Any], *, message_id: str = "", at: int = 0) -> Event:
        """``user_send_<kind>``; *at* in milliseconds since 1970, 0 is now."""
        return {
            "app_id": self._settings.app_id,
            "sender": {"id": person},
            "user_id_by_app": person[::-1],
            "recipient": {"id": self._settings.oa_id},
            "event_name": f"user_send_{kind}",
            "message": {**message, "msg_id": message_id or secrets.token_hex(10)},
            "timestamp": _written(at),
        }

    def text(self, person: str, text: str, *, message_id: str = "", at: int = 0) -> Event:
        """A text that somebody typed, or that a button posted."""
        return self.sent("text", person, {"text": text}, message_id=message_id, at=at)

    def photo(self, person: str, url: str, caption: str = "") -> Event:
        """A photograph with its address on Zalo's servers."""
        attachment = {"type": "image", "payload": {"thumbnail": url, "url": url}}
        return self.sent("image", person, {"text": caption, "attachments": [attachment]})

    def followed(self, person: str, *, at: int = 0) -> Event:
        """``follow``."""
        return self._about("follow", at, follower={"id": person}, source="oa_profile")

    def unfollowed(self, person: str, *, at: int = 0) -> Event:
        """``unfollow``."""
        return self._about("unfollow", at, follower={"id": person}, source="oa_profile")

    def withdrew(self, person: str, *, at: int = 0) -> Event:
        """``user_withdraw``: the person takes back the agreement to the use of personal data."""
        return self._about("user_withdraw", at, user_id=person)

    def submitted(self, person: str, phone: str, *, at: int = 0) -> Event:
        """The answer to the form for a number."""
        event = self._about("user_submit_info", at, info={"name": "Nguyễn Văn A", "phone": phone})
        return event | {"sender": {"id": person}, "recipient": {"id": self._settings.oa_id}}

    def answered_by_hand(self, person: str, text: str, *, admin: str = "1", at: int = 0) -> Event:
        """The echo of what an officer wrote in Zalo's own tool; with admin "" it is the echo of our own message."""
        sender = {"id": self._settings.oa_id} | ({"admin_id": admin} if admin else {})
        event = self.sent("text", person, {"text": text}, at=at)
        return event | {"event_name": "oa_send_text", "sender": sender, "recipient": {"id": person}}

    def delivered(self, person: str, message_id: str, *, name: str = "user_received_message") -> Event:
        """A message of ours reached the phone, or was seen."""
        event = self._about(name, 0, message={"msg_id": message_id})
        return event | {"sender": {"id": self._settings.oa_id}, "recipient": {"id": person}}

    def rated(self, rate: int, *, message_id: str = "", tracking_id: str = "", note: str = "") -> Event:
        """The answer to a rating form: it does not say whose it is."""
        said = {"rating_type": "csat", "option": "five_emotions", "note": note, "rate": rate, "feedbacks": []}
        ids = {"submit_time": _written(0), "msg_id": message_id, "tracking_id": tracking_id}
        return self._about("user_feedback", 0, message={**said, **ids})

    def _about(self, name: str, at: int, **fields: Any) -> Event:
        common = {"app_id": self._settings.app_id, "event_name": name, "timestamp": _written(at)}
        sender = {} if "message" in fields and name != "user_feedback" else {"oa_id": self._settings.oa_id}
        return common | sender | fields


def _written(at: int) -> str:
    return str(at or int(time.time() * 1000))
