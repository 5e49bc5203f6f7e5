"""Bringing what people type into the alphabet of codes, remembering where each character stood."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import unquote

DIGIT_LIKE = "[0-9OQDILZSB|]"
"""A digit, or a letter that is taken for one in a digit place."""
_DIGIT_FOR_LETTER = str.maketrans("OQDIL|ZSB", "000111258")

_DASHES = (
    "\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\u02d7\u00af\u2500\u2501\u2796\u30fc"
    "\u058a\u05be\u1400\u1806\u2e17\u2e1a\u2e3a\u2e3b\u2e40\u2e5d\u301c\u3030\u30a0\U00010ead"
)
"""Every dash of Unicode (category Pd) that compatibility folding leaves, and signs that are drawn like one."""
_DOTS = ",\u00b7\u2022\u2027\u2219\u22c5\u066b\u3001\u3002\u201a"
_BLANKS = "\t\n\r\v\f\u0085\u1680\u2028\u2029\u2800"
_BIDI = frozenset(map(chr, [*range(0x202A, 0x202F), *range(0x2066, 0x206A)]))
_INVISIBLE = [
    0x00AD,
    *range(0x0300, 0x0370),
    0x061C,
    0x115F,
    0x1160,
    0x180E,
    *range(0x200B, 0x2010),
    *range(0x202A, 0x202F),
    *range(0x2060, 0x2070),
    *range(0x20D0, 0x2100),
    0x3164,
    *range(0xFE00, 0xFE10),
    0xFEFF,
    0xFFA0,
    *range(0xE0000, 0xE0080),
]
_ENCODED = re.compile(r"(?:%(?:25)*[0-9A-Fa-f]{2})+")
_ENCODED_AT_MOST = 4
"""Times that a text passed on in links is percent-encoded."""
_CYRILLIC_AND_GREEK = str.maketrans("АВЕКМНОРСТХІЅЈҺΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEKMHOPCTXISJHABEZHIKMNOPTYX")
_FOLDED: dict[int, int | str | None] = {
    **_CYRILLIC_AND_GREEK,
    **dict.fromkeys(map(ord, _DASHES), "-"),
    **dict.fromkeys(map(ord, _DOTS), "."),
    **dict.fromkeys(map(ord, _BLANKS), " "),
    ord("\\"): "/",
    **dict.fromkeys(_INVISIBLE),
}


@dataclass(frozen=True, slots=True)
class Cleaned:
    """Upper case, ASCII separators, no invisible signs, and the way back to the typed text."""

    text: str
    offsets: tuple[int, ...] | None
    """Where each character stood in the typed text; None: in the same place."""

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Start and end, in the typed text, of what stands in ``text[start:end]``; it must not be empty."""
        if self.offsets is None:
            return start, end
        return self.offsets[start], self.offsets[end - 1] + 1


def clean(text: str) -> Cleaned:
    """Fold compatibility forms (NFKC), case, look-alike letters, dashes, dots and blanks; drop what nobody sees."""
    if "%" in text and _ENCODED.search(text):
        return _clean_decoded(text)
    upper = text.upper()
    if len(upper) == len(text) and unicodedata.is_normalized("NFKC", upper):
        plain = upper.translate(_FOLDED)
        if len(plain) == len(text):
            return Cleaned(plain, None)
    return _clean_each(text, range(len(text)))


def decoded(text: str) -> str:
    """Percent-encoding undone, also where it was done several times."""
    for _ in range(_ENCODED_AT_MOST):
        plain = unquote(text)
        if plain == text:
            break
        text = plain
    return text


def _clean_decoded(text: str) -> Cleaned:
    """As ``clean``; a decoded character stands where its encoding begins."""
    characters: list[str] = []
    offsets: list[int] = []
    end = 0
    for match in _ENCODED.finditer(text):
        characters += text[end : match.start()]
        offsets += range(end, match.start())
        plain = decoded(match.group())
        characters += plain
        offsets += [match.start()] * len(plain)
        end = match.end()
    characters += text[end:]
    offsets += range(end, len(text))
    return _clean_each(characters, offsets)


def _clean_each(characters: Sequence[str], places: Sequence[int]) -> Cleaned:
    folded = [unicodedata.normalize("NFKC", character).upper().translate(_FOLDED) for character in characters]
    offsets = tuple(place for place, part in zip(places, folded, strict=True) for _ in part)
    return Cleaned("".join(folded), offsets)


def has_bidi(text: str) -> bool:
    """Does it hold signs that make a text read otherwise than it is stored?"""
    return not text.isascii() and not _BIDI.isdisjoint(text)


def as_digits(part: str) -> str:
    """Letters that stand in digit places become the digits they look like."""
    return part.translate(_DIGIT_FOR_LETTER)
