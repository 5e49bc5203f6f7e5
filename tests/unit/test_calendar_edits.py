"""Edited days and hours, and how due dates are explained."""

from datetime import date, datetime, time

import pytest

from bot.calendar import PERIODS, SpecialDays, WeeklyHours, WorkingCalendar, shipped_days
from bot.calendar_edits import AgencyHours, CalendarDay, DayKind, edited_calendars
from bot.calendar_explained import DayPart, ListProblem, explain, list_problem
from bot.clock import VIETNAM

WARD, OTHER_WARD = "H05.12", "H05.13"
MORNING = ((time(7, 30), time(11, 30)),)
SATURDAYS = AgencyHours(agency=WARD, hours=WeeklyHours((*[PERIODS] * 5, MORNING, ())))
FLOOD = CalendarDay(on=date(2026, 6, 11), kind=DayKind.OFF, name="Nghỉ do ngập lụt")
SATURDAY = CalendarDay(on=date(2026, 6, 13), kind=DayKind.WORKED)
NO_CULTURE_DAY = CalendarDay(on=date(2026, 11, 24), kind=DayKind.USUAL)


def at(text: str) -> datetime:
    return datetime.strptime(text, "%d/%m/%Y %H:%M").replace(tzinfo=VIETNAM)


@pytest.mark.parametrize(
    ("days", "hours", "agency", "received", "count", "due"),
    [
        pytest.param([], [], WARD, "10/06/2026 09:00", 3, "15/06/2026 17:00", id="as shipped"),
        pytest.param([FLOOD], [], WARD, "10/06/2026 09:00", 3, "16/06/2026 17:00", id="a day off for all"),
        pytest.param([FLOOD, SATURDAY], [], WARD, "10/06/2026 09:00", 2, "13/06/2026 17:00", id="a swapped Saturday"),
        pytest.param([NO_CULTURE_DAY], [], "", "23/11/2026 09:00", 1, "24/11/2026 17:00", id="a holiday taken back"),
        pytest.param([], [SATURDAYS], WARD, "11/06/2026 09:00", 2, "13/06/2026 11:30", id="a Saturday counter"),
        pytest.param([], [SATURDAYS], OTHER_WARD, "11/06/2026 09:00", 2, "15/06/2026 17:00", id="not of this agency"),
        pytest.param([], [SATURDAYS], WARD, "13/06/2026 12:00", 1, "16/06/2026 17:00", id="after the Saturday hours"),
    ],
)
def test_edited(
    days: list[CalendarDay], hours: list[AgencyHours], agency: str, received: str, count: int, due: str
) -> None:
    assert edited_calendars(days, hours).of(agency).add_working_days(at(received), count) == at(due)


def test_a_day_of_one_agency_and_the_days_of_all() -> None:
    own = CalendarDay(on=date(2026, 6, 12), kind=DayKind.OFF, agency=WARD)
    calendars = edited_calendars([FLOOD, own], [])
    assert calendars.of(WARD).add_working_days(at("10/06/2026 09:00"), 1) == at("15/06/2026 17:00")
    assert calendars.of(OTHER_WARD).add_working_days(at("10/06/2026 09:00"), 1) == at("12/06/2026 17:00")


@pytest.mark.parametrize(
    ("received", "days", "lines"),
    [
        pytest.param(
            "05/06/2026 16:45",
            2,
            [
                ("05/06", DayPart.RECEIVED_LATE, 0),
                ("06/06", DayPart.WEEKEND, 0),
                ("07/06", DayPart.WEEKEND, 0),
                ("08/06", DayPart.COUNTS_AS_RECEIVED, 0),
                ("09/06", DayPart.COUNTED, 1),
                ("10/06", DayPart.COUNTED, 2),
            ],
            id="after the cut-off",
        ),
        pytest.param(
            "21/08/2026 09:00", 1, [("21/08", DayPart.RECEIVED, 0), ("22/08", DayPart.COUNTED, 1)], id="swapped"
        ),
        pytest.param(
            "23/11/2026 09:00",
            1,
            [("23/11", DayPart.RECEIVED, 0), ("24/11", DayPart.HOLIDAY, 0), ("25/11", DayPart.COUNTED, 1)],
            id="a holiday",
        ),
    ],
)
def test_explained(received: str, days: int, lines: list[tuple[str, DayPart, int]]) -> None:
    told = explain(WorkingCalendar(), at(received), days)
    assert [(f"{line.on:%d/%m}", line.part, line.count) for line in told] == lines


def test_the_last_line_is_the_due_day() -> None:
    calendar = WorkingCalendar()
    *_, last = explain(calendar, at("12/02/2026 14:00"), 3)
    assert (last.on, last.count) == (calendar.add_working_days(at("12/02/2026 14:00"), 3).date(), 3)


def test_holidays_have_their_names() -> None:
    lines = explain(WorkingCalendar(), at("31/08/2026 09:00"), 2)
    assert [line.holiday for line in lines if line.part is DayPart.HOLIDAY][-1] == "Quốc khánh"
    assert explain(WorkingCalendar(), at("21/08/2026 09:00"), 1)[-1].is_swapped


@pytest.mark.parametrize(
    ("days", "today", "problem"),
    [
        pytest.param(shipped_days(), date(2026, 11, 30), None, id="in November nobody asks"),
        pytest.param(shipped_days(), date(2026, 12, 1), (2027, ListProblem.PROPOSED), id="only proposed"),
        pytest.param(shipped_days(), date(2027, 12, 1), (2027, ListProblem.PROPOSED), id="still only proposed"),
        pytest.param(
            SpecialDays(frozenset({date(2026, 1, 1)}), frozenset()),
            date(2026, 12, 1),
            (2027, ListProblem.MISSING),
            id="missing",
        ),
    ],
)
def test_the_list_of_the_next_year(days: SpecialDays, today: date, problem: tuple[int, ListProblem] | None) -> None:
    assert list_problem(WorkingCalendar(days), today) == problem
