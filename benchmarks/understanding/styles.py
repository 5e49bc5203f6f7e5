"""How the same sentence is typed by different people and telephones. Each style is a pure function of text and seed."""

import random
import re
import unicodedata
from collections.abc import Callable
from types import MappingProxyType

from bot.understanding.text import fold

TONES = MappingProxyType(
    {"\u0301": ("s", "1"), "\u0300": ("f", "2"), "\u0309": ("r", "3"), "\u0303": ("x", "4"), "\u0323": ("j", "5")}
)
SHAPES = MappingProxyType({"\u0302": ("", "6"), "\u031b": ("w", "7"), "\u0306": ("w", "8")})
SHORTHAND = (
    ("hồ sơ", "hs"),
    ("không", "ko"),
    ("không", "k"),
    ("không", "hok"),
    ("được", "dc"),
    ("được", "đc"),
    ("như thế nào", "ntn"),
    ("bao nhiêu", "bn"),
    ("bao giờ", "bh"),
    ("gì", "j"),
    ("với", "vs"),
    ("mình", "mk"),
    ("thủ tục", "tt"),
    ("giấy tờ", "gtờ"),
    ("rồi", "r"),
    ("vậy", "v"),
    ("làm", "lm"),
    ("muốn", "mún"),
    ("số điện thoại", "sđt"),
    ("căn cước", "cc"),
    ("biết", "bít"),
    ("người", "ng"),
    ("nhiều", "nhìu"),
    ("cũng", "cg"),
    ("những", "nhg"),
    ("trước", "trc"),
    ("phường", "p"),
    ("đăng ký", "đk"),
    ("giấy khai sinh", "gks"),
    ("dịch vụ công", "dvc"),
    ("ủy ban", "ub"),
    ("trả lời", "tl"),
    ("cảm ơn", "cmon"),
    ("xin chào", "xin chào ad"),
)
NEIGHBOURS = MappingProxyType(
    {
        "a": "sq",
        "b": "vn",
        "c": "xv",
        "d": "sf",
        "e": "wr",
        "g": "fh",
        "h": "gj",
        "i": "uo",
        "k": "jl",
        "l": "k",
        "m": "n",
        "n": "bm",
        "o": "ip",
        "q": "w",
        "r": "et",
        "s": "ad",
        "t": "ry",
        "u": "yi",
        "v": "cb",
        "x": "zc",
        "y": "tu",
    }
)
CODE = re.compile(r"\S*\d\S*")
"""Words with digits are left alone: codes and numbers have a test set of their own."""

Style = Callable[[str, random.Random], str]


def accents(text: str, _: random.Random) -> str:
    """As written."""
    return text


def no_accents(text: str, _: random.Random) -> str:
    """Without any mark."""
    return fold(text)


def lower_no_accents(text: str, _: random.Random) -> str:
    """Without marks, capitals and points."""
    return re.sub(r"[.,;:!?]+(?=\s|$)", "", fold(text).lower())


def upper_no_accents(text: str, _: random.Random) -> str:
    """Shouted."""
    return fold(text).upper()


def decomposed(text: str, _: random.Random) -> str:
    """Unicode NFD, as some telephones send it."""
    return unicodedata.normalize("NFD", text)


def telex(text: str, _: random.Random) -> str:
    """Raw Telex: the keyboard was off."""
    return _strokes(text, 0)


def vni(text: str, _: random.Random) -> str:
    """Raw VNI: the keyboard was off."""
    return _strokes(text, 1)


def shorthand(text: str, chance: random.Random) -> str:
    """Abbreviations of young people, half of those that fit; then mostly without accents."""
    short = text
    for full, typed in SHORTHAND:
        if chance.random() < 0.6:
            short = re.sub(rf"(?i)(?<!\w){full}(?!\w)", typed, short)
    return fold(short).lower() if chance.random() < 0.6 else short


def slips(text: str, chance: random.Random) -> str:
    """One slip in about fifteen letters: neighbour key, letter left out, doubled, or two swapped."""
    words = [word if CODE.fullmatch(word) else _slipped(word, chance) for word in fold(text).split(" ")]
    return " ".join(words)


def half_accents(text: str, chance: random.Random) -> str:
    """Marks on some words only."""
    return " ".join(fold(word) if chance.random() < 0.5 else word for word in text.split(" "))


STYLES: MappingProxyType[str, Style] = MappingProxyType(
    {
        style.__name__: style
        for style in (
            accents,
            no_accents,
            lower_no_accents,
            upper_no_accents,
            half_accents,
            decomposed,
            shorthand,
            slips,
            telex,
            vni,
        )
    }
)


def typed(text: str, style: str, seed: int = 0) -> str:
    """*text* as somebody with that style types it; the same for the same arguments."""
    return STYLES[style](text, random.Random(f"{style}:{seed}:{text}"))


def _strokes(text: str, method: int) -> str:
    return re.sub(r"\w+", lambda word: _word_strokes(word[0], method), text)


def _word_strokes(word: str, method: int) -> str:
    """Shapes right after their letter, the tone at the end of the word, as most people type."""
    out, tone = "", ""
    for sign in unicodedata.normalize("NFD", word):
        if sign in "đĐ":
            out += ((sign == "đ" and "d") or "D") + ("d" if method == 0 else "9")
        elif sign in TONES:
            tone = TONES[sign][method]
        elif sign in SHAPES:
            out += SHAPES[sign][method] or out[-1].lower()
        else:
            out += sign
    return out + tone


def _slipped(word: str, chance: random.Random) -> str:
    out = list(word)
    for at, letter in enumerate(word):
        if chance.random() >= 1 / 15:
            continue
        kind = chance.randrange(4)
        if kind == 0:
            out[at] = chance.choice(NEIGHBOURS.get(letter.lower(), letter))
        elif kind == 1:
            out[at] = ""
        elif kind == 2:
            out[at] = letter * 2
        elif at + 1 < len(word):
            out[at], out[at + 1] = word[at + 1], letter
    return "".join(out) or word
