"""What the linear models see of a text: words, pieces of words, and concepts."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from itertools import pairwise

from bot.understanding.keyboard import without_key_strokes
from bot.understanding.linear import Block
from bot.understanding.petition.keywords import STRONG, phrases_of, weigh
from bot.understanding.shorthand import written_out
from bot.understanding.spelling import spelled
from bot.understanding.text import fold

SHORTEST_PIECE, LONGEST_PIECE = 2, 5
BLOCK_WEIGHTS = (4.0, 1.5, 0.5)
"""How much words, pieces of words, and concepts count; chosen by learning from some writers' phrases and guessing another's."""
LENGTHS = (3, 6, 12)
MOST_CHARACTERS = 400
"""A longer text says what it wants at its head; the rest only costs time."""
CODES = (
    ("code", re.compile(r"\b[a-z]\d{2}(?:\.\d{1,4}){0,4}-\d{6,8}-\d{3,7}|\b\d{3}\.\d{2}\.\d{2}\.[a-z]\d{2}")),
    ("petition code", re.compile(r"\bpa ?\d{6,8}\b")),
)


def plain(text: str) -> str:
    """*text* as the model reads it: folded, keyboard slips undone, shorthand written out, words with digits as ``#``."""
    folded = fold(text[:MOST_CHARACTERS]).lower()
    words = re.findall(r"[a-z0-9]+", without_key_strokes(folded))
    return " ".join("#" if any(sign.isdigit() for sign in word) else word for word in spelled(list(written_out(words))))


def blocks(text: str) -> tuple[Block, ...]:
    """What the models see of *text*: its words, the pieces of them, and concepts, each name once."""
    sentence = plain(text)
    codes = [name for name, pattern in CODES if pattern.search(text.lower())]
    found = (_words(sentence), _pieces(sentence), _concepts(sentence, codes))
    return tuple(Block(weight, tuple(dict.fromkeys(names))) for weight, names in zip(BLOCK_WEIGHTS, found, strict=True))


def _words(sentence: str) -> Iterator[str]:
    words = sentence.split(" ")
    yield from (f"w:{word}" for word in words)
    yield from (f"w:{first} {second}" for first, second in pairwise(words))
    yield from (f"w:{first} _ {second}" for first, second in zip(words, words[2:], strict=False))


def _pieces(sentence: str) -> Iterator[str]:
    for word in sentence.split(" "):
        padded = f" {word} "
        for length in range(SHORTEST_PIECE, LONGEST_PIECE + 1):
            yield from (padded[start : start + length] for start in range(len(padded) - length + 1))


def _concepts(sentence: str, codes: Sequence[str]) -> Iterator[str]:
    """Concepts that the sentence touches, fields of petitions, its first word and about how long it is."""
    table = _concept_of()
    held = {concept for phrase in phrases_of(sentence) for concept in table.get(phrase, ())} | set(codes)
    fields = {field for field, weight in weigh(sentence).items() if weight >= STRONG}
    if fields:
        held.add("problem")
    words = sentence.split(" ")
    yield from (f"c:{name}" for name in held)
    yield from (f"c:field {field}" for field in fields)
    yield f"c:length {sum(len(words) >= length for length in LENGTHS)}"
    yield f"c:first {words[0]}"


@cache
def _concept_of() -> Mapping[str, Sequence[str]]:
    """Folded phrase → concepts."""
    table: dict[str, list[str]] = {}
    rows = json.loads(files("bot").joinpath("data/concepts.json").read_text(encoding="utf-8"))
    for concept, phrases in rows.items():
        for phrase in phrases.split("|"):
            table.setdefault(phrase, []).append(concept)
    return table
