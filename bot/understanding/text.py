"""Texts brought to one form for matching: without accents, upper case, single blanks; and Telex or VNI slips undone."""

import re
import unicodedata

INVISIBLE = dict.fromkeys([*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A), 0xFEFF, 0x00AD])
BARE_D = str.maketrans({"đ": "d", "Đ": "D"})
EDGES = " \t\r\n.,;:!?\"'()<>-“”‘’…"
BLANKS = re.compile(r"\s+")
TELEX_TONE = re.compile(r"(?<=[AEIOUYW])([A-Z]*?)[SFRXJ]\b")
TELEX_VOWELS = (("DD", "D"), ("AA", "A"), ("EE", "E"), ("OO", "O"), ("AW", "A"), ("OW", "O"), ("UW", "U"), ("W", "U"))
OLD_FONT = frozenset("¬®µ¶·¸¹¨»¾¼½©«ªÆÇËÎÏÑÖØÜßåæçëîïñöøûü¡§¤¦")
"""Signs that no Vietnamese word holds: what a text typed in a font of before Unicode (TCVN3, VNI) is shown as."""
OLD_FONT_SIGNS = 2
VNI_DIGITS = re.compile(r"(?<=[A-Z])[1-9]+(?=[A-Z]|\b)")


def fold(text: str) -> str:
    """Vietnamese without its marks: "đang xử lý" becomes "dang xu ly"."""
    bare = unicodedata.normalize("NFD", text.translate(BARE_D))
    return "".join(character for character in bare if not unicodedata.combining(character))


def normal(text: str) -> str:
    """The form in which keywords are matched (product rule 2.1)."""
    if text.isascii():
        return BLANKS.sub(" ", text.upper()).strip(EDGES)
    plain = unicodedata.normalize("NFKC", text).translate(INVISIBLE)
    return BLANKS.sub(" ", fold(plain).upper()).strip(EDGES)


def without_keyboard_slips(normalised: str) -> str:
    """Telex and VNI signs that a switched-off keyboard left in: ``TRA CU71U`` and ``TRAF CUWUS`` become ``TRA CUU``."""
    words = []
    for word in normalised.split():
        plain = VNI_DIGITS.sub("", word)
        plain = TELEX_TONE.sub(r"\1", plain)
        for typed, meant in TELEX_VOWELS:
            plain = plain.replace(typed, meant)
        words.append(plain)
    return " ".join(words)


def is_in_old_font(text: str) -> bool:
    """Whether a text was typed for a font of before Unicode, so that nothing in it can be read."""
    return sum(character in OLD_FONT for character in unicodedata.normalize("NFC", text)) >= OLD_FONT_SIGNS
