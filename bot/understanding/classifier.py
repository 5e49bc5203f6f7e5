"""Which of the twenty intents a free sentence is likeliest to be, and which field a petition belongs to.

Both are linear models learnt from phrases kept as data (``bot/data/intents/``, ``bot/data/fields/``). The weights come with the
program, so nothing is learnt at run time; ``python -m bot.understanding.training`` makes them anew, and a test says when they are older
than the phrases.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from bot.understanding.features import features
from bot.understanding.linear import Guess, Model

SCALE = 100
"""Weights are kept as whole hundredths."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A model as its file holds it."""

    fingerprint: str
    """Of the phrases it was learnt from."""
    labels: Sequence[str]
    bias: Sequence[int]
    weights: Mapping[str, Sequence[int]]


def guess_intent(text: str) -> Sequence[Guess]:
    """Every intent, likeliest first."""
    return model("intents").guess(features(text))


def guess_field(text: str) -> Sequence[Guess]:
    """Every field of petitions, likeliest first."""
    return model("fields").guess(features(text))


@cache
def model(name: str) -> Model:
    """``intents`` or ``fields``; read once, in some tens of milliseconds."""
    kept = stored(name)
    weights = {feature: [weight / SCALE for weight in row] for feature, row in kept.weights.items()}
    return Model(tuple(kept.labels), [weight / SCALE for weight in kept.bias], weights)


def stored(name: str) -> Stored:
    """The file as it is."""
    return Stored(**json.loads(files("bot").joinpath(f"data/{name}.json").read_bytes()))
