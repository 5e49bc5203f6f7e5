"""What a question about a procedure is about: one procedure, several to choose from, another body's matter, or nothing known."""

from dataclasses import dataclass

from bot.understanding.procedures import Match, answerable, catalogue
from bot.understanding.questions import other_body


@dataclass(frozen=True, slots=True)
class Subject:
    """At most one of the two is given."""

    matches: tuple[Match, ...] = ()
    """One that is surely meant, or up to three to choose from, best first."""
    body: str | None = None
    """``court``, ``bank`` …: whose matter it is when it is none of the administration's. No procedure is named then."""


def subject_of(question: str) -> Subject:
    """What *question* asks about."""
    body = other_body(question)
    return Subject(body=body) if body else Subject(answerable(catalogue().search(question)))
