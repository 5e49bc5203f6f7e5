"""Alphabets of SMS: GSM 03.38, UCS-2, and what data_coding really means when phones and SMSCs disagree (3GPP TS 23.038)."""

import codecs
import re
import unicodedata
from enum import Enum, auto

LONGEST_TEXT = 2000
"""Characters of a decoded text that are kept."""
DEFAULT_CODING, UCS2_CODING = 0x00, 0x08
ESCAPE = "\x1b"
# The escape stands in its own place so that one table serves both directions.
BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ"
    " !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = {
    "\f": 0x0A,
    "^": 0x14,
    "{": 0x28,
    "}": 0x29,
    "\\": 0x2F,
    "[": 0x3C,
    "~": 0x3D,
    "]": 0x3E,
    "|": 0x40,
    "€": 0x65,
}
_CODES = {
    **{character: bytes((code,)) for code, character in enumerate(BASIC) if character != ESCAPE},
    **{character: bytes((0x1B, code)) for character, code in EXTENSION.items()},
}
_WIDTHS = {character: len(octets) for character, octets in _CODES.items()}
_DECODING = BASIC + "\ufffd" * 128
_AFTER_ESCAPE = {BASIC[code]: character for character, code in EXTENSION.items()} | {ESCAPE: " "}
_ESCAPED = re.compile(r"\x1b(.?)", re.DOTALL)

TYPOGRAPHIC = str.maketrans(
    {
        **dict.fromkeys("“”„‟″«»", '"'),
        **dict.fromkeys("‘’‚‛′`´", "'"),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        **dict.fromkeys("\u00a0\u2002\u2003\u2009\u202f", " "),
        **dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff"),
        "…": "...",
        "•": "-",
        "·": ".",
        "×": "x",
        "₫": "d",
    }
)
"""Signs of word processors in the letters of a telephone; invisible ones vanish."""
_SAME_IN_ASCII = re.compile(r"[\n\r !-#%-?A-Za-z]*")
"""Characters with the same number in ASCII and in GSM 03.38; ``$`` and ``@`` are not among them."""
_BARRED_D = str.maketrans("đĐ", "dD")
_CONTROLS = dict.fromkeys((*range(0x20), *range(0x7F, 0xA0), 0xFEFF)) | {
    **dict.fromkeys((0x09, 0x0B, 0x0C), " "),
    0x0A: "\n",
}

# Windows-1258 writes a tone as an octet after its vowel, and đ as an octet that Latin-1 gives to Icelandic.
_WINDOWS_1258 = re.compile(
    rb"[aeiouyAEIOUY\xc2\xca\xd4\xc3\xd5\xdd\xe2\xea\xf4\xe3\xf5\xfd][\xcc\xd2\xde\xec\xf2]|[\xd0\xf0]"
)


class Coding(Enum):
    """How the octets of a text are to be read."""

    GSM = auto()
    ASCII = auto()
    LATIN1 = auto()
    UCS2 = auto()
    BINARY = auto()


DEFAULT_ALPHABETS = {"gsm0338": Coding.GSM, "latin1": Coding.LATIN1, "ascii": Coding.ASCII}
"""The setting ``default_alphabet``: what an SMSC means by data_coding 0."""
LAST_CHARACTERS = {"latin1": "\xff", "ascii": "\x7f"}
"""The highest character of a default alphabet whose octets are the characters' numbers."""
_GENERAL_GROUP = (Coding.GSM, Coding.BINARY, Coding.UCS2, Coding.GSM)
_CODINGS = {
    0x01: Coding.ASCII,
    0x02: Coding.BINARY,
    0x03: Coding.LATIN1,
    0x04: Coding.BINARY,
    0x08: Coding.UCS2,
    **{code: _GENERAL_GROUP[code >> 2 & 3] for code in range(0x10, 0x20)},
    **{code: Coding.BINARY if code & 4 else Coding.GSM for code in range(0xF0, 0xF8)},
}


def coding_of(data_coding: int, default_alphabet: str) -> Coding:
    """The alphabet of a data_coding; values that nobody defined mean the default alphabet."""
    return _CODINGS.get(data_coding) or DEFAULT_ALPHABETS[default_alphabet]


