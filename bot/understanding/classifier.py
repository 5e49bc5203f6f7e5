"""Which of the twenty intents a free sentence is likeliest to be, and which field a petition belongs to.

Both are linear models learnt from phrases kept as data (``bot/data/intents/``, ``bot/data/fields/``). The weights come with the
program, so nothing is learnt at run time; ``python -m benchmarks.understanding.train`` makes them anew, and a test says when they are older
than the phrases.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from bot.understanding.clauses import clauses
from bot.understanding.features import MOST_CHARACTERS, features
from bot.understanding.linear import Guess, Model, unpacked

NO_MATTER = frozenset({"greeting", "thanks", "abuse", "out_of_scope"})
"""What stands around a matter."""
A_MATTER = 0.35


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A model as its file holds it."""

    fingerprint: str
    """Of the phrases it was learnt from."""
    labels: Sequence[str]
    bias: Sequence[int]
    features: Sequence[str]
    weights: str
    """``packed``, feature after feature."""


def guess_intent(text: str) -> Sequence[Guess]:
    """Every intent, likeliest first.

    Of several matters in one text the first one counts, as people put it: a clause that is a matter of its own decides,
    unless the text as a whole speaks against it.
    """
    intents = model("intents")
    whole = intents.guess(features(text))
    parts = clauses(text[:MOST_CHARACTERS])
    if len(parts) > 1:
        shares = {guess.label: guess.probability for guess in whole}
        for part in parts:
            first = intents.guess(features(part))[0]
            agreed = (first.probability + shares[first.label]) / 2
            if first.label not in NO_MATTER and agreed >= A_MATTER:
                return (Guess(first.label, agreed), *(guess for guess in whole if guess.label != first.label))
    return whole


def guess_field(text: str) -> Sequence[Guess]:
    """Every field of petitions, likeliest first."""
    return model("fields").guess(features(text))


@cache
def model(name: str) -> Model:
    """``intents`` or ``fields``; read once, in some tens of milliseconds."""
    kept = stored(name)
    size = len(kept.labels)
    places = {feature: index * size for index, feature in enumerate(kept.features)}
    return Model(tuple(kept.labels), kept.bias, places, unpacked(kept.weights))


def stored(name: str) -> Stored:
    """The file as it is."""
    return Stored(**json.loads(files("bot").joinpath(f"data/{name}.json").read_bytes()))
