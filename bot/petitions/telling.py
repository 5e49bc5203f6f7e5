"""What the templates ``pa.*`` may say of a petition."""

from collections.abc import Mapping
from typing import Any

from bot.clock import VIETNAM
from bot.petitions.around import Around
from bot.petitions.categories import category_of
from bot.petitions.record import Petition, PetitionState
from bot.petitions.rejections import REASONS, REASONS_ENGLISH

RECEPTION = "Trung tâm Phục vụ hành chính công"
"""When no agency has it yet and the desk knows no reception office."""


def values_of(petition: Petition, around: Around, *, reason: str = "") -> Mapping[str, Any]:
    """The same values for each template: codes, names, texts; dates as ``date`` in Vietnam, or None.

    *reason* is what an officer wrote; that of a rejection is known.
    """
    category = category_of(around.categories, petition.category)
    name, short = _agency(petition, around)
    return {
        "code": petition.code,
        "agency": name,
        "agency_short": short,
        "category": category.name,
        "category_en": category.name_en,
        "received_on": _day(petition.sent_at),
        "on": _day(petition.state_since),
        "due_on": _day(petition.answer_due),
        "question": petition.question,
        "question_due_on": _day(petition.question_due),
        "reason": reason or REASONS.get(petition.closed_because, ""),
        "reason_en": reason or REASONS_ENGLISH.get(petition.closed_because, ""),
        "summary": petition.summary,
        "answer": petition.answer,
        "score": petition.score,
        "closed_on": _day(petition.closed_at),
        "reopen_until_on": _day(petition.reopen_until),
        "case": petition.case or "",
        "people": len(around.case_members) + 1 + (petition.state is PetitionState.MERGED),
        "forwarded_to": petition.forwarded_to,
        "forwarded_number": petition.forwarded_number,
    }


def _agency(petition: Petition, around: Around) -> tuple[str, str]:
    code = around.handler_of(petition)
    agency = around.agencies.get(code)
    return (agency.name, agency.short_name) if agency else (code or RECEPTION, "")


def _day(at: Any) -> Any:
    return at and at.astimezone(VIETNAM).date()
