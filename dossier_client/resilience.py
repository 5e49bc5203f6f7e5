"""Not asking too much, too often or in vain: breaker, bulkhead, retry budget, single flight.

Time and chance come in by the constructor.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from enum import StrEnum
from types import TracebackType
from typing import Generic, TypeVar

from dossier_client.faults import Reason, UpstreamFault

Result = TypeVar("Result")

FAILURES_IN_A_ROW = 5
RATE_WINDOW_S = 10
RATE_LEAST_CALLS = 10
RATE_FAILED = 0.5
FIRST_PAUSE_S = 15.0
LONGEST_PAUSE_S = 120.0
PAUSE_SPREAD = 0.2
BUDGET_WINDOW_S = 60
BUDGET_SHARE = 0.1
BUDGET_FLOOR = 3
"""Retries a minute that are always allowed: a share of nearly no calls would be none at night."""


class RecentCounts:
    """Two running numbers of the last seconds, in buckets of one second."""

    def __init__(self, seconds: int, monotonic: Callable[[], float]) -> None:
        self._seconds = seconds
        self._monotonic = monotonic
        self._buckets: deque[list[int]] = deque()

    def add(self, *, calls: int = 0, marked: int = 0) -> None:
        """Count now."""
        second = int(self._monotonic())
        if not self._buckets or self._buckets[-1][0] != second:
            self._forget(second)
            self._buckets.append([second, 0, 0])
        bucket = self._buckets[-1]
        bucket[1] += calls
        bucket[2] += marked

    def totals(self) -> tuple[int, int]:
        """Calls, and those marked."""
        self._forget(int(self._monotonic()))
        return sum(bucket[1] for bucket in self._buckets), sum(bucket[2] for bucket in self._buckets)

    def clear(self) -> None:
        """Start anew."""
        self._buckets.clear()

    def _forget(self, second: int) -> None:
        while self._buckets and self._buckets[0][0] <= second - self._seconds:
            self._buckets.popleft()


class BreakerState(StrEnum):
    """Whether calls go through."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"
    """The pause is over: one call goes through and decides."""


class Breaker:
    """Stops calls to a system that fails, and lets one through after each pause (15 s doubling to 120 s, ± 20 %)."""

    def __init__(self, monotonic: Callable[[], float], random: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._random = random
        self._recent = RecentCounts(RATE_WINDOW_S, monotonic)
        self._in_a_row = 0
        self._pause_s = FIRST_PAUSE_S
        self._open_until: float | None = None
        self._probing = False

    @property
    def state(self) -> BreakerState:
        """As of now."""
        if self._open_until is None:
            return BreakerState.CLOSED
        return BreakerState.OPEN if self._monotonic() < self._open_until else BreakerState.HALF_OPEN

    def check(self) -> None:
        """Raises ``UpstreamFault`` when a call would not go through now."""
        if self._open_until is not None and (self._probing or self.state is BreakerState.OPEN):
            raise UpstreamFault(Reason.OPEN)

    def enter(self) -> bool:
        """Begin a call; to be ended by ``leave``, which takes what this gives. Raises ``UpstreamFault`` when not allowed."""
        self.check()
        self._probing = self._open_until is not None
        return self._probing

    def leave(self, *, probe: bool, failed: bool | None) -> None:
        """End a call; *failed* is None when it was cut before it could tell anything."""
        if probe:
            self._probing = False
            if failed is not None:
                self._decide(failed=failed)
        elif failed is not None and self._open_until is None:
            self._count(failed=failed)

    def _decide(self, *, failed: bool) -> None:
        if failed:
            self._pause_s = min(self._pause_s * 2, LONGEST_PAUSE_S)
            self._open()
        else:
            self._open_until, self._pause_s = None, FIRST_PAUSE_S

    def _count(self, *, failed: bool) -> None:
        self._recent.add(calls=1, marked=int(failed))
        self._in_a_row = self._in_a_row + 1 if failed else 0
        if failed and (self._in_a_row >= FAILURES_IN_A_ROW or self._fails_often()):
            self._open()

    def _fails_often(self) -> bool:
        calls, failed = self._recent.totals()
        return calls >= RATE_LEAST_CALLS and failed >= calls * RATE_FAILED

    def _open(self) -> None:
        spread = 1 + PAUSE_SPREAD * (2 * self._random() - 1)
        self._open_until = self._monotonic() + self._pause_s * spread
        self._in_a_row = 0
        self._recent.clear()


class Bulkhead:
    """At most *running* at the same time and *waiting* in line; whoever comes beyond gets ``UpstreamFault`` at once.

    Whoever has a place in one that is *within* another needs a place there too.
    """

    def __init__(self, running: int, waiting: int, within: "Bulkhead | None" = None) -> None:
        self._slots = asyncio.Semaphore(running)
        self._most_waiting = waiting
        self._within = within
        self.waiting = 0
        self.running = 0

    async def __aenter__(self) -> None:
        if self._slots.locked() and self.waiting >= self._most_waiting:
            raise UpstreamFault(Reason.BUSY)
        self.waiting += 1
        try:
            await self._slots.acquire()
        finally:
            self.waiting -= 1
        if self._within is not None:
            await self._enter_outer(self._within)
        self.running += 1

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.running -= 1
        self._slots.release()
        if self._within is not None:
            await self._within.__aexit__(kind, error, trace)

    async def _enter_outer(self, outer: "Bulkhead") -> None:
        try:
            await outer.__aenter__()
        except BaseException:
            self._slots.release()
            raise


class RetryBudget:
    """Retries stay below a tenth of the calls of the last minute, so that they never double an overload."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._recent = RecentCounts(BUDGET_WINDOW_S, monotonic)

    def called(self) -> None:
        """A first attempt is made."""
        self._recent.add(calls=1)

    def take(self) -> bool:
        """Whether one more retry may be made; it is counted."""
        calls, retries = self._recent.totals()
        allowed = retries < max(BUDGET_FLOOR, int(calls * BUDGET_SHARE))
        if allowed:
            self._recent.add(marked=1)
        return allowed


class SingleFlight(Generic[Result]):
    """One piece of work for each key at a time; whoever comes meanwhile gets the same result."""

    def __init__(self) -> None:
        self._flying: dict[str, asyncio.Future[Result | None]] = {}

    async def run(self, key: str, work: Callable[[], Awaitable[Result]]) -> Result:
        """The result of *work*, or of the one under way. When the one who works is cancelled, the next takes over."""
        while flying := self._flying.get(key):
            result = await asyncio.shield(flying)
            if result is not None:
                return result
        future = self._flying[key] = asyncio.get_running_loop().create_future()
        result = None
        try:
            result = await work()
            return result
        finally:
            del self._flying[key]
            future.set_result(result)
