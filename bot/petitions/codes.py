"""Codes of petitions: ``PA``, two digits of the year, five of the number, a check digit by Damm's quasigroup.

H. Michael Damm, "Total anti-symmetrische Quasigruppen" (2004): it catches every wrong digit and every swap of neighbours.
"""

import re
from datetime import datetime

from bot.clock import VIETNAM

PREFIX = "PA"
MOST_IN_A_YEAR = 99_999
_STEP = (
    "0317598642",
    "7092154863",
    "4206871359",
    "1750983426",
    "6123045978",
    "3674209581",
    "5869720134",
    "8945362017",
    "9438617205",
    "2581436790",
)
_CODE = re.compile(rf"{PREFIX}\d{{8}}", re.ASCII)


def damm(digits: str) -> str:
    """The check digit of a number: ``4`` of ``572``."""
    row = 0
    for digit in digits:
        row = int(_STEP[row][int(digit)])
    return str(row)


def petition_code(number: int, sent_at: datetime) -> str:
    """The code of the n-th petition of its year in Vietnam. Raises ``ValueError`` when the numbers of a year are used up."""
    if not 0 < number <= MOST_IN_A_YEAR:
        raise ValueError(f"a year has petitions 1 to {MOST_IN_A_YEAR}, not {number}")
    digits = f"{sent_at.astimezone(VIETNAM):%y}{number:05}"
    return f"{PREFIX}{digits}{damm(digits)}"


def is_petition_code(code: str) -> bool:
    """Whether *code* (canonical) can be one of ours. When not, nobody needs to look for it."""
    return _CODE.fullmatch(code) is not None and damm(code.removeprefix(PREFIX)) == "0"
