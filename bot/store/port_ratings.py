"""What the store promises about ratings."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from bot.intent import AskForRating, RatingSubject
from bot.model import ChannelName, MessageId

REPLACED_WITHIN = timedelta(hours=24)
"""So long a new opinion of the same thing takes the place of the old one."""
ASKED_ONCE_WITHIN = timedelta(days=7)
"""A person is asked for one opinion in so long a time."""
SHOWN_FROM = 10
"""Fewer ratings of an officer or counter are shown to nobody: they would tell who gave them."""


class NationalLevel(StrEnum):
    """The three levels of the national forms."""

    VERY_SATISFIED = "very_satisfied"
    SATISFIED = "satisfied"
    DISSATISFIED = "dissatisfied"


def national_level(score: int) -> NationalLevel:
    """5 is very satisfied, 4 and 3 satisfied, 2 and 1 dissatisfied."""
    highest, satisfied = 5, 3
    if score >= highest:
        return NationalLevel.VERY_SATISFIED
    return NationalLevel.SATISFIED if score >= satisfied else NationalLevel.DISSATISFIED


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """One person's last opinion of one thing; whose it is stays in the store."""

    id: MessageId
    subject: RatingSubject
    reference: str
    agency: str
    channel: ChannelName
    score: int
    note: str
    rated_at: datetime
    handled_by: str = ""
    asked_at: datetime | None = None
    """None: nobody asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingRequest:
    """A person was asked for an opinion."""

    subject: RatingSubject
    reference: str
    agency: str
    handled_by: str
    asked_at: datetime
    rated_at: datetime | None
    """When the opinion came."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingCount:
    """How often something got a score."""

    subject: RatingSubject
    agency: str
    handled_by: str
    reference: str
    """Of a counter; "" for dossiers and petitions."""
    score: int
    count: int


class RatingBook(Protocol):
    """Ratings are written with the decision that ``KeepRating`` belongs to, requests that come with a reply with ``AskForRating``."""

    async def ratings(self, since: datetime, after: MessageId, limit: int) -> Sequence[Rating]:
        """Those first given since that time, with a greater id than *after*, in the order of their ids."""
        ...

    async def ratings_of(self, subject: RatingSubject, reference: str) -> Sequence[Rating]:
        """Of one dossier, petition or counter, newest first, at most 100."""
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
