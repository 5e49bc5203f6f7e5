"""Texts as phones send them: GSM, UCS-2, several parts. Written for the tests; shares no code with the gateway."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

UDHI = 0x40


@dataclass(frozen=True)
class Part:
    """One deliver_sm's worth of user data."""

    octets: bytes
    data_coding: int
    esm_class: int = 0


def as_parts(text: str, reference: int) -> Sequence[Part]:
    """One part when it fits, else numbered parts with an 8-bit reference."""
    plain = text.isascii() and not set(text) & set("^{}[]~\\|`@$_")
    octets, coding, whole, each = (
        (text.encode("ascii"), 0, 160, 153) if plain else (text.encode("utf-16-be"), 8, 140, 134)
    )
    if len(octets) <= whole:
        return [Part(octets, coding)]
    pieces = [octets[at : at + each] for at in range(0, len(octets), each)]
    return [
        Part(bytes((5, 0, 3, reference % 256, len(pieces), number)) + piece, coding, UDHI)
        for number, piece in enumerate(pieces, 1)
    ]


def decomposed(text: str) -> str:
    """As some phones write: letters and marks apart."""
    return unicodedata.normalize("NFD", text)
