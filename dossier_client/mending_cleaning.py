"""Bringing what people type into the alphabet of codes, remembering where each character stood."""

import unicodedata
from dataclasses import dataclass

DIGIT_LIKE = "[0-9OQDILZSB|]"
"""A digit, or a letter that is taken for one in a digit place."""
_DIGIT_FOR_LETTER = str.maketrans("OQDIL|ZSB", "000111258")

_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\u02d7\u00af\u2500\u2501\u2796\u30fc"
_DOTS = ",\u00b7\u2022\u2027\u2219\u22c5\u066b\u3001\u3002\u201a"
_BLANKS = "\t\n\r\v\f\u0085\u2028\u2029"
_BIDI = frozenset(map(chr, [*range(0x202A, 0x202F), *range(0x2066, 0x206A)]))
_INVISIBLE = [
    0x00AD,
    *range(0x0300, 0x0370),
    0x180E,
    *range(0x200B, 0x2010),
    *range(0x202A, 0x202F),
    *range(0x2060, 0x2070),
    *range(0xFE00, 0xFE10),
    0xFEFF,
]
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
    upper = text.upper()
    if len(upper) == len(text) and unicodedata.is_normalized("NFKC", upper):
        plain = upper.translate(_FOLDED)
        if len(plain) == len(text):
            return Cleaned(plain, None)
    return _clean_each(text)


def _clean_each(text: str) -> Cleaned:
    folded = [unicodedata.normalize("NFKC", character).upper().translate(_FOLDED) for character in text]
    offsets = tuple(index for index, part in enumerate(folded) for _ in part)
    return Cleaned("".join(folded), offsets)


def has_bidi(text: str) -> bool:
    """Does it hold signs that make a text read otherwise than it is stored?"""
    return not text.isascii() and not _BIDI.isdisjoint(text)


def as_digits(part: str) -> str:
    """Letters that stand in digit places become the digits they look like."""
    return part.translate(_DIGIT_FOR_LETTER)
