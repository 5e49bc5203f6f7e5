"""What an agency writes to the applicant of a late dossier: why, and the new date (Decree 118/2025/NĐ-CP asks for a letter)."""

from dataclasses import dataclass
from datetime import date

from bot.clock import VIETNAM
from bot.intent import Reply
from dossier_client.models import Dossier

SHORTEST_REASON, LONGEST_REASON = 5, 200


@dataclass(frozen=True, slots=True, kw_only=True)
class LateLetter:
    """The letter for one dossier; a newer one takes its place."""

    code: str
    """Of the dossier."""
    reason: str
    """As the applicant reads it."""
    new_due_on: date
    agency: str
    """Whose officer wrote it."""


def problem_of(reason: str, new_due_on: date | None, today: date) -> str:
    """Why this is no letter: ``reason_too_short``, ``no_date``, ``date_is_over``; "" when it is one."""
    if len(reason) < SHORTEST_REASON:
        return "reason_too_short"
    if new_due_on is None:
        return "no_date"
    return "" if new_due_on > today else "date_is_over"


def reply_of(dossier: Dossier, reason: str, new_due_on: date) -> Reply:
    """What the applicant would be told, once verified."""
    unit = dossier.unit
    values = {
        "code": dossier.code,
        "agency": unit.code,
        "agency_name": unit.name,
        "agency_short": unit.short_name,
        "hotline": unit.phone,
        "due_on": dossier.promised_at.astimezone(VIETNAM).date() if dossier.promised_at else None,
        "reason": reason.rstrip(". "),
        "deadline": new_due_on,
    }
    return Reply("push.apology", values)
