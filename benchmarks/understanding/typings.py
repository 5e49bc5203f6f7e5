"""How citizens type codes: one function for each kind of mistake. None: this code cannot be mistyped in that way."""

import random
import re
from collections.abc import Callable
from itertools import pairwise
from types import MappingProxyType

from benchmarks.understanding.universe import SHORT_DATES, Code

YYYYMMDD = "{y}{m:02d}{d:02d}"
"""In the code of a ministry it fits the grammar, as another code."""
Typing = Callable[[Code, random.Random], str | None]

DASHES = "\u058a\u05be\u1400\u1806\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2e3a\u2e3b\u301c\u3030\u30a0\ufe31\ufe32\ufe58\ufe63\uff0d"
BLANKS = "\u00a0\u2007\u202f\u2009\u3000\u2002"
INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e"
LIKE = MappingProxyType({"0": "OoQD", "1": "Il|L", "5": "Ss", "8": "B", "2": "Zz"})
DOTS_SPOKEN = ("chấm", "cham", "dấu chấm", "dot", "phẩy", "Chấm", "CHAM", "chaams", "cha61m")
DASHES_SPOKEN = (
    "gạch",
    "gach",
    "gạch ngang",
    "gach ngang",
    "ngang",
    "dash",
    "dấu gạch ngang",
    "Gạch",
    "NGANG",
    "trừ",
    "gachj",
    "ga5ch",
)
KEYWORDS = (
    "TC",
    "HS",
    "hs",
    "tracuu",
    "MHS",
    "mã",
    "mahs",
    "Ma HS",
    "TD",
    "số hồ sơ ",
    "ma ho so ",
    "hoso",
    "KQ",
    "mshs:",
)
LINKS = (
    "https://dichvucong.example.vn/tra-cuu?MHS={}",
    "https://dvc.example.vn/portaldvc/tra-cuu?MHS={}&SGT=038090000001",
    "http://motcua.example.vn/?code={}&utm=zalo",
    "https://dvc.example.vn/kq?lang=vi&maHoSo={}#top",
    "dvc.example.vn/tra-cuu?ma-ho-so={}",
    "https://dvc.example.vn/ho-so/{}",
)


def as_it_stands(code: Code, _: random.Random) -> str:
    """As on the receipt."""
    return str(code)


def small_letters(code: Code, _: random.Random) -> str:
    """h05."""
    return str(code).lower()


def spoken(code: Code, chance: random.Random) -> str:
    """Chấm, gạch."""
    dot, dash = chance.choice(DOTS_SPOKEN), chance.choice(DASHES_SPOKEN)
    return str(code).replace(".", f" {dot} ").replace("-", f" {dash} ")


def spoken_without_blanks(code: Code, chance: random.Random) -> str:
    """h05cham12gach260610gach0001."""
    return str(code).lower().replace(".", chance.choice(("cham", "chấm"))).replace("-", chance.choice(("gach", "gạch")))


def other_signs(code: Code, chance: random.Random) -> str:
    """Another sign for all dots, or for all dashes, or for both."""
    dot, dash = (
        chance.choice((",", "·", "_", "/", ":", "-", "..")),
        chance.choice(("_", "/", ".", "~", ":", "--", "\\", "+")),
    )
    text = str(code).replace("-", dash) if chance.random() < 0.7 else str(code)
    return text.replace(".", dot) if chance.random() < 0.6 or text == str(code) else text


def blanks_for_signs(code: Code, chance: random.Random) -> str:
    """h05 12 260610 0001."""
    return re.sub(r"[.-]", " ", str(code)) if chance.random() < 0.6 else str(code).replace("-", " ")


def blanks_around_signs(code: Code, chance: random.Random) -> str:
    """H05.12 - 260610 - 0001."""
    return re.sub(r"[.-]", lambda sign: chance.choice((" {} ", "{} ", " {}")).format(sign[0]), str(code))


def without_signs(code: Code, chance: random.Random) -> str | None:
    """No dots, or no last dash, or neither; the levels of a deep agency cannot be told apart then."""
    if not code.is_old and len(code.units) > 2:
        return None
    kind = chance.randrange(3)
    if kind == 0 or (code.is_old and kind == 1):
        return str(code).replace(".", "")
    last = str(code).rindex("-")
    if kind == 1:
        return str(code)[:last] + str(code)[last + 1 :]
    return re.sub(r"[.-]", "", str(code))


