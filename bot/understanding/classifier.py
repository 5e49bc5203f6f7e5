"""Which of the twenty intents a free sentence is likeliest to be, and which field a petition belongs to.

Both are linear models learnt from phrases kept as data (``bot/data/intents/``, ``bot/data/fields/``). The weights come with the
program, so nothing is learnt at run time; ``python -m benchmarks.understanding.train`` makes them anew, and a test says when they are older
than the phrases.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from bot.understanding.clauses import cuts, readable
from bot.understanding.features import MOST_CHARACTERS, blocks
from bot.understanding.linear import SCALE, Guess, Model, unpacked

NO_MATTER = frozenset({"greeting", "thanks", "abuse", "out_of_scope"})
"""What stands around a matter."""
A_MATTER = 0.45
"""How sure the head of a text and the text as a whole must be together of the first matter."""
ANOTHER_MATTER = 0.3
"""How sure the rest must be of the second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A model as its file holds it."""

    fingerprint: str
    """Of the phrases it was learnt from."""
    labels: Sequence[str]
    bias: Sequence[int]
    features: Sequence[str]
    rarity: Sequence[int]
    """In hundredths."""
    weights: str
    """``packed``, feature after feature."""


def guess_intent(text: str) -> Sequence[Guess]:
    """Every intent, likeliest first. Of two matters in one text the first one counts, as people put it."""
    whole = model("intents").guess(blocks(text))
    firsts = _first_matters(text[:MOST_CHARACTERS], {guess.label: guess.probability for guess in whole})
    best = max(firsts, key=lambda guess: guess.probability, default=whole[0])
    return (best, *(guess for guess in whole if guess.label != best.label))


def _first_matters(text: str, shares: Mapping[str, float]) -> Iterator[Guess]:
    """The matter at the head, for each place where *text* falls into two; *shares* is what it is as a whole."""
    intents = model("intents")
    for head, rest in cuts(readable(text)):
        first, second = intents.guess(blocks(head))[0], intents.guess(blocks(rest))[0]
        agreed = (first.probability + shares[first.label]) / 2
        two = first.label != second.label and NO_MATTER.isdisjoint((first.label, second.label))
        if two and agreed >= A_MATTER and second.probability >= ANOTHER_MATTER:
            yield Guess(first.label, agreed)


def guess_field(text: str) -> Sequence[Guess]:
    """Every field of petitions, likeliest first."""
    return model("fields").guess(blocks(text))


@cache
def model(name: str) -> Model:
    """``intents`` or ``fields``; read once, in some tens of milliseconds."""
    kept = stored(name)
    size = len(kept.labels)
    places = {feature: index * size for index, feature in enumerate(kept.features)}
    rarity = {feature: value / SCALE for feature, value in zip(kept.features, kept.rarity, strict=True)}
    return Model(tuple(kept.labels), kept.bias, places, rarity, unpacked(kept.weights))


def stored(name: str) -> Stored:
    """The file as it is."""
    return Stored(**json.loads(files("bot").joinpath(f"data/{name}.json").read_bytes()))
