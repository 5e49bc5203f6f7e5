"""From a message of ours to what ``sendMessage`` takes: parts short enough, and the keyboard under the last one."""

from collections.abc import Iterable, Sequence
from typing import Any

from bot.model import Button, ButtonKind

LONGEST_PART = 4096
"""UTF-16 units of one message."""
ROW_UNITS = 28
"""So much label fits beside another one on a narrow telephone."""
_BREAKS = ("\n\n", "\n", " ")
_SHARES = frozenset({ButtonKind.SHARE_PHONE, ButtonKind.SHARE_LOCATION})

Keyboard = dict[str, Any]
"""The JSON of a ``reply_markup``: the library's own objects cost half as much as the rest of a send."""


def parts_of(text: str) -> list[str]:
    """The text in pieces that Telegram takes, cut at the emptiest place; never inside a character."""
    parts = []
    while _units(text) > LONGEST_PART:
        head = _head(text)
        cut = next((place for mark in _BREAKS if (place := head.rfind(mark)) > 0), len(head))
        parts.append(head[:cut].rstrip())
        text = text[cut:].lstrip()
    return [*parts, text]


def keyboard_of(buttons: Sequence[Button]) -> Keyboard | None:
    """What stands under the message; None without a button that Telegram can show.

    Sharing a number or a place exists on the keyboard that replaces the letters only; commands then say themselves.
    """
    if any(button.kind in _SHARES for button in buttons):
        rows = [[key] for button in buttons if (key := _key(button))]
        return {"keyboard": rows, "resize_keyboard": True, "one_time_keyboard": True}
    shown = [found for button in buttons if (found := _inline(button))]
    return {"inline_keyboard": _rows(shown)} if shown else None


def _key(button: Button) -> Keyboard | None:
    match button.kind:
        case ButtonKind.SHARE_PHONE:
            return {"text": button.label, "request_contact": True}
        case ButtonKind.SHARE_LOCATION:
            return {"text": button.label, "request_location": True}
        case ButtonKind.ACTION:
            return {"text": button.action.replace(":", " ")}
        case ButtonKind.LINK:
            return None


def _inline(button: Button) -> Keyboard | None:
    match button.kind:
        case ButtonKind.ACTION:
            return {"text": button.label, "callback_data": button.action}
        case ButtonKind.LINK:
            return {"text": button.label, "url": button.action}
        case ButtonKind.SHARE_PHONE | ButtonKind.SHARE_LOCATION:
            return None


def _rows(buttons: Iterable[Keyboard]) -> list[list[Keyboard]]:
    """Two short ones side by side, a long one alone."""
    rows: list[list[Keyboard]] = []
    for button in buttons:
        last = rows[-1] if rows else []
        fits = len(last) == 1 and len(last[0]["text"]) + len(button["text"]) <= ROW_UNITS
        if fits:
            last.append(button)
        else:
            rows.append([button])
    return rows


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _head(text: str) -> str:
    """As many characters as fit into one part."""
    octets = text.encode("utf-16-le")[: 2 * LONGEST_PART]
    return octets.decode("utf-16-le", "ignore")
