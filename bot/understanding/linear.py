"""A linear model over named features: scores as shares of one."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Guess:
    """One label and how sure the model is, 0–1."""

    label: str
    probability: float


@dataclass(frozen=True, slots=True)
class Model:
    """The weights: for each feature one number per label."""

    labels: tuple[str, ...]
    bias: Sequence[float]
    weights: Mapping[str, Sequence[float]]

    def guess(self, features: Mapping[str, float]) -> tuple[Guess, ...]:
        """Every label, likeliest first."""
        scores = list(self.bias)
        for name, value in features.items():
            if (row := self.weights.get(name)) is not None:
                scores = [score + value * weight for score, weight in zip(scores, row, strict=True)]
        guesses = (Guess(*pair) for pair in zip(self.labels, probabilities(scores), strict=True))
        return tuple(sorted(guesses, key=lambda guess: -guess.probability))


def probabilities(scores: Sequence[float]) -> list[float]:
    """Scores as shares of one."""
    best = max(scores)
    raised = [math.exp(score - best) for score in scores]
    total = sum(raised)
    return [value / total for value in raised]
