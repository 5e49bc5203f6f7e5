"""A committed message goes to its route once, and what becomes of it decides what is done next."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.channels import Limits, Slot
from bot.clock import FixedClock
from bot.errors import (
    ChannelBusy,
    NotSent,
    OutcomeUnknown,
    RecipientRefused,
    SendError,
    StoreRefused,
    TemporarySendError,
)
from bot.logs import get_log
from bot.metrics import Metrics
from bot.model import Address, ChannelName, MessageId, OutboundMessage
from bot.sender import Sender, failure_of
from bot.store.port import OutboundState, SendFailure

NOW = datetime(2026, 6, 10, 2, 0, tzinfo=UTC)
MESSAGE = OutboundMessage(
    id=MessageId(1),
    to=Address(ChannelName.SMS, "84912345678"),
    source="8283",
    route="smpp:telco",
    text="HS",
    created_at=NOW,
    expires_at=NOW + timedelta(hours=24),
)


@dataclass(frozen=True)
class Case:
    label: str
    error: SendError
    tries: int
    state: OutboundState
    wait: float | None


CASES = [
    Case("busy: again after a second", ChannelBusy(), 0, OutboundState.READY, 1),
    Case("busy: as long as the provider says", ChannelBusy(retry_after=30), 0, OutboundState.READY, 30),
    Case("not sent: before all later ones", NotSent(), 0, OutboundState.READY, -60),
    Case("temporary: first wait", TemporarySendError(), 1, OutboundState.READY, 5),
    Case("temporary: second wait", TemporarySendError(), 2, OutboundState.READY, 30),
    Case("temporary: third wait", TemporarySendError(), 3, OutboundState.READY, 120),
    Case("temporary: given up", TemporarySendError(), 4, OutboundState.FAILED, None),
    Case("refused for good", RecipientRefused(), 1, OutboundState.FAILED, None),
    Case("outcome unknown", OutcomeUnknown(), 1, OutboundState.IN_DOUBT, None),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.label)
def test_what_follows_a_failure(case: Case) -> None:
    message = replace(MESSAGE, attempts=case.tries, created_at=NOW - timedelta(minutes=1))
    failure = failure_of(message, case.error, NOW)
    assert failure.state is case.state
    assert failure.retry_at == (NOW + timedelta(seconds=case.wait) if case.wait is not None else None)


class FakeSlot:
    def __init__(self, route: "FakeRoute") -> None:
        self._route = route

    def release(self) -> None:
        self._route.free += 1
        self._route.told()


class FakeRoute:
    name = "smpp:telco"
    channel = ChannelName.SMS
    limits = Limits()

    def __init__(self, *, free: int = 10, charged: bool = False, up: bool = True) -> None:
        self.free = free
        self.charged = charged
        self.up = up
        self.sent: list[OutboundMessage] = []
        self.errors: list[Exception] = []
        self.told: Callable[[], None] = lambda: None

    def is_up(self) -> bool:
        return self.up

    def on_room(self, callback: Callable[[], None]) -> None:
        self.told = callback

    def segments_of(self, text: str) -> int:
        return 1 + len(text) // 160

    def reserve(self, message_to: str, segments: int) -> Slot | None:
        del message_to, segments
        if not self.free or not self.up:
            return None
        self.free -= 1
        return FakeSlot(self)

    async def send(self, message: OutboundMessage, slot: Slot) -> Sequence[str]:
        self.sent.append(message)
        slot.release()
        if self.errors:
            raise self.errors.pop(0)
        return (f"id-{message.id}",)


class FakeStore:
    """Holds rows to be claimed and remembers what was recorded."""

    def __init__(self) -> None:
        self.ready: list[OutboundMessage] = []
        self.doubtful: list[OutboundMessage] = []
        self.recorded: list[Any] = []
        self.refuses = False
        self.refusals_of_results = 0
        self.meanwhile: Callable[[], None] = lambda: None
        """Called while rows are being claimed."""
        self.news = asyncio.Event()

    def _refuse(self) -> None:
        if self.refusals_of_results:
            self.refusals_of_results -= 1
            raise StoreRefused

    async def claim_outbound(self, route: str, limit: int, now: datetime) -> Sequence[OutboundMessage]:
        del route, now
        if self.refuses:
            raise StoreRefused
        taken, self.ready = self.ready[:limit], self.ready[limit:]
        self.meanwhile()
        return taken

    async def claim_in_doubt(
        self, route: str, limit: int, now: datetime, older_than: datetime
    ) -> Sequence[OutboundMessage]:
        del route, limit, now, older_than
        taken, self.doubtful = self.doubtful, []
        return [replace(message, possible_duplicate=True) for message in taken]

    async def record_sent(self, message: OutboundMessage, provider_ids: Sequence[str], at: datetime) -> None:
        del at
        self._refuse()
        self.recorded.append((message.id, tuple(provider_ids)))
        self.news.set()

    async def record_failure(self, message: OutboundMessage, failure: SendFailure) -> None:
        self._refuse()
        self.recorded.append((message.id, failure.state))
        self.news.set()


def sender_on(route: FakeRoute, store: FakeStore, clock: FixedClock | None = None) -> Sender:
    return Sender(route, store, clock or FixedClock(NOW), Metrics(), get_log())  # type: ignore[arg-type]


async def run_until(sender: Sender, store: FakeStore, done: Callable[[], bool]) -> None:
    running = asyncio.create_task(sender.run())
    async with asyncio.timeout(10):
        while not done():
            store.news.clear()
            await store.news.wait()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_ready_rows_are_sent_and_recorded_even_through_a_narrow_window() -> None:
    route, store = FakeRoute(free=1), FakeStore()
    store.ready = [replace(MESSAGE, id=MessageId(number)) for number in range(1, 201)]
    await run_until(sender_on(route, store), store, lambda: len(store.recorded) == 200)
    assert [message.id for message in route.sent] == list(range(1, 201))
    assert store.recorded[0] == (1, ("id-1",))


async def test_new_messages_do_not_overtake_those_that_wait() -> None:
    route, store = FakeRoute(), FakeStore()
    sender = sender_on(route, store)
    assert sender.reserve("84912345678", 1) is None
    store.ready = [MESSAGE]
    await run_until(sender, store, lambda: bool(store.recorded))
    assert sender.reserve("84912345678", 1) is not None


async def test_a_row_in_doubt_is_sent_again_only_when_the_route_has_been_back_for_ten_seconds() -> None:
    route, store, clock = FakeRoute(), FakeStore(), FixedClock(NOW)
    store.doubtful = [MESSAGE]
    sender = sender_on(route, store, clock)
    assert await sender._turn() is False
    assert route.sent == []
    clock.advance(10)
    await sender._turn()
    await sender.drain(5)
    assert [message.possible_duplicate for message in route.sent] == [True]


async def test_a_charged_row_in_doubt_is_never_sent_again() -> None:
    route, store, clock = FakeRoute(charged=True), FakeStore(), FixedClock(NOW)
    store.doubtful = [MESSAGE]
    sender = sender_on(route, store, clock)
    await sender._turn()
    clock.advance(3600)
    await sender._turn()
    assert route.sent == []


async def test_a_route_is_down_once_it_has_been_away_for_five_seconds() -> None:
    route, clock = FakeRoute(up=False), FixedClock(NOW)
    sender = sender_on(route, FakeStore(), clock)
    assert not sender.is_down(), "a process that just started has not yet connected"
    clock.advance(5.1)
    assert sender.is_down()
    route.up = True
    assert not sender.is_down()
    route.up = False
    clock.advance(4)
    assert not sender.is_down(), "a line that comes back soon was never away"


async def test_a_route_that_is_down_takes_nothing_and_claims_nothing() -> None:
    route, store = FakeRoute(up=False), FakeStore()
    store.ready = [MESSAGE]
    assert await sender_on(route, store)._turn() is False
    assert store.ready == [MESSAGE]


async def test_a_fault_in_the_channel_leaves_the_row_in_doubt_not_open() -> None:
    route, store = FakeRoute(), FakeStore()
    route.errors = [RuntimeError("bug")]
    sender = sender_on(route, store)
    slot = route.reserve("84912345678", 1)
    assert slot is not None
    sender.launch(MESSAGE, slot)
    await sender.drain(5)
    assert store.recorded == [(1, OutboundState.IN_DOUBT)]


async def test_a_store_that_refuses_does_not_stop_the_sender() -> None:
    route, store = FakeRoute(), FakeStore()
    store.refuses = True
    store.ready = [MESSAGE]
    sender = sender_on(route, store)
    running = asyncio.create_task(sender.run())
    await asyncio.sleep(0)
    store.refuses = False
    sender.has_backlog()
    async with asyncio.timeout(10):
        await store.news.wait()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert route.sent == [MESSAGE]


@pytest.mark.parametrize("errors", [[], [NotSent()]], ids=["sent", "failed"])
async def test_a_result_is_offered_to_the_store_until_it_takes_it(errors: list[Exception]) -> None:
    route, store = FakeRoute(), FakeStore()
    route.errors, store.refusals_of_results = errors, 1
    sender = sender_on(route, store)
    slot = route.reserve("84912345678", 1)
    assert slot is not None
    sender.launch(MESSAGE, slot)
    await sender.drain(5)
    assert len(route.sent) == len(store.recorded) == 1


@pytest.mark.parametrize("free", [1, 10], ids=["window of one", "window of ten"])
async def test_texts_to_one_person_leave_in_order_while_the_channel_asks_for_patience(free: int) -> None:
    route, store = FakeRoute(free=free), FakeStore()
    store.ready = [replace(MESSAGE, id=MessageId(number)) for number in (1, 2, 3)]
    route.errors = [ChannelBusy(retry_after=0.01), ChannelBusy(retry_after=0.01)]
    await run_until(sender_on(route, store), store, lambda: len(store.recorded) == 3)
    assert [message.id for message in route.sent] == [1, 1, 1, 2, 3]
    assert [key for key, _ in store.recorded] == [1, 2, 3]


async def test_another_person_does_not_wait() -> None:
    route, store = FakeRoute(), FakeStore()
    other = replace(MESSAGE, id=MessageId(2), to=Address(ChannelName.SMS, "84987654321"))
    store.ready = [MESSAGE, other]
    route.errors = [ChannelBusy(retry_after=0.02)]
    await run_until(sender_on(route, store), store, lambda: len(store.recorded) == 2)
    assert [message.id for message in route.sent] == [1, 2, 1]


@pytest.mark.parametrize(
    ("retry_after", "expires_at"),
    [(None, MESSAGE.expires_at), (60, MESSAGE.expires_at), (0.01, NOW)],
    ids=["no time told", "too long to wait here", "expired"],
)
async def test_patience_ends(retry_after: float | None, expires_at: datetime) -> None:
    route, store = FakeRoute(), FakeStore()
    store.ready = [replace(MESSAGE, expires_at=expires_at)]
    route.errors = [ChannelBusy(retry_after=retry_after)]
    await run_until(sender_on(route, store), store, lambda: bool(store.recorded))
    assert store.recorded == [(1, OutboundState.READY)]


async def test_patience_ends_when_the_route_goes_down() -> None:
    route, store = FakeRoute(), FakeStore()
    sender = sender_on(route, store)
    slot = route.reserve(MESSAGE.to.id, 1)
    assert slot is not None
    route.errors = [ChannelBusy(retry_after=0.01)]
    sender.launch(MESSAGE, slot)
    sender.launch(replace(MESSAGE, id=MessageId(2)), FakeSlot(route))
    route.up = False
    await sender.drain(5)
    assert store.recorded == [(1, OutboundState.READY), (2, OutboundState.READY)]


async def test_what_is_in_hand_leaves_before_the_process_ends() -> None:
    route, store = FakeRoute(), FakeStore()
    sender = sender_on(route, store)
    for number in (1, 2):
        slot = route.reserve(MESSAGE.to.id, 1)
        assert slot is not None
        sender.launch(replace(MESSAGE, id=MessageId(number)), slot)
    await sender.drain(5)
    assert [key for key, _ in store.recorded] == [1, 2]
    assert not sender._last


async def test_a_row_stored_while_others_are_claimed_does_not_wait_for_the_next_poll() -> None:
    route, store = FakeRoute(), FakeStore()
    sender = sender_on(route, store)
    store.ready = [MESSAGE]

    def meanwhile() -> None:
        store.meanwhile = lambda: None
        assert sender.reserve(MESSAGE.to.id, 1) is None, "it would overtake"
        store.ready.append(replace(MESSAGE, id=MessageId(2)))
        sender.has_backlog(MESSAGE.to.id)

    store.meanwhile = meanwhile
    started = asyncio.get_running_loop().time()
    await run_until(sender, store, lambda: len(store.recorded) == 2)
    assert asyncio.get_running_loop().time() - started < 0.9, "not with the next poll"
    assert [message.id for message in route.sent] == [1, 2]


async def test_only_those_who_are_behind_wait_for_the_store() -> None:
    route, store = FakeRoute(), FakeStore()
    sender = sender_on(route, store)
    await sender._turn()
    store.ready = [MESSAGE]
    sender.has_backlog(MESSAGE.to.id)
    places: list[Slot | None] = []

    def meanwhile() -> None:
        places.extend(sender.reserve(to, 1) for to in (MESSAGE.to.id, "84987654321"))

    store.meanwhile = meanwhile
    await sender._turn()
    assert [place is None for place in places] == [True, False]
    await sender.drain(5)


async def test_so_many_behind_that_all_wait() -> None:
    route, store = FakeRoute(free=0), FakeStore()
    sender = sender_on(route, store)
    await sender._turn()
    for number in range(10_001):
        assert sender.reserve(f"849{number:08}", 1) is None
    route.free = 10
    assert sender.reserve("84987654321", 1) is None
    sender.has_backlog()
    await sender._turn()
    assert sender.reserve("84987654322", 1) is not None
