"""The frozen test sets of the understanding: what people write, and how it has to be read.

Each was written by somebody who wrote and saw no training phrase, and is pinned by SHA-256 so that nobody bends it to fit.
What the labels mean is told in ``data/README.md``, how the second set came about in ``data2/README.md``.
"""

import hashlib
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from bot.understanding.text import fold

DATA = Path(__file__).parent / "data"
"""The first set."""
PINS = DATA / "FROZEN.sha256"
SECOND = Path(__file__).parent / "data2" / "test"
"""The second set, written after the phrases: totals only."""
SECOND_READABLE = SECOND.with_name("dev")
"""The half of the second set that may be read to see what goes wrong; not pinned."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IntentExample:
    """One message and what it asks for."""

    id: str
    text: str
    intent: str
    slots: dict[str, Any]
    """Only the slots of ``intent``; ``code`` and ``petition_code`` whenever the text holds one."""
    also: tuple[str, ...] = ()
    """What else the text asks for. ``intent`` has to be served first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcedureExample:
    """One question about a procedure."""

    id: str
    text: str
    codes: tuple[str, ...]
    """Acceptable national codes, best first; empty when nothing in the catalogue is right."""
    facet: str
    other_body: str | None = None
    """Who is in charge when ``codes`` is empty, as far as that can be told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A piece of personal data, as it stands in the text."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PetitionExample:
    """One petition, where it belongs and what of it must not become public."""

    id: str
    text: str
    categories: tuple[str, ...]
    """Acceptable categories, best first."""
    agencies: tuple[str, ...]
    """Acceptable kinds of responsible agency, best first."""
    ward: str | None
    abusive: bool
    parts: tuple[str, ...]
    """Each matter in short when there are two or more, else empty."""
    redact: tuple[Span, ...]
    keep: tuple[str, ...]
    """What must stay though it looks personal: incident places, streets, dossier codes, offices."""


def load_intents(folder: Path = DATA) -> tuple[IntentExample, ...]:
    """Every message of the set in *folder*, in the order of the file."""
    return tuple(IntentExample(**row | {"also": tuple(row.get("also", ()))}) for row in _rows(folder / "intents.jsonl"))


def load_procedures(folder: Path = DATA) -> tuple[ProcedureExample, ...]:
    """Every question of the set in *folder*, in the order of the file."""
    return tuple(ProcedureExample(**row | {"codes": tuple(row["codes"])}) for row in _rows(folder / "procedures.jsonl"))


def load_petitions(folder: Path = DATA) -> tuple[PetitionExample, ...]:
    """Every petition of the set in *folder*, in the order of the file."""
    return tuple(_petition(row) for row in _rows(folder / "petitions.jsonl"))


def _petition(row: dict[str, Any]) -> PetitionExample:
    lists = {name: tuple(row[name]) for name in ("categories", "agencies", "parts", "keep")}
    return PetitionExample(**row | lists | {"redact": tuple(Span(**span) for span in row["redact"])})


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def check_frozen(folder: Path = DATA) -> list[str]:
    """The names of the files of *folder* that are not what was frozen; empty when all is well."""
    pinned = (line.split() for line in (folder / PINS.name).read_text(encoding="ascii").splitlines())
    return [name for digest, name in pinned if hashlib.sha256((folder / name).read_bytes()).hexdigest() != digest]


def folded_four_grams(text: str) -> frozenset[str]:
    """The character 4-grams of *text* without accents and case. Anything with a digit counts as one mark, so that a number hides no likeness."""
    plain = " ".join(re.sub(r"\S*\d\S*", "#", fold(text).lower()).split())
    return frozenset(plain[start : start + 4] for start in range(max(1, len(plain) - 3)))


def leaks(test: Sequence[str], training: Sequence[str], limit: float = 0.6) -> list[tuple[str, str, float]]:
    """``(test sentence, training phrase, share)`` wherever one phrase holds more than *limit* of the sentence's 4-grams."""
    holders: defaultdict[str, list[int]] = defaultdict(list)
    for index, phrase in enumerate(training):
        for gram in folded_four_grams(phrase):
            holders[gram].append(index)
    found = []
    for sentence in test:
        wanted = folded_four_grams(sentence)
        shared = Counter(chain.from_iterable(holders.get(gram, ()) for gram in wanted))
        found += [
            (sentence, training[index], count / len(wanted))
            for index, count in shared.items()
            if count > limit * len(wanted)
        ]
    return found
