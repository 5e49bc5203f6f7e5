"""The mailbox of a browser: what was written to it and by it, as the store has it. A browser that comes back reads it here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.events import Event
from bot.model import Address, Button, MessageId


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One message of a conversation, either way."""

    id: MessageId
    is_ours: bool
    text: str
    at: datetime
    external_id: str = ""
    """The channel's own id of what the person wrote; of ours, that of the message it answers."""
    event: Event | None = None
    """What the person did besides writing."""
    buttons: tuple[Button, ...] = ()


class Mailbox(Protocol):
    """Reads conversations of the web chat; changes nothing. Each call raises ``StoreError`` when it cannot be read."""

    async def lines(self, address: Address, after: int, limit: int) -> Sequence[Line]:
        """The newest lines with a greater id than *after*, and all of ours that are not delivered yet; oldest first."""
        ...

    async def undelivered(self, addresses: Sequence[Address], limit: int) -> Mapping[Address, Sequence[Line]]:
        """Lines of ours to any of these that are not delivered yet."""
        ...

    async def written_to(self, address: Address, ids: Sequence[MessageId]) -> frozenset[MessageId]:
        """Those of the ids that are lines of ours to this address."""
        ...
