"""The part of the store that keeps what people think of the service."""

from collections.abc import Sequence
from datetime import datetime

from bot.intent import AskForRating, RatingSubject
from bot.model import MessageId
from bot.ratings import Rating, RatingCount, RatingRequest
from bot.store import ratings
from bot.store.keys import to_micros
from bot.store.port_ratings import RatingBook
from bot.store.running import RunsPlans


class RatingMethods(RunsPlans, RatingBook):
    """See the port."""

    async def ratings(self, since: datetime, after: MessageId, limit: int) -> Sequence[Rating]:
        """See the port."""
        return await self.read(ratings.since, ratings.Wish(since=since, after=after, most=limit))

    async def ratings_of(self, subject: RatingSubject, reference: str) -> Sequence[Rating]:
        """See the port."""
        return await self.read(ratings.of_one, (subject, reference))

    async def ratings_by(self, person: bytes, limit: int) -> Sequence[Rating]:
        """See the port."""
        return await self.read(ratings.by_person, (person, limit))

    async def rating_notes(self, agency: str, since: datetime, until: datetime, limit: int) -> Sequence[Rating]:
        """See the port."""
        return await self.read(ratings.notes, (agency, since, until, limit))

    async def count_ratings(self, since: datetime, until: datetime) -> Sequence[RatingCount]:
        """See the port."""
        return await self.read(ratings.counts, (since, until))

    async def rating_requests(self, person: bytes, since: datetime) -> Sequence[RatingRequest]:
        """See the port."""
        return await self.read(ratings.requests, (person, since))

    async def request_rating(self, person: bytes, wanted: AskForRating, at: datetime) -> bool:
        """See the port."""
        return await self.write(ratings.request, ratings.asked_row(wanted, self._ids.new(), person, at))

    async def ratings_to_hand_over(self, subject: RatingSubject, now: datetime, limit: int) -> Sequence[Rating]:
        """See the port."""
        return await self.read(ratings.to_hand_over, (subject, now, limit))

    async def ratings_handed_over(self, taken: Sequence[MessageId], at: datetime) -> None:
        """See the port."""
        await self.write(ratings.hand_over, [(key, to_micros(at)) for key in taken])
