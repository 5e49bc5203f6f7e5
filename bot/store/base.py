"""The store on any engine: makes units of work ready (seals, hashes, ids) and turns rows back into our nouns.

An engine adds how plans are run: ``write`` in a group with others, ``read`` beside them.
"""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from datetime import datetime
from itertools import groupby
from typing import Any

from bot import events
from bot.clock import Clock
from bot.errors import StoreError
from bot.intent import Write
from bot.linking import LinkingWrite
from bot.mailbox import Line
from bot.model import (
    Address,
    ChannelName,
    Contact,
    DeliveryReceipt,
    InboundMessage,
    InboundPart,
    LateRefusal,
    LateResponse,
    MessageId,
    Original,
    OutboundMessage,
    PartGroup,
    Ticket,
)
from bot.privacy import Keyring
from bot.store import (
    claims,
    decisions,
    edits,
    inbox,
    late_responses,
    listing,
    mailbox,
    outbox,
    parts,
    promises,
    queries,
    receipts,
    results,
    tickets,
)
from bot.store.desk_methods import DeskMethods
from bot.store.ids import Ids, first_id_at
from bot.store.keys import repeat_keys, storable
from bot.store.linking_methods import LinkingMethods
from bot.store.port import (
    Answers,
    Claimed,
    Decision,
    Figures,
    InboundState,
    NewOutbound,
    Promise,
    Saved,
    SendFailure,
    Store,
    WaitingTicket,
)
from bot.store.public_methods import PublicMethods
from bot.store.rating_methods import RatingMethods
from bot.store.retention import Retention, Slice, purge
from bot.store.statements import Rows

OpenSessions = Callable[[], frozenset[str]]
PAGE = 1000


