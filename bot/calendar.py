"""Working time: which days and hours count. Data, not code: the list of holidays ships with the program.

Labour Code 2019, article 112 (holidays); make-up days as announced each year.
"""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache, lru_cache
from importlib import resources

from bot.clock import VIETNAM

PERIODS = ((time(7, 30), time(11, 30)), (time(13, 30), time(17, 0)))
CUT_OFF = time(16, 30)
FRIDAY = 4
PERIODS_REMEMBERED = 1024


@dataclass(frozen=True, slots=True)
class SpecialDays:
    """Days off, and weekend days that are worked in exchange."""

    off: frozenset[date]
    worked: frozenset[date]
    names: Mapping[date, str] = field(default_factory=dict)
    """What the days off are called: ``Quốc khánh``."""
    unconfirmed: frozenset[date] = frozenset()
    """Days off that are only proposed."""


@cache
def shipped_days() -> SpecialDays:
    """The list that ships with the program."""
    table = resources.files("bot").joinpath("data", "holidays_vn.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(table.splitlines()))
    return SpecialDays(
        off=frozenset(date.fromisoformat(row["date"]) for row in rows if row["kind"] == "off"),
        worked=frozenset(date.fromisoformat(row["date"]) for row in rows if row["kind"] != "off"),
        names={date.fromisoformat(row["date"]): _holiday(row["name_vi"]) for row in rows if row["kind"] == "off"},
        unconfirmed=frozenset(date.fromisoformat(row["date"]) for row in rows if row["status"] == "proposed"),
    )


def _holiday(name: str) -> str:
    """Without what the list adds in brackets."""
    return name.partition(" (")[0]


class WorkingCalendar:
    """Monday to Friday, 07:30-11:30 and 13:30-17:00, but for special days."""

    def __init__(self, days: SpecialDays | None = None) -> None:
        self.special = days or shipped_days()
        self._between = lru_cache(PERIODS_REMEMBERED)(self._count_between)

    def is_working_day(self, day: date) -> bool:
        """Whether offices are open on this day."""
        return day in self.special.worked or (day.weekday() <= FRIDAY and day not in self.special.off)

    def working_days_between(self, after: date, until: date) -> int:
        """Working days later than *after*, up to and with *until*; 0 when *until* is not later."""
        return self._between(after, until)

    def _count_between(self, after: date, until: date) -> int:
        if until <= after:
            return 0
        weeks, rest = divmod((until - after).days, 7)
        usual = weeks * 5 + sum((after.weekday() + step) % 7 <= FRIDAY for step in range(1, rest + 1))
        worked = sum(after < day <= until and day.weekday() > FRIDAY for day in self.special.worked)
        off = sum(after < day <= until and day.weekday() <= FRIDAY for day in self.special.off - self.special.worked)
        return usual + worked - off

    def working_days_left(self, now: datetime, due: date) -> int:
        """How many working days are left before the due day ends; 0 on the day itself."""
        return self.working_days_between(now.astimezone(VIETNAM).date(), due)

    def working_days_late(self, now: datetime, due: date) -> int:
        """How many working days have begun since the due day; 0 on the weekend right after it."""
        return self.working_days_between(due, now.astimezone(VIETNAM).date())

    def add_working_days(self, received_at: datetime, days: int) -> datetime:
        """The end of working hours of the n-th working day after receipt; late receipt counts as the next working day."""
        day = self._day_of_receipt(received_at.astimezone(VIETNAM))
        for _ in range(days):
            day = self._next_working_day(day)
        return datetime.combine(day, PERIODS[-1][1], VIETNAM)

    def add_working_hours(self, received_at: datetime, hours: float) -> datetime:
        """The moment when so many working hours have passed; lunch does not count."""
        at = received_at.astimezone(VIETNAM)
        left = timedelta(hours=hours)
        for start, end in self._periods_from(at):
            begin = max(at, start)
            if end - begin >= left:
                return begin + left
            left -= max(timedelta(), end - begin)
        raise AssertionError("working time never ends")

    def _periods_from(self, at: datetime) -> Iterator[tuple[datetime, datetime]]:
        day = at.date()
        while True:
            if self.is_working_day(day):
                for opens, closes in PERIODS:
                    start, end = datetime.combine(day, opens, VIETNAM), datetime.combine(day, closes, VIETNAM)
                    if end > at:
                        yield start, end
            day += timedelta(days=1)

    def _day_of_receipt(self, at: datetime) -> date:
        if self.is_working_day(at.date()) and at.time() <= CUT_OFF:
            return at.date()
        return self._next_working_day(at.date())

    def _next_working_day(self, day: date) -> date:
        following = day + timedelta(days=1)
        while not self.is_working_day(following):
            following += timedelta(days=1)
        return following


@dataclass(frozen=True, slots=True)
class Calendars:
    """The working calendars of all agencies."""

    usual: WorkingCalendar
    own: Mapping[str, WorkingCalendar] = field(default_factory=dict)
    """By the code of the agency, for those that have hours or days of their own."""

    def of(self, agency: str) -> WorkingCalendar:
        """That of an agency; "" is the province."""
        return self.own.get(agency, self.usual)
