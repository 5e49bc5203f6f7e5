"""The log of messages for the desk, addresses masked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.access.records import AuditEntry
from bot.clock import Clock
from bot.model import Address, ChannelName
from bot.privacy import Keyring, masked
from bot.store import audit, deliveries
from bot.store.base import PlanStore
from bot.store.deliveries import AboutWish, DeliveryWish
from bot.store.keys import from_micros
from bot.store.statements import Row


@dataclass(frozen=True, slots=True, kw_only=True)
class SentLine:
    """A message of ours in the log."""

    id: int
    channel: ChannelName
    address: str
    """Masked; "" once it is forgotten."""
    state: str
    kind: str
    route: str
    segments: int
    tries: int
    error: str
    at: datetime
    possible_duplicate: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedLine:
    """A message to us in the log; its words are not shown."""

    id: int
    channel: ChannelName
    address: str
    state: str
    route: str
    attempts: int
    error: str
    at: datetime
    is_repeat: bool
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """How many messages stand in a state."""

    state: str
    messages: int
    segments: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One try to send."""

    number: int
    started_at: datetime
    ended_at: datetime | None
    outcome: str
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PartLine:
    """A part that a provider took, and what became of it."""

    attempt: int
    place: int
    provider_id: str
    state: str
    error: str


class DeliveryBook:
    """Reads the log; sends one message again."""

    def __init__(self, store: PlanStore, keyring: Keyring, clock: Clock) -> None:
        self._store = store
        self._keyring = keyring
        self._clock = clock

    def contact(self, address: Address) -> bytes:
        """How an address is searched for."""
        return self._keyring.contact_id(address)

    async def sent(self, wish: DeliveryWish) -> Sequence[SentLine]:
        """Ours, newest first."""
        return [self._sent(row) for row in await self._store.read(deliveries.messages_sent, wish)]

    async def about(self, wish: AboutWish) -> Sequence[SentLine]:
        """Ours that answered somebody who asked for a dossier, newest first."""
        return [self._sent(row) for row in await self._store.read(deliveries.messages_about, wish)]

    async def received(self, wish: DeliveryWish) -> Sequence[ReceivedLine]:
        """Theirs, newest first."""
        return [self._received(row) for row in await self._store.read(deliveries.messages_received, wish)]

    async def totals(self, wish: DeliveryWish) -> Sequence[Total]:
        """Ours by state; the state of the wish does not count."""
        rows = await self._store.read(deliveries.totals, wish)
        return [Total(state=state, messages=count, segments=int(segments or 0)) for state, count, segments in rows]

    async def history(self, key: int) -> tuple[Sequence[Attempt], Sequence[PartLine]]:
        """What was tried with a message of ours, and what its parts came to."""
        attempts, parts = await self._store.read(deliveries.history, key)
        return [_attempt(row) for row in attempts], [_part(row) for row in parts]

    async def resend(self, key: int, entry: AuditEntry) -> bool:
        """Once more, as a new message; False when it may have arrived, is a one-time code, or its words are gone."""
        log = audit.Record(entries=(entry,), digest=audit.chained_with(self._keyring))
        again = deliveries.Resend(id=key, new_id=self._store.new_id(), at=self._clock.now(), log=log)
        return await self._store.write(deliveries.resend, again)

    def _masked(self, sealed: bytes | None) -> str:
        return masked(self._keyring.open(bytes(sealed)).id) if sealed else ""

    def _sent(self, row: Row) -> SentLine:
        key, channel, sealed, state, kind, route, segments, tries, error, at, again = row
        return SentLine(
            id=key,
            channel=ChannelName(channel),
            address=self._masked(sealed),
            state=state,
            kind=kind,
            route=route,
            segments=segments,
            tries=tries,
            error=error or "",
            at=from_micros(at),
            possible_duplicate=bool(again),
        )

    def _received(self, row: Row) -> ReceivedLine:
        key, channel, sealed, state, route, attempts, error, at, dup_of, codes = row
        return ReceivedLine(
            id=key,
            channel=ChannelName(channel),
            address=self._masked(sealed),
            state=state,
            route=route,
            attempts=attempts,
            error=error or "",
            at=from_micros(at),
            is_repeat=dup_of is not None,
            codes=tuple(codes.split(",")) if codes else (),
        )


def _attempt(row: Row) -> Attempt:
    number, started_at, ended_at, outcome, error = row
    ended = None if ended_at is None else from_micros(ended_at)
    return Attempt(
        number=number, started_at=from_micros(started_at), ended_at=ended, outcome=outcome or "", error=error or ""
    )


def _part(row: Row) -> PartLine:
    number, place, provider_id, state, error = row
    return PartLine(attempt=number, place=place, provider_id=provider_id, state=state, error=error or "")
