"""What a step of a petition is decided with, and what a refused one says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.calendar import Calendars
from bot.officers import AgencyRecord
from bot.petitions.categories import PetitionCategory
from bot.petitions.record import Petition


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """Everything that a decision needs besides petition, command and actor."""

    now: datetime
    calendars: Calendars
    categories: Mapping[str, PetitionCategory]
    agencies: Mapping[str, AgencyRecord]
    case: Petition | None = None
    """The petition that ``Merge.case`` names; for one that is merged, the one into which it was."""
    case_members: Sequence[Petition] = ()
    """Those merged into ``case`` so far, without itself."""
    children: Sequence[Petition] = ()
    """Those merged into this petition: what ends it ends for them too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """Why a step was not taken. The desk says it from its table of words, the citizen's side by a template."""

    reason: str
    """``not_allowed`` (another role or agency), ``wrong_state``, or the name of a guard of the row: ``answer_too_short`` …"""
    values: Mapping[str, Any] = field(default_factory=dict)
    """What the sentence may say: ``code``, ``state``, and what the guard looked at."""
