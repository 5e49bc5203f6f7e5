"""Handling what was received: understand, decide, commit, hand to the route. One message of a person at a time."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.answering import Answerer
from bot.clock import Clock
from bot.errors import OwnerLost, StoreError, StoreRefused, TurnLost
from bot.events import Edited, Left, TakenOver, Withdrew
from bot.intent import Outcome, Reply, Write
from bot.kill_points import reach
from bot.limits import Limits
from bot.logs import Log
from bot.loop_guard import LoopGuard
from bot.metrics import Metrics
from bot.model import Charge, Content, Destination, OutboundKind, OutboundMessage
from bot.officer_chat import OfficerChat
from bot.outgoing import Outgoing
from bot.photos.reader import PhotoReader
from bot.recycled import Recycling
from bot.store.port import Claimed, Decision, Store
from bot.understanding.names import intent_name

MAX_RUNNING = 1000
MAX_ATTEMPTS = 5
POLL_SECONDS = 1.0
REFUSED_PAUSE = 0.5


@dataclass(frozen=True, slots=True)
class Brakes:
    """What keeps one person, or a machine that answers machines, from causing too much."""

    limits: Limits
    guard: LoopGuard


class Worker:
    """Turns inbox rows that this process owns into decisions."""

    def __init__(
        self,
        *,
        store: Store,
        answerer: Answerer,
        outgoing: Outgoing,
        brakes: Brakes,
        photos: PhotoReader,
        clock: Clock,
        metrics: Metrics,
        log: Log,
    ) -> None:
        self.officers: OfficerChat | None = None
        """Answers those of the desk in their chats, where that is wanted."""
        self._store = store
        self._answerer = answerer
        self._outgoing = outgoing
        self._recycling = Recycling(store=store, answerer=answerer, outgoing=outgoing, clock=clock, log=log)
        self._limits = brakes.limits
        self._guard = brakes.guard
        self._photos = photos
        self._clock = clock
        self._metrics = metrics
        self._log = log
        self._running: set[asyncio.Task[None]] = set()
        self._wake = asyncio.Event()
        self._backlog = True
        self._waiting_for_their_turn = 0
        self._stopping = False

    def has_room(self) -> bool:
        """Whether a message that arrives now may be claimed on the way in."""
        return not self._stopping and len(self._running) < MAX_RUNNING

    def offer(self, claimed: Claimed) -> None:
        """Go on with a row that was inserted as ``claimed``."""
        task = asyncio.get_running_loop().create_task(self._handle(claimed))
        self._running.add(task)
        task.add_done_callback(self._finished)

    def has_backlog(self) -> None:
        """A row was stored that nobody owns yet: it may have to wait for an older one of the same person."""
        self._waiting_for_their_turn += 1
        self._backlog = True
        self._wake.set()

    async def run(self) -> None:
        """Claim what others left, or what waited for its turn; until cancelled."""
        while True:
            try:
                more = await self._claim()
            except StoreError as error:
                self._log.warning("inbox not read", error=str(error))
                more = False
            if not more:
                await self._nap()

    async def drain(self, seconds: float) -> None:
        """Start nothing new; wait for what is under way."""
        self._stopping = True
        if self._running:
            await asyncio.wait(self._running, timeout=seconds)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if self._backlog or self._waiting_for_their_turn:
            self._backlog = True
            self._wake.set()

    async def _nap(self) -> None:
        try:
            async with asyncio.timeout(POLL_SECONDS):
                await self._wake.wait()
        except TimeoutError:
            self._backlog = True
            self._waiting_for_their_turn = 0
        self._wake.clear()

    async def _claim(self) -> bool:
        if self._stopping or not self._backlog or not self.has_room():
            return False
        reach("work.before_claim")
        room = min(MAX_RUNNING - len(self._running), 256)
        claimed = await self._store.claim_inbound(room)
        self._backlog = bool(claimed)
        self._waiting_for_their_turn = max(0, self._waiting_for_their_turn - len(claimed))
        for row in claimed:
            self.offer(row)
        return len(claimed) == room

    async def _handle(self, row: Claimed) -> None:
        reach("work.after_claim")
        try:
            if row.attempts > MAX_ATTEMPTS:
                await self._give_up(row, "claimed 5 times")
            else:
                await self._answer(row)
        except OwnerLost:
            self._log.warning("row lost to another process", id=row.id)
        except TurnLost:
            await self._release(row, "turn_lost")
        except StoreRefused as error:
            await asyncio.sleep(REFUSED_PAUSE)
            await self._release(row, str(error))
        except Exception as error:  # noqa: BLE001 - one message must never stop the others; it is tried again, then parked
            self._log.error("handling broke", id=row.id, attempts=row.attempts, error=repr(error))
            await self._broke(row, error)

    async def _answer(self, row: Claimed) -> None:
        if await self._recycling.parts(row):
            raise TurnLost("number of somebody else")
        if self._is_answered_by_hand(row):
            await self._write(row, (), self._store.decide)
            self._metrics.silent.labels("officer").inc()
            return
        if await self._is_answered_as_officer(row):
            return
        if self._is_said_by_a_machine(row):
            await self._write(row, (), self._store.decide)
            self._metrics.silent.labels("loop").inc()
            return
        message = await self._photos.read(row.message)
        answer = await self._answerer.answer(message, row.contact)
        reach("work.after_lookup")
        contents = self._within_limits(row, answer.contents)
        await self._write(row, contents, self._store.decide, writes=answer.outcome.writes)
        self._tell(row, intent_name(answer.intent), len(contents))

    async def _is_answered_as_officer(self, row: Claimed) -> bool:
        """The brakes are for strangers: who works through a list says the same words all day."""
        told = await self.officers.answer(row.message, row.contact) if self.officers else None
        if told is None:
            return False
        await self._write(row, told.contents, self._store.decide, writes=told.writes)
        self._tell(row, told.name, len(told.contents))
        return True

    def _is_answered_by_hand(self, row: Claimed) -> bool:
        """An officer talks to this person just now; only what changes that is acted on."""
        until = row.contact.quiet_until
        is_news = isinstance(row.message.event, TakenOver | Left | Withdrew)
        return until is not None and self._clock.now() < until and not is_news

    def _is_said_by_a_machine(self, row: Claimed) -> bool:
        """Only words can be: what somebody does besides writing has none, and is not the same as the time before."""
        message = row.message
        has_words = message.event is None or isinstance(message.event, Edited)
        return has_words and not self._guard.may_answer(row.contact.id, message.text, self._clock.now())

    def _within_limits(self, row: Claimed, contents: Sequence[Content]) -> Sequence[Content]:
        now = self._clock.now()
        person = row.contact.id
        allowed = [content for content in contents if self._may_say(content, person, now)]
        for content in allowed:
            self._guard.sent(content.text, now)
        return allowed

    def _may_say(self, content: Content, asker: bytes, now: datetime) -> bool:
        """Other accounts have a limit of their own: who has used up his must not join with them unnoticed."""
        whom = asker if content.to is None else repr(content.to.address).encode()
        return self._guard.may_say(whom, content.text, now) and self._limits.may_reply(whom, now)

    async def _write(
        self,
        row: Claimed,
        contents: Sequence[Content],
        write: Callable[[Decision], Awaitable[None]],
        *,
        writes: tuple[Write, ...] = (),
        wait: bool = False,
    ) -> None:
        """Store a decision, however often the store refuses; messages that found room leave right after the commit."""
        while True:
            prepared = [
                self._outgoing.prepare(self._reply(row, content, ordinal), wait=wait)
                for ordinal, content in enumerate(contents)
            ]
            outbound = tuple(item.outbound for item in prepared)
            try:
                await write(Decision(inbound=row, at=self._clock.now(), outbound=outbound, writes=writes))
            except BaseException as error:
                for item in prepared:
                    item.give_back()
                if self._stopping or not isinstance(error, StoreRefused):
                    raise
                self._log.warning("answer waits for the store", id=row.id, error=str(error))
                await asyncio.sleep(REFUSED_PAUSE)
            else:
                for item in prepared:
                    item.go()
                await self._photos.discard(row.message)
                return

    def _reply(self, row: Claimed, content: Content, ordinal: int) -> OutboundMessage:
        now = self._clock.now()
        asker = Destination(row.contact.address, row.message.recipient, row.message.route)
        to = content.to or asker
        is_first = ordinal == 0 and to is asker
        return OutboundMessage(
            id=self._store.new_id(),
            to=to.address,
            source=to.source,
            route=to.route,
            text=content.text,
            buttons=content.buttons,
            reply_key=row.message.reply_key if is_first else "",
            charge=content.charge if is_first else Charge.FREE,
            kind=_kind(content),
            reply_to=row.id,
            ordinal=ordinal,
            created_at=now,
            expires_at=now + timedelta(hours=24),
        )

    async def _broke(self, row: Claimed, error: Exception) -> None:
        if row.attempts < MAX_ATTEMPTS:
            await self._release(row, repr(error))
            return
        try:
            await self._give_up(row, repr(error))
        except StoreError as refused:
            self._log.warning("row not parked", id=row.id, error=str(refused))
            await self._release(row, repr(error))

    async def _give_up(self, row: Claimed, why: str) -> None:
        """Park a message that cannot be handled, with one sentence to the person; the row stays for a look."""
        contents = self._answerer.render(Outcome((Reply("error.generic", {}),)), row.contact)
        await self._write(row, contents, lambda decision: self._store.park(decision, why), wait=True)
        self._metrics.parked.inc()
        self._log.error("message parked", id=row.id, attempts=row.attempts, error=why)

    async def _release(self, row: Claimed, why: str) -> None:
        """Until the store takes it: a row that stayed ``claimed`` would block its person until the next start."""
        while True:
            try:
                await self._store.release_inbound(row.id, why)
            except StoreRefused as error:
                self._log.warning("row not given back yet", id=row.id, error=str(error))
                await asyncio.sleep(REFUSED_PAUSE)
                continue
            except StoreError as error:
                self._log.warning("row not given back", id=row.id, error=str(error))
            break
        self.has_backlog()

    def _tell(self, row: Claimed, intent: str, replies: int) -> None:
        seconds = (self._clock.now() - row.message.received_at).total_seconds()
        self._metrics.answered.labels(row.message.sender.channel.value, intent).inc()
        self._metrics.seconds.observe(max(0.0, seconds))
        self._log.info(
            "answered",
            id=row.id,
            channel=row.message.sender.channel.value,
            intent=intent,
            replies=replies,
            milliseconds=round(seconds * 1000, 1),
        )


def _kind(content: Content) -> OutboundKind:
    if content.once:
        return OutboundKind.ONE_TIME_CODE
    return OutboundKind.ANSWER if content.to is None else OutboundKind.NOTICE
