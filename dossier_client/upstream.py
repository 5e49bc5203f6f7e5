"""One one-stop system with everything that keeps us from harming it or waiting for it."""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeVar, assert_never

from dossier_client.auth import SignIn, sign_in
from dossier_client.connections import Connections, Resolve
from dossier_client.faults import NEVER_REACHED, NOT_ASKED, Reason, UpstreamFault
from dossier_client.http_connection import OWN_DELAY_S
from dossier_client.kinds import Ask, Kind
from dossier_client.kinds.onestop import OneStop
from dossier_client.kinds.opencps import OpenCps
from dossier_client.resilience import Breaker, BreakerState, Bulkhead, RetryBudget
from dossier_client.settings import Timings, UpstreamSettings
from dossier_client.transport import Answer, HttpTransport, Request

log = logging.getLogger(__name__)

Result = TypeVar("Result")

BACKGROUND_SHARE = 5
"""Late answers take at most one in five of the places of a system."""
PROBE_CODE = "H00-160101-0001"
"""Belongs to no province: a system that is back answers that there is no such dossier."""
RETRY_PAUSE_S = 0.2
LONGEST_RETRY_AFTER_S = 2.0
HTTP_UNAUTHORISED, HTTP_TOO_MANY = 401, 429
TRY_AGAIN = frozenset({502, 503, 504})


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Time and chance, so that tests can move them."""

    monotonic: Callable[[], float]
    random: Callable[[], float]
    timings: Timings
    resolve: Resolve


@dataclass(frozen=True, slots=True, kw_only=True)
class UpstreamHealth:
    """What the desk and the metrics show of one system."""

    breaker: str
    """``closed``, ``open`` or ``half_open``."""
    running: int
    waiting: int
    counts: Mapping[str, int]
    """Since the start: faults by reason, ``calls``, ``retries``, ``unknown_status``."""


class Upstream:
    """Asks one system. ``start`` first."""

    def __init__(self, settings: UpstreamSettings, around: Surroundings) -> None:
        self.name = settings.name
        self._settings = settings
        self._around = around
        self.counts: Counter[str] = Counter()
        self.kind = _kind(settings, self._count)
        self._breaker = Breaker(around.monotonic, around.random)
        self._budget = RetryBudget(around.monotonic)
        self._lane = Bulkhead(settings.max_concurrent, settings.max_waiting)
        self.drain_rate = max(1, settings.max_concurrent // BACKGROUND_SHARE)
        self._background = Bulkhead(self.drain_rate, settings.max_waiting, within=self._lane)
        self._connections: Connections | None = None
        self._transport: HttpTransport
        self._sign_in: SignIn

    async def start(self) -> None:
        """Get ready; nothing is sent yet. Raises ``OSError`` when the CA file cannot be read."""
        settings, around = self._settings, self._around
        self._connections = Connections(settings.ca_file, settings.timeout_s, around.timings, around.resolve)
        self._transport = HttpTransport(self._connections, self._settings.base_url)
        self._sign_in = sign_in(self._settings.auth, self._transport.send, self._around.monotonic)

    async def close(self) -> None:
        """Close all connections."""
        if self._connections is not None:
            await self._sign_in.close()
            await self._connections.close()
            self._connections = None

    @property
    def state(self) -> BreakerState:
        """Of the breaker."""
        return self._breaker.state

    def health(self) -> UpstreamHealth:
        """As of now."""
        return UpstreamHealth(
            breaker=self.state.value,
            running=self._lane.running,
            waiting=self._lane.waiting,
            counts=dict(self.counts),
        )

    async def run(
        self, work: Callable[[Kind, Ask], Awaitable[Result]], deadline: float, *, background: bool = False
    ) -> Result:
        """The result of *work*, before *deadline* (the loop's time). Raises ``UpstreamFault`` and nothing else."""
        try:
            self._breaker.check()
            async with asyncio.timeout_at(deadline), self._background if background else self._lane:
                return await self._guarded(work)
        except TimeoutError:
            fault = UpstreamFault(Reason.DEADLINE)
        except UpstreamFault as error:
            fault = error
        self._tell(fault)
        raise fault

    async def probe(self) -> bool:
        """Whether it is worth asking: yes when the breaker is closed; when its pause is over, one call decides."""
        if self.state is BreakerState.HALF_OPEN:
            deadline = asyncio.get_running_loop().time() + self._around.timings.look_up_s
            with suppress(UpstreamFault):
                await self.run(lambda kind, ask: kind.dossier(ask, PROBE_CODE), deadline, background=True)
        return self.state is BreakerState.CLOSED

    async def _guarded(self, work: Callable[[Kind, Ask], Awaitable[Result]]) -> Result:
        probe = self._breaker.enter()
        began = self._around.monotonic()
        failed: bool | None = None
        try:
            result = await work(self.kind, self._ask)
            failed = False
        except UpstreamFault as fault:
            failed = fault.is_failure
            raise
        except asyncio.CancelledError:
            failed = True if self._had_fair_time(self._around.monotonic() - began) else None
            raise
        except (ValueError, TypeError, LookupError, AttributeError, RuntimeError) as error:
            failed = True
            raise UpstreamFault(Reason.SHAPE, type(error).__name__) from None
        finally:
            self._breaker.leave(probe=probe, failed=failed)
        return result

    def _had_fair_time(self, seconds: float) -> bool:
        """Cut by our own deadline it is a failure of theirs only if they had a fair part of their time, and we noticed in ours."""
        return self._settings.timeout_s / 2 <= seconds <= self._around.timings.look_up_s + OWN_DELAY_S

    async def _ask(self, request: Request) -> Answer:
        """One attempt, and for a read a second one where that is harmless and within the budget."""
        self._count("calls")
        self._budget.called()
        try:
            answer = await self._signed(request)
            pause = self._pause_after(answer)
        except UpstreamFault as fault:
            if fault.reason not in NEVER_REACHED or request.method != "GET" or not self._budget.take():
                raise
            pause = self._around.random() * RETRY_PAUSE_S
        else:
            if pause is None or request.method != "GET" or not self._budget.take():
                return answer
        self._count("retries")
        await asyncio.sleep(pause)
        return await self._signed(request)

    def _pause_after(self, answer: Answer) -> float | None:
        """Seconds to wait before asking again; None when this answer stands."""
        if answer.status in TRY_AGAIN:
            return self._around.random() * RETRY_PAUSE_S
        if answer.status != HTTP_TOO_MANY or not answer.retry_after.isdecimal():
            return None
        seconds = float(answer.retry_after)
        return seconds if seconds <= LONGEST_RETRY_AFTER_S else None

    async def _signed(self, request: Request) -> Answer:
        headers = await self._sign_in.headers()
        answer = await self._transport.send(request, {**self.kind.headers, **headers})
        if answer.status != HTTP_UNAUTHORISED or not self._sign_in.refused(headers):
            return answer
        headers = await self._sign_in.headers()
        return await self._transport.send(request, {**self.kind.headers, **headers})

    def _count(self, what: str) -> None:
        self.counts[what] += 1

    def _tell(self, fault: UpstreamFault) -> None:
        self._count(fault.reason.value)
        if fault.reason not in NOT_ASKED:
            log.warning("upstream %s: %s", self.name, fault)


def _kind(settings: UpstreamSettings, count: Callable[[str], None]) -> Kind:
    match settings.kind:
        case "onestop":
            return OneStop(count)
        case "opencps":
            return OpenCps(count, settings.group_id)
        case _:
            assert_never(settings.kind)
