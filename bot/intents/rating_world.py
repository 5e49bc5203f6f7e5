"""What an intent may ask of a person's ratings; handed to it, never looked up."""

from collections.abc import Sequence
from typing import Protocol

from bot.ratings import Rating, RatingRequest


class Ratings(Protocol):
    """What the person who writes was asked, and said, on any account."""

    async def requests(self) -> Sequence[RatingRequest]:
        """As long as they may be answered, newest first."""
        ...

    async def given(self) -> Sequence[Rating]:
        """Newest first."""
        ...


class NoRatings:
    """For ``motcua understand``: each line stands alone."""

    async def requests(self) -> Sequence[RatingRequest]:
        """None."""
        return ()

    async def given(self) -> Sequence[Rating]:
        """None."""
        return ()
