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
        try:
            async with asyncio.timeout_at(self._deadline):
                return await call
        except TimeoutError:
            return Unavailable("")
