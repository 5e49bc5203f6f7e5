"""The part of the store that keeps petitions, on either engine."""

from collections.abc import Sequence
from datetime import datetime

from bot.clock import VIETNAM, Clock
from bot.petitions.codes import petition_code
from bot.petitions.drafts import DROPPED_AFTER, REMINDED_AFTER
from bot.petitions.record import Draft, Petition, PetitionChange, PetitionEvent, StoredFile, TaskAlert
from bot.petitions.writes import ChangePetition, DropDraft, KeepDraft, PetitionWrite
from bot.store import (
    alerts,
    petition_candidates,
    petition_changes,
    petition_drafts,
    petition_files,
    petition_lists,
    petition_loads,
    petition_queries,
    petitions,
)
from bot.store.petition_rows import draft_of, draft_row, event_of, file_of, petition_of
from bot.store.port import NewOutbound
from bot.store.port_petitions import OfficerLoad, PetitionBook, PetitionFilter, PetitionPage
from bot.store.running import RunsPlans
from bot.store.statements import Rows

PetitionStep = petitions.Step | petition_drafts.DraftStep


class PetitionMethods(RunsPlans, PetitionBook):
    """See the port."""

    epoch: int
    _clock: Clock

    async def new_petition_code(self, now: datetime) -> str:
        """See the port."""
        number = await self.write(petition_changes.take_numbers, now.astimezone(VIETNAM).year)
        return petition_code(number, now)

    async def petition(self, code: str) -> Petition | None:
        """See the port."""
        found = self._petitions(await self.read(petition_queries.by_code, code))
        return found[0] if found else None

    async def petitions_of(self, person: bytes, limit: int) -> Sequence[Petition]:
        """See the port."""
        wish = petition_queries.Of(person=person, limit=limit)
        return self._petitions(await self.read(petition_queries.of_person, wish))

    async def petitions_in_case(self, code: str) -> Sequence[Petition]:
        """See the port."""
        return self._petitions(await self.read(petition_queries.in_case, code))

    async def events_of(self, code: str) -> Sequence[PetitionEvent]:
        """See the port."""
        return [event_of(row) for row in await self.read(petition_queries.events_of, code)]

    async def files_of(self, code: str) -> Sequence[StoredFile]:
        """See the port."""
        return [file_of(row) for row in await self.read(petition_queries.files_of, code)]

    async def list_petitions(self, wanted: PetitionFilter, now: datetime) -> PetitionPage:
        """See the port."""
        found = await self.read(petition_lists.page, petition_lists.Wish(wanted=wanted, now=now))
        return PetitionPage(petitions=self._petitions(found.rows), total=found.total, counts=found.counts)

    async def officer_loads(self, agency: str, now: datetime, since: datetime) -> Sequence[OfficerLoad]:
        """See the port."""
        return await self.read(petition_loads.loads, petition_loads.Loads(agency=agency, now=now, since=since))

    async def petitions_sent(self, since: datetime, until: datetime, limit: int) -> Sequence[Petition]:
        """See the port."""
        return self._petitions(await self.read(petition_loads.sent_between, (since, until, limit)))

    async def similar_to(self, petition: Petition, since: datetime) -> Sequence[Petition]:
        """See the port."""
        wish = petition_candidates.Similar(petition=petition, since=since)
        return self._petitions(await self.read(petition_candidates.similar, wish))

    async def due_petitions(self, now: datetime, after: int, limit: int) -> Sequence[Petition]:
        """See the port."""
        wish = petition_candidates.Due(now=now, after=after, limit=limit)
        return self._petitions(await self.read(petition_candidates.due, wish))

    async def look_again(self, petition: Petition, at: datetime | None, raised: Sequence[TaskAlert]) -> bool:
        """See the port."""
        look = petition_candidates.Look(
            petition=petition,
            next_at=at,
            alerts=[alerts.Raised(id=self._ids.new(), alert=alert) for alert in raised],
            at=self._clock.now(),
        )
        return await self.write(petition_candidates.look, look)

    async def release_files(self, code: str, names: Sequence[str], *, released: bool) -> None:
        """See the port."""
        await self.write(petition_files.mark, petition_files.Marks(code=code, names=names, released=released))

    async def unused_files(self, limit: int) -> Sequence[str]:
        """See the port."""
        return await self.read(petition_files.unused, limit)

    async def known_files(self, names: Sequence[str]) -> frozenset[str]:
        """See the port."""
        return await self.read(petition_files.known, tuple(names))

    async def forget_files(self, names: Sequence[str]) -> None:
        """See the port."""
        await self.write(petition_files.forget, tuple(names))

    async def draft_of(self, person: bytes) -> Draft | None:
        """See the port."""
        sealed = await self.read(petition_drafts.newest, person)
        return None if sealed is None else draft_of(sealed, self._keyring.open_octets)

    async def due_drafts(self, now: datetime, limit: int) -> Sequence[tuple[bytes, Draft]]:
        """See the port."""
        wish = petition_drafts.DueDrafts(remind=now - REMINDED_AFTER, delete=now - DROPPED_AFTER, limit=limit)
        rows = await self.read(petition_drafts.due, wish)
        return [(bytes(person), draft_of(sealed, self._keyring.open_octets)) for person, sealed in rows]

    async def change_draft(
        self, person: bytes, seen: Draft, after: Draft | None, notices: Sequence[NewOutbound], at: datetime
    ) -> bool:
        """See the port."""
        change = petition_changes.DraftChange(
            person=person,
            seen_at=seen.changed_at,
            row=None if after is None else draft_row(person, after, self._keyring.seal_octets),
            notices=self._notices(notices, at),
        )
        return await self.write(petition_changes.change_drafts, change)

    async def change_petition(self, change: PetitionChange, notices: Sequence[NewOutbound]) -> None:
        """See the port."""
        made = petition_changes.Change(steps=self._steps_of(change), notices=self._notices(notices, change.event.at))
        stale = await self.write(petition_changes.change, made)
        if stale is not None:
            raise stale

    def _petition_write(self, home: bytes, write: PetitionWrite) -> Sequence[PetitionStep]:
        match write:
            case ChangePetition(change):
                return self._steps_of(change)
            case KeepDraft(draft):
                row = draft_row(home, draft, self._keyring.seal_octets)
                return [petition_drafts.DraftStep(row=row, files=draft.files)]
            case DropDraft():
                return [petition_drafts.DraftStep(row=None)]

    def _notices(
        self, notices: Sequence[NewOutbound], at: datetime, *, in_thread: bool = True
    ) -> petition_changes.Notices:
        receivers = [self._person(new.message.to) for new in notices]
        return petition_changes.Notices(new=notices, people=receivers, at=at, epoch=self.epoch, in_thread=in_thread)

    def _steps_of(self, change: PetitionChange) -> Sequence[petitions.Step]:
        return petitions.steps_of(change, self._keyring.seal_octets, self._ids.new)

    def _petitions(self, rows: Rows) -> list[Petition]:
        return [petition_of(row, self._keyring.open_octets) for row in rows]
