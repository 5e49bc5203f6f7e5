"""The date in a code, as people write dates."""

from collections.abc import Callable, Sequence

IsDay = Callable[[str], bool]
"""Whether ``yymmdd`` or ``yyyymmdd`` is a day on which a code can have been issued."""
_SHORT, _LONG = 6, 8
_YEAR = 4


def date_texts(digits: str, is_day: IsDay, *, keeps_century: bool) -> tuple[str, ...]:
    """How a date of 6 or 8 digits stands in a code. Ministries write years of four digits, or of two like provinces.

    Six digits are never turned round: ``100626`` may be a slip of the year as well as a day first.
    """
    if len(digits) == _SHORT:
        return (digits,)
    if is_day(digits) or not is_day(turned := digits[4:] + digits[2:4] + digits[:2]):
        return (digits,) if keeps_century else (digits[2:],) if digits.startswith("20") else ()
    return (turned[2:], turned) if keeps_century else (turned[2:],)


def parted_date(parts: Sequence[str], is_day: IsDay, *, keeps_century: bool) -> tuple[str, ...]:
    """The same for day, month and year, or year, month and day, with separators between them.

    A year of two digits may be the first or the last: then there may be two dates.
    """
    first, month, last = parts
    ways = {
        (1, _YEAR): [(last, first)],
        (2, _YEAR): [(last, first)],
        (_YEAR, 1): [(first, last)],
        (_YEAR, 2): [(first, last)],
        (2, 2): [(f"20{first}", last), (f"20{last}", first)],
    }
    padded = [f"{year}{month.zfill(2)}{day.zfill(2)}" for year, day in ways.get((len(first), len(last)), [])]
    days = [day for day in padded if len(day) == _LONG and is_day(day)]
    return tuple(text for day in days for text in ((day[2:], day) if keeps_century else (day[2:],)))
