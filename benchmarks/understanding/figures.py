"""Shares with their uncertainty, and the F-measure."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

NORMAL_95 = 1.96


@dataclass(frozen=True, slots=True)
class Share:
    """So many right of so many."""

    right: int
    of: int

    @property
    def value(self) -> float:
        """0–1."""
        return self.right / self.of if self.of else 0.0

    def interval(self) -> tuple[float, float]:
        """The 95 % interval of Wilson, which is honest for small counts and for shares near 0 and 1."""
        if not self.of:
            return 0.0, 1.0
        square = NORMAL_95**2
        middle = (self.value + square / (2 * self.of)) / (1 + square / self.of)
        spread = (NORMAL_95 / (1 + square / self.of)) * math.sqrt(
            self.value * (1 - self.value) / self.of + square / (4 * self.of**2)
        )
        return middle - spread, middle + spread

    def __str__(self) -> str:
        low, high = self.interval()
        return f"{100 * self.value:.1f} % ({100 * low:.0f}–{100 * high:.0f})"


def macro_f1(wanted: Sequence[str], given: Sequence[str]) -> float:
    """The mean over labels of the harmonic mean of precision and recall."""
    hits = Counter(label for label, guess in zip(wanted, given, strict=True) if label == guess)
    asked, said = Counter(wanted), Counter(given)
    return sum(2 * hits[label] / (asked[label] + said[label]) for label in asked) / len(asked)
