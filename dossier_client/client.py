"""The one-stop systems as one: routing, memory of answers, and what to say when a system is down."""

import asyncio
import random
import re
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from dossier_client.cache import AgedCache
from dossier_client.codes import DossierCode, parse
from dossier_client.connections import Resolve, resolve
from dossier_client.faults import UpstreamFault
from dossier_client.keeping import Keeper
from dossier_client.kinds import Ask, Kind
from dossier_client.models import (
    Dossier,
    Dossiers,
    Found,
    GivenRating,
    History,
    Lookup,
    NotFound,
    OtherProvince,
    OwnDossiers,
    Taken,
    Unavailable,
    Verified,
)
from dossier_client.procedures import Catalogues, OneStopCatalogues
from dossier_client.provinces import province_name
from dossier_client.queueing import OneStopQueues
from dossier_client.queues import Queues
from dossier_client.reading import VIETNAM, normal_code
from dossier_client.resilience import BreakerState, SingleFlight
from dossier_client.routing import RouteTable
from dossier_client.settings import Timings, UpstreamSettings
from dossier_client.upstream import Surroundings, Upstream, UpstreamHealth

Result = TypeVar("Result")

LEGACY = re.compile(r"(?=.*\d)[0-9A-ZĐ][0-9A-ZĐ./_-]{3,39}")
"""Receipt numbers older than the national form; anything else is not sent to anybody."""
PHONE = re.compile(r"\d{8,15}", re.ASCII)
LAST_DIGITS = re.compile(r"\d{4}", re.ASCII)
CACHE_OCTETS = 16 * 1024 * 1024
ABSENT_OCTETS = 4 * 1024 * 1024
"""For codes known not to exist: some ten thousand, each for half a minute."""


