"""The waiting lines of the one-stop counters: what a system tells of them, and what may be asked."""

from dataclasses import dataclass
from typing import Protocol

from dossier_client.models import Unavailable, Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """The line of one agency now, and where a ticket stands in it."""

    unit: Unit
    ticket: str | None = None
    """None when no ticket was asked about, or when it does not wait any more."""
    now_serving: str | None = None
    ahead: int | None = None
    """People before the holder of the ticket; None without a ticket that waits."""
    waiting: int = 0
    counter: str | None = None
    wait_minutes: int | None = None
    """Estimated."""
    is_open: bool = True


@dataclass(frozen=True, slots=True)
class NoQueue:
    """No system that we know runs tickets for this agency."""


@dataclass(frozen=True, slots=True)
class QueueClosed:
    """The counter gives no more tickets today: closed or full."""


@dataclass(frozen=True, slots=True)
class GivenBack:
    """The ticket is free, or was not there."""


class Queues(Protocol):
    """What the intents ask of the queues. No call raises; each ends within 5 s."""

    async def state(self, unit_code: str, ticket: str | None = None) -> Queue | NoQueue | Unavailable:
        """The line of an agency, with the place of *ticket* in it."""
        ...

    async def take(self, unit_code: str, request_id: str) -> Queue | NoQueue | QueueClosed | Unavailable:
        """A ticket; the same one again for the same *request_id*, also when the first answer was lost."""
        ...

    async def give_back(self, unit_code: str, ticket: str) -> GivenBack | NoQueue | Unavailable:
        """The ticket is not needed any more."""
        ...


class NoQueues:
    """Implements ``Queues`` where no ticket may be taken."""

    async def state(self, unit_code: str, ticket: str | None = None) -> NoQueue:
        """There is no line."""
        del unit_code, ticket
        return NoQueue()

    async def take(self, unit_code: str, request_id: str) -> NoQueue:
        """There is no line."""
        del unit_code, request_id
        return NoQueue()

    async def give_back(self, unit_code: str, ticket: str) -> NoQueue:
        """There is no line."""
        del unit_code, ticket
        return NoQueue()
