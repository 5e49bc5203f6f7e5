"""What time does with a draft: a reminder after half an hour, the end after a day without a word."""

from datetime import datetime, timedelta
from enum import StrEnum

from bot.petitions.record import Draft

REMINDED_AFTER = timedelta(minutes=30)
DROPPED_AFTER = timedelta(hours=24)


class DraftDue(StrEnum):
    """What is due for a draft."""

    REMIND = "remind"
    DROP = "drop"


def due_for(draft: Draft, now: datetime) -> DraftDue | None:
    """What is due now. An offer is only kept, so nobody is reminded of it."""
    untouched = now - draft.changed_at
    if untouched >= DROPPED_AFTER:
        return DraftDue.DROP
    if untouched >= REMINDED_AFTER and draft.reminded_at is None and not draft.is_offer:
        return DraftDue.REMIND
    return None


def dropped_at(draft: Draft) -> datetime:
    """When it goes unless the person goes on."""
    return draft.changed_at + DROPPED_AFTER
