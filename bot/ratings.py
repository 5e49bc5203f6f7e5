"""The nouns of ratings: what people think of the service, and who was asked for it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.intent import RatingSubject
from bot.model import ChannelName, MessageId

REPLACED_WITHIN = timedelta(hours=24)
"""So long a new opinion of the same thing takes the place of the old one."""
ASKED_ONCE_WITHIN = timedelta(days=7)
"""A person is asked for one opinion in so long a time."""
OPEN_FOR = timedelta(days=30)
"""So long after it was asked for, or after the answer to a petition, an opinion is taken."""
DIGIT_OPEN_FOR = timedelta(hours=72)
"""So long a digit alone is the answer."""
LOW = 2
"""From here downwards somebody is not satisfied."""
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
