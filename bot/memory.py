"""What a conversation may remember, read from the store when an intent asks for it."""

from collections.abc import Sequence
from datetime import timedelta

from bot.clock import Clock
from bot.model import Ticket
from bot.store.port import Store

LOOK_BACK = timedelta(days=90)
TRIES_WINDOW = timedelta(days=1)
OWN_CODES = 20


class StoredMemory:
    """The memory of one contact."""

    def __init__(self, store: Store, contact: bytes, clock: Clock) -> None:
        self._store = store
        self._contact = contact
        self._clock = clock

    async def own_codes(self) -> Sequence[str]:
        """Codes that this person looked up and that exist, newest first."""
        return await self._store.own_codes(self._contact, self._clock.now() - LOOK_BACK, OWN_CODES)

    async def verification_tries(self, code: str) -> tuple[int, int]:
        """Tries of the last four digits within a day: on this dossier by anybody, by this person on any dossier."""
        return await self._store.verification_tries(self._contact, code, self._clock.now() - TRIES_WINDOW)

    async def owed_codes(self) -> Sequence[str]:
        """Codes whose late answer is still owed to this person."""
        return await self._store.owed_codes(self._contact)

    async def tickets(self) -> Sequence[Ticket]:
        """Turns at counters taken today, newest first, those given back too."""
        return await self._store.tickets(self._contact, self._clock.now())


class NoMemory:
    """For ``motcua understand``: each line stands alone."""

    async def own_codes(self) -> Sequence[str]:
        """Nothing."""
        return ()

    async def verification_tries(self, code: str) -> tuple[int, int]:
        """No tries."""
        del code
        return 0, 0

    async def owed_codes(self) -> Sequence[str]:
        """Nothing."""
        return ()

    async def tickets(self) -> Sequence[Ticket]:
        """None."""
        return ()
