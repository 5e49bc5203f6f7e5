"""What ``motcua understand`` and ``motcua explain`` tell beside intent and reply: procedures, and hints on a petition."""

from typing import Any

from bot.intent import ChooseIntent, Intent
from bot.understanding.personal import redacted
from bot.understanding.petition.hints import petition_hints
from bot.understanding.procedures import Match, catalogue
from bot.understanding.subjects import subject_of
from bot.wishes import NewPetition, ProcedureQuestion


def likeliest(intent: Intent) -> Intent:
    """The intent itself, or the likeliest of those that are asked about."""
    return intent.options[0] if isinstance(intent, ChooseIntent) else intent


def procedures_of(intent: Intent) -> tuple[Match, ...]:
    """The procedures that a question may be about, best first; none when it is no such question, when it is another body's matter,
    and when nothing in the catalogue fits.
    """
    meant = likeliest(intent)
    if not isinstance(meant, ProcedureQuestion) or not subject_of(meant.question).matches:
        return ()
    return catalogue().search(meant.question)


def petition_of(intent: Intent, text: str) -> dict[str, Any] | None:
    """Hints for the reception officer, which an officer may correct; None when *text* is no petition."""
    meant = likeliest(intent)
    if not isinstance(meant, NewPetition):
        return None
    written = meant.text or text
    hints = petition_hints(written)
    return {
        "category": hints.categories[0].code,
        "agency": hints.owner,
        "redacted": redacted(written),
        "abusive": hints.abusive,
        "parts": list(hints.parts),
    }
