"""What the store promises about what the desk sets. Every edit names the version that it saw, and stands in the audit log."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from bot.calendar_edits import AgencyHours, CalendarDay
from bot.errors import StoreError
from bot.late_letters import LateLetter
from bot.officers import AgencyRecord
from bot.petitions.abuse import Mute
from bot.petitions.categories import PetitionCategory
from bot.petitions.master import CannedAnswer
from bot.petitions.routing import RoutingRule
from bot.text_edits import TextEdit


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockedWord:
    """A word that officers look at before a text becomes public."""

    word: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """Maintenance that people are told of."""

    id: int = 0
    """0: the store gives it."""
    text: str
    text_en: str = ""
    starts_at: datetime
    ends_at: datetime


MasterItem = (
    AgencyRecord
    | PetitionCategory
    | CalendarDay
    | AgencyHours
    | RoutingRule
    | CannedAnswer
    | BlockedWord
    | Announcement
    | LateLetter
    | TextEdit
)
Item = TypeVar("Item", bound=MasterItem)


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited(Generic[Item]):
    """An item as it stands."""

    item: Item
    version: int = 0
    """0: as it ships with the program."""
    updated_by: int | None = None
    updated_at: datetime | None = None


class StaleItem(StoreError):
    """Somebody edited the item meanwhile: show it again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenMute:
    """A step of the ladder, as it was given."""

    id: int
    mute: Mute


Mutes = Sequence[GivenMute]
