"""What the desk edits of its master data: for each kind its fields, how they become an item, and how an item becomes fields."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from bot.calendar import CUT_OFF, WeeklyHours
from bot.calendar_edits import AgencyHours, CalendarDay, DayKind
from bot.clock import VIETNAM
from bot.officers import AgencyKind, AgencyRecord
from bot.petitions.around import Around
from bot.petitions.categories import PetitionCategory
from bot.petitions.master import CannedAnswer
from bot.petitions.routing import RoutingRule
from bot.plain import plain
from bot.store.port_master import Announcement, BlockedWord, MasterItem
from bot.web.desk.forms import Form

LONGEST_SHORT_NAME = 20
LONGEST_SUMMARY = 36
MOST_DAYS = 60
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_CODE = re.compile(r"[0-9A-Za-z.-]{2,24}")
_PERIOD = re.compile(r"(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})")


class Wrong(ValueError):
    """A field that does not do: its name, and the word of what is wrong."""

    def __init__(self, name: str, problem: str) -> None:
        super().__init__(name, problem)
        self.name = name
        self.problem = problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a form."""

    name: str
    type: str = "text"
    """An HTML input type, or ``area``, ``tick``, ``agency``, ``category``, ``choice``."""
    choices: tuple[str, ...] = ()
    most: int = 200
    is_key: bool = False
    """Names the item: it cannot be changed later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Editor:
    """One kind of master data."""

    kind: type[Any]
    fields: tuple[Field, ...]
    read: Callable[[Form, Around], MasterItem]
    """Raises ``Wrong``."""
    values: Callable[[Any], Mapping[str, Any]]
    """What stands in the fields of an item."""
    columns: tuple[str, ...] = field(default=())
    """The fields that the list shows."""


def _text(form: Form, name: str, *, least: int = 1, most: int = 200) -> str:
    text = form.text(name, most + 1)
    if len(text) < least:
        raise Wrong(name, "missing")
    if len(text) > most:
        raise Wrong(name, "too_long")
    return text


def _agency_code(form: Form, around: Around, *, needed: bool) -> str:
    code = form.text("agency", 30)
    if (code or needed) and code not in around.agencies:
        raise Wrong("agency", "unknown")
    return code


def _category_code(form: Form, around: Around) -> str:
    code = form.text("category", 10)
    if code and code not in around.categories:
        raise Wrong("category", "unknown")
    return code


def _day(form: Form, name: str) -> date:
    try:
        return date.fromisoformat(form.text(name, 10))
    except ValueError as error:
        raise Wrong(name, "no_date") from error


def _moment(form: Form, name: str) -> datetime:
    try:
        return datetime.fromisoformat(form.text(name, 16)).replace(tzinfo=VIETNAM)
    except ValueError as error:
        raise Wrong(name, "no_date") from error


def _agency(form: Form, _around: Around) -> AgencyRecord:
    code = form.text("code", 30)
    if not _CODE.fullmatch(code):
        raise Wrong("code", "no_code")
    short = plain(_text(form, "short_name", most=LONGEST_SHORT_NAME))
    return AgencyRecord(
        code=code,
        name=_text(form, "name", least=3, most=120),
        short_name=short,
        kind=AgencyKind(form.choice("kind", [kind.value for kind in AgencyKind], AgencyKind.OTHER.value)),
        ward=form.text("ward", 60),
        phone=form.text("phone", 20),
        two_step_approval=form.is_set("two_step_approval"),
        is_open=form.is_set("is_open"),
    )


def _category(form: Form, _around: Around) -> PetitionCategory:
    code = form.text("code", 10).upper()
    if not re.fullmatch("[A-Z]{2,4}", code):
        raise Wrong("code", "no_code")
    days = form.number("days")
    if not 1 <= days <= MOST_DAYS:
        raise Wrong("days", "no_number")
    return PetitionCategory(
        code=code,
        name=_text(form, "name", least=2, most=80),
        name_en=_text(form, "name_en", least=2, most=80),
        days=days,
        in_use=form.is_set("in_use"),
    )


def _calendar_day(form: Form, around: Around) -> CalendarDay:
    return CalendarDay(
        on=_day(form, "on"),
        kind=DayKind(form.choice("kind", [kind.value for kind in DayKind], DayKind.OFF.value)),
        name=form.text("name", 80),
        agency=_agency_code(form, around, needed=False),
    )


def _hours(form: Form, around: Around) -> AgencyHours:
    days = tuple(_periods(form, name) for name in WEEKDAYS)
    if not any(days):
        raise Wrong(WEEKDAYS[0], "missing")
    return AgencyHours(
        hours=WeeklyHours(days=days),
        cut_off=_time(form.text("cut_off", 5)) or CUT_OFF,
        agency=_agency_code(form, around, needed=False),
    )


def _periods(form: Form, name: str) -> tuple[tuple[time, time], ...]:
    """``7:30-11:30, 13:30-17:00``; "" for a day off."""
    found: list[tuple[time, time]] = []
    for part in filter(None, (piece.strip() for piece in form.text(name, 60).split(","))):
        if not _PERIOD.fullmatch(part):
            raise Wrong(name, "no_hours")
        opens, closes = (_time(side) for side in part.split("-"))
        if opens is None or closes is None or opens >= closes or (found and opens < found[-1][1]):
            raise Wrong(name, "no_hours")
        found.append((opens, closes))
    return tuple(found)


def _time(text: str) -> time | None:
    hour, _, minute = text.partition(":")
    try:
        return time(int(hour), int(minute))
    except ValueError:
        return None


def _rule(form: Form, around: Around) -> RoutingRule:
    return RoutingRule(
        agency=_agency_code(form, around, needed=True),
        category=_category_code(form, around),
        ward=form.text("ward", 60),
        is_on=form.is_set("is_on"),
    )


def _canned(form: Form, around: Around) -> CannedAnswer:
    return CannedAnswer(
        id=form.number("id"),
        title=_text(form, "title", most=60),
        text=_text(form, "text", least=10, most=1700),
        summary=plain(form.text("summary", LONGEST_SUMMARY)),
        category=_category_code(form, around),
        agency=_agency_code(form, around, needed=False),
    )


def _announcement(form: Form, _around: Around) -> Announcement:
    starts, ends = _moment(form, "starts_at"), _moment(form, "ends_at")
    if ends <= starts:
        raise Wrong("ends_at", "too_early")
    return Announcement(
        id=form.number("id"),
        text=form.text("text", 200),
        text_en=form.text("text_en", 200),
        starts_at=starts,
        ends_at=ends,
    )


def _hours_shown(item: AgencyHours) -> Mapping[str, Any]:
    days = {
        name: ", ".join(f"{opens:%H:%M}-{closes:%H:%M}" for opens, closes in periods)
        for name, periods in zip(WEEKDAYS, item.hours.days, strict=True)
    }
    return {**days, "cut_off": f"{item.cut_off:%H:%M}", "agency": item.agency}


def _plain_values(*names: str) -> Callable[[Any], Mapping[str, Any]]:
    return lambda item: {name: _shown(getattr(item, name)) for name in names}


def _shown(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(VIETNAM).strftime("%Y-%m-%dT%H:%M")
    return value.isoformat() if isinstance(value, date) else getattr(value, "value", value)


def _editor(kind: type[Any], read: Callable[[Form, Around], MasterItem], *fields: Field, columns: int = 4) -> Editor:
    names = tuple(one.name for one in fields if one.type != "area")[:columns]
    return Editor(
        kind=kind, fields=fields, read=read, values=_plain_values(*(one.name for one in fields)), columns=names
    )


EDITORS: Mapping[str, Editor] = {
    "agencies": _editor(
        AgencyRecord,
        _agency,
        Field(name="code", is_key=True, most=24),
        Field(name="name", most=120),
        Field(name="short_name", most=LONGEST_SHORT_NAME),
        Field(name="kind", type="choice", choices=tuple(kind.value for kind in AgencyKind)),
        Field(name="ward", most=60),
        Field(name="phone", type="tel", most=20),
        Field(name="two_step_approval", type="tick"),
        Field(name="is_open", type="tick"),
    ),
    "categories": _editor(
        PetitionCategory,
        _category,
        Field(name="code", is_key=True, most=4),
        Field(name="name", most=80),
        Field(name="name_en", most=80),
        Field(name="days", type="number"),
        Field(name="in_use", type="tick"),
        columns=5,
    ),
    "days": _editor(
        CalendarDay,
        _calendar_day,
        Field(name="on", type="date", is_key=True),
        Field(name="agency", type="agency", is_key=True),
        Field(name="kind", type="choice", choices=tuple(kind.value for kind in DayKind)),
        Field(name="name", most=80),
    ),
    "hours": Editor(
        kind=AgencyHours,
        fields=(
            Field(name="agency", type="agency", is_key=True),
            *(Field(name=name, most=60) for name in WEEKDAYS),
            Field(name="cut_off", type="time"),
        ),
        read=_hours,
        values=_hours_shown,
        columns=("agency", "monday", "saturday", "cut_off"),
    ),
    "rules": _editor(
        RoutingRule,
        _rule,
        Field(name="category", type="category", is_key=True),
        Field(name="ward", most=60, is_key=True),
        Field(name="agency", type="agency"),
        Field(name="is_on", type="tick"),
    ),
    "answers": _editor(
        CannedAnswer,
        _canned,
        Field(name="title", most=60),
        Field(name="text", type="area", most=1700),
        Field(name="summary", most=LONGEST_SUMMARY),
        Field(name="category", type="category"),
        Field(name="agency", type="agency"),
    ),
    "words": _editor(
        BlockedWord,
        lambda form, _around: BlockedWord(word=_text(form, "word", least=2, most=60)),
        Field(name="word", most=60, is_key=True),
    ),
    "announcements": _editor(
        Announcement,
        _announcement,
        Field(name="starts_at", type="datetime-local"),
        Field(name="ends_at", type="datetime-local"),
        Field(name="text", type="area"),
        Field(name="text_en", type="area"),
    ),
}
"""By the word in the address, in the order of the tabs."""
