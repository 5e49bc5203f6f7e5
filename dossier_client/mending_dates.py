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
    """The same for day, month and year, or year, month and day, with separators between them."""
    first, month, last = parts
    if len(first) == _YEAR:
        day, year = last, first
    elif len(last) == _YEAR:
        day, year = first, last
    else:
        return ()
    padded = f"{year}{month.zfill(2)}{day.zfill(2)}"
    if len(padded) != _LONG or not is_day(padded):
        return ()
    return (padded[2:], padded) if keeps_century else (padded[2:],)
