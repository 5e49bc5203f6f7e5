"""The dossier codes in what a bar code says. Everything else in it is dropped here: it may be an identity number."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from dossier_client.mending import TypedCode, find_codes

MOST_CODES = 3
_LONGEST = 1000
_IDENTITY_CARD = re.compile(r"\s*\d{9}(?:\d{3})?\s*\|")
"""The QR code of an identity card: its number, the old number, name, birthday, sex, address, date of issue."""
_BREAKS = re.compile(r"[\r\n\t|\x00-\x1f]+")


@dataclass(frozen=True, slots=True)
class Symbol:
    """One bar code that could be read. What it says is kept as far as it is a dossier code."""

    symbology: str
    length: int
    """In characters."""
    codes: tuple[str, ...]


def codes_in(content: str, today: date) -> tuple[str, ...]:
    """At most three, in their usual writing: of plain text, of a link's values or path, of ``key=value`` pairs. Never raises."""
    if _IDENTITY_CARD.match(content):
        return ()
    found = (code for piece in _BREAKS.split(content[:_LONGEST]) for code in _codes(piece.strip(), today))
    return tuple(dict.fromkeys(found))[:MOST_CODES]


def _codes(piece: str, today: date) -> Iterator[str]:
    for typed in find_codes(piece, today).codes:
        if _is_sure(typed, piece):
            yield typed.code.text


def _is_sure(typed: TypedCode, piece: str) -> bool:
    """A machine does not slip: what only looks like a code, somewhere in a longer text, is something else."""
    return not typed.mended or (typed.start == 0 and typed.end == len(piece))
