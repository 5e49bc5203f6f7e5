"""The languages that one-stop systems speak, each translated to the nouns of ``dossier_client.models``."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Protocol

from dossier_client.models import Dossier, Step
from dossier_client.transport import Answer, Request

Ask = Callable[[Request], Awaitable[Answer]]
"""Sends one request with all its limits and a retry. Raises ``UpstreamFault``."""
Count = Callable[[str], None]
"""Counts something to look at, for instance a state that is on no list."""


class Kind(Protocol):
    """One language. Every call may raise ``UpstreamFault``."""

    headers: Mapping[str, str]
    """Sent with each request."""

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
