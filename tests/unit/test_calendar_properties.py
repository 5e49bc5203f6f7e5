"""What holds for working time whatever the dates."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calendar import PERIODS, SpecialDays, WeeklyHours, WorkingCalendar
from bot.clock import VIETNAM

MORNING = ((time(7, 30), time(11, 30)),)
SATURDAYS = WeeklyHours((*[PERIODS] * 5, MORNING, ()))
YEARS = (datetime.combine(date(2024, 1, 1), time.min), datetime.combine(date(2027, 12, 1), time.min))
moments = st.datetimes(*YEARS, timezones=st.sampled_from([UTC, VIETNAM]))
dates = st.dates(date(2024, 1, 1), date(2027, 12, 31))
spans = st.timedeltas(timedelta(), timedelta(hours=200))
calendars = st.builds(
    WorkingCalendar,
    st.builds(SpecialDays, off=st.frozensets(dates, max_size=40), worked=st.frozensets(dates, max_size=10)),
    st.sampled_from([WeeklyHours(), SATURDAYS]),
)


@given(calendars, moments, st.integers(0, 30))
def test_no_due_date_on_a_day_off(calendar: WorkingCalendar, received: datetime, days: int) -> None:
    due = calendar.add_working_days(received, days)
    assert calendar.is_working_day(due.date())
    assert due.time() == calendar.periods_on(due.date())[-1][1]


@given(calendars, moments, spans)
def test_no_moment_on_a_day_off(calendar: WorkingCalendar, received: datetime, span: timedelta) -> None:
    due = calendar.add_working_time(received, span)
    inside = any(start <= due.time() <= end for start, end in calendar.periods_on(due.date()))
    assert inside or not span


@given(calendars, moments, spans)
def test_what_is_added_is_what_passes(calendar: WorkingCalendar, received: datetime, span: timedelta) -> None:
    assert calendar.working_time_between(received, calendar.add_working_time(received, span)) == span
    assert calendar.working_time_between(calendar.take_working_time(received, span), received) == span


@given(calendars, moments, st.timedeltas(timedelta(), timedelta(days=60)), st.integers(0, 20))
def test_a_pause_shifts_by_what_was_paused(
    calendar: WorkingCalendar, paused: datetime, pause: timedelta, days: int
) -> None:
    due = calendar.add_working_days(paused, days)
    stood_still = calendar.working_time_between(paused, paused + pause)
    later = calendar.add_working_time(due, stood_still)
    assert calendar.working_time_between(due, later) == stood_still
    assert calendar.working_time_between(paused + pause, later) == calendar.working_time_between(paused, due)


@given(calendars, moments, st.timedeltas(timedelta(), timedelta(days=20)), st.integers(0, 20))
def test_later_is_never_due_earlier(calendar: WorkingCalendar, received: datetime, later: timedelta, days: int) -> None:
    due = calendar.add_working_days(received, days)
    assert calendar.add_working_days(received + later, days) >= due
    assert calendar.add_working_days(received, days + 1) > due


@given(calendars, moments, st.timedeltas(timedelta(), timedelta(days=20)), spans)
def test_hours_are_monotone(calendar: WorkingCalendar, received: datetime, later: timedelta, span: timedelta) -> None:
    due = calendar.add_working_time(received, span)
    assert calendar.add_working_time(received + later, span) >= due
    assert calendar.add_working_time(received, span + timedelta(minutes=1)) > due


@given(calendars, dates, dates)
def test_counting_agrees_with_walking(calendar: WorkingCalendar, after: date, until: date) -> None:
    days = range(after.toordinal() + 1, until.toordinal() + 1)
    walked = sum(calendar.is_working_day(date.fromordinal(day)) for day in days)
    assert calendar.working_days_between(after, until) == walked


def test_a_week_has_working_hours() -> None:
    with pytest.raises(ValueError, match="a week has seven days"):
        WeeklyHours(((),) * 7)