def blank_in_group(code: Code, chance: random.Random) -> str:
    """H05.12-26 0610-0001: one or two blanks within date or number."""
    day, number = code.date_text, code.number_text
    at = chance.randrange(1, len(day))
    parts = f"{day[:at]} {day[at:]}", number
    if chance.random() < 0.5:
        at = chance.randrange(1, len(number))
        parts = (parts[0] if chance.random() < 0.5 else day), f"{number[:at]} {number[at:]}"
    return f"{code.agency}-{parts[0]}-{parts[1]}"


def blank_in_agency(code: Code, chance: random.Random) -> str:
    """000.0 0.15.H05, H 05.12, H0 5.12, H05.11 2."""
    if code.is_old:
        at = chance.choice((1, 2, 5, 8))
        return f"{str(code)[:at]} {str(code)[at:]}"
    at = chance.choice((1, 2, len(code.agency) - 1))
    return f"{str(code)[:at]} {str(code)[at:]}"


def line_break(code: Code, chance: random.Random) -> str:
    """Broken at a sign or beside it."""
    at = chance.choice([match.end() for match in re.finditer(r"[.-]", str(code))])
    return f"{str(code)[:at]}{chance.choice((chr(10), chr(13) + chr(10)))}{str(code)[at:]}"


def unicode_dash(code: Code, chance: random.Random) -> str:
    """What word processors and telephones make of a dash."""
    return str(code).replace("-", chance.choice(DASHES))


def full_width(code: Code, chance: random.Random) -> str:
    """Ｈ０５, all or only the digits."""
    wide = {
        character: chr(ord(character) + 0xFEE0) for character in ("0123456789" if chance.random() < 0.5 else str(code))
    }
    return "".join(wide.get(character, character) for character in str(code))


def invisible_signs(code: Code, chance: random.Random) -> str:
    """Zero-width and no-break signs anywhere."""
    text = list(str(code))
    for _ in range(chance.randrange(1, 4)):
        text.insert(chance.randrange(len(text)), chance.choice(INVISIBLE))
    return "".join(text)


def no_break_blanks(code: Code, chance: random.Random) -> str:
    """Blanks of other kinds around the signs or in their place."""
    blank = chance.choice(BLANKS)
    return str(code).replace("-", blank if chance.random() < 0.5 else f"{blank}-{blank}")


def percent_encoded(code: Code, chance: random.Random) -> str:
    """%2D, also twice."""
    text = str(code).replace("-", chance.choice(("%2D", "%2d", "%20", "%E2%80%93")))
    text = text.replace(".", "%2E") if chance.random() < 0.4 else text
    return text.replace("%", "%25") if chance.random() < 0.3 else text


def link(code: Code, chance: random.Random) -> str:
    """Pasted from a browser or a receipt's QR."""
    return chance.choice(LINKS).format(code)


def nested_link(code: Code, chance: random.Random) -> str:
    """A link that holds a link, encoded once or twice, and a code in it that is encoded too."""
    inner = chance.choice(LINKS[:4]).format(str(code).replace("-", "%2D"))
    for _ in range(chance.randrange(1, 3)):
        inner = inner.translate({ord(sign): f"%{ord(sign):02X}" for sign in "%:/?&=#"})
    return f"https://zalo.example.vn/go?url={inner}"


def letters_for_digits(code: Code, chance: random.Random) -> str | None:
    """O for 0, l for 1: some or all."""
    text, typed = str(code), ""
    share = chance.choice((0.3, 1.0))
    for character in text:
        like = LIKE.get(character)
        typed += chance.choice(like) if like and chance.random() < share else character
    return typed if typed != text else None


def without_first_zeros(code: Code, _: random.Random) -> str | None:
    """00.15.H05: the leading 000. is missing."""
    return str(code)[4:] if code.is_old else None


def without_more_zeros(code: Code, _: random.Random) -> str | None:
    """15.H05: the leading 000.00. is missing."""
    return str(code)[7:] if code.is_old and code.agency.startswith("000.00.") else None


def number_without_zeros(code: Code, _: random.Random) -> str | None:
    """H05.12-260610-1; with three digits or more it fits the grammar as another code."""
    return f"{code.agency}-{code.date_text}-{code.number}" if code.number < 100 else None


def groups_without_zeros(code: Code, chance: random.Random) -> str | None:
    """0.0.5.H05-260610-1, or its agency alone."""
    if not code.is_old:
        return None
    units = [str(int(unit)) for unit in code.units[:-1]]
    number = code.number if code.number < 100 and chance.random() < 0.5 else code.number_text
    return f"{'.'.join(units)}.{code.units[-1]}-{code.date_text}-{number}"


