"""What a question about a procedure is about: one procedure, several to choose from, another body's matter, or nothing known."""

from dataclasses import dataclass

from bot.understanding.procedures import Match, answerable, catalogue
from bot.understanding.questions import other_body

SURE_BESIDE_A_BODY = 0.31
"""How well a procedure must fit when a word of another body stands beside it."""
UNKNOWN = "none"
"""A matter of the administration that the catalogue does not hold."""


@dataclass(frozen=True, slots=True)
class Subject:
    """At most one of the two is given."""

    matches: tuple[Match, ...] = ()
    """One that is surely meant, or up to three to choose from, best first."""
    body: str | None = None
    """``court``, ``bank`` …: whose matter it is when it is none of the administration's. No procedure is named then."""


def subject_of(question: str) -> Subject:
    """What *question* asks about."""
    matches = catalogue().search(question)
    body, named = catalogue().whose(question), other_body(question)
    if body is not None:
        return Subject(body=named if body == UNKNOWN else body)
    if named and (not matches or matches[0].score < SURE_BESIDE_A_BODY):
        return Subject(body=named)
    return Subject(answerable(matches))
