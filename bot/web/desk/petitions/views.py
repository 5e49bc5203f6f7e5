"""What pages show of petitions: plain values, in the officer's language only where a word stands for a code."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.calendar import WorkingCalendar
from bot.clock import VIETNAM
from bot.model import Language
from bot.petitions.around import Around
from bot.petitions.categories import category_of
from bot.petitions.record import OPEN, Petition, PetitionState

NEARLY = 0.2
"""Of the answer time: amber when no more than that is left."""
GLANCE = 160
"""Characters of the text in a list."""
CLOCK_RUNS = OPEN - {PetitionState.NEED_INFO}


class Urgency(StrEnum):
    """The colour of a due date."""

    GOOD = "good"
    FAIR = ""
    NEAR = "near"
    LATE = "late"


def urgency(petition: Petition, now: datetime) -> Urgency:
    """Green while half of the time is left, amber for the last fifth, red when it is over; without colour while no clock runs."""
    if petition.state not in CLOCK_RUNS:
        return Urgency.FAIR
    left, whole = petition.answer_due - now, petition.answer_due - petition.sent_at
    if left.total_seconds() <= 0:
        return Urgency.LATE
    share = left / whole if whole.total_seconds() > 0 else 0.0
    return Urgency.NEAR if share < NEARLY else Urgency.GOOD if share > 1 / 2 else Urgency.FAIR


def days_left(petition: Petition, calendar: WorkingCalendar, now: datetime) -> int:
    """Working days until the answer is due; negative when it is late."""
    due = petition.answer_due.astimezone(VIETNAM).date()
    today = now.astimezone(VIETNAM).date()
    return calendar.working_days_between(today, due) or -calendar.working_days_between(due, today)


def row(petition: Petition, around: Around, language: Language) -> Mapping[str, Any]:
    """One petition of a list. Nothing of the sender."""
    handler = around.handler_of(petition)
    agency = around.agencies.get(handler)
    officer = around.officers.get(petition.officer or 0)
    return {
        "code": petition.code,
        "channel": petition.channel.value,
        "sent_at": petition.sent_at,
        "category": petition.category,
        "category_name": category_name(petition.category, around, language),
        "ward": petition.place.ward,
        "text": glance(petition.text),
        "agency": handler,
        "agency_name": (agency.short_name or agency.name) if agency else handler,
        "officer": officer.name if officer else "",
        "state": petition.state.value,
        "due": petition.answer_due,
        "urgency": urgency(petition, around.now).value,
        "days_left": days_left(petition, around.calendar_of(handler), around.now)
        if petition.state in CLOCK_RUNS
        else None,
        "files": petition.files,
        "case": petition.case,
        "is_emergency": petition.is_emergency,
        "is_abusive": petition.is_abusive,
        "version": petition.version,
    }


def category_name(code: str, around: Around, language: Language) -> str:
    """A field by its name."""
    category = category_of(around.categories, code)
    return category.name_en if language is Language.ENGLISH else category.name


def glance(text: str) -> str:
    """The first words, in one line."""
    line = visible(" ".join(text.split()))
    return line if len(line) <= GLANCE else line[: GLANCE - 1].rstrip() + "…"


CONTROLS = {
    0x202A: "LRE", 0x202B: "RLE", 0x202C: "PDF", 0x202D: "LRO", 0x202E: "RLO", 0x2066: "LRI", 0x2067: "RLI",
    0x2068: "FSI", 0x2069: "PDI", 0x200E: "LRM", 0x200F: "RLM", 0x200B: "ZWSP", 0xFEFF: "BOM",
}  # fmt: skip
"""Characters that turn or hide text; an officer sees that they are there (Unicode Technical Report 36, section 2.5)."""
_MARKS = {place: f"[{name}]" for place, name in CONTROLS.items()}


def visible(text: str) -> str:
    """*text* with marks in place of what cannot be seen."""
    return text.translate(_MARKS)


def choices(pairs: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """With an empty one in front."""
    return [("", "–"), *pairs]
