"""How satisfied people are: what is rated stands in the reference that came with the score."""

from bot.events import Scored
from bot.intent import KeepRating, Outcome, RatingSubject, Reply
from bot.intents.office import about
from bot.intents.world import World
from bot.understanding.agencies import Agency, agency

LOW = 2
"""From here downwards we say that we are sorry."""


def rated(event: Scored, world: World) -> Outcome:
    """Keep the score of what was rated. A reference that names nothing of ours changes nothing, and says so."""
    subject, _, rest = event.reference.partition(":")
    code, _, reference = rest.partition(":")
    if subject != RatingSubject.COUNTER or not reference or not 1 <= event.score <= 5:  # noqa: PLR2004 - five faces
        return Outcome((Reply("choice.gone", {}),))
    at = agency(code) or Agency(code, code, code)
    kept = KeepRating(
        subject=RatingSubject.COUNTER, reference=reference, agency=code, score=event.score, note=event.note
    )
    template = "rate.sorry" if event.score <= LOW else "rate.thanks"
    return Outcome((Reply(template, about(at, world) | {"score": event.score}),), (kept,))


def counter_reference(agency_code: str, counter: str) -> str:
    """What a kiosk sends with the score: the counter that it stands at."""
    return f"{RatingSubject.COUNTER}:{agency_code}:{counter}"
