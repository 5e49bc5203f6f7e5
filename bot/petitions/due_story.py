"""How the due date of an answer came about: day by day at first, then step by step."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.calendar_explained import ExplainedDay, explain
from bot.clock import VIETNAM
from bot.petitions.around import Around
from bot.petitions.record import Petition, PetitionEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class DueChange:
    """A step that moved the due date: a pause that ended, an extension, a reopening."""

    at: datetime
    event: str
    """The name of the step."""
    due: datetime
    """From then on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DueStory:
    """The whole of it, oldest first."""

    days: tuple[ExplainedDay, ...]
    """From receipt to the first due date, by the calendar as it is now."""
    first_due: datetime
    """As it was told."""
    calendar_moved: bool
    """The calendar was edited since: the days above lead elsewhere, what was told stays."""
    changes: tuple[DueChange, ...]


def due_story(petition: Petition, events: Sequence[PetitionEvent], around: Around) -> DueStory:
    """Of a petition and all of its events."""
    dues = [DueChange(at=event.at, event=event.name, due=due) for event in events if (due := _due(event)) is not None]
    first = dues[0].due if dues else petition.answer_due
    agency = str(events[0].data.get("agency", "")) if events else ""
    days = explain(around.calendar_of(agency), petition.sent_at, petition.days)
    return DueStory(
        days=days,
        first_due=first,
        calendar_moved=days[-1].on != first.astimezone(VIETNAM).date(),
        changes=tuple(dues[1:]),
    )


def _due(event: PetitionEvent) -> datetime | None:
    due = event.data.get("answer_due")
    return datetime.fromisoformat(due) if due else None
