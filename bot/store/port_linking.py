"""What the store promises about one person on several channels."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from bot.linking import CodePurpose, CodeTries, Kept, Member, OneTimeCode
from bot.model import Address, Contact

if TYPE_CHECKING:
    from bot.store.port import NewOutbound


class LinkingStore(Protocol):
    """Joined accounts, one-time codes, erasing. What a decision changes of them is among its writes."""

    async def members(self, home: bytes) -> Sequence[Member]:
        """All accounts of the person whose state this account keeps, the longest joined first; alone: just this one."""
        ...

    async def account(self, address: Address) -> Member | None:
        """What is known of an address; None when nothing was ever heard of it."""
        ...

    async def find_code(self, purpose: CodePurpose, code: str, now: datetime) -> OneTimeCode | None:
        """The code if it was issued, is valid, and was not used."""
        ...

    async def code_tries(self, contact: bytes, home: bytes, now: datetime) -> CodeTries:
        """What was issued to the account and what was typed wrong by the person, for the limits."""
        ...

    async def codes_sent_to(self, address: Address, since: datetime) -> int:
        """How many codes were issued to an address whose validity ended later than *since*, whoever asked for them."""
        ...

    async def kept_of(self, home: bytes) -> Kept:
        """What is kept of a person, counted."""
        ...

    async def copy_of(self, token: str, now: datetime) -> dict[str, Any] | None:
        """Everything kept of the person to whom this token was given, once; None when it opens nothing (any more)."""
        ...

    async def part_recycled(
        self, contact: Contact, notices: "Sequence[tuple[bytes, NewOutbound]]", at: datetime
    ) -> bool:
        """A number that somebody else may have by now leaves its person, who keeps the history, and begins anew: what is
        kept of the number itself is erased. *notices* say so, each with the account that it goes to. False, and nothing
        changed, when it stands alone already.
        """
        ...

    async def erase(self, now: datetime, slice_size: int) -> bool:
        """One slice of erasing what is due; whether there was anything to do. Call until False."""
        ...
