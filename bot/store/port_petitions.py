"""What the store promises about petitions. A citizen's steps come with a decision; officers' and the clock's come by themselves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from bot.petitions.record import Draft, Petition, PetitionChange, PetitionEvent, StoredFile, TaskAlert
from bot.store.port import NewOutbound


class Tab(StrEnum):
    """The tabs of the desk's inbox."""

    NEW = "new"
    """At nobody's desk: not assigned to an agency; with an agency in the filter: assigned to it, not accepted."""
    MINE = "mine"
    AGENCY = "agency"
    DUE_SOON = "due_soon"
    LATE = "late"
    APPROVAL = "approval"
    CITIZEN = "citizen"
    """Waiting for the citizen."""
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class PetitionFilter:
    """Which petitions of a list. Empty fields filter nothing."""

    tab: Tab | None = None
    agency: str = ""
    """Only what this agency handles; "" for those who see all."""
    officer: int | None = None
    """Only what this officer handles."""
    viewer: int | None = None
    """Who looks: the tab ``mine`` is this officer's."""
    due_until: datetime | None = None
    """Until when ``due_soon`` reaches; None: two days, whatever days they are."""
    category: str = ""
    ward: str = ""
    state: str = ""
    channel: str = ""
    search: str = ""
    """A code, or up to six words that the text or place holds, accents and order as you like."""
    person: bytes = b""
    sent_from: datetime | None = None
    sent_until: datetime | None = None
    page: int = 1


PAGE_SIZE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class PetitionPage:
    """One page of a list."""

    petitions: Sequence[Petition]
    total: int
    """Counted up to 10,000, of a search up to 1,000."""
    counts: Mapping[Tab, int]
    """What stands in each tab for the same agency and viewer, ``done`` counted up to 10,000."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficerLoad:
    """How much one officer has to do, and how quickly it went lately."""

    officer: int
    open: int
    late: int
    """Of the open ones."""
    answered: int
    average: timedelta | None
    """From sending to the last answer, nights and days off included; None when nothing was answered."""


class PetitionBook(Protocol):
    """Petitions, drafts, events and files."""

    async def new_petition_code(self, now: datetime) -> str:
        """The next code of the year in Vietnam; taken at once, so a number may stay unused."""
        ...

    async def petition(self, code: str) -> Petition | None:
        """By its code."""
        ...

    async def petitions_of(self, person: bytes, limit: int) -> Sequence[Petition]:
        """Of one person, all joined accounts, newest first."""
        ...

    async def draft_of(self, person: bytes) -> Draft | None:
        """What a person is writing."""
        ...

    async def events_of(self, code: str) -> Sequence[PetitionEvent]:
        """Everything that happened, oldest first."""
        ...

    async def files_of(self, code: str) -> Sequence[StoredFile]:
        """The files of a petition, oldest first."""
        ...

    async def petitions_in_case(self, code: str) -> Sequence[Petition]:
        """Those merged into this one."""
        ...

    async def list_petitions(self, wanted: PetitionFilter, now: datetime) -> PetitionPage:
        """One page, the most urgent first (newest first in ``done`` and searches)."""
        ...

    async def officer_loads(self, agency: str, now: datetime, since: datetime) -> Sequence[OfficerLoad]:
        """Everybody's who handles something for an agency, "" for all; answers count for petitions sent since then."""
        ...

    async def petitions_sent(self, since: datetime, until: datetime, limit: int) -> Sequence[Petition]:
        """Those sent in that time, newest first: for a trial of routing rules."""
        ...

    async def similar_to(self, petition: Petition, since: datetime) -> Sequence[Petition]:
        """Open petitions since then of the same field and ward or neighbourhood (300 m), or of the same person: candidates to compare,
        newest first, at most 200.
        """
        ...

    async def change_petition(self, change: PetitionChange, notices: Sequence[NewOutbound]) -> None:
        """Store one step with its event, alerts and messages, all or nothing. Raises ``StalePetition`` when the version seen is not
        the stored one any more; then nothing is changed.
        """
        ...

    async def due_petitions(self, now: datetime, after: int, limit: int) -> Sequence[Petition]:
        """Petitions whose ``clock_at`` has come, by id: for reminders, limits and closings."""
        ...

    async def look_again(self, petition: Petition, at: datetime | None, raised: Sequence[TaskAlert]) -> bool:
        """The clock looked at it: the next look is *at*, and these alerts are raised, both or neither. It is no event, the version
        stays. False, and nothing is changed, when its ``clock_at`` or version is not what *petition* has: another process looked.
        """
        ...

    async def due_drafts(self, now: datetime, limit: int) -> Sequence[tuple[bytes, Draft]]:
        """Drafts to remind of (30 minutes) or to delete (24 hours)."""
        ...

    async def change_draft(
        self, person: bytes, seen: Draft, after: Draft | None, notices: Sequence[NewOutbound], at: datetime
    ) -> bool:
        """Keep a draft that ``due_drafts`` gave, for instance as reminded of, or with None drop it; with these messages. False, and
        nothing is changed, when the person went on with it meanwhile.
        """
        ...

    async def release_files(self, code: str, names: Sequence[str], *, released: bool) -> None:
        """Show files of a petition to the public, or no more."""
        ...

    async def unused_files(self, limit: int) -> Sequence[str]:
        """Names of files that no petition and no draft needs any more: delete their octets, then ``forget_files``."""
        ...

    async def known_files(self, names: Sequence[str]) -> frozenset[str]:
        """Those of *names* that belong to a petition or draft, or did until now; the others were kept for a decision that was
        never stored.
        """
        ...

    async def forget_files(self, names: Sequence[str]) -> None:
        """The octets of these files are gone."""
        ...
