"""The queues of all configured systems as one: which system keeps the line of an agency, with the limits of every other call."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TypeVar

from dossier_client.faults import UpstreamFault
from dossier_client.kinds import Ask, QueueKind
from dossier_client.models import Unavailable
from dossier_client.queues import GivenBack, NoQueue, Queue, QueueClosed
from dossier_client.upstream import Upstream

Result = TypeVar("Result")

UNIT_CODE = re.compile(r"[0-9A-Z.]{3,24}", re.ASCII)
HEAD = re.compile(r"[A-Z]\d{2}", re.ASCII)


class OneStopQueues:
    """Implements ``Queues`` over the systems that lead to an agency's head, in the order in which codes are asked."""

    def __init__(
        self, upstreams: Mapping[str, Upstream], systems_of: Callable[[str], Sequence[str]], seconds: float
    ) -> None:
        """*systems_of* names the systems of a head; *seconds* is the time of a whole call."""
        self._upstreams = upstreams
        self._systems_of = systems_of
        self._seconds = seconds

    async def state(self, unit_code: str, ticket: str | None = None) -> Queue | NoQueue | Unavailable:
        """The line of an agency, with the place of *ticket* in it."""
        return await self._first(unit_code, lambda kind, ask: kind.state(ask, unit_code, ticket))

    async def take(self, unit_code: str, request_id: str) -> Queue | NoQueue | QueueClosed | Unavailable:
        """A ticket; the same one again for the same *request_id*."""
        return await self._first(unit_code, lambda kind, ask: kind.take(ask, unit_code, request_id))

    async def give_back(self, unit_code: str, ticket: str) -> GivenBack | NoQueue | Unavailable:
        """The ticket is not needed any more."""
        return await self._first(unit_code, lambda kind, ask: kind.give_back(ask, unit_code, ticket))

    async def _first(
        self, unit_code: str, work: Callable[[QueueKind, Ask], Awaitable[Result | None]]
    ) -> Result | NoQueue | Unavailable:
        """The first answer. A system that fails hides whether the line is its own: then nobody else is asked."""
        head = HEAD.search(unit_code)
        if UNIT_CODE.fullmatch(unit_code) is None or head is None:
            return NoQueue()
        deadline = asyncio.get_running_loop().time() + self._seconds
        for name in self._systems_of(head[0]):
            upstream = self._upstreams[name]
            queues = upstream.kind.queues
            if queues is None:
                continue
            try:
                result = await upstream.run(_with(queues, work), deadline)
            except UpstreamFault:
                return Unavailable(name)
            if result is not None:
                return result
        return NoQueue()


def _with(
    queues: QueueKind, work: Callable[[QueueKind, Ask], Awaitable[Result | None]]
) -> Callable[[object, Ask], Awaitable[Result | None]]:
    return lambda _kind, ask: work(queues, ask)
