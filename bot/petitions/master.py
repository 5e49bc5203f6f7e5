"""What the desk sets: agencies, fields, calendar, rules, words. Kept in the store; every change of it is audited."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.calendar import Calendars
from bot.calendar_edits import AgencyHours, CalendarDay, edited_calendars
from bot.officers import AgencyRecord
from bot.petitions.categories import PetitionCategory, shipped_categories
from bot.petitions.routing import RoutingRule


@dataclass(frozen=True, slots=True, kw_only=True)
class CannedAnswer:
    """A text that officers begin an answer with."""

    id: int
    title: str
    text: str
    summary: str = ""
    category: str = ""
    """"" for every field."""
    agency: str = ""
    """"" for every agency."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MasterData:
    """All of it at one time."""

    agencies: tuple[AgencyRecord, ...] = ()
    categories: tuple[PetitionCategory, ...] = ()
    """Those that were edited; the others are as shipped."""
    days: tuple[CalendarDay, ...] = ()
    hours: tuple[AgencyHours, ...] = ()
    rules: tuple[RoutingRule, ...] = ()
    """In the order of the desk."""
    canned_answers: tuple[CannedAnswer, ...] = ()
    blocked_words: tuple[str, ...] = ()

    def agencies_by_code(self) -> Mapping[str, AgencyRecord]:
        """In the order of the desk."""
        return {agency.code: agency for agency in self.agencies}

    def categories_by_code(self) -> Mapping[str, PetitionCategory]:
        """The shipped ones, with what was edited and added; those out of use too, for petitions that have them."""
        return {**shipped_categories(), **{category.code: category for category in self.categories}}

    def calendars(self) -> Calendars:
        """The shipped holidays with what was edited."""
        return edited_calendars(self.days, self.hours)
