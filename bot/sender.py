"""Taking committed messages to their route and recording what became of them."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from functools import partial

from bot.channels import Route, Slot
from bot.clock import Clock
from bot.errors import ChannelBusy, NotSent, OutcomeUnknown, SendError, StoreError, StoreRefused
from bot.kill_points import reach
from bot.logs import Log
from bot.metrics import Metrics
from bot.model import OutboundMessage
from bot.store.port import OutboundState, SendFailure, Store

CLAIM_AT_ONCE = 64
POLL_SECONDS = 1.0
REFUSED_PAUSE = 0.5
MOST_BEHIND = 10_000
PATIENCE_SECONDS = 5.0
IN_DOUBT_WAIT = timedelta(seconds=10)
RETRY_SECONDS = (5, 30, 120)
DOWN_SECONDS = 5.0
"""A line that comes back sooner was never away."""


class Sender:
    """The one that sends on a route. A message comes here only after it was committed as ``sending``."""

    def __init__(self, route: Route, store: Store, clock: Clock, metrics: Metrics, log: Log) -> None:
        self.route = route
        self._store = store
        self._clock = clock
        self._metrics = metrics
        self._sent = metrics.sent.labels(route.name)
        self._segments = metrics.segments.labels(route.name)
        self._log = log
        self._backlog = True
        self._unknown_behind = True
        self._behind: set[str] = set()
        self._moving: set[str] = set()
        self._waiting = 0
        self._wake = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._last: dict[str, asyncio.Task[None]] = {}
        self._up_since: float | None = None
        self._seen_up_at = clock.monotonic()
        self._stopping = False
        route.on_room(self._wake.set)

    def is_down(self) -> bool:
        """The route has not been up for a while: other roads, if there are any, take what is new."""
        if self.route.is_up():
            self._seen_up_at = self._clock.monotonic()
        return self._clock.monotonic() - self._seen_up_at > DOWN_SECONDS

    def reserve(self, address_id: str, segments: int) -> Slot | None:
        """Room for a message that is about to be committed; None while an older one to this person, or for the route, waits."""
        is_behind = self._unknown_behind or address_id in self._behind or address_id in self._moving
        slot = None if is_behind or self._waiting or self._stopping else self.route.reserve(address_id, segments)
        if slot is None:
            self._falls_behind(address_id)
        return slot

    def has_backlog(self, address_id: str | None = None) -> None:
        """Rows for this route were stored as ``ready``, this person's if one is named."""
        if address_id is not None:
            self._falls_behind(address_id)
        self._backlog = True
        self._wake.set()

    def launch(self, message: OutboundMessage, slot: Slot) -> None:
        """Send a message that is committed as ``sending``, after those under way to the same person."""
        before = self._last.get(message.to.id)
        work = self._send(message, slot) if before is None else self._send_after(before, message, slot)
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        self._last[message.to.id] = task
        task.add_done_callback(partial(self._finished, message.to.id))

    async def run(self) -> None:
        """Take ``ready`` rows, and those in doubt, as room allows; until cancelled."""
        while True:
            try:
                busy = await self._turn()
            except StoreError as error:
                self._log.warning("outbox not read", route=self.route.name, error=str(error))
                busy = False
            if not busy:
                await self._nap()

    async def drain(self, seconds: float) -> None:
        """Start nothing new; wait for what is under way."""
        self._stopping = True
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)

    def _falls_behind(self, address_id: str) -> None:
        self._behind.add(address_id)
        if len(self._behind) > MOST_BEHIND:
            self._behind.clear()
            self._unknown_behind = True

    def _finished(self, address_id: str, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if self._last[address_id] is task:
            del self._last[address_id]

    async def _nap(self) -> None:
        try:
            async with asyncio.timeout(POLL_SECONDS):
                await self._wake.wait()
        except TimeoutError:
            self._backlog = True
        self._wake.clear()

    async def _turn(self) -> bool:
        """One round; whether another should follow at once."""
        if self._stopping or not self._route_is_up() or self._waiting:
            return False
        if self._backlog:
            await self._launch_all(await self._ready())
            self._moving = set()
        await self._launch_all(await self._in_doubt())
        return self._backlog

    async def _ready(self) -> Sequence[OutboundMessage]:
        """The next rows. Those stored while the store is asked make another round, and their people wait for it."""
        self._backlog = False
        self._moving, self._behind = self._behind, set()
        try:
            claimed = await self._store.claim_outbound(self.route.name, CLAIM_AT_ONCE, self._clock.now())
        except StoreError:
            self._backlog = True
            self._behind |= self._moving
            raise
        if len(claimed) == CLAIM_AT_ONCE:
            self._backlog = True
            self._behind |= self._moving
        else:
            self._unknown_behind = False
        return claimed

    async def _in_doubt(self) -> Sequence[OutboundMessage]:
        """Those to send once more: the route has been back for ten seconds and no receipt told us better."""
        up_for = 0.0 if self._up_since is None else self._clock.monotonic() - self._up_since
        if self.route.charged or up_for < IN_DOUBT_WAIT.total_seconds():
            return ()
        now = self._clock.now()
        return await self._store.claim_in_doubt(self.route.name, CLAIM_AT_ONCE, now, now - IN_DOUBT_WAIT)

    def _route_is_up(self) -> bool:
        if not self.route.is_up():
            self._up_since = None
            return False
        self._seen_up_at = self._clock.monotonic()
        if self._up_since is None:
            self._up_since = self._seen_up_at
        return True

    async def _launch_all(self, messages: Sequence[OutboundMessage]) -> None:
        for message in messages:
            if message.possible_duplicate:
                self._metrics.repeated.labels(self.route.name).inc()
            slot = await self._slot_for(message)
            if slot is None:
                await self._record(message, NotSent())
            else:
                self.launch(message, slot)

    async def _slot_for(self, message: OutboundMessage) -> Slot | None:
        """Wait for room; None when the route went down meanwhile."""
        self._waiting += 1
        try:
            while self.route.is_up() and not self._stopping:
                slot = self.route.reserve(message.to.id, message.segments)
                if slot is not None:
                    return slot
                self._wake.clear()
                try:
                    async with asyncio.timeout(POLL_SECONDS):
                        await self._wake.wait()
                except TimeoutError:
                    continue
            return None
        finally:
            self._waiting -= 1
            if self._backlog:
                self._wake.set()

    async def _send_after(self, before: asyncio.Task[None], message: OutboundMessage, slot: Slot) -> None:
        """Meanwhile the place is free for others: the one before may need it."""
        slot.release()
        await asyncio.wait([before])
        place = self.route.reserve(message.to.id, message.segments) or await self._slot_for(message)
        if place is None:
            await self._record(message, NotSent())
        else:
            await self._send(message, place)

    async def _send(self, message: OutboundMessage, slot: Slot) -> None:
        reach("out.before_send")
        try:
            ids = await self._patiently(message, slot)
        except SendError as error:
            await self._record(message, error)
        except Exception as error:  # noqa: BLE001 - a fault of ours in a channel: the outcome is unknown, the row must not stay open
            self._log.error("send broke", route=self.route.name, id=message.id, error=repr(error))
            await self._record(message, OutcomeUnknown(repr(error)))
        else:
            reach("out.after_response")
            await self._stored(partial(self._store.record_sent, message, ids, self._clock.now()))
            self._sent.inc()
            self._segments.inc(message.segments)

    async def _patiently(self, message: OutboundMessage, slot: Slot) -> Sequence[str]:
        """While the channel only asks us to slow down, a message stays before the next ones to the same person."""
        place: Slot | None = slot
        while place is not None:
            try:
                return await self.route.send(message, place)
            except ChannelBusy as error:
                wait = error.retry_after
                if wait is None or wait > PATIENCE_SECONDS or self._clock.now() >= message.expires_at:
                    raise
                self._metrics.send_failures.labels(self.route.name, error.code).inc()
                await asyncio.sleep(wait)
            place = await self._slot_for(message)
        raise NotSent

    async def _record(self, message: OutboundMessage, error: SendError) -> None:
        self._metrics.send_failures.labels(self.route.name, error.code).inc()
        failure = failure_of(message, error, self._clock.now())
        if failure.state is OutboundState.READY:
            self._backlog = True
            self._falls_behind(message.to.id)
        else:
            self._log.warning(
                "not sent",
                route=self.route.name,
                id=message.id,
                state=failure.state.value,
                reason=error.code,
                detail=str(error),
            )
        await self._stored(partial(self._store.record_failure, message, failure))

    async def _stored(self, write: Callable[[], Awaitable[None]]) -> None:
        """Until the store takes it: a row that stayed ``sending`` would wait for the next start, its person for an answer.
        What is not stored when the process ends is in doubt afterwards.
        """
        while True:
            try:
                await write()
            except StoreRefused as error:
                self._log.warning("result of a send waits for the store", route=self.route.name, error=str(error))
                await asyncio.sleep(REFUSED_PAUSE)
                continue
            except StoreError as error:
                self._log.warning("result of a send not stored", route=self.route.name, error=str(error))
            break


def failure_of(message: OutboundMessage, error: SendError, now: datetime) -> SendFailure:
    """What to do next with a message whose send failed; one that never left keeps its place before later ones."""
    retry_at: datetime | None = None
    match error:
        case OutcomeUnknown():
            state = OutboundState.IN_DOUBT
        case NotSent():
            state, retry_at = OutboundState.READY, message.created_at
        case ChannelBusy():
            state, retry_at = OutboundState.READY, now + timedelta(seconds=error.retry_after or 1.0)
        case _ if error.retry and message.attempts <= len(RETRY_SECONDS):
            wait = error.retry_after or RETRY_SECONDS[message.attempts - 1]
            state, retry_at = OutboundState.READY, now + timedelta(seconds=wait)
        case _:
            state = OutboundState.FAILED
    return SendFailure(
        state=state, error=error.code, at=now, retry_at=retry_at, uses_attempt=error.uses_attempt, parts=error.parts
    )
