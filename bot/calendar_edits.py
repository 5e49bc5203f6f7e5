"""The calendar as the desk edits it: days and hours on top of the shipped list, for all or for one agency.

Dates that people were told do not move: they are stored with what they are dates of.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, time
from enum import StrEnum

from bot.calendar import CUT_OFF, Calendars, SpecialDays, WeeklyHours, WorkingCalendar, shipped_days

EVERYWHERE = ""
"""In the place of an agency's code."""


class DayKind(StrEnum):
    """What is special about a day."""

    OFF = "off"
    WORKED = "worked"
    """A weekend day that is worked in exchange for another one."""
    USUAL = "usual"
    """As its weekday is: takes back what the shipped list says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarDay:
    """One edited day. Of several for the same day and agency the last one counts."""

    on: date
    kind: DayKind
    name: str = ""
    """Of the holiday."""
    agency: str = EVERYWHERE
    is_confirmed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyHours:
    """The usual week of an agency, or of all that have none of their own."""

    hours: WeeklyHours
    cut_off: time = CUT_OFF
    """What comes later counts as received on the next working day."""
    agency: str = EVERYWHERE


def edited_calendars(days: Sequence[CalendarDay], hours: Sequence[AgencyHours]) -> Calendars:
    """All calendars with what was edited."""
    weeks = {week.agency: week for week in hours}
    everywhere = weeks.get(EVERYWHERE, AgencyHours(hours=WeeklyHours()))
    common = _edited(shipped_days(), [day for day in days if day.agency == EVERYWHERE])
    own = {}
    for agency in ({day.agency for day in days} | set(weeks)) - {EVERYWHERE}:
        special = _edited(common, [day for day in days if day.agency == agency])
        own[agency] = _calendar(special, weeks.get(agency, everywhere))
    return Calendars(_calendar(common, everywhere), own)


def _calendar(special: SpecialDays, week: AgencyHours) -> WorkingCalendar:
    return WorkingCalendar(special, week.hours, week.cut_off)


def _edited(special: SpecialDays, days: Sequence[CalendarDay]) -> SpecialDays:
    for day in days:
        special = _with(special, day)
    return special


def _with(special: SpecialDays, day: CalendarDay) -> SpecialDays:
    on = {day.on}
    off, worked, unconfirmed = special.off - on, special.worked - on, special.unconfirmed - on
    names = {known: name for known, name in special.names.items() if known != day.on}
    if day.kind is DayKind.OFF:
        off, names = off | on, names | {day.on: day.name}
    if day.kind is DayKind.WORKED:
        worked |= on
    if not day.is_confirmed:
        unconfirmed |= on
    return replace(special, off=off, worked=worked, names=names, unconfirmed=unconfirmed)
