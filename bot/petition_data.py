"""What the desk has set, as decisions about petitions need it; read anew every few seconds."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from bot.access.records import OfficerAccount
from bot.clock import Clock
from bot.officers import AgencyKind, Officer
from bot.petitions.abuse import Mute, muted_until
from bot.petitions.around import Around
from bot.petitions.master import MasterData
from bot.petitions.record import Petition
from bot.petitions.routing import agency_for
from bot.store.port_petitions import PetitionBook

FRESH_SECONDS = 5.0


class MasterBook(Protocol):
    """Where it is kept."""

    async def master_data(self) -> MasterData:
        """All of it."""
        ...

    async def mutes_of(self, person: bytes) -> Sequence[Mute]:
        """Every step of the ladder that a person was given."""
        ...


class Officers(Protocol):
    """Who works at the desk."""

    async def everybody(self) -> Sequence[OfficerAccount]:
        """Those who left too."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    at: float
    data: MasterData
    around: Around


class PetitionData:
    """One for a process. What is edited here counts at once, elsewhere after five seconds."""

    def __init__(self, master: MasterBook, officers: Officers, clock: Clock) -> None:
        self._master = master
        self._officers = officers
        self._clock = clock
        self._read: _Read | None = None

    def forget(self) -> None:
        """Something was edited."""
        self._read = None

    async def master_data(self) -> MasterData:
        """As the desk has it now."""
        return (await self._fresh()).data

    async def around(self, now: datetime) -> Around:
        """Calendars, fields, agencies and officers."""
        known = (await self._fresh()).around
        return Around(
            now=now,
            calendars=known.calendars,
            categories=known.categories,
            agencies=known.agencies,
            officers=known.officers,
        )

    async def agency_for(self, category: str, ward: str) -> str:
        """The agency that a rule names; "" for none."""
        read = await self._fresh()
        return agency_for(read.data.rules, read.around.agencies, category, ward)

    async def placed(self, officer: Officer) -> Officer:
        """The officer, at the reception office when his agency is one now."""
        return _placed(officer, (await self._fresh()).data)

    async def muted_until(self, person: bytes, now: datetime) -> datetime | None:
        """Until when no petition is taken from a person; None: it is."""
        return muted_until(await self._master.mutes_of(person), now)

    async def _fresh(self) -> _Read:
        at = self._clock.monotonic()
        if self._read is None or at - self._read.at > FRESH_SECONDS:
            self._read = await self._all(at)
        return self._read

    async def _all(self, at: float) -> _Read:
        data = await self._master.master_data()
        officers = [account.officer for account in await self._officers.everybody()]
        around = Around(
            now=self._clock.now(),
            calendars=data.calendars(),
            categories=data.categories_by_code(),
            agencies=data.agencies_by_code(),
            officers={officer.id: _placed(officer, data) for officer in officers},
        )
        return _Read(at=at, data=data, around=around)


async def with_its_case(around: Around, book: PetitionBook, petition: Petition, case: str | None = None) -> Around:
    """*around* with those that a step of *petition* touches too: the case that it is in, or is to be merged into, and those in its own."""
    code = case or petition.case
    return replace(
        around,
        case=await book.petition(code) if code else None,
        case_members=await book.petitions_in_case(code) if code else (),
        children=await book.petitions_in_case(petition.code),
    )


def _placed(officer: Officer, data: MasterData) -> Officer:
    agency = data.agencies_by_code().get(officer.agency)
    sorts = officer.at_reception or (agency is not None and agency.kind is AgencyKind.RECEPTION)
    return replace(officer, at_reception=sorts)
