"""What the desk sets, on either engine: what ships with the program, and what officers made of it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.access.records import AuditEntry
from bot.calendar_edits import AgencyHours, CalendarDay
from bot.clock import Clock
from bot.officers import AgencyRecord
from bot.petitions.abuse import Mute
from bot.petitions.categories import PetitionCategory
from bot.petitions.master import CannedAnswer, MasterData
from bot.petitions.routing import RoutingRule
from bot.privacy import Keyring
from bot.store import audit, master, mutes
from bot.store.base import PlanStore
from bot.store.keys import from_micros, to_micros
from bot.store.master_kinds import KINDS
from bot.store.port_master import Announcement, BlockedWord, Edited, Item, MasterItem, Mutes, StaleItem
from bot.store.statements import Rows

KIND, KEY, BODY, IS_GONE, VERSION, UPDATED_BY, UPDATED_AT = 0, 1, 2, 4, 5, 6, 7


class MasterBook:
    """Reads it whole, edits it item by item. Every edit is one transaction together with its entry of the audit log."""

    def __init__(self, store: PlanStore, keyring: Keyring, clock: Clock) -> None:
        self._store = store
        self._keyring = keyring
        self._clock = clock

    async def version(self) -> int:
        """Grows with every edit, whoever made it: read all anew when it has grown."""
        return await self._store.read(master.version_of_all, None)

    async def master_data(self) -> MasterData:
        """All of it, agencies and fields those that ship included."""
        rows = await self._store.read(master.everything, None)
        return MasterData(
            agencies=_items(rows, AgencyRecord),
            categories=_items(rows, PetitionCategory),
            days=_items(rows, CalendarDay),
            hours=_items(rows, AgencyHours),
            rules=_items(rows, RoutingRule),
            canned_answers=_items(rows, CannedAnswer),
            blocked_words=tuple(item.word for item in _items(rows, BlockedWord)),
        )

    async def items(self, kind: type[Item]) -> Sequence[Edited[Item]]:
        """Those of one kind, each with its version: what ships first, then the others in the order in which they were added."""
        return _edited(await self._store.read(master.everything, None), kind)

    async def announcements(self, now: datetime) -> Sequence[Announcement]:
        """Those that have not ended, the next one first."""
        rows = await self._store.read(master.everything, None)
        coming = [item for item in _items(rows, Announcement) if item.ends_at > now]
        return sorted(coming, key=lambda item: item.starts_at)

    async def put(self, item: Item, seen_version: int, entry: AuditEntry) -> Item:
        """Add it (seen version 0), or put it in the place of the one with its key; with the id that it got. Raises ``StaleItem``."""
        kind = KINDS[type(item)]
        if kind.is_numbered and not seen_version:
            item = kind.with_id(item, await self._store.write(master.take_numbers, 1))
        await self._edit(item, seen_version, entry, is_gone=False)
        return item

    async def remove(self, item: MasterItem, seen_version: int, entry: AuditEntry) -> None:
        """Take it away, also one that ships (seen version 0). Raises ``StaleItem``."""
        await self._edit(item, seen_version, entry, is_gone=True)

    async def mutes_of(self, person: bytes) -> Sequence[Mute]:
        """Every step of the ladder that this person was given on any account, oldest first."""
        return [given.mute for given in await self.given_mutes(person)]

    async def given_mutes(self, person: bytes) -> Mutes:
        """The same with their ids."""
        return [mutes.mute_of(row) for row in await self._store.read(mutes.of_person, person)]

    async def running_mutes(self, now: datetime) -> Mutes:
        """Everybody's that have not ended, newest first."""
        return [mutes.mute_of(row) for row in await self._store.read(mutes.running, to_micros(now))]

    async def give_mute(self, given: Mute, entry: AuditEntry) -> int:
        """Give a step of the ladder; its id."""
        key = self._store.new_id()
        await self._store.write(mutes.change, mutes.Change(given=mutes.row_of(key, given), log=self._log(entry)))
        return key

    async def confirm_mute(self, key: int, by: int, entry: AuditEntry) -> None:
        """A second person confirms a step."""
        await self._store.write(mutes.change, mutes.Change(changed=(key, by, None), log=self._log(entry)))

    async def lift_mute(self, key: int, at: datetime, entry: AuditEntry) -> None:
        """Take a step back."""
        changed = (key, None, to_micros(at))
        await self._store.write(mutes.change, mutes.Change(changed=changed, log=self._log(entry)))

    async def _edit(self, item: MasterItem, seen: int, entry: AuditEntry, *, is_gone: bool) -> None:
        kind, at = KINDS[type(item)], to_micros(self._clock.now())
        row = (kind.name, kind.key(item), kind.body(item), 0, is_gone, 0, entry.officer, at)
        if not await self._store.write(master.edit, master.Edit(row=row, seen=seen, log=self._log(entry))):
            raise StaleItem(f"{kind.name} {kind.key(item)}")

    def _log(self, entry: AuditEntry) -> audit.Record:
        return audit.Record(entries=(entry,), digest=audit.chained_with(self._keyring))


def _items(rows: Rows, kind: type[Item]) -> tuple[Item, ...]:
    return tuple(edited.item for edited in _edited(rows, kind))


def _edited(rows: Rows, kind: type[Item]) -> list[Edited[Item]]:
    how = KINDS[kind]
    known: dict[str, Any] = {how.key(item): Edited(item=item) for item in how.shipped()}
    stored: Mapping[str, Any] = {row[KEY]: row for row in rows if row[KIND] == how.name}
    for key, row in stored.items():
        by, at = row[UPDATED_BY], from_micros(row[UPDATED_AT])
        known[key] = Edited(item=how.item(row[BODY]), version=row[VERSION], updated_by=by, updated_at=at)
    return [edited for key, edited in known.items() if key not in stored or not stored[key][IS_GONE]]
