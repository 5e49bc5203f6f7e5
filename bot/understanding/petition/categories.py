"""The category of a petition by weighted words, kept as data."""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from bot.understanding.text import fold

STRONG = 3
WEAK = 1
LONGEST_PHRASE = 5
SUGGESTED = 3
OTHER = "KH"
LEAST = 2
"""A single weak word names no category."""


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
        for row in _rows()
    }


def suggest(text: str) -> tuple[Category, ...]:
    """The likeliest categories, best first, at most 3; "other" alone when nothing fits."""
    weights = weigh(text)
    likely = [categories()[code] for code, weight in weights.most_common(SUGGESTED) if weight >= LEAST]
    return tuple(likely) or (categories()[OTHER],)


def weigh(text: str) -> Counter[str]:
    """How much in *text* speaks for each category, by code."""
    weights: Counter[str] = Counter()
    for phrase in set(phrases_of(text)):
        for code, weight in _weights().get(phrase, ()):
            weights[code] += weight
    return weights


def phrases_of(text: str) -> Iterator[str]:
    """Every run of one to five words, folded."""
    words = re.findall(r"\w+", fold(text).lower())
    for start in range(len(words)):
        for end in range(start + 1, min(start + LONGEST_PHRASE, len(words)) + 1):
            yield " ".join(words[start:end])


@cache
def _weights() -> Mapping[str, Sequence[tuple[str, int]]]:
    """Phrase → categories; a phrase of several words says more than one word."""
    found: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
    for row in _rows():
        for weight, phrases in ((STRONG, row["strong"]), (WEAK, row["weak"])):
            for phrase in filter(None, phrases.split("|")):
                found[phrase].append((row["code"], weight + phrase.count(" ")))
    return found


@cache
def _rows() -> Sequence[dict[str, Any]]:
    rows: Sequence[dict[str, Any]] = json.loads(
        files("bot").joinpath("data/petition_categories.json").read_text(encoding="utf-8")
    )
    return rows
