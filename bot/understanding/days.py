"""Which day a question is about: "hôm nay", "mai", "thứ bảy", "30/4", "lễ", "Tết"."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from bot.understanding.text import fold

WEEKDAYS = {
    0: r"thu (?:hai|2)|t2|monday",
    1: r"thu (?:ba|3)|t3|tuesday",
    2: r"thu (?:tu|4)|t4|wednesday",
    3: r"thu (?:nam|5)|t5|thursday",
    4: r"thu (?:sau|6)|t6|friday",
    5: r"thu (?:bay|7)|t7|cuoi tuan|saturday|weekend",
    6: r"chu nhat|cn|sunday",
}
NEXT_WEEK = re.compile(r"\btuan (?:sau|toi)\b|\bnext week\b")
HOLIDAYS = (
    (r"tet (?:duong lich|tay)|new year", "Tết Dương lịch"),
    (r"gio to(?: hung vuong)?|10[/-]3", "Giỗ Tổ"),
    (r"quoc khanh", "Quốc khánh"),
    (r"tet", "Tết Nguyên đán"),
    (r"le|ngay le|nghi le|holidays?", ""),
)
"""First fit wins; the name begins like those of the working calendar, "" is whichever comes next."""
RELATIVE = (
    (r"ngay kia|day after tomorrow", 2),
    (r"(?:ngay |sang |chieu )?mai|tomorrow", 1),
    (r"hom nay|bay gio|gio nay|luc nay|(?:sang|trua|chieu) nay|today|now", 0),
)
ORDER = re.compile("thứ tự", re.IGNORECASE)
IN_LINE = re.compile(r"\b(?:so|lay|boc|phieu) thu tu\b")
"""A number in the line ("số thứ tự") is no Wednesday ("thứ tư"): without accents both are the same."""
DATE = re.compile(r"\b(\d{1,2})\s*(?:[/.-]|thang)\s*(\d{1,2})(?:\s*(?:[/.-]|nam)\s*(\d{4}))?\b")


@dataclass(frozen=True, slots=True)
class HolidayAsked:
    """A holiday as the working calendar begins its name; "" for the next one."""

    name: str


def day_asked(text: str, today: date) -> date | HolidayAsked | None:
    """The day or holiday named in *text*; None when there is none, or when several weekdays are."""
    plain = IN_LINE.sub(" ", fold(ORDER.sub(" ", text)).lower())
    return next((found for reader in _READERS if (found := reader(plain, today)) is not None), None)


def _written(plain: str, today: date) -> date | None:
    """``30/4``: the next day of that name, unless a year is given."""
    for match in DATE.finditer(plain):
        year = int(match[3] or today.year)
        try:
            day = date(year, int(match[2]), int(match[1]))
            return day if match[3] or day >= today else day.replace(year=year + 1)
        except ValueError:
            continue
    return None


def _holiday(plain: str, _today: date) -> HolidayAsked | None:
    return next((HolidayAsked(name) for words, name in HOLIDAYS if _has(plain, words)), None)


def _weekday(plain: str, today: date) -> date | None:
    named = list(_weekdays(plain))
    if len(named) != 1:
        return None
    if NEXT_WEEK.search(plain):
        return today + timedelta(days=7 - today.weekday() + named[0])
    return today + timedelta(days=(named[0] - today.weekday()) % 7)


def _weekdays(plain: str) -> Iterator[int]:
    return (weekday for weekday, words in WEEKDAYS.items() if _has(plain, words))


def _relative(plain: str, today: date) -> date | None:
    return next((today + timedelta(days=days) for words, days in RELATIVE if _has(plain, words)), None)


def _has(plain: str, words: str) -> bool:
    return re.search(rf"\b(?:{words})\b", plain) is not None


_READERS: tuple[Callable[[str, date], date | HolidayAsked | None], ...] = (_written, _holiday, _weekday, _relative)
