"""What the store promises about ratings."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.intent import AskForRating, RatingSubject
from bot.model import MessageId
from bot.ratings import Rating, RatingCount, RatingRequest


class RatingBook(Protocol):
    """Ratings are written with the decision that ``KeepRating`` belongs to, requests that come with a reply with ``AskForRating``."""

    async def ratings(self, since: datetime, after: MessageId, limit: int) -> Sequence[Rating]:
        """Those first given since that time, with a greater id than *after*, in the order of their ids."""
        ...

    async def ratings_of(self, subject: RatingSubject, reference: str) -> Sequence[Rating]:
        """Of one dossier, petition or counter, newest first, at most 100."""
        ...

    async def ratings_by(self, person: bytes, limit: int) -> Sequence[Rating]:
        """Those that this person gave on any account, newest first."""
        ...

    async def rating_notes(self, agency: str, since: datetime, until: datetime, limit: int) -> Sequence[Rating]:
        """Those of an agency in that time with a comment, newest first."""
        ...

    async def count_ratings(self, since: datetime, until: datetime) -> Sequence[RatingCount]:
        """How often each score was given in that time, by who and what was rated."""
        ...

    async def rating_requests(self, person: bytes, since: datetime) -> Sequence[RatingRequest]:
        """What this person was asked on any account since then, newest first."""
        ...

    async def request_rating(self, person: bytes, wanted: AskForRating, at: datetime) -> bool:
        """Note that a person is asked, with a message that answers nothing. False, and nothing is noted: this person was asked for this
        very thing before, or for anything within seven days.
        """
        ...

    async def ratings_to_hand_over(self, subject: RatingSubject, now: datetime, limit: int) -> Sequence[Rating]:
        """Those that nobody replaces any more and that the one-stop system does not have, oldest first."""
        ...

    async def ratings_handed_over(self, taken: Sequence[MessageId], at: datetime) -> None:
        """The one-stop system took them, or will never take them."""
        ...
