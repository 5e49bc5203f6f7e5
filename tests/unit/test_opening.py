"""When an office is open, across weekends, holidays and days worked in exchange; days named in a question."""

from datetime import date, datetime, time

import pytest

from bot.calendar import WorkingCalendar
from bot.clock import VIETNAM
from bot.opening import Hours, Opening, read_periods, told
from bot.understanding.days import HolidayAsked, day_asked

SATURDAYS = Hours(saturday=((time(7, 30), time(11, 30)),))
OFFICE = Opening(WorkingCalendar())
COUNTER = Opening(WorkingCalendar(), SATURDAYS)


def at(text: str) -> datetime:
    return datetime.strptime(text, "%d/%m/%Y %H:%M").replace(tzinfo=VIETNAM)


def day(text: str) -> date:
    return at(f"{text} 00:00").date()


@pytest.mark.parametrize(
    ("now", "closes", "opens"),
    [
        pytest.param("10/06/2026 07:29", None, "10/06/2026 07:30", id="before opening"),
        pytest.param("10/06/2026 07:30", "10/06/2026 11:30", "10/06/2026 13:30", id="at the minute of opening"),
        pytest.param("10/06/2026 11:30", None, "10/06/2026 13:30", id="lunch"),
        pytest.param("10/06/2026 16:59", "10/06/2026 17:00", "11/06/2026 07:30", id="the last minute"),
        pytest.param("12/06/2026 17:00", None, "15/06/2026 07:30", id="Friday evening"),
        pytest.param("13/06/2026 09:00", None, "15/06/2026 07:30", id="Saturday"),
        pytest.param("13/02/2026 17:30", None, "23/02/2026 07:30", id="Tết with two weekends"),
        pytest.param("22/08/2026 09:00", "22/08/2026 11:30", "22/08/2026 13:30", id="a Saturday worked in exchange"),
        pytest.param("28/08/2026 17:00", None, "03/09/2026 07:30", id="Quốc khánh with the day in exchange"),
        pytest.param("23/11/2026 18:00", None, "25/11/2026 07:30", id="one holiday on a Tuesday"),
        pytest.param("25/04/2026 10:00", None, "28/04/2026 07:30", id="the day off for a holiday on Sunday"),
        pytest.param("29/04/2026 17:00", None, "04/05/2026 07:30", id="two holidays and a weekend"),
        pytest.param("31/12/2026 17:00", None, "04/01/2027 07:30", id="into the next year"),
    ],
)
def test_open_or_when(now: str, closes: str | None, opens: str) -> None:
    assert OFFICE.closes_at(at(now)) == (at(closes) if closes else None)
    assert OFFICE.opens_next(at(now)) == at(opens)


def test_a_counter_that_opens_on_saturdays() -> None:
    assert COUNTER.closes_at(at("13/06/2026 09:00")) == at("13/06/2026 11:30")
    assert COUNTER.closes_at(at("14/06/2026 09:00")) is None
    assert COUNTER.opens_next(at("12/06/2026 17:00")) == at("13/06/2026 07:30")
    assert COUNTER.closes_at(at("01/05/2027 09:00")) is None


@pytest.mark.parametrize(
    ("today", "name", "first", "last", "unconfirmed"),
    [
        pytest.param("10/06/2026", "", "29/08/2026", "02/09/2026", False, id="the next holiday"),
        pytest.param("10/06/2026", "Tết Nguyên đán", "04/02/2027", "10/02/2027", True, id="Tết of the next year"),
        pytest.param("18/02/2026", "Tết Nguyên đán", "14/02/2026", "22/02/2026", False, id="Tết runs today"),
        pytest.param("20/04/2026", "Giỗ Tổ", "25/04/2026", "27/04/2026", False, id="Giỗ Tổ on a Sunday"),
        pytest.param("02/12/2026", "Tết Dương lịch", "01/01/2027", "03/01/2027", False, id="New Year"),
    ],
)
def test_breaks(today: str, name: str, first: str, last: str, *, unconfirmed: bool) -> None:
    found = OFFICE.next_break(day(today), name)
    assert found is not None
    assert (found.first, found.last, found.is_unconfirmed) == (day(first), day(last), unconfirmed)


def test_no_break_is_known_after_the_list_ends() -> None:
    assert OFFICE.next_break(date(2030, 1, 1)) is None


def test_why_a_day_is_closed() -> None:
    assert OFFICE.on(date(2026, 9, 2)).holiday == "Quốc khánh"
    assert OFFICE.on(date(2026, 6, 13)).holiday == ""
    assert OFFICE.on(date(2026, 8, 22)).periods


@pytest.mark.parametrize("text", ["07:30-11:30, 13:30-17:00", "08:00-12:00", ""])
def test_hours_are_read_as_they_are_told(text: str) -> None:
    assert told(read_periods(text)) == text


@pytest.mark.parametrize("text", ["7h30-11h30", "11:30-07:30", "13:30-17:00, 07:30-11:30", "sáng", "07:30-07:30"])
def test_hours_that_are_none(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_periods(text)


WEDNESDAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("hôm nay có làm việc không", "25/11/2026"),
        ("mai co lam khong", "26/11/2026"),
        ("ngày kia mở cửa không", "27/11/2026"),
        ("thứ bảy có làm không", "28/11/2026"),
        ("t7 co mo cua ko", "28/11/2026"),
        ("chủ nhật có tiếp dân không", "29/11/2026"),
        ("thu hai tuan sau may gio mo cua", "30/11/2026"),
        ("thu 4 mo cua may gio", "25/11/2026"),
        ("thứ tư tuần sau", "02/12/2026"),
        ("lấy số thứ tự thứ năm", "26/11/2026"),
        ("30/4 có nghỉ không", "30/04/2027"),
        ("30 tháng 4 có nghỉ không", "30/04/2027"),
        ("ngày 2/9/2026 có nghỉ không", "02/09/2026"),
        ("open on saturday?", "28/11/2026"),
        ("are you open tomorrow", "26/11/2026"),
    ],
)
def test_days_named(text: str, expected: str) -> None:
    assert day_asked(text, WEDNESDAY) == day(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tết nghỉ đến hôm nào", HolidayAsked("Tết Nguyên đán")),
        ("tet tay co lam khong", HolidayAsked("Tết Dương lịch")),
        ("lich nghi le", HolidayAsked("")),
        ("giỗ tổ có làm không", HolidayAsked("Giỗ Tổ")),
        ("thứ 2 đến thứ 6 làm mấy giờ", None),
        ("mấy giờ làm việc", None),
        ("Lấy số thứ tự", None),
        ("lay so thu tu", None),
        ("xin số thứ tự giúp tôi", None),
        ("31/2 có nghỉ không", None),
    ],
)
def test_holidays_named(text: str, expected: HolidayAsked | None) -> None:
    assert day_asked(text, WEDNESDAY) == expected
