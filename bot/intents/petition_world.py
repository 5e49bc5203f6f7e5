"""What an intent may ask of a person's petitions; handed to it, never looked up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.calendar import Calendars, WorkingCalendar
from bot.conversations import Conversation
from bot.events import LocationShared
from bot.petitions.around import Around
from bot.petitions.categories import shipped_categories
from bot.petitions.record import Draft, Petition, StoredFile


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptFiles:
    """What became of files that somebody sent."""

    files: tuple[StoredFile, ...] = ()
    problem: str = ""
    """Why one of them was not taken: ``kind``, ``too_big``, ``too_many``, ``lost``; "" when all were."""
    latitude: float | None = None
    longitude: float | None = None
    """Where a photo says that it was taken."""


class Petitions(Protocol):
    """The petitions of the person who writes, and what they are decided with."""

    async def draft(self) -> Draft | None:
        """What the person is writing."""
        ...

    async def own(self) -> Sequence[Petition]:
        """All of them, newest first, as far as limits and questions look back."""
        ...

    async def find(self, code: str) -> Petition | None:
        """Of this person alone; None for another's too."""
        ...

    async def new_code(self, now: datetime) -> str:
        """The next code."""
        ...

    async def around(self, now: datetime, petition: Petition | None = None) -> Around:
        """Calendars, fields and agencies as the desk has them now; for a step of *petition* with its case and those merged into it,
        whoever sent them.
        """
        ...

    async def muted_until(self, now: datetime) -> datetime | None:
        """Until when nothing is taken from this person; None: it is."""
        ...

    async def agency_for(self, category: str, ward: str) -> str:
        """The agency that a rule of the desk sends such a petition to; "" for none."""
        ...

    async def ward_at(self, place: LocationShared) -> str:
        """The name of the ward there; "" when it is not known."""
        ...

    async def conversation(self) -> Conversation | None:
        """The one with an officer that is not closed."""
        ...

    async def new_conversation_code(self) -> str:
        """The next code; taken at once."""
        ...

    async def keep_files(self, references: Sequence[str], already: Sequence[StoredFile]) -> KeptFiles:
        """Fetch files of the channel that the person writes on, look into them, and keep what may be kept beside *already*."""
        ...


class NoPetitions:
    """For ``motcua understand``: each line stands alone, and nothing is kept."""

    EXAMPLE_CODE = "PA26005442"

    async def draft(self) -> Draft | None:
        """None."""
        return None

    async def own(self) -> Sequence[Petition]:
        """None."""
        return ()

    async def find(self, code: str) -> Petition | None:
        """None."""
        del code
        return None

    async def new_code(self, now: datetime) -> str:
        """The one that texts give as an example: no number is taken."""
        del now
        return self.EXAMPLE_CODE

    async def around(self, now: datetime, petition: Petition | None = None) -> Around:
        """As shipped."""
        del petition
        return Around(now=now, calendars=Calendars(WorkingCalendar()), categories=shipped_categories(), agencies={})

    async def muted_until(self, now: datetime) -> datetime | None:
        """Nobody is."""
        del now
        return None

    async def agency_for(self, category: str, ward: str) -> str:
        """None."""
        del category, ward
        return ""

    async def conversation(self) -> Conversation | None:
        """None."""
        return None

    async def new_conversation_code(self) -> str:
        """No number is taken."""
        return "CB00000"

    async def ward_at(self, place: LocationShared) -> str:
        """Not known."""
        del place
        return ""

    async def keep_files(self, references: Sequence[str], already: Sequence[StoredFile]) -> KeptFiles:
        """None."""
        del references, already
        return KeptFiles()
