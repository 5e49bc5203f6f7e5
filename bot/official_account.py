"""What an Official Account must not forget: its tokens, when a person last wrote, what was sent by template and what it cost.

The port between the channel and the store. Every call returns after the commit and raises ``StoreRefused`` when nothing was stored.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bot.model import Address, TemplateMessage


class GrantState(StrEnum):
    """The life of a pair of tokens: ready → refreshing → ready, with a new pair, or spent."""

    READY = "ready"
    REFRESHING = "refreshing"
    """Somebody calls the provider just now; whether the old pair still works is not known."""
    SPENT = "spent"
    """Nothing can be renewed with it: a person must authorise again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenPair:
    """What the provider issued."""

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    """Good once."""
    expires_at: datetime
    """Of the access token."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """The pair of an account, and what happens with it."""

    pair: TokenPair
    generation: int
    """Grows with every new pair: whoever saw an older one has an old pair."""
    state: GrantState
    renewed_at: datetime
    seed: bytes
    """Which configured pair it descends from, hashed."""


class Grants(Protocol):
    """Tokens of accounts. Only one of all processes renews a pair, and only once."""

    async def grant(self, account: str) -> Grant | None:
        """What is stored, or None."""
        ...

    async def give_grant(self, account: str, pair: TokenPair, seed: bytes, at: datetime) -> None:
        """A person brought a new pair: it replaces whatever was there."""
        ...

    async def begin_renewal(self, account: str, generation: int) -> bool:
        """``ready`` → ``refreshing`` by this process; False when another one was faster. A process that dies before it ends
        the renewal leaves the pair ``spent``.
        """
        ...

    async def end_renewal(self, account: str, generation: int, pair: TokenPair, at: datetime) -> bool:
        """Store the new pair, ``ready``, before anybody uses it. False when the row is not this process's any more."""
        ...

    async def give_up_renewal(self, account: str, generation: int, state: GrantState) -> bool:
        """No new pair: ``ready`` when the old one is surely unused, else ``spent``. The pair itself is never touched."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateSent:
    """A message of ours that went out as a template."""

    to: Address
    template: TemplateMessage


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateCost:
    """What one template cost in one month."""

    sent: int
    cost_vnd: int


class AccountRecords(Grants, Protocol):
    """Everything that an account keeps in the store."""

    async def last_wrote(self, person: Address) -> datetime | None:
        """When this person last wrote or did something; None when it is not known."""
        ...

    async def wrote(self, person: Address, at: datetime) -> None:
        """This person wrote just now. Somebody whom we do not know is left out."""
        ...

    async def template_sent(self, message: int | None, provider_id: str) -> TemplateSent | None:
        """Whom a template went to, by the id of the message or by the provider's."""
        ...

    async def add_template_cost(self, month: str, template: str, cost_vnd: int) -> None:
        """One more, in the month ``2026-06``."""
        ...

    async def template_costs(self, month: str) -> Mapping[str, TemplateCost]:
        """By our key of the template."""
        ...
