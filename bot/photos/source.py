"""The port through which a channel hands over a photo that it only gave a reference to."""

from enum import StrEnum
from typing import Protocol

from bot.errors import MotcuaError

MOST_OCTETS = 10 * 1024 * 1024


class Unavailable(StrEnum):
    """Why a photo cannot be had."""

    NOT_ALLOWED = "not_allowed"
    """The reference, or a redirect, leads to where no photo may come from."""
    TOO_BIG = "too_big"
    SLOW = "slow"
    UNREACHABLE = "unreachable"
    GONE = "gone"
    """The channel does not have it, or not any more."""
    BUSY = "busy"
    """Too many photos are waiting."""


class PhotoUnavailable(MotcuaError):
    """A photo cannot be had. The text holds the reason alone: references may hold a token and are never told."""

    def __init__(self, reason: Unavailable) -> None:
        super().__init__(reason.value)
        self.reason = reason


class PhotoSource(Protocol):
    """Photos of one channel, by the references of its ``Photo`` events."""

    async def fetch(self, reference: str) -> bytes:
        """The file, at most ``MOST_OCTETS``, not looked into. Ends within 10 s. Raises ``PhotoUnavailable``."""
        ...

    async def discard(self, reference: str) -> None:
        """The message is answered: delete what is kept of the photo here. Never raises, also when nothing is kept."""
        ...
