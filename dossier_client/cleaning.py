"""Bringing what people type into the alphabet of codes: look-alikes folded, invisible signs dropped."""

import re
import unicodedata
from urllib.parse import unquote

INVISIBLE = dict.fromkeys([*range(0x200B, 0x2010), *range(0x2060, 0x206A), 0xFEFF, 0x00AD, 0x180E])
BIDI = frozenset(map(chr, [*range(0x202A, 0x202F), *range(0x2066, 0x206A)]))
DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d\u00af_"
DOTS = "\u00b7\u2022\u2024\u3002\uff0e,"
LOOK_ALIKE_LETTERS = str.maketrans("АВЕКМНОРСТХІЅҺОНΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEKMHOPCTXISHOHABEZHIKMNOPTYX")
SEPARATORS = str.maketrans(dict.fromkeys(DASHES, "-") | dict.fromkeys(DOTS, "."))
DIGIT_LIKE = "0-9OQDILZSB|"
PERSONAL_PARAMETER = re.compile(r"[?&](?:SGT|SODINHDANH|IDENTITY-NUMBER|CCCD|CMND)=[^&\s]*")
CODE_PARAMETER = re.compile(r"\S*[?&](?:MHS|MAHOSO|CODE|DOSSIERNO)=([^&\s#]*)[^\s]*")
LINK = re.compile(r"HTTPS?://\S+")
DIGIT_FOR_LETTER = str.maketrans(
    {"O": "0", "Q": "0", "D": "0", "I": "1", "L": "1", "|": "1", "Z": "2", "S": "5", "B": "8"}
)


def clean(text: str) -> str:
    """Upper case, ASCII separators, no invisible signs; a link becomes the code in its query and nothing else of it."""
    plain = (
        unicodedata.normalize("NFKC", text)
        .translate(INVISIBLE)
        .upper()
        .translate(LOOK_ALIKE_LETTERS)
        .translate(SEPARATORS)
    )
    if "=" in plain or "HTTP" in plain:
        plain = _from_links(plain)
    return plain


def has_bidi(text: str) -> bool:
    """Signs that make a text read otherwise than it is stored."""
    return not BIDI.isdisjoint(text)


def _from_links(text: str) -> str:
    decoded = unquote(text).upper().translate(SEPARATORS)
    decoded = PERSONAL_PARAMETER.sub("", decoded)
    return LINK.sub(" ", CODE_PARAMETER.sub(r" \1 ", decoded))
