"""The buttons of ratings: a score each, and the reasons why somebody is not satisfied."""

from collections.abc import Iterator, Mapping
from typing import Any

from bot.model import Button, Language
from bot.understanding.rating_words import REASONS

VERB = "dg"
_SCALE = (
    (5, "5 Rất hài lòng", "5 Very satisfied"),
    (4, "4 Hài lòng", "4 Satisfied"),
    (3, "3 Bình thường", "3 Neutral"),
    (2, "2 Không hài lòng", "2 Dissatisfied"),
    (1, "1 Rất không hài lòng", "1 Very dissatisfied"),
)
_ASKING = frozenset({"rate.ask.hs", "rate.ask.pa", "rate.ask.counter", "rate.bad"})
_REASONS_ENGLISH = {"11": "Waiting time", "12": "Attitude", "13": "Unclear guidance", "14": "Wrong result"}


def rating_buttons(template: str, values: Mapping[str, Any], language: Language) -> Iterator[Button]:
    """Those under a question for a score; none under anything else."""
    if template not in _ASKING:
        return
    place = 1 if language is Language.VIETNAMESE else 2
    named = f"{VERB}-{values['named']}" if values.get("named") else f"{VERB}:{values.get('code') or ''}".rstrip(":")
    for row in _SCALE:
        yield Button(str(row[place]), f"{named}:{row[0]}")


def reason_labels(language: Language) -> Mapping[str, str]:
    """What stands on the buttons under the question why, by what pressing one answers."""
    return REASONS if language is Language.VIETNAMESE else _REASONS_ENGLISH
