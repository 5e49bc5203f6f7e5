"""Whether a text spells a code, judged without the program: every digit of the code stands there, and between them no other."""

import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import unquote

_SPOKEN = re.compile(r"CHAM|PHAY|GACH|NGANG|DAU|TRU|DOT|DASH")
_LIKE = str.maketrans("OQDIL|ZSB", "000111258")


def squashed(text: str) -> str:
    """Letters and digits only, without accents; letters that look like digits are digits."""
    for _ in range(4):
        text = unquote(text)
    plain = unicodedata.normalize("NFKD", text.replace("đ", "d").replace("Đ", "D")).upper()
    plain = "".join(sign for sign in plain if sign.isascii() and (sign.isalnum() or sign == "|" or sign.isspace()))
    return re.sub(r"[^0-9A-Z]", "", _SPOKEN.sub("", plain).translate(_LIKE))


def spells(typed: str, code: str) -> bool:
    """*typed* is squashed: it holds the code in one of the ways of writing dates and zeros, not followed by a digit if zeros lack."""
    return any(re.search(form, typed) for form in _forms(code))


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
    days = (day, day[-6:], year + month + date, date + month + year, f"0?{int(date)}0?{int(month)}{year}")
    for head in heads:
        for when in days:
            yield f"{head}{when}{number}"
            yield f"{head}{when}0*{int(number)}(?![0-9])"