def _dated(day: str) -> Typing:
    def typing(code: Code, chance: random.Random) -> str | None:
        if day == YYYYMMDD and code.agency in SHORT_DATES:
            return None
        dash = chance.choice(("-", " ", "-"))
        written = day.format(d=code.day.day, m=code.day.month, y=code.day.year)
        return f"{code.agency}{dash}{written}{dash}{code.number_text}"

    return typing


def keyword_glued(code: Code, chance: random.Random) -> str:
    """TCH05.12-…"""
    return f"{chance.choice(KEYWORDS)}{chance.choice((code, str(code).lower()))}"


def words_around(code: Code, chance: random.Random) -> str:
    """In a sentence, with its punctuation."""
    return chance.choice(
        (
            "cho em hỏi hồ sơ {} xong chưa ạ",
            "Mã hồ sơ: {}.",
            "({})",
            "nho anh chi xem giup ho so {}, em nop tu thang truoc",
            "“{}”",
            "xin chao, {} den dau roi?",
            "<{}>",
            "Em tên Lan, sđt 0912345678, mã {} nhờ kiểm tra",
        )
    ).format(code)


def with_proof(code: Code, chance: random.Random) -> str:
    """The last four digits of an identity number behind it."""
    return f"{chance.choice(('HS ', '', 'tc '))}{code} {chance.randrange(1000, 9999)}"


def two_slips(code: Code, chance: random.Random) -> str | None:
    """Letters for digits, and blanks or other signs too; a number of letters only is a word."""
    typed = letters_for_digits(code, chance)
    if typed is None or not all(map(re.compile(r"\d").search, typed.split("-"))):
        return None
    return chance.choice((typed.replace("-", " "), typed.replace("-", "–"), typed.replace(".", ","), typed.lower()))


KINDS: MappingProxyType[str, Typing] = MappingProxyType(
    {
        typing.__name__.replace("_", " "): typing
        for typing in (
            *(
                as_it_stands,
                small_letters,
                spoken,
                spoken_without_blanks,
                other_signs,
                blanks_for_signs,
                blanks_around_signs,
            ),
            *(without_signs, blank_in_group, blank_in_agency, line_break, unicode_dash, full_width, invisible_signs),
            *(no_break_blanks, percent_encoded, link, nested_link, letters_for_digits, without_first_zeros),
            *(
                without_more_zeros,
                number_without_zeros,
                groups_without_zeros,
                keyword_glued,
                words_around,
                with_proof,
                two_slips,
            ),
        )
    }
    | {
        "dd/mm/yyyy": _dated("{d:02d}/{m:02d}/{y}"),
        "d/m/yyyy": _dated("{d}/{m}/{y}"),
        "d-m-yyyy": _dated("{d}-{m}-{y}"),
        "dd.mm.yyyy": _dated("{d:02d}.{m:02d}.{y}"),
        "ddmmyyyy": _dated("{d:02d}{m:02d}{y}"),
        "yyyymmdd": _dated(YYYYMMDD),
        "yyyy-mm-dd": _dated("{y}-{m:02d}-{d:02d}"),
    }
)


def exchanged(text: str, chance: random.Random) -> str:
    """Two neighbours that differ change places."""
    places = [place for place, (left, right) in enumerate(pairwise(text)) if left != right]
    place = chance.choice(places)
    return text[:place] + text[place + 1] + text[place] + text[place + 2 :]


def mutated(text: str, chance: random.Random, alphabet: str) -> str:
    """One edit: a character inserted, left out, replaced, or exchanged with the next."""
    place = chance.randrange(len(text))
    match chance.randrange(4):
        case 0:
            return text[:place] + chance.choice(alphabet) + text[place:]
        case 1:
            return text[:place] + text[place + 1 :]
        case 2:
            return text[:place] + chance.choice(alphabet) + text[place + 1 :]
        case _:
            return exchanged(text, chance)


def parts(code: Code, chance: random.Random) -> tuple[str, str]:
    """What people type of a code when they do not type all of it, with its kind."""
    day, number = code.date_text, code.number_text
    tail = f"{day}-{number}"
    return chance.choice(
        (
            ("end of the code", tail),
            ("end of the code", f"{code.units[-1] if not code.is_old else code.units[-2]}-{tail}"),
            ("end of the code", f"hs {tail}"),
            ("number", number),
            ("number", f"hs {number}"),
            ("number", f"số {number}"),
            ("date and number", f"{day} {number}"),
            ("date and number", f"{code.day:%d/%m/%Y} {number}"),
            ("date and number", f"hs ngày {code.day.day}/{code.day.month}/{code.day.year} số {number}"),
            ("agency and number", f"hs {code.agency} {number}"),
            ("without the letter of the head", str(code).replace("H", "").replace("G", "")),
        )
    )
