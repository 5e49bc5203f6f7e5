"""The languages that one-stop systems speak, each translated to the nouns of ``dossier_client.models``."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Protocol

from dossier_client.models import Dossier, GivenRating, Step, Taken
from dossier_client.queues import GivenBack, Queue, QueueClosed
from dossier_client.transport import Answer, Request

Ask = Callable[[Request], Awaitable[Answer]]
"""Sends one request with all its limits and a retry. Raises ``UpstreamFault``."""
Count = Callable[[str], None]
"""Counts something to look at, for instance a state that is on no list."""


class QueueKind(Protocol):
    """The queue calls of one language; None: the system has no line for this agency. May raise ``UpstreamFault``."""

    async def state(self, ask: Ask, unit_code: str, ticket: str | None) -> Queue | None:
        """The line of an agency, with the place of a ticket in it."""
        ...

    async def take(self, ask: Ask, unit_code: str, request_id: str) -> Queue | QueueClosed | None:
        """A ticket, idempotent by *request_id*."""
        ...

    async def give_back(self, ask: Ask, unit_code: str, ticket: str) -> GivenBack | None:
        """The ticket is not needed."""
        ...


class Kind(Protocol):
    """One language. Every call may raise ``UpstreamFault``."""

    headers: Mapping[str, str]
    """Sent with each request."""
    queues: QueueKind | None
    """None: this kind of system gives no tickets to us."""
    publishes_procedures: bool
    """It offers its catalogue of procedures page by page."""

    async def dossier(self, ask: Ask, code: str) -> Dossier | None:
        """The dossier, or None when the system says that there is none."""
        ...

    async def history(self, ask: Ask, code: str) -> tuple[Step, ...] | None:
        """The steps, oldest first, or None when there is no such dossier."""
        ...

    async def by_phone(self, ask: Ask, phone: str) -> tuple[Dossier, ...] | None:
        """The dossiers of a phone, or None when this kind of system cannot tell."""
        ...

    async def verify(self, ask: Ask, code: str, id_last4: str) -> bool | None:
        """Whether the digits are right, or None when there is no such dossier."""
        ...

    async def rate(self, ask: Ask, code: str, rating: GivenRating) -> Taken | None:
        """Hand over an opinion, idempotent by its id; None when there is no such dossier or this kind takes none."""
        ...
