"""Which procedure a question is about: search over official names, folk names and situations."""

import csv
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import islice, pairwise
from typing import NamedTuple

from bot.understanding.features import plain

UNMATCHED_QUESTION = 0.35
"""How much a word of the question that the name lacks counts against it; people tell more than is needed."""
UNMATCHED_BESIDE_WHOLE_NAME = 0.2
"""The same where the question holds the whole name."""
UNMATCHED_FOLK_NAME = 0.6
UNMATCHED_OFFICIAL_NAME = 0.12
"""Official names are long: what the question leaves out of them says little."""
UNKNOWN_WORD = 1.0
"""Weight of a word of the question that no name holds."""
SECOND_NAME = 0.15
"""What a second fitting name of the same procedure adds."""
SATURATION = 1.2
LENGTH_COUNTS = 0.5
"""The constants of BM25 (Robertson and Zaragoza, 2009)."""
BUNDLE = 12
SURE = 0.5
POSSIBLE = 0.21
MARGIN = 1.15
SHOWN = 3
PAIR = 0.8
"""Weight of two neighbouring words beside that of the words alone."""
NOISE_WEIGHT = 0.15
"""Of words of asking: they name no procedure, though some stand in names too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Procedure:
    """A row of the catalogue."""

    code: str
    name: str
    field: str
    agency: str
    time_limit: int | None
    time_unit: str
    fee_min: int
    """VND; 0 is "none stated", never "free"."""
    fee_max: int
    documents: tuple[str, ...]
    online: bool
    """Can be filed online. No level is known, so none is claimed."""


@dataclass(frozen=True, slots=True)
class Match:
    """A procedure and how well it fits, 0–1."""

    procedure: Procedure
    score: float


class Name(NamedTuple):
    """One name of an entry, weighed."""

    entry: int
    """A procedure, or one bundle of another body's matters."""
    weight: float
    """Of all its terms together."""
    unmatched: float
    """How much it counts against the name what the question does not hold of it."""


