"""Plain ways of doing the same: what the real ones are measured against. Each takes a text and gives a label or a text."""

import re
from functools import cache

from rapidfuzz import fuzz, process

from bot.understanding.features import plain
from bot.understanding.petition.keywords import weigh
from bot.understanding.phrases import phrases
from bot.understanding.procedures import catalogue
from bot.understanding.text import fold

EVERY = 5
"""The nearest phrase is looked for among every fifth phrase: all of them would take an hour."""
DIGITS = re.compile(r"\d[\d .]{7,}\d")
CAPITALS = re.compile(r"(?<=[a-zà-ỹ,] )(?:[A-ZĐÀ-Ỹ][a-zà-ỹ]+ ){1,3}[A-ZĐÀ-Ỹ][a-zà-ỹ]+")


def commonest_intent(_text: str) -> str:
    """What most test sentences are."""
    return "out_of_scope"


def nearest_phrase(text: str) -> str:
    """The intent of the training phrase that shares most words, by rapidfuzz."""
    texts, labels = _phrases()
    found = process.extractOne(plain(text), texts, scorer=fuzz.token_set_ratio)
    return labels[found[2]] if found else "out_of_scope"


def official_name(text: str) -> str:
    """The procedure whose official name is likest, by rapidfuzz."""
    names = _official()
    found = process.extractOne(fold(text).lower(), names, scorer=fuzz.token_set_ratio)
    return catalogue().procedures[found[2]].code if found else ""


def words_of_official_name(text: str) -> str:
    """The procedure whose official name shares most words with the text."""
    asked = set(fold(text).lower().split())
    shared = [len(asked & set(name.split())) / (1 + len(name.split())) for name in _official()]
    return catalogue().procedures[shared.index(max(shared))].code


def commonest_field(_text: str) -> str:
    """What most petitions of the test set are about."""
    return "DN"


def words_of_field(text: str) -> str:
    """The field that most weighted words speak for, without anything learnt."""
    return next((code for code, _ in weigh(text).most_common(1)), "KH")


def only_digits(text: str) -> list[tuple[int, int]]:
    """Hides long numbers."""
    return [match.span() for match in DIGITS.finditer(text)]


def digits_and_capitals(text: str) -> list[tuple[int, int]]:
    """Hides long numbers and runs of words with capitals."""
    return only_digits(text) + [match.span() for match in CAPITALS.finditer(text)]


@cache
def _phrases() -> tuple[list[str], list[str]]:
    pairs = [(plain(phrase), intent) for intent, texts in phrases("intents").items() for phrase in texts][::EVERY]
    return [phrase for phrase, _ in pairs], [intent for _, intent in pairs]


@cache
def _official() -> list[str]:
    return [fold(procedure.name).lower() for procedure in catalogue().procedures]
