"""What a step of a petition is decided with, and what a refused one says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar

from bot.calendar import Calendars, WorkingCalendar
from bot.officers import AgencyRecord, Officer
from bot.petitions.categories import PetitionCategory
from bot.petitions.record import Actor, Petition, PetitionState


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """Everything that a decision needs besides petition, command and actor."""

    now: datetime
    calendars: Calendars
    categories: Mapping[str, PetitionCategory]
    agencies: Mapping[str, AgencyRecord]
    officers: Mapping[int, Officer] = field(default_factory=dict)
    """At least the one that the command names."""
    case: Petition | None = None
    """The petition that ``Merge.case`` names; for one that is merged, the one into which it was."""
    case_members: Sequence[Petition] = ()
    """Those merged into ``case`` so far, without itself."""
    children: Sequence[Petition] = ()
    """Those merged into this petition: what ends it ends for them too."""

    def calendar_of(self, agency: str) -> WorkingCalendar:
        """The working time by which an agency's dues are counted; "" is the reception office."""
        return self.calendars.of(agency)

    def handler_of(self, petition: Petition) -> str:
        """The agency that handles a petition: a merged one follows its case."""
        if petition.state is PetitionState.MERGED and self.case:
            return self.case.agency
        return petition.agency


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """Why a step was not taken. The desk says it from its table of words, the citizen's side by a template."""

    reason: str
    """``not_allowed`` (another role or agency), ``wrong_state``, or the name of a guard of the row: ``answer_too_short`` …"""
    values: Mapping[str, Any] = field(default_factory=dict)
    """What the sentence may say: ``code``, ``state``, ``reopen_until`` …"""


CommandT_co = TypeVar("CommandT_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Step(Generic[CommandT_co]):
    """One command on one petition, while it is decided."""

    petition: Petition
    command: CommandT_co
    actor: Actor
    around: Around

    @property
    def calendar(self) -> WorkingCalendar:
        """That of the agency which handles the petition."""
        return self.around.calendar_of(self.around.handler_of(self.petition))
