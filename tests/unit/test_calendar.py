"""Working time, by the vectors of the product."""

from datetime import date, datetime

import pytest

from bot.calendar import SpecialDays, WorkingCalendar
from bot.clock import VIETNAM

TET = {date(2026, 2, day) for day in range(16, 21)} | {date(2026, 8, 31)}
CALENDAR = WorkingCalendar(SpecialDays(off=frozenset(TET), worked=frozenset({date(2026, 8, 22)})))


def at(text: str) -> datetime:
    return datetime.strptime(text, "%d/%m/%Y %H:%M").replace(tzinfo=VIETNAM)


@pytest.mark.parametrize(
    ("received", "days", "due"),
    [
        ("10/06/2026 09:00", 5, "17/06/2026 17:00"),
        ("05/06/2026 16:45", 3, "11/06/2026 17:00"),
        ("06/06/2026 10:00", 1, "09/06/2026 17:00"),
        ("12/02/2026 14:00", 3, "24/02/2026 17:00"),
        ("20/08/2026 09:00", 2, "22/08/2026 17:00"),
    ],
)
def test_days(received: str, days: int, due: str) -> None:
    assert CALENDAR.add_working_days(at(received), days) == at(due)


@pytest.mark.parametrize(
    ("received", "hours", "due"),
    [
        ("10/06/2026 10:30", 4, "10/06/2026 16:30"),
        ("12/06/2026 16:00", 4, "15/06/2026 10:30"),
        ("13/06/2026 09:00", 1, "15/06/2026 08:30"),
    ],
)
def test_hours(received: str, hours: float, due: str) -> None:
    assert CALENDAR.add_working_hours(at(received), hours) == at(due)


@pytest.mark.parametrize(
    ("now", "due", "left", "late"),
    [
        ("10/06/2026 09:00", date(2026, 6, 17), 5, 0),
        ("17/06/2026 18:00", date(2026, 6, 17), 0, 0),
        ("18/06/2026 08:00", date(2026, 6, 17), 0, 1),
        ("20/06/2026 08:00", date(2026, 6, 19), 0, 0),
        ("21/06/2026 08:00", date(2026, 6, 19), 0, 0),
        ("22/06/2026 08:00", date(2026, 6, 19), 0, 1),
        ("24/06/2026 08:00", date(2026, 6, 17), 0, 5),
    ],
)
def test_left_and_late(now: str, due: date, left: int, late: int) -> None:
    assert (CALENDAR.working_days_left(at(now), due), CALENDAR.working_days_late(at(now), due)) == (left, late)


def test_the_shipped_list_knows_tet() -> None:
    assert not WorkingCalendar().is_working_day(date(2026, 2, 17))
    assert WorkingCalendar().is_working_day(date(2026, 6, 10))


def test_counting_agrees_with_walking() -> None:
    calendar, start, walked = WorkingCalendar(), date(2025, 12, 31), 0
    for ordinal in range(start.toordinal() + 1, date(2027, 12, 31).toordinal()):
        day = date.fromordinal(ordinal)
        walked += calendar.is_working_day(day)
        assert calendar.working_days_between(start, day) == walked


def test_an_absurd_date_costs_nothing() -> None:
    usual = (date(9999, 12, 31) - date(2026, 6, 10)).days * 5 / 7
    assert CALENDAR.working_days_left(at("10/06/2026 09:00"), date(9999, 12, 31)) == pytest.approx(usual, abs=30)
