"""The one-stop systems for one message: everything that is asked for it ends by one common deadline."""

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

from dossier_client.models import (
    Dossiers,
    History,
    Lookup,
    NotFound,
    OtherProvince,
    OwnDossiers,
    Unavailable,
    Verified,
)
from dossier_client.queues import GivenBack, NoQueue, Queue, QueueClosed, Queues

SECONDS = 5.5
"""An answer leaves within six seconds. The first call ends within five by itself; what is asked after it gets what is left."""

Result = TypeVar("Result")


class Punctual:
    """Implements ``Dossiers``. Made when the message is taken up; a call past the deadline is ``Unavailable``."""

    def __init__(self, dossiers: Dossiers, seconds: float = SECONDS) -> None:
        self._dossiers = dossiers
        self._deadline = asyncio.get_running_loop().time() + seconds

    async def find(self, code: str) -> Lookup:
        """As the systems behind it."""
        return await self._in_time(self._dossiers.find(code))

    async def history(self, code: str) -> History | NotFound | OtherProvince | Unavailable:
        """As the systems behind it."""
        return await self._in_time(self._dossiers.history(code))

    async def by_phone(self, phone: str) -> OwnDossiers | Unavailable:
        """As the systems behind it."""
        return await self._in_time(self._dossiers.by_phone(phone))

    async def verify(self, code: str, id_last4: str) -> Verified | NotFound | Unavailable:
        """As the systems behind it."""
        return await self._in_time(self._dossiers.verify(code, id_last4))

    async def _in_time(self, call: Awaitable[Result]) -> Result | Unavailable:
        return await _by(self._deadline, call)


class PunctualQueues:
    """Implements ``Queues``, as ``Punctual`` does the dossiers."""

    def __init__(self, queues: Queues, seconds: float = SECONDS) -> None:
        self._queues = queues
        self._deadline = asyncio.get_running_loop().time() + seconds

    async def state(self, unit_code: str, ticket: str | None = None) -> Queue | NoQueue | Unavailable:
        """As the systems behind it."""
        return await _by(self._deadline, self._queues.state(unit_code, ticket))

    async def take(self, unit_code: str, request_id: str) -> Queue | NoQueue | QueueClosed | Unavailable:
        """As the systems behind it."""
        return await _by(self._deadline, self._queues.take(unit_code, request_id))

    async def give_back(self, unit_code: str, ticket: str) -> GivenBack | NoQueue | Unavailable:
        """As the systems behind it."""
        return await _by(self._deadline, self._queues.give_back(unit_code, ticket))


async def _by(deadline: float, call: Awaitable[Result]) -> Result | Unavailable:
    try:
        async with asyncio.timeout_at(deadline):
            return await call
    except TimeoutError:
        return Unavailable("")
