"""How a due date came about, day by day, and what is missing in the list of holidays."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.calendar import WorkingCalendar
from bot.clock import VIETNAM

DECEMBER = 12
SATURDAY = 5


class DayPart(StrEnum):
    """What a day is to a period of working days."""

    RECEIVED = "received"
    """The day of receipt: the period starts on the next working day."""
    RECEIVED_LATE = "received_late"
    """Came after the cut-off or after hours: counts as received on the next working day."""
    COUNTS_AS_RECEIVED = "counts_as_received"
    COUNTED = "counted"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    CLOSED = "closed"
    """A weekday on which this agency does not work."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainedDay:
    """One line of the calculation."""

    on: date
    part: DayPart
    count: int = 0
    """Which working day of the period it is, from 1; 0 when it does not count."""
    holiday: str = ""
    is_swapped: bool = False
    """A weekend day that is worked in exchange for another one."""
    is_unconfirmed: bool = False
    """The holiday is only proposed so far."""


class ListProblem(StrEnum):
    """What is wrong with the list of holidays of a year."""

    MISSING = "missing"
    PROPOSED = "proposed"
    """Days of it are only proposed."""


def explain(calendar: WorkingCalendar, received_at: datetime, days: int) -> tuple[ExplainedDay, ...]:
    """Every day from receipt to the due date that ``add_working_days`` gives."""
    at = received_at.astimezone(VIETNAM)
    last, receipt = calendar.add_working_days(at, days).date(), calendar.day_of_receipt(at)
    lines = []
    for step in range((last - at.date()).days + 1):
        day = at.date() + timedelta(days=step)
        lines.append(_line(calendar, day, receipt, is_first=step == 0))
    return tuple(lines)


def _line(calendar: WorkingCalendar, day: date, receipt: date, *, is_first: bool) -> ExplainedDay:
    special = calendar.special
    if not calendar.is_working_day(day):
        return ExplainedDay(
            on=day,
            part=_day_off(calendar, day),
            holiday=special.names.get(day, ""),
            is_unconfirmed=day in special.unconfirmed,
        )
    return ExplainedDay(
        on=day,
        part=_working_day(day, receipt, is_first=is_first),
        count=calendar.working_days_between(receipt, day),
        is_swapped=day in special.worked,
    )


def _day_off(calendar: WorkingCalendar, day: date) -> DayPart:
    if day in calendar.special.off:
        return DayPart.HOLIDAY
    return DayPart.WEEKEND if day.weekday() >= SATURDAY else DayPart.CLOSED


def _working_day(day: date, receipt: date, *, is_first: bool) -> DayPart:
    if day > receipt:
        return DayPart.COUNTED
    if day < receipt:
        return DayPart.RECEIVED_LATE
    return DayPart.RECEIVED if is_first else DayPart.COUNTS_AS_RECEIVED


def list_problem(calendar: WorkingCalendar, today: date) -> tuple[int, ListProblem] | None:
    """The year whose list the administrator has to load: this one at any time, the next one from 1 December."""
    years = (today.year, today.year + 1) if today.month == DECEMBER else (today.year,)
    for year in years:
        off = {day for day in calendar.special.off if day.year == year}
        if not off:
            return year, ListProblem.MISSING
        if off & calendar.special.unconfirmed:
            return year, ListProblem.PROPOSED
    return None
