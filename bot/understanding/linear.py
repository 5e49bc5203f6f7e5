"""A linear model over named features: scores as shares of one."""

import base64
import math
import sys
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

SCALE = 100
"""Weights are whole hundredths."""
WHOLE = "h"
"""The array type of a weight: 16 bits take a tenth of the memory of a float."""


@dataclass(frozen=True, slots=True)
class Guess:
    """One label and how sure the model is, 0–1."""

    label: str
    probability: float


@dataclass(frozen=True, slots=True)
class Block:
    """Features of one kind."""

    weight: float
    """How much all of them together count."""
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Model:
    """The weights: for each feature one number per label, one feature after the other."""

    labels: tuple[str, ...]
    bias: Sequence[int]
    places: Mapping[str, int]
    """Feature → where its weights begin."""
    rarity: Mapping[str, float]
    """Feature → how much it tells."""
    weights: Sequence[int]

    def guess(self, blocks: Iterable[Block]) -> tuple[Guess, ...]:
        """Every label, likeliest first."""
        scores: list[float] = list(self.bias)
        size = len(scores)
        for name, value in weighed(blocks, self.rarity).items():
            place = self.places[name]
            row = self.weights[place : place + size]
            scores = [score + value * weight for score, weight in zip(scores, row, strict=True)]
        shares = probabilities([score / SCALE for score in scores])
        guesses = (Guess(*pair) for pair in zip(self.labels, shares, strict=True))
        return tuple(sorted(guesses, key=lambda guess: -guess.probability))


def weighed(blocks: Iterable[Block], rarity: Mapping[str, float]) -> dict[str, float]:
    """The value of each feature that is in *rarity*: rare ones tell more, and a block counts alike whatever the text's length."""
    values: dict[str, float] = {}
    for block in blocks:
        known = {name: rarity[name] for name in block.names if name in rarity}
        length = math.hypot(*known.values())
        values |= {name: block.weight * value / length for name, value in known.items()}
    return values


def probabilities(scores: Sequence[float]) -> list[float]:
    """Scores as shares of one."""
    best = max(scores)
    raised = [math.exp(score - best) for score in scores]
    total = sum(raised)
    return [value / total for value in raised]


def packed(weights: Sequence[int]) -> str:
    """Weights as text: 16 bits each, little-endian, base64."""
    return base64.b64encode(_little_endian(array(WHOLE, weights)).tobytes()).decode("ascii")


def unpacked(text: str) -> Sequence[int]:
    """The weights that ``packed`` wrote."""
    weights = array(WHOLE)
    weights.frombytes(base64.b64decode(text))
    return _little_endian(weights)


def _little_endian(weights: "array[int]") -> "array[int]":
    if sys.byteorder == "big":
        weights.byteswap()
    return weights
