"""Hands ratings of dossiers to the one-stop system. They wait in the store until it took them, so none is lost and none counts twice."""

from datetime import timedelta
from typing import Protocol

from bot.clock import Clock
from bot.intent import RatingSubject
from bot.logs import Log
from bot.ratings import Rating
from bot.rounds import in_rounds
from bot.store.port_ratings import RatingBook
from bot.understanding.personal import redacted
from dossier_client.models import GivenRating, NotFound, Taken, Unavailable

ROUND_SECONDS = 60.0
AT_ONCE = 50
GIVEN_UP_AFTER = timedelta(days=30)
"""What a system has refused for so long it will never take."""


class TakesRatings(Protocol):
    """The one-stop systems."""

    async def rate(self, code: str, rating: GivenRating) -> Taken | NotFound | Unavailable:
        """Hand over an opinion; the same id is stored once. Never raises."""
        ...


class RatingHandover:
    """Several processes may do it: a system knows a rating by its id."""

    def __init__(self, ratings: RatingBook, systems: TakesRatings, clock: Clock, log: Log) -> None:
        self._ratings = ratings
        self._systems = systems
        self._clock = clock
        self._log = log

    async def run(self) -> None:
        """Look once a minute, until cancelled."""
        await in_rounds(self.round, ROUND_SECONDS, self._log, "ratings")

    async def round(self) -> int:
        """Hand over what nobody replaces any more; how many are settled. A system that does not answer is asked again later."""
        settled, down = 0, set[str]()
        waiting = await self._ratings.ratings_to_hand_over(RatingSubject.DOSSIER, self._clock.now(), AT_ONCE)
        for rating in waiting:
            if rating.agency not in down and await self._hand_over(rating, down):
                settled += 1
        return settled

    async def _hand_over(self, rating: Rating, down: set[str]) -> bool:
        result = await self._systems.rate(rating.reference, _given(rating))
        is_old = self._clock.now() - rating.rated_at > GIVEN_UP_AFTER
        if isinstance(result, Unavailable) and not is_old:
            down.add(rating.agency)
            return False
        await self._ratings.ratings_handed_over([rating.id], self._clock.now())
        self._log.info("rating handed over", id=rating.id, taken=isinstance(result, Taken))
        return True


def _given(rating: Rating) -> GivenRating:
    """Nothing of who rated: personal data in the comment is hidden too."""
    return GivenRating(
        id=str(rating.id), score=rating.score, comment=redacted(rating.note), channel=rating.channel.value
    )
