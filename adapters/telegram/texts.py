"""From a message of ours to what ``sendMessage`` takes: parts short enough, and the keyboard under the last one."""

from collections.abc import Iterable, Sequence

from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
)

from bot.model import Button, ButtonKind

LONGEST_PART = 4096
"""UTF-16 units of one message."""
ROW_UNITS = 28
"""So much label fits beside another one on a narrow telephone."""
_BREAKS = ("\n\n", "\n", " ")
_SHARES = frozenset({ButtonKind.SHARE_PHONE, ButtonKind.SHARE_LOCATION})

Keyboard = InlineKeyboardMarkup | ReplyKeyboardMarkup


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
        return _share_keyboard(buttons)
    shown = [found for button in buttons if (found := _inline(button)) is not None]
    return InlineKeyboardMarkup(_rows(shown)) if shown else None


def _share_keyboard(buttons: Iterable[Button]) -> ReplyKeyboardMarkup:
    rows = []
    for button in buttons:
        match button.kind:
            case ButtonKind.SHARE_PHONE:
                rows.append([KeyboardButton(button.label, request_contact=True)])
            case ButtonKind.SHARE_LOCATION:
                rows.append([KeyboardButton(button.label, request_location=True)])
            case ButtonKind.ACTION:
                rows.append([KeyboardButton(button.action.replace(":", " "))])
            case ButtonKind.LINK:
                continue
    return ReplyKeyboardMarkup(rows, resize_keyboard=True, one_time_keyboard=True)


def _inline(button: Button) -> InlineKeyboardButton | None:
    match button.kind:
        case ButtonKind.ACTION:
            return InlineKeyboardButton(button.label, callback_data=button.action)
        case ButtonKind.LINK:
            return InlineKeyboardButton(button.label, url=button.action)
        case ButtonKind.SHARE_PHONE | ButtonKind.SHARE_LOCATION:
            return None


def _rows(buttons: Iterable[InlineKeyboardButton]) -> list[list[InlineKeyboardButton]]:
    """Two short ones side by side, a long one alone."""
    rows: list[list[InlineKeyboardButton]] = []
    for button in buttons:
        last = rows[-1] if rows else []
        fits = len(last) == 1 and len(last[0].text) + len(button.text) <= ROW_UNITS
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
