"""What a conversation may remember, read from the store when an intent asks for it."""

import secrets
from collections.abc import Sequence
from datetime import timedelta

from bot.clock import Clock
from bot.intents.petition_world import NoPetitions, Petitions
from bot.intents.rating_world import NoRatings, Ratings
from bot.linking import CodePurpose, CodeTries, Kept, Member, OneTimeCode
from bot.model import Address, Contact, Original, Ticket
from bot.rating_memory import StoredRatings
from bot.store.port import Store

LOOK_BACK = timedelta(days=90)
TRIES_WINDOW = timedelta(days=1)
OWN_CODES = 20
CODES = 1_000_000


class StoredMemory:
    """The memory of one person."""

    def __init__(self, store: Store, contact: Contact, clock: Clock, petitions: Petitions | None = None) -> None:
        self.petitions = petitions or NoPetitions()
        self.ratings: Ratings = StoredRatings(store, contact.home, clock)
        self._store = store
        self._account = contact.id
        self._home = contact.home
        self._is_linked = contact.linked_to is not None
        self._clock = clock

    async def own_codes(self) -> Sequence[str]:
        """Codes that this person looked up and that exist, newest first."""
        return await self._store.own_codes(self._home, self._clock.now() - LOOK_BACK, OWN_CODES)

    async def verification_tries(self, code: str) -> tuple[int, int]:
        """Tries of the last four digits within a day: on this dossier by anybody, by this person on any dossier."""
        return await self._store.verification_tries(self._home, code, self._clock.now() - TRIES_WINDOW)

    async def owed_codes(self) -> Sequence[str]:
        """Codes whose late answer is still owed to this person."""
        return await self._store.owed_codes(self._account)

    async def original(self, reply_key: str) -> Original | None:
        """What stood in the message of this account before it was edited."""
        return await self._store.original(self._account, reply_key)

    async def tickets(self) -> Sequence[Ticket]:
        """Turns at counters taken today, newest first, those given back too."""
        if not self._is_linked:
            return await self._store.tickets(self._account, self._clock.now())
        accounts = [member.id for member in await self.members()]
        tickets = [ticket for account in accounts for ticket in await self._store.tickets(account, self._clock.now())]
        return sorted(tickets, key=lambda ticket: ticket.taken_at, reverse=True)

    async def members(self) -> Sequence[Member]:
        """All joined accounts of this person."""
        return await self._store.members(self._home)

    async def find_code(self, purpose: CodePurpose, code: str) -> OneTimeCode | None:
        """The code if it was issued, is valid, and was not used."""
        return await self._store.find_code(purpose, code, self._clock.now())

    async def code_tries(self) -> CodeTries:
        """What was issued to this person and typed wrong lately."""
        return await self._store.code_tries(self._account, self._home, self._clock.now())

    async def account(self, address: Address) -> Member | None:
        """What is known of an address; None when nothing was ever heard of it."""
        return await self._store.account(address)

    async def codes_sent_to(self, address: Address) -> int:
        """How many codes an address was sent within a day, whoever asked."""
        return await self._store.codes_sent_to(address, self._clock.now() - TRIES_WINDOW)

    async def kept(self) -> Kept:
        """What is kept of this person, counted."""
        return await self._store.kept_of(self._home)

    def new_code(self) -> str:
        """Six digits that nobody can foresee."""
        return f"{secrets.randbelow(CODES):06}"

    def new_token(self) -> str:
        """128 bits that nobody can foresee, for a link."""
        return secrets.token_urlsafe(16)


class NoMemory:
    """For ``motcua understand``: each line stands alone."""

    petitions: Petitions = NoPetitions()
    """None."""
    ratings: Ratings = NoRatings()
    """None."""

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

    async def original(self, reply_key: str) -> Original | None:
        """Nothing was edited."""
        del reply_key
        return None

    async def tickets(self) -> Sequence[Ticket]:
        """None."""
        return ()

    async def members(self) -> Sequence[Member]:
        """None."""
        return ()

    async def find_code(self, purpose: CodePurpose, code: str) -> OneTimeCode | None:
        """None."""
        del purpose, code
        return None

    async def code_tries(self) -> CodeTries:
        """None."""
        return CodeTries(issued=0, wrong=0, wrong_anywhere=0)

    async def account(self, address: Address) -> Member | None:
        """Nobody is known."""
        del address
        return None

    async def codes_sent_to(self, address: Address) -> int:
        """None."""
        del address
        return 0

    async def kept(self) -> Kept:
        """Nothing."""
        return Kept(codes=0, tickets=0)

    def new_code(self) -> str:
        """Nobody will type it."""
        return "0" * 6

    def new_token(self) -> str:
        """Nobody will follow it."""
        return "0" * 22
