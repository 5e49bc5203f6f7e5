"""What browser and gateway say to each other: JSON objects, the same on every road."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC
from typing import Any
from uuid import UUID

import orjson

from bot.events import ButtonPressed, Event, LocationShared, Photo, Scored
from bot.mailbox import Line
from bot.model import Button, MessageId

LONGEST_TEXT = 2000
MOST_IDS = 200
_CONTROLS = re.compile(r"[^\S\n ]|[\x00-\x09\x0b-\x1f\x7f]")
_ACTION_OCTETS = 64
_LOWEST, _HIGHEST = 1, 5
_LONGEST_NOTE = 200


class BadFrame(ValueError):
    """It cannot be used. The text is a reason that the browser knows: ``id``, ``text``, ``long``, ``json``, ``kind``."""

    def __init__(self, reason: str, frame_id: str | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.frame_id = frame_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Something that a person said or did."""

    id: str
    """A UUID made by the browser."""
    text: str = ""
    event: Event | None = None


@dataclass(frozen=True, slots=True)
class Hello:
    """The browser tells the last line that it has."""

    after: int


@dataclass(frozen=True, slots=True)
class Seen:
    """Lines of ours that the browser shows."""

    ids: tuple[MessageId, ...]


Frame = Said | Hello | Seen


def read(octets: bytes | str) -> Frame:
    """One frame of a browser. Raises ``BadFrame``."""
    try:
        frame = orjson.loads(octets)
    except ValueError as error:
        raise BadFrame("json") from error
    if not isinstance(frame, dict):
        raise BadFrame("json")
    match frame.get("type", "message"):
        case "hello":
            return Hello(place(frame.get("after", "0")))
        case "read":
            return Seen(_ids(frame.get("ids")))
        case kind:
            return _said(kind, frame)


def place(after: object) -> int:
    """The id of a line as the browser writes it. Raises ``BadFrame``."""
    if isinstance(after, str) and after.isascii() and after.isdigit() and int(after) < 1 << 63:
        return int(after)
    raise BadFrame("id")


def message_id(value: object) -> str:
    """The browser's own id of what it sends. Raises ``BadFrame``."""
    try:
        return str(UUID(value)) if isinstance(value, str) else _no_id()
    except ValueError:
        return _no_id()


def clean(text: object, frame_id: str, longest: int = LONGEST_TEXT) -> str:
    """NFC, without control characters. Raises ``BadFrame``."""
    if not isinstance(text, str):
        raise BadFrame("text", frame_id)
    cleaned = _CONTROLS.sub(" ", unicodedata.normalize("NFC", text.replace("\r\n", "\n"))).strip()
    if len(cleaned) > longest:
        raise BadFrame("long", frame_id)
    return cleaned


def _no_id() -> str:
    raise BadFrame("id")


def _ids(value: object) -> tuple[MessageId, ...]:
    if not isinstance(value, list) or len(value) > MOST_IDS:
        raise BadFrame("id")
    return tuple(MessageId(place(item)) for item in value)


def _said(kind: object, frame: dict[str, Any]) -> Said:
    frame_id = message_id(frame.get("id"))
    match kind:
        case "message":
            if not (text := clean(frame.get("text"), frame_id)):
                raise BadFrame("text", frame_id)
            return Said(id=frame_id, text=text)
        case "press":
            action = clean(frame.get("action"), frame_id)
            if not 0 < len(action.encode()) <= _ACTION_OCTETS:
                raise BadFrame("text", frame_id)
            return Said(id=frame_id, event=ButtonPressed(action))
        case "location":
            return Said(id=frame_id, event=_location(frame, frame_id))
        case "score":
            return Said(id=frame_id, event=_score(frame, frame_id))
        case _:
            raise BadFrame("kind", frame_id)


def _location(frame: dict[str, Any], frame_id: str) -> LocationShared:
    match frame.get("latitude"), frame.get("longitude"):
        case int() | float() as latitude, int() | float() as longitude if abs(latitude) <= 90 and abs(longitude) <= 180:  # noqa: PLR2004 - degrees
            return LocationShared(float(latitude), float(longitude))
    raise BadFrame("text", frame_id)


def _score(frame: dict[str, Any], frame_id: str) -> Scored:
    match frame.get("score"):
        case int() as score if not isinstance(score, bool) and _LOWEST <= score <= _HIGHEST:
            return Scored(score, note=clean(frame.get("note", ""), frame_id, _LONGEST_NOTE))
    raise BadFrame("text", frame_id)


def stored(frame_id: str) -> dict[str, Any]:
    """It is committed; the browser may forget it."""
    return {"type": "stored", "id": frame_id}


def refused(reason: str, frame_id: str | None = None, retry_after: int | None = None) -> dict[str, Any]:
    """It is not stored; with *retry_after* seconds it is worth another try."""
    frame: dict[str, Any] = {"type": "refused", "id": frame_id, "reason": reason}
    return frame if retry_after is None else frame | {"retry_after": retry_after}


def lines(told: Iterable[Line]) -> dict[str, Any]:
    """Lines of the conversation, oldest first."""
    return {"type": "lines", "lines": [_line(line) for line in told]}


STILL: dict[str, Any] = {"type": "still"}
"""Nothing new; the line lives."""


def _line(line: Line) -> dict[str, Any]:
    frame: dict[str, Any] = {
        "id": str(line.id),
        "ours": line.is_ours,
        "text": line.text or _shown(line.event),
        "at": line.at.astimezone(UTC).isoformat(timespec="seconds"),
    }
    uuid = line.external_id.rpartition(":")[2]
    if line.is_ours:
        return frame | {"reply_to": uuid, "buttons": [_button(button) for button in line.buttons]}
    return frame | {"uuid": uuid}


def _button(button: Button) -> dict[str, str]:
    return {"label": button.label, "action": button.action, "kind": button.kind.value}


def _shown(event: Event | None) -> str:
    """What an earlier visit did without writing, as its bubble says it; "" of a photo, which the browser names itself."""
    match event:
        case ButtonPressed(action):
            return action.replace(":", " ")
        case LocationShared(latitude, longitude):
            return f"📍 {latitude:.5f}, {longitude:.5f}"
        case Scored(score):
            return f"{score}/5"
        case Photo():
            return ""
        case _:
            return ""
