"""The field (category) of a petition: its name, time limit and usual owner; and which one a text belongs to."""

import math
from dataclasses import dataclass
from functools import cache

from bot.understanding.classifier import guess_field
from bot.understanding.linear import probabilities
from bot.understanding.petition.keywords import rows, weigh

SUGGESTED = 3
OTHER = "KH"
WORDS_COUNT = 0.8
"""How much a weighted word counts beside what was learnt."""
ALMOST_NOTHING = 1e-6
LEAST = 0.05
"""A less likely field is not worth suggesting."""


@dataclass(frozen=True, slots=True)
class Category:
    """A field of petitions with its time limit."""

    code: str
    name: str
    name_en: str
    days: int
    """Working days."""
    owners: tuple[str, ...]
    """Kinds of agency, the usual one first."""


@cache
def categories() -> dict[str, Category]:
    """By code, in the order of the table."""
    return {
        row["code"]: Category(row["code"], row["name_vi"], row["name_en"], row["days"], tuple(row["owners"]))
        for row in rows()
    }


def suggest(text: str) -> tuple[Category, ...]:
    """The likeliest categories, best first, one to three."""
    shares = likelihoods(text)
    first, *others = sorted(shares, key=lambda code: -shares[code])[:SUGGESTED]
    return tuple(categories()[code] for code in (first, *(code for code in others if shares[code] >= LEAST)))


def likelihoods(text: str) -> dict[str, float]:
    """How likely each category is, 0–1: what was learnt, and the words that speak for it, together."""
    words = weigh(text)
    guesses = guess_field(text)
    scores = [math.log(guess.probability + ALMOST_NOTHING) + WORDS_COUNT * words[guess.label] for guess in guesses]
    return {guess.label: share for guess, share in zip(guesses, probabilities(scores), strict=True)}
