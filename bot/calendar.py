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

Periods = tuple[tuple[time, time], ...]
"""From when to when."""
PERIODS: Periods = ((time(7, 30), time(11, 30)), (time(13, 30), time(17, 0)))
CUT_OFF = time(16, 30)
DAYS_OF_A_WEEK = 7
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


@dataclass(frozen=True, slots=True)
class WeeklyHours:
    """The hours of a usual week."""

    days: tuple[Periods, ...] = (PERIODS, PERIODS, PERIODS, PERIODS, PERIODS, (), ())
    """From Monday; without a period a day is off. Periods of a day are in order and do not touch midnight."""

    def __post_init__(self) -> None:
        if len(self.days) != DAYS_OF_A_WEEK or not any(self.days):
            raise ValueError("a week has seven days, and working hours on one of them")

    @property
    def instead(self) -> Periods:
        """Those of a weekend day that is worked in exchange for another one."""
        return next(periods for periods in self.days if periods)


class WorkingCalendar:
    """Which time counts: usual weeks, but for special days. Without arguments as the law and the shipped list say."""

    def __init__(
        self, days: SpecialDays | None = None, hours: WeeklyHours | None = None, cut_off: time = CUT_OFF
    ) -> None:
        self.special = days or shipped_days()
        self.hours = hours or WeeklyHours()
        self.cut_off = cut_off
        self._weekdays = frozenset(weekday for weekday, periods in enumerate(self.hours.days) if periods)
        self._between = lru_cache(PERIODS_REMEMBERED)(self._count_between)

    def is_working_day(self, day: date) -> bool:
        """Whether offices are open on this day."""
        return day in self.special.worked or (day.weekday() in self._weekdays and day not in self.special.off)

    def periods_on(self, day: date) -> Periods:
        """The working hours of a day; none on a day off."""
        if not self.is_working_day(day):
            return ()
        return self.hours.days[day.weekday()] or self.hours.instead

    def working_days_between(self, after: date, until: date) -> int:
        """Working days later than *after*, up to and with *until*; 0 when *until* is not later."""
        return self._between(after, until)

    def _count_between(self, after: date, until: date) -> int:
        if until <= after:
            return 0
        usual = self._weekdays
        weeks, rest = divmod((until - after).days, DAYS_OF_A_WEEK)
        count = weeks * len(usual) + sum(
            (after.weekday() + step) % DAYS_OF_A_WEEK in usual for step in range(1, rest + 1)
        )
        worked = sum(after < day <= until and day.weekday() not in usual for day in self.special.worked)
        off = sum(after < day <= until and day.weekday() in usual for day in self.special.off - self.special.worked)
        return count + worked - off

    def working_days_left(self, now: datetime, due: date) -> int:
        """How many working days are left before the due day ends; 0 on the day itself."""
        return self.working_days_between(now.astimezone(VIETNAM).date(), due)

    def working_days_late(self, now: datetime, due: date) -> int:
        """How many working days have begun since the due day; 0 on the weekend right after it."""
        return self.working_days_between(due, now.astimezone(VIETNAM).date())

    def add_working_days(self, received_at: datetime, days: int) -> datetime:
        """The end of working hours of the n-th working day after receipt; late receipt counts as the next working day."""
        day = self.day_of_receipt(received_at)
        for _ in range(days):
            day = self.next_working_day(day)
        return datetime.combine(day, self.periods_on(day)[-1][1], VIETNAM)

    def add_working_hours(self, received_at: datetime, hours: float) -> datetime:
        """The moment when so many working hours have passed; lunch does not count."""
        return self.add_working_time(received_at, timedelta(hours=hours))

    def add_working_time(self, at: datetime, span: timedelta) -> datetime:
        """The first moment until which *span* of working time has passed since *at*; *at* itself for none."""
        at, left = at.astimezone(VIETNAM), span
        if not left:
            return at
        for start, end in self._periods_from(at):
            begin = max(at, start)
            if end - begin >= left:
                return begin + left
            left -= end - begin
        raise AssertionError("working time never ends")

    def take_working_time(self, at: datetime, span: timedelta) -> datetime:
        """The last moment from which *span* of working time passes until *at*; *at* itself for none."""
        at, left = at.astimezone(VIETNAM), span
        if not left:
            return at
        for start, end in self._periods_back_from(at):
            finish = min(at, end)
            if finish - start >= left:
                return finish - left
            left -= finish - start
        raise AssertionError("working time never began")

    def working_time_between(self, start: datetime, end: datetime) -> timedelta:
        """How much working time passes; none when *end* is not later."""
        start, end = start.astimezone(VIETNAM), end.astimezone(VIETNAM)
        passed = timedelta()
        for begins, ends in self._periods_from(start):
            if begins >= end:
                return passed
            passed += min(ends, end) - max(begins, start)
        return passed

    def next_working_day(self, day: date) -> date:
        """The first one after *day*."""
        following = day + timedelta(days=1)
        while not self.is_working_day(following):
            following += timedelta(days=1)
        return following

    def day_of_receipt(self, received_at: datetime) -> date:
        """The day itself, or the next working day for what comes on a day off, after the cut-off or after hours."""
        at = received_at.astimezone(VIETNAM)
        periods = self.periods_on(at.date())
        if periods and at.time() <= min(self.cut_off, periods[-1][1]):
            return at.date()
        return self.next_working_day(at.date())

    def _periods_from(self, at: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Those that end after *at*."""
        day = at.date()
        while True:
            for opens, closes in self.periods_on(day):
                start, end = datetime.combine(day, opens, VIETNAM), datetime.combine(day, closes, VIETNAM)
                if end > at:
                    yield start, end
            day += timedelta(days=1)

    def _periods_back_from(self, at: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Those that begin before *at*, the last first."""
        day = at.date()
        while True:
            for opens, closes in reversed(self.periods_on(day)):
                start, end = datetime.combine(day, opens, VIETNAM), datetime.combine(day, closes, VIETNAM)
                if start < at:
                    yield start, end
            day -= timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Calendars:
    """The working calendars of all agencies."""

    usual: WorkingCalendar
    own: Mapping[str, WorkingCalendar] = field(default_factory=dict)
    """By the code of the agency, for those that have hours or days of their own."""

    def of(self, agency: str) -> WorkingCalendar:
        """That of an agency; "" is the province."""
        return self.own.get(agency, self.usual)
