"""What an intent may ask of the world; handed to it, never looked up."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from bot.calendar import WorkingCalendar
from bot.clock import VIETNAM
from bot.intents.petition_world import KeptFiles, Petitions
from bot.intents.rating_world import Ratings
from bot.limits import Limits
from bot.linking import CodePurpose, CodeTries, Kept, Member, OneTimeCode
from bot.model import Address, Contact, Destination, Office, Original, Ticket
from dossier_client.models import Dossier, Dossiers
from dossier_client.queues import NoQueues, Queues


class Memory(Protocol):
    """What is remembered of this contact's earlier look-ups."""

    @property
    def petitions(self) -> Petitions:
        """This person's petitions."""
        ...

    @property
    def ratings(self) -> Ratings:
        """This person's ratings."""
        ...

    async def own_codes(self) -> Sequence[str]:
        """Codes that this person looked up and that exist, newest first."""
        ...

    async def verification_tries(self, code: str) -> tuple[int, int]:
        """Tries of the last four digits within a day: on this dossier by anybody, by this person on any dossier."""
        ...

    async def owed_codes(self) -> Sequence[str]:
        """Codes whose late answer is still owed to this person."""
        ...

    async def original(self, reply_key: str) -> Original | None:
        """What stood in the message of this account before it was edited."""
        ...

    async def tickets(self) -> Sequence[Ticket]:
        """Turns at counters taken today, newest first, those given back too."""
        ...

    async def members(self) -> Sequence[Member]:
        """All joined accounts of this person, the longest joined first; alone: just the one that writes."""
        ...

    async def find_code(self, purpose: CodePurpose, code: str) -> OneTimeCode | None:
        """The code if it was issued, is valid, and was not used."""
        ...

    async def code_tries(self) -> CodeTries:
        """What was issued to this person and typed wrong lately."""
        ...

    async def account(self, address: Address) -> Member | None:
        """What is known of an address; None when nothing was ever heard of it."""
        ...

    async def codes_sent_to(self, address: Address) -> int:
        """How many codes an address was sent within a day, whoever asked."""
        ...

    async def kept(self) -> Kept:
        """What is kept of this person, counted."""
        ...

    def new_code(self) -> str:
        """Six digits that nobody can foresee."""
        ...

    def new_token(self) -> str:
        """128 bits that nobody can foresee, for a link."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Everything around one message."""

    contact: Contact
    now: datetime
    office: Office
    dossiers: Dossiers
    memory: Memory
    limits: Limits
    calendar: WorkingCalendar
    queues: Queues = field(default_factory=NoQueues)
    attached: KeptFiles = field(default_factory=KeptFiles)
    """Files that came with the words of a new petition."""
    here: Destination | None = None
    """How the person who writes is reached where the message came from; None: by the office's short code."""
    phones: tuple[str, ...]
    """The numbers that this person proved to have; for SMS the sender."""

    @property
    def today(self) -> date:
        """The date in Vietnam."""
        return self.now.astimezone(VIETNAM).date()

    @property
    def petitions(self) -> Petitions:
        """Those of the person who writes."""
        return self.memory.petitions

    @property
    def ratings(self) -> Ratings:
        """Those of the person who writes."""
        return self.memory.ratings

    @property
    def reached_here(self) -> Destination:
        """The account that writes, as what is told later is sent to it."""
        return self.here or Destination(self.contact.address, self.office.short_code, "")

    def knows(self, dossier: Dossier) -> bool:
        """T1: the person writes from a contact phone of the dossier."""
        return any(phone in dossier.contact_phones for phone in self.phones)


def day_of(moment: datetime | None) -> date | None:
    """The date in Vietnam, as people read it."""
    return moment.astimezone(VIETNAM).date() if moment else None
