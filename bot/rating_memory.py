"""The ratings of one person, read from the store when an intent asks for them."""

from collections.abc import Sequence

from bot.clock import Clock
from bot.ratings import OPEN_FOR, Rating, RatingRequest
from bot.store.port_ratings import RatingBook

MOST_REMEMBERED = 50


class StoredRatings:
    """Those of one person."""

    def __init__(self, book: RatingBook, person: bytes, clock: Clock) -> None:
        self._book = book
        self._person = person
        self._clock = clock

    async def requests(self) -> Sequence[RatingRequest]:
        """As long as they may be answered, newest first."""
        return await self._book.rating_requests(self._person, self._clock.now() - OPEN_FOR)

    async def given(self) -> Sequence[Rating]:
        """Newest first."""
        return await self._book.ratings_by(self._person, MOST_REMEMBERED)
