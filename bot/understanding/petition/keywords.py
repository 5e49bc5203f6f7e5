"""Words that speak for a field of petitions, weighted, kept as data with the fields themselves."""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from bot.understanding.text import fold

STRONG = 3
WEAK = 1
LONGEST_PHRASE = 5


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
    for row in rows():
        for weight, phrases in ((STRONG, row["strong"]), (WEAK, row["weak"])):
            for phrase in filter(None, phrases.split("|")):
                found[phrase].append((row["code"], weight + phrase.count(" ")))
    return found


@cache
def rows() -> Sequence[dict[str, Any]]:
    """The table of fields as its file holds it."""
    table: Sequence[dict[str, Any]] = json.loads(
        files("bot").joinpath("data/petition_categories.json").read_text(encoding="utf-8")
    )
    return table