class OneStopClient:
    """Implements ``Dossiers`` over all configured systems. ``start`` first, ``close`` last."""

    def __init__(
        self,
        upstreams: Sequence[UpstreamSettings],
        now: Callable[[], datetime],
        monotonic: Callable[[], float] = time.monotonic,
        *,
        chance: Callable[[], float] = random.random,
        timings: Timings = Timings(),  # noqa: B008 - frozen
        resolve: Resolve = resolve,
        cache_octets: int = CACHE_OCTETS,
    ) -> None:
        """*now* is aware wall time; *chance* gives 0 to 1 and spreads retries; *resolve* finds the addresses of a host.

        *cache_octets* is the memory for dossiers kept for later answers.
        """
        self._now = now
        self._timings = timings
        self._routes = RouteTable(upstreams)
        around = Surroundings(monotonic, chance, timings, resolve)
        self._upstreams = {settings.name: Upstream(settings, around) for settings in upstreams}
        self._keeper = Keeper()
        self._found = AgedCache(cache_octets, monotonic)
        self._absent = AgedCache(ABSENT_OCTETS, monotonic)
        self._flights: SingleFlight[Lookup] = SingleFlight()
        self._background_flights: SingleFlight[Lookup] = SingleFlight()
        self.background: Dossiers = BackgroundDossiers(self)
        """The same systems in a lane of at most a fifth of their places, for late answers."""
        self.queues: Queues = OneStopQueues(self._upstreams, self._systems_of, timings.look_up_s)
        """The waiting lines of the counters."""
        self.catalogues: Catalogues = OneStopCatalogues(self._upstreams)
        """The procedures that the systems publish."""

    async def start(self) -> None:
        """Get ready; nothing is sent yet. Raises ``OSError`` when a CA file cannot be read."""
        for upstream in self._upstreams.values():
            await upstream.start()

    async def close(self) -> None:
        """Close all connections."""
        for upstream in self._upstreams.values():
            await upstream.close()

    async def find(self, code: str) -> Lookup:
        """One dossier by its canonical code or national reference."""
        code = normal_code(code)
        return self._remembered(code) or await self._flights.run(code, self._look_up_of(code, background=False))

    async def find_in_background(self, code: str) -> Lookup:
        """As ``find``, in the lane of late answers."""
        code = normal_code(code)
        return self._remembered(code) or await self._background_flights.run(
            code, self._look_up_of(code, background=True)
        )

    async def history(self, code: str) -> History | NotFound | OtherProvince | Unavailable:
        """The steps of one dossier."""
        code = normal_code(code)
        parsed, names = self._matching(code)
        if not names:
            return _nowhere(parsed)
        _, steps, failed = await self._first(names, lambda kind, ask: kind.history(ask, code), self._deadline())
        if steps is not None:
            return History(steps)
        return Unavailable(failed[0]) if failed else NotFound()

    async def verify(self, code: str, id_last4: str) -> Verified | NotFound | Unavailable:
        """Does the asker know the last four digits of the applicant's identity number?"""
        code = normal_code(code)
        if LAST_DIGITS.fullmatch(id_last4) is None:
            return Verified(passed=False)
        _, names = self._matching(code)
        _, passed, failed = await self._first(
            names, lambda kind, ask: kind.verify(ask, code, id_last4), self._deadline()
        )
        if passed is not None:
            return Verified(passed=passed)
        return Unavailable(failed[0]) if failed else NotFound()

    async def rate(self, code: str, rating: GivenRating) -> Taken | NotFound | Unavailable:
        """Hand over an opinion, in the lane of late answers; ``NotFound`` when no system will ever take it."""
        code = normal_code(code)
        _, names = self._matching(code)
        _, taken, failed = await self._first(
            names, lambda kind, ask: kind.rate(ask, code, rating), self._deadline(), background=True
        )
        return taken or (Unavailable(failed[0]) if failed else NotFound())

    async def by_phone(self, phone: str) -> OwnDossiers | Unavailable:
        """The dossiers of a phone from all systems, newest first; all are asked at the same time."""
        if PHONE.fullmatch(phone) is None:
            return OwnDossiers(())
        deadline = self._deadline()
        answers = await asyncio.gather(*(self._of_phone(name, phone, deadline) for name in self._upstreams))
        lists = [answer for answer in answers if isinstance(answer, tuple)]
        failed = [answer.upstream for answer in answers if isinstance(answer, Unavailable)]
        if failed and not lists:
            return Unavailable(failed[0])
        each_once = {dossier.code: dossier for dossiers in lists for dossier in dossiers}
        newest_first = sorted(each_once.values(), key=_received, reverse=True)
        return OwnDossiers(tuple(newest_first), complete=len(lists) == len(answers))

    def health(self) -> dict[str, UpstreamHealth]:
        """The state of each system by name."""
        return {name: upstream.health() for name, upstream in self._upstreams.items()}

    def breakers(self) -> dict[str, str]:
        """``closed``, ``open`` or ``half_open`` by name of the system."""
        return {name: upstream.state.value for name, upstream in self._upstreams.items()}

    def is_back(self, upstream: str) -> bool:
        """Whether calls go through; nothing is sent. A system that is no longer configured keeps nobody waiting."""
        return upstream not in self._upstreams or self._upstreams[upstream].state is BreakerState.CLOSED

    async def probe(self, upstream: str) -> bool:
        """As ``is_back``; when the breaker's pause is over, one call decides."""
        return upstream not in self._upstreams or await self._upstreams[upstream].probe()

    def drain_rate(self, upstream: str) -> int:
        """How many late answers of this system may be looked up at the same time: a fifth of its places."""
        return self._upstreams[upstream].drain_rate if upstream in self._upstreams else 1

    def _deadline(self) -> float:
        return asyncio.get_running_loop().time() + self._timings.look_up_s

    def _remembered(self, code: str) -> Lookup | None:
        if (kept := self._found.get(code, self._timings.fresh_s)) is not None:
            found, has_details = self._keeper.unpack(kept)
            return None if has_details else found
        return None if self._absent.get(code, self._timings.not_found_s) is None else NotFound()

    def _systems_of(self, head: str) -> tuple[str, ...]:
        return self._routes.of_head(head, self._now().astimezone(VIETNAM).date())

    def _matching(self, code: str) -> tuple[DossierCode | None, tuple[str, ...]]:
        parsed = parse(code, self._now().astimezone(VIETNAM).date())
        if parsed is None and LEGACY.fullmatch(code) is None:
            return None, ()
        return parsed, self._routes.matching(parsed)

    def _look_up_of(self, code: str, *, background: bool) -> Callable[[], Awaitable[Lookup]]:
        deadline = self._deadline()
        return lambda: self._look_up(code, deadline, background=background)

    async def _look_up(self, code: str, deadline: float, *, background: bool) -> Lookup:
        parsed, names = self._matching(code)
        if not names:
            return _nowhere(parsed)
        name, dossier, failed = await self._first(
            names, lambda kind, ask: kind.dossier(ask, code), deadline, background=background
        )
        if dossier is not None:
            found = Found(dossier, self._now(), name)
            self._found.put(code, self._keeper.pack(found))
            self._absent.drop(code)
            return found
        return self._last_known(code, failed) if failed else self._forgotten(code)

    async def _first(
        self,
        names: Sequence[str],
        work: Callable[[Kind, Ask], Awaitable[Result | None]],
        deadline: float,
        *,
        background: bool = False,
    ) -> tuple[str, Result | None, list[str]]:
        """Who gave the first result, the result, and who failed before."""
        failed = []
        for name in names:
            try:
                result = await self._upstreams[name].run(work, deadline, background=background)
            except UpstreamFault:
                failed.append(name)
                continue
            if result is not None:
                return name, result, failed
        return "", None, failed

    async def _of_phone(self, name: str, phone: str, deadline: float) -> tuple[Dossier, ...] | Unavailable | None:
        try:
            return await self._upstreams[name].run(lambda kind, ask: kind.by_phone(ask, phone), deadline)
        except UpstreamFault:
            return Unavailable(name)

    def _last_known(self, code: str, failed: Sequence[str]) -> Found | Unavailable:
        kept = self._found.get(code, self._timings.stale_s)
        if kept is not None:
            known, _ = self._keeper.unpack(kept)
            if known.upstream in failed:
                return replace(known, stale=True)
        return Unavailable(failed[0])

    def _forgotten(self, code: str) -> NotFound:
        self._found.drop(code)
        self._absent.put(code, b"")
        return NotFound()


class BackgroundDossiers:
    """The view of a client whose look-ups go through the lane of late answers."""

    def __init__(self, client: OneStopClient) -> None:
        self._client = client

    async def find(self, code: str) -> Lookup:
        """One dossier, in the background lane."""
        return await self._client.find_in_background(code)

    async def history(self, code: str) -> History | NotFound | OtherProvince | Unavailable:
        """As the client's."""
        return await self._client.history(code)

    async def by_phone(self, phone: str) -> OwnDossiers | Unavailable:
        """As the client's."""
        return await self._client.by_phone(phone)

    async def verify(self, code: str, id_last4: str) -> Verified | NotFound | Unavailable:
        """As the client's."""
        return await self._client.verify(code, id_last4)


def _nowhere(parsed: DossierCode | None) -> NotFound | OtherProvince:
    return NotFound() if parsed is None else OtherProvince(parsed.head, province_name(parsed.head))


def _received(dossier: Dossier) -> float:
    return dossier.received_at.timestamp() if dossier.received_at else 0.0