def septets(text: str) -> int | None:
    """How many septets the text takes in GSM 03.38, or None when a character is not in it."""
    try:
        return sum(map(_WIDTHS.__getitem__, text))
    except KeyError:
        return None


def encode_gsm(text: str) -> bytes:
    """Unpacked: one octet per septet. Raises ``ValueError`` for a character outside the alphabet."""
    try:
        return b"".join(map(_CODES.__getitem__, text))
    except KeyError:
        raise ValueError("the text holds a character outside GSM 03.38") from None


def decode_gsm(octets: bytes) -> str:
    """Read unpacked GSM 03.38. An escape before an unknown code is dropped, one at the end too; octets over 0x7F give U+FFFD."""
    text = codecs.charmap_decode(octets, "strict", _DECODING)[0]
    if ESCAPE not in text:
        return text
    return _ESCAPED.sub(lambda pair: _AFTER_ESCAPE.get(pair[1], pair[1]), text)


def to_gsm_text(text: str) -> str:
    """Vietnamese without marks, in the basic GSM alphabet only; what is not in it becomes a space."""
    decomposed = unicodedata.normalize("NFD", text.translate(TYPOGRAPHIC).translate(_BARRED_D))
    bare = (character for character in decomposed if not unicodedata.combining(character))
    return "".join(character if _WIDTHS.get(character) == 1 else " " for character in bare)


def choose(text: str, *, accents: bool, alphabet: str = "gsm0338") -> tuple[int, bytes, int]:
    """The cheapest coding: (data_coding, octets, units), units being septets or UTF-16 units.

    Without *accents* the text is transliterated first and always fits data_coding 0, which is written as *alphabet*, the
    SMSC's ``default_alphabet``, says. On the air it is GSM 03.38 whatever the SMSC takes.
    """
    if _SAME_IN_ASCII.fullmatch(text):
        return DEFAULT_CODING, text.encode("ascii"), len(text)
    plain = text.translate(TYPOGRAPHIC) if accents else to_gsm_text(text)
    last = LAST_CHARACTERS.get(alphabet)
    if last is not None and not accents:
        plain = "".join(character if character <= last else " " for character in plain)
    units = septets(plain)
    if units is not None and last is None:
        return DEFAULT_CODING, encode_gsm(plain), units
    if units == len(plain) and max(plain, default="") <= (last or ""):
        return DEFAULT_CODING, plain.encode("latin-1"), units
    octets = unicodedata.normalize("NFC", text).encode("utf-16-be", "replace")
    return UCS2_CODING, octets, len(octets) // 2


def decode_text(octets: bytes, data_coding: int, default_alphabet: str) -> str | None:
    """The text in NFC, without controls but newlines, at most 2,000 characters; None when the octets are no text."""
    coding = coding_of(data_coding, default_alphabet)
    if coding is Coding.BINARY:
        return None
    return clean(_decode_ucs2(octets) if coding is Coding.UCS2 else _decode_single(octets, coding))


def clean(text: str) -> str:
    """NFC, no control characters but newlines, at most 2,000 characters."""
    if not (text.isascii() and text.isprintable()):
        text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n").translate(_CONTROLS))
    return text[:LONGEST_TEXT]


def _decode_ucs2(octets: bytes) -> str:
    """Surrogate pairs are accepted, lone ones become U+FFFD; an odd last octet is dropped."""
    name = "utf-16-le" if octets[:2] == b"\xff\xfe" else "utf-16-be"
    return octets[: len(octets) & ~1].decode(name, "replace")


def _decode_single(octets: bytes, coding: Coding) -> str:
    """One octet per character, unless the octets tell that they are something else."""
    if octets.isascii():
        return decode_gsm(octets) if coding is Coding.GSM else octets.decode("ascii")
    try:
        return octets.decode("utf-8")
    except UnicodeDecodeError:
        pass
    if _WINDOWS_1258.search(octets):
        return octets.decode("cp1258", "replace")
    return octets.decode("ascii" if coding is Coding.ASCII else "latin-1", "replace")
