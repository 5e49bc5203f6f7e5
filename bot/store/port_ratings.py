"""What the store promises about ratings."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.intent import RatingSubject
from bot.model import ChannelName, MessageId


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


class RatingBook(Protocol):
    """Ratings are written with the decision that ``KeepRating`` belongs to."""

    async def ratings(self, since: datetime, after: MessageId, limit: int) -> Sequence[Rating]:
        """Those first given since that time, with a greater id than *after*, in the order of their ids."""
        ...
