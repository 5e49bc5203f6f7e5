"""The part of the store that knows of one person on several channels."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.linking import CodePurpose, CodeTries, IssueCode, Join, Kept, LinkingWrite, Member, OneTimeCode
from bot.model import Address, Contact, Destination, Language, MessageId
from bot.store import copies, erasing, linking, linking_queries, recycled
from bot.store.ids import first_id_at
from bot.store.keys import from_micros
from bot.store.petition_rows import draft_of, petition_of
from bot.store.port import NewOutbound
from bot.store.port_linking import LinkingStore
from bot.store.running import RunsPlans

TRIES_WINDOW, WRONG_ANYWHERE = timedelta(hours=1), timedelta(minutes=10)


class LinkingMethods(RunsPlans, LinkingStore):
    """See the port."""

    async def members(self, home: bytes) -> Sequence[Member]:
        """See the port."""
        rows = await self.read(linking_queries.members, home)
        return [self._member(*row) for row in rows]

    async def account(self, address: Address) -> Member | None:
        """See the port."""
        members = await self.members(self._keyring.contact_id(address))
        return next((member for member in members if member.destination.address == address), None)

    async def find_code(self, purpose: CodePurpose, code: str, now: datetime) -> OneTimeCode | None:
        """See the port."""
        wish = linking_queries.FindCode(digest=self._digest(purpose, code), purpose=purpose, now=now)
        rows = await self.read(linking_queries.find_code, wish)
        return OneTimeCode(id=MessageId(rows[0][0]), owner=self._owner(*rows[0][1:])) if rows else None

    async def code_tries(self, contact: bytes, home: bytes, now: datetime) -> CodeTries:
        """See the port."""
        after = first_id_at(now - WRONG_ANYWHERE)
        wish = linking_queries.Tries(contact=contact, home=home, since=now - TRIES_WINDOW, anywhere_after=after)
        issued, wrong, first_wrong_at, anywhere = await self.read(linking_queries.tries, wish)
        first = None if first_wrong_at is None else from_micros(first_wrong_at)
        return CodeTries(issued=issued, wrong=wrong, wrong_anywhere=anywhere, first_wrong_at=first)

    async def codes_sent_to(self, address: Address, since: datetime) -> int:
        """See the port."""
        wish = linking_queries.SentTo(contact=self._keyring.contact_id(address), since=since)
        return await self.read(linking_queries.sent_to, wish)

    async def kept_of(self, home: bytes) -> Kept:
        """See the port."""
        return await self.read(linking_queries.kept_of, home)

    async def copy_of(self, token: str, now: datetime) -> dict[str, Any] | None:
        """See the port."""
        digest = self._digest(CodePurpose.DATA, token)
        account = await self.write(
            copies.open_copies, linking_queries.FindCode(digest=digest, purpose=CodePurpose.DATA, now=now)
        )
        found = None if account is None else await self.read(copies.collect, account)
        if found is None:
            return None
        addresses = [self._address(row[1]) for row in found.members]
        opened = self._keyring.open_octets
        return copies.copied(
            found,
            [(address.channel.value, address.id) for address in addresses],
            [petition_of(row, opened) for row in found.petitions],
            [draft_of(row[0], opened) for row in found.drafts],
        )

    async def part_recycled(self, contact: Contact, notices: Sequence[tuple[bytes, NewOutbound]], at: datetime) -> bool:
        """See the port."""
        given_again = recycled.GivenAgain(account=contact.id, notices=tuple(notices), at=at, epoch=self.epoch)
        return await self.write(recycled.part, given_again)

    async def erase(self, now: datetime, slice_size: int) -> bool:
        """See the port."""
        return await self.write(erasing.erase, erasing.EraseSlice(now=now, size=slice_size))

    def _owner(self, key: bytes, sealed: bytes, language: str, source: str, route: str) -> Member:
        destination = Destination(self._address(sealed), source, route)
        return Member(id=bytes(key), destination=destination, language=Language(language))

    def _member(self, *row: Any) -> Member:
        key, sealed, language, source, route, since, proved_at, failures, chosen, opted_out_at, unreachable_at = row
        return replace(
            self._owner(key, sealed, language, source or "", route or ""),
            since=None if since is None else from_micros(since),
            proved_at=None if proved_at is None else from_micros(proved_at),
            failures=failures or 0,
            is_chosen=bool(chosen),
            refuses=opted_out_at is not None,
            is_reachable=unreachable_at is None,
        )

    def _step(self, write: LinkingWrite) -> linking.Step:
        match write:
            case IssueCode(purpose=purpose, code=code, owner=owner):
                key, sealed = self._person(owner) if owner else (b"", b"")
                digest = self._digest(purpose, code)
                return linking.Step(write=write, id=self._ids.new(), digest=digest, other=key, sealed=sealed)
            case Join(other=other):
                key, sealed = self._person(other.address)
                return linking.Step(write=write, id=self._ids.new(), other=key, sealed=sealed)
            case _:
                return linking.Step(write=write, id=self._ids.new())

    def _digest(self, purpose: CodePurpose, code: str) -> bytes:
        return self._keyring.digest(f"{purpose.value}|{code}".encode())
