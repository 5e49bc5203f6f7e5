"""What the store promises about one person on several channels."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.linking import CodePurpose, CodeTries, Kept, Member, OneTimeCode


class LinkingStore(Protocol):
    """Joined accounts, one-time codes, erasing. What a decision changes of them is among its writes."""

    async def members(self, home: bytes) -> Sequence[Member]:
        """All accounts of the person whose state this account keeps, the longest joined first; alone: just this one."""
        ...

    async def find_code(self, purpose: CodePurpose, code: str, now: datetime) -> OneTimeCode | None:
        """The code if it was issued, is valid, and was not used."""
        ...

    async def code_tries(self, contact: bytes, home: bytes, now: datetime) -> CodeTries:
        """What was issued to the account and what was typed wrong by the person, for the limits."""
        ...

    async def kept_of(self, home: bytes) -> Kept:
        """What is kept of a person, counted."""
        ...

    async def erase(self, now: datetime, slice_size: int) -> bool:
        """One slice of erasing what is due; whether there was anything to do. Call until False."""
        ...
