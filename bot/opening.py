"""When an office is open: its own hours on the days that the working calendar gives."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.calendar import PERIODS, Periods, WorkingCalendar
from bot.clock import VIETNAM

SATURDAY, SUNDAY = 5, 6
LONGEST_SEARCH = 60
"""Days to look ahead; no office is closed for longer."""


@dataclass(frozen=True, slots=True)
class Hours:
    """From when to when, on a usual working day and on Saturdays."""

    weekdays: Periods = PERIODS
    saturday: Periods = ()
    """Empty: closed on Saturdays, but for those worked in exchange for another day."""


@dataclass(frozen=True, slots=True)
class Day:
    """One day of an office."""

    on: date
    periods: Periods
    """Empty: closed."""
    holiday: str = ""
    """Why it is closed, when that is a holiday."""
    is_unconfirmed: bool = False
    """The holiday is only proposed so far."""


@dataclass(frozen=True, slots=True)
class Break:
    """Days off around a holiday, with the weekends that touch them."""

    holiday: str
    first: date
    last: date
    is_unconfirmed: bool


class Opening:
    """The opening times of one office."""

    def __init__(self, calendar: WorkingCalendar, hours: Hours | None = None) -> None:
        self._calendar = calendar
        self._hours = hours or Hours()

    def on(self, day: date) -> Day:
        """What happens on a day."""
        special = self._calendar.special
        if self._calendar.is_working_day(day):
            return Day(day, self._hours.weekdays)
        if day in special.off:
            return Day(day, (), special.names.get(day, ""), day in special.unconfirmed)
        return Day(day, self._hours.saturday if day.weekday() == SATURDAY else ())

    def closes_at(self, now: datetime) -> datetime | None:
        """When the present period ends; None while closed, also at lunch."""
        return next((end for start, end in self._periods_of(now) if start <= now < end), None)

    def opens_next(self, now: datetime) -> datetime | None:
        """When the next period begins; None when that is not known."""
        local = now.astimezone(VIETNAM)
        days = (local.date() + timedelta(days=step) for step in range(LONGEST_SEARCH))
        starts = (start for day in days for start, _ in _at(day, self.on(day).periods))
        return next((start for start in starts if start > now), None)

    def next_break(self, today: date, name: str = "") -> Break | None:
        """The next days off for a holiday whose name begins with *name* (any, when that is empty), one that runs today included."""
        special = self._calendar.special
        for day in sorted(special.off):
            if special.names.get(day, "").startswith(name):
                found = self._around(day)
                if found.last >= today:
                    return found
        return None

    def _around(self, day: date) -> Break:
        special = self._calendar.special
        first = last = day
        while not self.on(first - timedelta(days=1)).periods:
            first -= timedelta(days=1)
        while not self.on(last + timedelta(days=1)).periods:
            last += timedelta(days=1)
        days = [first + timedelta(days=step) for step in range((last - first).days + 1)]
        return Break(special.names.get(day, ""), first, last, not special.unconfirmed.isdisjoint(days))

    def _periods_of(self, now: datetime) -> Iterator[tuple[datetime, datetime]]:
        day = now.astimezone(VIETNAM).date()
        return _at(day, self.on(day).periods)


def _at(day: date, periods: Periods) -> Iterator[tuple[datetime, datetime]]:
    for start, end in periods:
        yield datetime.combine(day, start, VIETNAM), datetime.combine(day, end, VIETNAM)


def read_periods(text: str) -> Periods:
    """Of ``07:30-11:30, 13:30-17:00``. Raises ``ValueError`` when it is not written so, or not in order."""
    periods = tuple(_period(part) for part in text.split(",")) if text.strip() else ()
    moments = [moment for period in periods for moment in period]
    if moments != sorted(set(moments)):
        raise ValueError("hours must be in order")
    return periods


def _period(text: str) -> tuple[time, time]:
    start, _, end = text.strip().partition("-")
    return time.fromisoformat(start.strip()), time.fromisoformat(end.strip())


def told(periods: Periods) -> str:
    """``07:30-11:30, 13:30-17:00``"""
    return ", ".join(f"{start:%H:%M}-{end:%H:%M}" for start, end in periods)
