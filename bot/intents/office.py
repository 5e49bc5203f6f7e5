"""When, where and under which number an office is reached."""

from datetime import date, datetime, time, timedelta
from typing import Any, assert_never

from bot.clock import VIETNAM
from bot.intent import Ask, Outcome, Reply
from bot.intents.world import World, day_of
from bot.model import AgencyContact, Question
from bot.opening import Day, Hours, Opening, read_periods, told
from bot.understanding.agencies import Agency, agency
from bot.understanding.days import HolidayAsked, day_asked
from bot.understanding.offices import Named, agencies_named
from bot.wishes import OfficeFacet, OfficeQuestion

QUESTION_OPEN = timedelta(minutes=10)


def answer_office(wish: OfficeQuestion, world: World) -> Outcome:
    """About the agency named; without a name about the office itself, which the configuration names."""
    named = agencies_named(wish.agency or wish.place)
    if unclear := unclear_place(named, f"office:{wish.facet.value}", wish.place, world):
        return unclear
    at = named.agencies[0] if named.agencies else own_agency(world)
    values = about(at, world) | {"former": named.is_former}
    match wish.facet:
        case OfficeFacet.HOURS:
            return Outcome((Reply("office.hours", values | _times(wish.place, at, world)),))
        case OfficeFacet.ADDRESS:
            return Outcome((Reply("office.address", values),))
        case OfficeFacet.HOTLINE:
            return Outcome((Reply("office.hotline", values),))
        case _:
            assert_never(wish.facet)


def unclear_place(named: Named, wish: str, text: str, world: World) -> Outcome | None:
    """What to say when another body, or one of several agencies, is meant; *wish* and *text* are asked again with the choice."""
    if named.elsewhere:
        return Outcome((Reply("office.elsewhere", {}),))
    if len(named.agencies) <= 1:
        return None
    question = Question(
        kind="choose_office",
        options=(*(item.code for item in named.agencies), wish, text),
        asked_at=world.now,
        expires_at=world.now + QUESTION_OPEN,
    )
    offices = tuple((item.name, item.short_name) for item in named.agencies)
    return Outcome((Reply("office.which", {"offices": offices}),), (Ask(question),))


def own_agency(world: World) -> Agency:
    """Who is meant when nobody is named."""
    code = world.office.agency
    return agency(code) or Agency(code, "Bộ phận Một cửa", "Bo phan Mot cua")


def about(at: Agency, world: World) -> dict[str, Any]:
    """What templates may print of an agency. The hotline of the province stands for a number that is not known."""
    known = _contact(at, world)
    return {
        "agency": at.short_name,
        "agency_short": at.short_name,
        "agency_name": at.name,
        "address": known.address,
        "hotline": known.phone or world.office.hotline,
        "own_phone": bool(known.phone) or at.code == world.office.agency,
        "hours": told(_hours(at, world).weekdays),
    }


def next_opening(at: Agency, world: World, after: datetime | None = None) -> dict[str, Any]:
    """When the agency opens next."""
    opens = opening_of(at, world).opens_next(after or world.now)
    return {"opens_at": opens, "opens_today": day_of(opens) == world.today}


def opening_of(at: Agency, world: World) -> Opening:
    """The opening times of an agency."""
    return Opening(world.calendar, _hours(at, world))


def _contact(at: Agency, world: World) -> AgencyContact:
    return world.office.agencies.get(at.code, AgencyContact())


def _hours(at: Agency, world: World) -> Hours:
    known, office = _contact(at, world), world.office
    return Hours(
        weekdays=read_periods(known.hours or office.opening_hours),
        saturday=read_periods(known.saturday_hours or office.saturday_hours),
    )


def _times(text: str, at: Agency, world: World) -> dict[str, Any]:
    """Of the day or holiday asked about; else the usual week, and whether it is open now."""
    asked = day_asked(text, world.today)
    opening = opening_of(at, world)
    if isinstance(asked, HolidayAsked) and (off := opening.next_break(world.today, asked.name)):
        days = {"first_off": off.first, "last_off": off.last, "holiday": off.holiday, "unconfirmed": off.is_unconfirmed}
        return days | next_opening(at, world, _end_of(off.last))
    if isinstance(asked, date) and (asked != world.today or not opening.on(asked).periods):
        return _day(opening.on(asked), at, world)
    return _now(opening, at, world)


def _day(day: Day, at: Agency, world: World) -> dict[str, Any]:
    values = {"on": day.on, "hours": told(day.periods), "holiday": day.holiday}
    return values if day.periods else values | next_opening(at, world, _end_of(day.on))


def _now(opening: Opening, at: Agency, world: World) -> dict[str, Any]:
    usual = {"saturday_hours": told(_hours(at, world).saturday)}
    closes = opening.closes_at(world.now)
    return usual | ({"closes_at": closes} if closes else next_opening(at, world))


def _end_of(day: date) -> datetime:
    return datetime.combine(day, time.max, VIETNAM)
