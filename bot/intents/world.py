"""What an intent may ask of the world; handed to it, never looked up."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from bot.calendar import WorkingCalendar
from bot.clock import VIETNAM
from bot.limits import Limits
from bot.model import Contact, Office, Ticket
from dossier_client.models import Dossier, Dossiers
from dossier_client.queues import NoQueues, Queues


class Memory(Protocol):
    """What is remembered of this contact's earlier look-ups."""

    async def own_codes(self) -> Sequence[str]:
        """Codes that this person looked up and that exist, newest first."""
        ...

    async def verification_tries(self, code: str) -> tuple[int, int]:
        """Tries of the last four digits within a day: on this dossier by anybody, by this person on any dossier."""
        ...

    async def owed_codes(self) -> Sequence[str]:
        """Codes whose late answer is still owed to this person."""
        ...

    async def tickets(self) -> Sequence[Ticket]:
        """Turns at counters taken today, newest first, those given back too."""
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
    verified_phone: str | None
    """The phone that this person proved to have; for SMS the sender."""

    @property
    def today(self) -> date:
        """The date in Vietnam."""
        return self.now.astimezone(VIETNAM).date()

    def knows(self, dossier: Dossier) -> bool:
        """T1: the person writes from a contact phone of the dossier."""
        return self.verified_phone is not None and self.verified_phone in dossier.contact_phones


def day_of(moment: datetime | None) -> date | None:
    """The date in Vietnam, as people read it."""
    return moment.astimezone(VIETNAM).date() if moment else None