class Catalogue:
    """Procedures with all their names, ready to be searched. Building takes some tens of milliseconds."""

    def __init__(
        self,
        procedures: Sequence[Procedure],
        folk_names: Mapping[str, Sequence[str]],
        elsewhere: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        """*folk_names*: code → what people call it. *elsewhere*: another body → what people ask of it."""
        self.procedures = tuple(procedures)
        self._bundles = tuple(_bundles(elsewhere or {}))
        self._rarity = _rarity(self._all_names(folk_names))
        self._names: list[Name] = []
        self._holders: defaultdict[str, list[int]] = defaultdict(list)
        self._uses: defaultdict[str, Counter[int]] = defaultdict(Counter)
        lengths: Counter[int] = Counter()
        for index, official, words in self._all_names(folk_names):
            terms = set(terms_of(words))
            lengths[index] += len(terms)
            for term in terms:
                self._holders[term].append(len(self._names))
                self._uses[term][index] += 1
            self._names.append(
                Name(index, sum(map(self._weight, terms)), UNMATCHED_OFFICIAL_NAME if official else UNMATCHED_FOLK_NAME)
            )
        mean = sum(lengths.values()) / len(lengths) if lengths else 1.0
        self._room = [
            SATURATION * (1 - LENGTH_COUNTS + LENGTH_COUNTS * lengths[index] / mean)
            for index in range(len(self.procedures) + len(self._bundles))
        ]

    def search(self, question: str, most: int = SHOWN) -> tuple[Match, ...]:
        """The best fitting procedures, best first; none when nothing fits at all."""
        ranked = ((score, index) for score, index in self._ranked(question) if index < len(self.procedures))
        return tuple(Match(self.procedures[index], score) for score, index in islice(ranked, most))

    def whose(self, question: str) -> str | None:
        """The other body whose matters the question fits better than any procedure; None when it fits a procedure, or nothing."""
        ranked = self._ranked(question)
        if not ranked or ranked[0][1] < len(self.procedures):
            return None
        return self._bundles[ranked[0][1] - len(self.procedures)][0]

    def _ranked(self, question: str) -> list[tuple[float, int]]:
        """Scores and entries, best first.

        Half of a score is the best single name's likeness, half how much of the question all names together hold (BM25).
        """
        terms = set(terms_of(plain(question).split()))
        terms = terms - noise() or terms
        asked = sum(map(self._weight, terms))
        names, together = self._best_names(terms, asked), self._together(terms)
        worst_last = sorted((-names[index] - share / asked, index) for index, share in together.items())
        return [(score / -2, index) for score, index in worst_last]

    def _best_names(self, terms: Iterable[str], asked: float) -> dict[int, float]:
        """By entry: the likeness of its best name, and a little of its second."""
        shared: defaultdict[int, float] = defaultdict(float)
        for term in terms:
            weight = self._weight(term)
            for name in self._holders.get(term, ()):
                shared[name] += weight
        first: dict[int, float] = {}
        second: dict[int, float] = {}
        names = self._names
        for number, weight in shared.items():
            entry, whole, missing = names[number]
            besides = UNMATCHED_BESIDE_WHOLE_NAME if weight >= whole else UNMATCHED_QUESTION
            score = weight / (weight + besides * (asked - weight) + missing * (whole - weight))
            best = first.get(entry, 0.0)
            if score > best:
                first[entry], score = score, best
            if score > second.get(entry, 0.0):
                second[entry] = score
        return {entry: best + SECOND_NAME * second.get(entry, 0.0) * (1 - best) for entry, best in first.items()}

    def _together(self, terms: Iterable[str]) -> dict[int, float]:
        """By entry: the weight of the terms that any of its names holds, more for what many of them hold."""
        held: defaultdict[int, float] = defaultdict(float)
        for term in terms:
            weight = self._weight(term)
            for index, uses in self._uses.get(term, {}).items():
                held[index] += weight * uses / (uses + self._room[index])
        return held

    def _all_names(self, folk_names: Mapping[str, Sequence[str]]) -> Iterator[tuple[int, bool, list[str]]]:
        for index, procedure in enumerate(self.procedures):
            yield index, True, plain(procedure.name).split()
            for name in folk_names.get(procedure.code, ()):
                yield index, False, plain(name).split()
        for index, (_, texts) in enumerate(self._bundles, len(self.procedures)):
            for text in texts:
                yield index, False, plain(text).split()

    def _weight(self, term: str) -> float:
        weight = self._rarity.get(term, UNKNOWN_WORD)
        return weight * NOISE_WEIGHT if term in noise() else weight


def terms_of(words: Sequence[str]) -> Iterator[str]:
    """Words, and pairs of neighbours of which at least one tells something."""
    yield from words
    yield from (
        f"{first} {second}" for first, second in pairwise(words) if first not in noise() or second not in noise()
    )


def answerable(matches: Sequence[Match]) -> tuple[Match, ...]:
    """What a reply may speak of: the one that is surely meant, else up to three to choose from, else nothing."""
    possible = tuple(match for match in matches[:SHOWN] if match.score >= POSSIBLE)
    if not possible:
        return ()
    first, *others = possible
    rivals = [match for match in others if not _is_variant(match.procedure, first.procedure)]
    alone = not rivals or first.score >= MARGIN * rivals[0].score
    return (first,) if first.score >= SURE and alone else possible


def _is_variant(other: Procedure, plain_one: Procedure) -> bool:
    """Whether *other* is *plain_one* under a condition that nobody named, or it would fit better: "lại", "lưu động"."""
    return set(plain(other.name).split()) > set(plain(plain_one.name).split())


@cache
def noise() -> frozenset[str]:
    """Words of asking, from ``bot/data/question_words.txt``."""
    return frozenset(files("bot").joinpath("data/question_words.txt").read_text(encoding="utf-8").split())


def _rarity(names: Iterable[tuple[int, bool, list[str]]]) -> dict[str, float]:
    """Term → how much it tells: the fewer procedures use it, the more."""
    users: defaultdict[str, set[int]] = defaultdict(set)
    count = 0
    for index, _, words in names:
        count = max(count, index + 1)
        for term in terms_of(words):
            users[term].add(index)
    return {term: math.log(1 + count / len(using)) * (PAIR if " " in term else 1.0) for term, using in users.items()}


_renewed: list[Catalogue] = []
"""The catalogue in use, when it is not the one that came with the program."""


def catalogue() -> Catalogue:
    """The catalogue in use."""
    return _renewed[-1] if _renewed else shipped()


def use(procedures: Sequence[Procedure]) -> None:
    """Search these procedures from now on. Takes some tens of milliseconds: not for the event loop."""
    _renewed[:] = [Catalogue(procedures, folk_names(), matters_elsewhere())]


def use_shipped() -> None:
    """Back to the catalogue that came with the program."""
    _renewed.clear()


@cache
def shipped() -> Catalogue:
    """The catalogue that comes with the program."""
    return Catalogue(tuple(_procedures()), folk_names(), matters_elsewhere())


@cache
def folk_names() -> Mapping[str, Sequence[str]]:
    """Code → what people call it, from ``bot/data/procedure_names.csv``."""
    return _texts("procedure_names")


@cache
def matters_elsewhere() -> Mapping[str, Sequence[str]]:
    """Another body (``court``, ``bank`` …, ``none`` where nobody in particular is known) → what people ask of it."""
    return _texts("other_bodies")


def _texts(table: str) -> Mapping[str, Sequence[str]]:
    text = files("bot").joinpath(f"data/{table}.csv").read_text(encoding="utf-8")
    rows = (line.split(",", 1) for line in text.splitlines()[1:])
    return {key: tuple(name.strip() for name in names.split(";")) for key, names in rows}


def _bundles(elsewhere: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, Sequence[str]]]:
    """As many texts together as a procedure has names, so that both are weighed alike."""
    for body, texts in elsewhere.items():
        for start in range(0, len(texts), BUNDLE):
            yield body, texts[start : start + BUNDLE]


def _procedures() -> Iterator[Procedure]:
    text = files("dossier_client").joinpath("data/procedures.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(text.splitlines()):
        yield Procedure(
            code=row["code"],
            name=row["name_vi"],
            field=row["field"],
            agency=row["agency"],
            time_limit=int(float(row["time_limit"])) if row["time_limit"] else None,
            time_unit=row["time_unit"],
            fee_min=int(row["fee_min_vnd"] or 0),
            fee_max=int(row["fee_max_vnd"] or 0),
            documents=tuple(paper.strip() for paper in row["documents"].split("|") if paper.strip()),
            online=row["online"] == "yes",
        )
