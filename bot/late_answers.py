"""Keeping the promise of a late answer when a one-stop system is back."""

from datetime import datetime, time, timedelta
from typing import Protocol

from bot.answering import Answerer
from bot.clock import VIETNAM, Clock
from bot.errors import StoreError
from bot.logs import Log
from bot.model import Content, OutboundKind, OutboundMessage
from bot.outgoing import Outgoing
from bot.rounds import in_rounds
from bot.store.port import Promise, Store

ROUND_SECONDS = 2.0
AT_ONCE = 20
QUIET_FROM, QUIET_UNTIL = time(21, 0), time(7, 0)
STILL_WAITING = timedelta(minutes=30)


class Upstreams(Protocol):
    """What the drain asks about the one-stop systems."""

    async def probe(self, upstream: str) -> bool:
        """Whether the upstream answers now."""
        ...


class LateAnswers:
    """Drains promises, in a lane of its own that takes at most a fifth of an upstream's capacity."""

    def __init__(
        self, *, store: Store, answerer: Answerer, upstreams: Upstreams, outgoing: Outgoing, clock: Clock, log: Log
    ) -> None:
        self._store = store
        self._answerer = answerer
        self._upstreams = upstreams
        self._outgoing = outgoing
        self._clock = clock
        self._log = log
        self._reached: dict[str, int] = {}
        """The last promise that was tried, per upstream, while there are more: those that fail come again after all others."""

    async def run(self) -> None:
        """Look every two seconds whether something is owed and can be paid; until cancelled."""
        await in_rounds(self.round, ROUND_SECONDS, self._log, "late answers")

    async def round(self) -> int:
        """One look at every upstream that owes; how many promises were closed."""
        closed = 0
        for upstream, count in (await self._store.open_promises()).items():
            if count and await self._upstreams.probe(upstream):
                closed += await self._drain(upstream)
        return closed

    async def _drain(self, upstream: str) -> int:
        now = self._clock.now()
        promises = await self._store.due_promises(
            upstream, now, AT_ONCE, asked_since=awake_since(now), after=self._reached.get(upstream, 0)
        )
        self._reached[upstream] = promises[-1].id if len(promises) == AT_ONCE else 0
        return sum([await self._try(promise) for promise in promises])

    async def _try(self, promise: Promise) -> int:
        try:
            return await self._keep(promise)
        except StoreError:
            raise
        except Exception as error:  # noqa: BLE001 - one promise must not keep the others waiting; it ends with its validity
            self._log.error("late answer broke", id=promise.id, error=repr(error))
            return 0

    async def _keep(self, promise: Promise) -> int:
        late = await self._answerer.late(promise.code, promise.asked_at, promise.contact)
        if late is None:
            return 0
        outcome, contents = late
        prepared = self._outgoing.prepare(self._message(promise, contents[0])) if contents else None
        outbound = prepared.outbound if prepared else None
        try:
            kept = await self._store.keep_promise(promise, outbound, outcome.writes, self._clock.now())
        except BaseException:
            if prepared:
                prepared.give_back()
            raise
        if prepared:
            prepared.go() if kept else prepared.give_back()
        self._log.info("late answer", id=promise.id, upstream=promise.upstream, sent=bool(kept and contents))
        return 1

    def _message(self, promise: Promise, content: Content) -> OutboundMessage:
        now = self._clock.now()
        return OutboundMessage(
            id=self._store.new_id(),
            to=promise.contact.address,
            source=promise.source,
            route=promise.route,
            text=content.text,
            buttons=content.buttons,
            kind=OutboundKind.LATE_ANSWER,
            reply_to=promise.reply_to,
            ordinal=promise.ordinal,
            created_at=now,
            expires_at=now + timedelta(hours=24),
        )


def awake_since(now: datetime) -> datetime | None:
    """Who asked before then is not answered now; None: everybody is.

    Nobody is woken at night by an answer that they no longer wait for: after half an hour, quiet hours hold it.
    """
    return now - STILL_WAITING if is_quiet(now) else None


def is_quiet(now: datetime) -> bool:
    """The hours of the night."""
    at = now.astimezone(VIETNAM).time()
    return at >= QUIET_FROM or at < QUIET_UNTIL