class PlanStore(LinkingMethods, DeskMethods, RatingMethods, PublicMethods, Store, ABC):
    """Everything that does not depend on the engine."""

    def __init__(self, keyring: Keyring, clock: Clock, *, open_sessions: OpenSessions, retention: Retention) -> None:
        self._keyring = keyring
        self._clock = clock
        self._open_sessions = open_sessions
        self._retention = retention
        self._ids = Ids(clock, 0)
        self._work = asyncio.Event()
        self.epoch = 0

    @abstractmethod
    def reading(self) -> AbstractAsyncContextManager[None]:
        """Instead of ``open``: read beside running gateways, own nothing. Raises ``StoreError``."""

    def new_id(self) -> MessageId:
        """An id for a message that we write."""
        return self._ids.new()

    # --- what arrives

    async def save_inbound(self, message: InboundMessage, *, claim: bool) -> Saved:
        """See the port."""
        return await self.write(inbox.save, self._arrival(message, claim=claim, group=None))

    async def finish_group(self, group: MessageId, message: InboundMessage, *, claim: bool) -> Saved:
        """See the port."""
        return await self.write(inbox.save, self._arrival(message, claim=claim, group=group))

    def _arrival(self, message: InboundMessage, *, claim: bool, group: MessageId | None) -> inbox.Arrival:
        if message.text != (text := storable(message.text)):
            message = replace(message, text=text)
        return inbox.Arrival(
            id=self._ids.new(),
            message=message,
            contact=self._keyring.contact_id(message.sender),
            sealed=self._keyring.seal(message.sender),
            claim=claim,
            epoch=self.epoch,
            open_sessions=self._open_sessions(),
            repeat_keys=repeat_keys(message.content_hash, message.received_at) if message.content_hash else None,
            group=group,
            event=None if message.event is None else self._keyring.seal_octets(events.stored(message.event)),
        )

    async def save_part(self, part: InboundPart) -> PartGroup | None:
        """See the port."""
        arrival = parts.PartArrival(
            id=self._ids.new(),
            part=part,
            contact=self._keyring.contact_id(part.sender),
            sealed=self._keyring.seal(part.sender),
        )
        rows = await self.write(parts.save_parts, arrival)
        return parts.group_of(rows, part.sender) if rows else None

    async def due_groups(self, opened_before: datetime, limit: int) -> Sequence[PartGroup]:
        """See the port."""
        rows = await self.read(parts.due, parts.DueGroups(opened_before=opened_before, limit=limit))
        in_order: Rows = sorted(rows, key=lambda row: row[0])
        groups = [list(group) for _, group in groupby(in_order, key=lambda row: row[0])]
        return [parts.group_of(group, self._address(group[0][1])) for group in groups]

    async def claim_inbound(self, limit: int) -> Sequence[Claimed]:
        """See the port."""
        rows = await self.write(claims.claim, claims.Claim(epoch=self.epoch, limit=limit))
        return [claims.claimed_of(row, self._address(row[1]), self._event(row[-2])) for row in rows]

    async def release_inbound(self, inbound: MessageId, error: str) -> None:
        """See the port."""
        release = claims.Release(id=inbound, epoch=self.epoch, error=error)
        _raise(await self.write(claims.release, release))

    # --- what is decided

    async def decide(self, decision: Decision) -> None:
        """See the port."""
        _raise(await self.write(decisions.decide, self._verdict(decision, InboundState.DONE, None)))

    async def park(self, decision: Decision, error: str) -> None:
        """See the port."""
        _raise(await self.write(decisions.decide, self._verdict(decision, InboundState.PARKED, error)))

    def _verdict(self, decision: Decision, state: InboundState, error: str | None) -> decisions.Verdict:
        asker = decision.inbound.contact
        rarer = [write for write in decision.writes if type(write) not in decisions.PLAIN]
        return decisions.Verdict(
            decision=decision,
            epoch=self.epoch,
            state=state,
            error=error,
            people=tuple([self._receiver(new.message.to, asker) for new in decision.outbound]),
            ids=self._ids_for(rarer),
            steps=tuple([self._step(write) for write in rarer if isinstance(write, LinkingWrite)]),
            desk=self._desk_steps(decision) if rarer else (),
            raised=self._rating_alerts(decision) if rarer else (),
        )

    def _receiver(self, address: Address, asker: Contact) -> tuple[bytes, bytes]:
        return (asker.id, b"") if address is asker.address or address == asker.address else self._person(address)

    async def own_codes(self, contact: bytes, since: datetime, limit: int) -> Sequence[str]:
        """See the port."""
        return await self.read(queries.own_codes, queries.OwnCodes(contact=contact, since=since, limit=limit))

    async def verification_tries(self, contact: bytes, code: str, since: datetime) -> tuple[int, int]:
        """See the port."""
        return await self.read(queries.tries, queries.Tries(contact=contact, code=code, since=since))

    async def original(self, contact: bytes, reply_key: str) -> Original | None:
        """See the port."""
        return await self.read(edits.original, edits.Named(contact=contact, reply_key=reply_key))

    async def owed_codes(self, contact: bytes) -> Sequence[str]:
        """See the port."""
        return await self.read(queries.owed_codes, contact)

    # --- what leaves

    async def claim_outbound(self, route: str, limit: int, now: datetime) -> Sequence[OutboundMessage]:
        """See the port."""
        return await self._take(outbox.Take(route=route, limit=limit, now=now, epoch=self.epoch))

    async def claim_in_doubt(
        self, route: str, limit: int, now: datetime, older_than: datetime
    ) -> Sequence[OutboundMessage]:
        """See the port."""
        return await self._take(
            outbox.Take(route=route, limit=limit, now=now, epoch=self.epoch, in_doubt_before=older_than)
        )

    async def _take(self, wish: outbox.Take) -> Sequence[OutboundMessage]:
        rows = await self.write(outbox.take, wish)
        return [outbox.message_of(row, self._address(row[0])) for row in rows]

    async def record_sent(self, message: OutboundMessage, provider_ids: Sequence[str], at: datetime) -> None:
        """See the port."""
        ended = results.SendEnded(message=message, epoch=self.epoch, at=at, parts=tuple(provider_ids))
        _raise(await self.write(results.end_sends, ended))

    async def record_failure(self, message: OutboundMessage, failure: SendFailure) -> None:
        """See the port."""
        ended = results.SendEnded(
            message=message, epoch=self.epoch, at=failure.at, parts=failure.parts, failure=failure
        )
        _raise(await self.write(results.end_sends, ended))

    async def record_late(self, response: LateResponse) -> bool:
        """See the port."""
        return await self.write(late_responses.record, late_responses.Late(response=response, epoch=self.epoch))

    async def record_late_refusal(self, refusal: LateRefusal) -> bool:
        """See the port."""
        return await self.write(late_responses.refuse, late_responses.Refused(refusal=refusal, epoch=self.epoch))

    async def record_receipt(self, receipt: DeliveryReceipt) -> bool:
        """See the port."""
        ids = tuple(self._ids.new() for _ in receipt.provider_ids)
        return await self.write(receipts.record, receipts.News(receipt=receipt, ids=ids))

    # --- late answers

    async def due_promises(
        self, upstream: str, now: datetime, limit: int, *, asked_since: datetime | None = None, after: int = 0
    ) -> Sequence[Promise]:
        """See the port."""
        wish = promises.DuePromises(upstream=upstream, now=now, limit=limit, asked_since=asked_since, after=after)
        rows = await self.write(promises.due, wish)
        return [promises.promise_of(row, self._address(row[1])) for row in rows]

    async def open_promises(self) -> dict[str, int]:
        """See the port."""
        return await self.read(promises.count_open, None)

    async def keep_promise(
        self, promise: Promise, outbound: NewOutbound | None, writes: tuple[Write, ...], at: datetime
    ) -> bool:
        """See the port."""
        kept = promises.Kept(
            promise=promise,
            outbound=outbound,
            writes=writes,
            ids=self._ids_for(writes),
            sealed=self._keyring.seal(promise.contact.address),
            at=at,
            epoch=self.epoch,
        )
        return await self.write(promises.keep, kept)

    # --- turns at counters

    async def tickets(self, contact: bytes, now: datetime) -> Sequence[Ticket]:
        """See the port."""
        return await self.read(tickets.of_contact, tickets.Holder(contact=contact, now=now))

    async def waiting_tickets(self, now: datetime, after: MessageId, limit: int) -> Sequence[WaitingTicket]:
        """See the port."""
        rows = await self.write(tickets.waiting, tickets.Waiting(now=now, after=after, limit=limit))
        return [tickets.ticket_of(row, self._address(row[1])) for row in rows]

    async def tell_ticket(self, ticket: WaitingTicket, outbound: NewOutbound | None, at: datetime) -> bool:
        """See the port."""
        receiver = self._person(ticket.contact.address if outbound is None else outbound.message.to)
        told = tickets.Told(ticket=ticket, outbound=outbound, receiver=receiver, at=at, epoch=self.epoch)
        return await self.write(tickets.tell, told)

    # --- the mailbox of the web chat

    async def lines(self, address: Address, after: int, limit: int) -> Sequence[Line]:
        """See the port."""
        wish = mailbox.Conversation(contact=self._keyring.contact_id(address), after=after, most=limit)
        ours, theirs = await self.read(mailbox.lines, wish)
        return mailbox.newest(ours, theirs, limit, self._event)

    async def undelivered(self, addresses: Sequence[Address], limit: int) -> Mapping[Address, Sequence[Line]]:
        """See the port."""
        if not addresses:
            return {}
        known = {self._keyring.contact_id(address): address for address in addresses}
        rows = await self.read(mailbox.undelivered, mailbox.Present(contacts=tuple(known), most=limit))
        told: dict[Address, list[Line]] = {}
        for row in rows:
            told.setdefault(known[bytes(row[0])], []).append(mailbox.ours_of(row))
        return told

    async def written_to(self, address: Address, ids: Sequence[MessageId]) -> frozenset[MessageId]:
        """See the port."""
        named = mailbox.Named(contact=self._keyring.contact_id(address), ids=tuple(ids))
        return await self.read(mailbox.written_to, named)

    # --- keeping house

    async def sweep(self, now: datetime, slice_size: int) -> int:
        """See the port."""
        return await self.write(purge, Slice(now=now, size=slice_size, retention=self._retention))

    async def expire_in_doubt(self, now: datetime, limit: int) -> int:
        """See the port."""
        return await self.write(outbox.end_doubts, outbox.OldDoubts(now=now, limit=limit))

    async def figures(self, now: datetime) -> Figures:
        """See the port."""
        return await self.read(queries.figures, now)

    async def wait_for_work(self, timeout: float) -> None:
        """See the port."""
        try:
            async with asyncio.timeout(timeout):
                await self._work.wait()
        except TimeoutError:
            return
        self._work.clear()

    async def answers(self, channel: ChannelName, external_id: str) -> Answers:
        """See the port."""
        return await self.read(queries.answers, queries.Message(channel=channel, external_id=external_id))

    async def messages(self, since: datetime) -> AsyncIterator[dict[str, Any]]:
        """See the port."""
        after: int | None = first_id_at(since) - 1
        while after is not None:
            received, sent, after = await self.read(listing.page, listing.Page(after=after, limit=PAGE))
            for line in listing.listed(received, sent, self._address):
                yield line

    # --- helpers

    def _event(self, sealed: bytes | None) -> events.Event | None:
        return None if sealed is None else events.restored(self._keyring.open_octets(bytes(sealed)))

    def _ids_for(self, writes: Sequence[Write]) -> tuple[MessageId, ...]:
        return tuple([self._ids.new() for _ in decisions.with_rows(writes)])


def _raise(lost: StoreError | None) -> None:
    if lost is not None:
        raise lost
