"""Whether a text spells a code, judged without the program: every digit of the code stands there, and between them no other."""

import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import unquote

_SPOKEN = re.compile(
    r"CHA61M|CHAASM|CHAAMS|GA5CH|GAJCH|GACHJ|CHAM|PHAY|GACH|NGANG|DAU|CAI|TRU|DOT|POINT|DASH|HYPHEN|MINUS|SLASH|CHEO|XET|[SX]UYET"
)
_NOTHING = re.compile(r"(?!)")
_ALSO_LIKE_DIGITS = re.compile(r"NGAY|STT|SO|NOI|DUOI")
_LIKE = str.maketrans("OQDIL|ZSB", "000111258")


_SHORT_DATE = re.compile(r"(?<![0-9])(?=([0-9]{2})([^0-9A-Za-z]+)([0-9]{2})([^0-9A-Za-z]+)([0-9]{2})(?![0-9]))")


def spells(text: str, code: str) -> bool:
    """Does *text* hold the code in one of the ways of writing dates and zeros? Where zeros lack, no digit may follow."""
    turned = [
        text[: date.start()] + "".join(date.group(5, 3, 1)) + text[date.end(5) :] for date in _SHORT_DATE.finditer(text)
    ]
    ways = {_squashed(written, words) for written in (text, *turned) for words in (_NOTHING, _ALSO_LIKE_DIGITS)}
    return any(re.search(form, way) for form in _forms(code) for way in ways)


def _squashed(text: str, words: re.Pattern[str]) -> str:
    """Letters and digits only, without accents; letters that look like digits are digits."""
    for _ in range(4):
        text = unquote(text)
    plain = unicodedata.normalize("NFKD", text.replace("đ", "d").replace("Đ", "D")).upper()
    plain = "".join(sign for sign in plain if sign.isascii() and (sign.isalnum() or sign == "|" or sign.isspace()))
    return re.sub(r"[^0-9A-Z]", "", _SPOKEN.sub("", words.sub("", plain)).translate(_LIKE))


def _forms(code: str) -> Iterator[str]:
    agency, day, number = code.split("-")
    units = agency.split(".")
    heads = ["".join(units)]
    if units[0].isdigit():
        loose = [f"0{{0,{len(unit) - len(str(int(unit)))}}}{int(unit)}" for unit in units[:-1]]
        heads.append("".join([*loose, units[-1]]))
        if units[0] == "000":
            heads.append("".join(units[1:]))
            heads += ["".join(units[2:])] if units[1] == "00" else []
    year, month, date = f"20{day[:-4][-2:]}", day[-4:-2], day[-2:]
    days = (
        day,
        day[-6:],
        year + month + date,
        date + month + year,
        f"0?{int(date)}0?{int(month)}{year}",
        f"{year}0?{int(month)}0?{int(date)}",
    )
    for head in heads:
        for when in days:
            yield f"{head}{when}{number}"
            yield f"{head}{when}0*{int(number)}(?![0-9])"
