"""Figures of ratings that tell nobody who gave them: no group of fewer than ten, nor one that the others would give away."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from bot.intent import RatingSubject
from bot.ratings import LOW, SHOWN_FROM, NationalLevel, RatingCount, national_level

Name = TypeVar("Name")
HIGH = 4
"""From here upwards somebody is satisfied."""


@dataclass(frozen=True, slots=True)
class Figures:
    """How often each score was given."""

    scores: Mapping[int, int]

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.scores.values())

    @property
    def mean(self) -> float:
        """Between 1 and 5. Not of none at all."""
        return sum(score * count for score, count in self.scores.items()) / self.total

    @property
    def satisfied(self) -> float:
        """The share of 4 and 5."""
        return self._of(score for score in self.scores if score >= HIGH) / self.total

    @property
    def dissatisfied(self) -> float:
        """The share of 1 and 2."""
        return self._of(score for score in self.scores if score <= LOW) / self.total

    def level(self, wanted: NationalLevel) -> int:
        """How many there are at a level of the national forms."""
        return self._of(score for score in self.scores if national_level(score) is wanted)

    @property
    def may_be_shown(self) -> bool:
        """Enough of them that nobody can tell who gave which."""
        return self.total >= SHOWN_FROM

    def _of(self, scores: Iterable[int]) -> int:
        return sum(self.scores[score] for score in scores)


@dataclass(frozen=True, slots=True)
class Group:
    """What is rated within an agency."""

    kind: str
    """``officer`` or ``counter``."""
    name: str
    """An officer's id, what the one-stop system calls its officer, or the number of the counter."""


def figures_of(counts: Iterable[RatingCount]) -> Figures:
    """Of all of these."""
    found: Counter[int] = Counter()
    for count in counts:
        found[count.score] += count.count
    return Figures(found)


def by_agency(counts: Iterable[RatingCount]) -> Mapping[str, Figures]:
    """By the agency's code."""
    return _grouped((count.agency, count) for count in counts)


def by_group(counts: Iterable[RatingCount]) -> Mapping[Group, Figures]:
    """By officer and counter, of one agency; ratings that name neither are left out."""
    return _grouped((group, count) for count in counts if (group := _group(count)))


def shown(groups: Mapping[Name, Figures], total: int) -> list[tuple[Name, Figures]]:
    """Those that may be shown beside *total*, the most often rated first: what is left for the others is none or ten at least."""
    found = sorted(
        ((name, figures) for name, figures in groups.items() if figures.may_be_shown), key=lambda item: -item[1].total
    )
    while found and 0 < total - sum(figures.total for _, figures in found) < SHOWN_FROM:
        found.pop()
    return found


def _group(count: RatingCount) -> Group | None:
    if count.subject is RatingSubject.COUNTER:
        return Group("counter", count.reference)
    return Group("officer", count.handled_by) if count.handled_by else None


def _grouped(counts: Iterable[tuple[Name, RatingCount]]) -> Mapping[Name, Figures]:
    found: dict[Name, Counter[int]] = {}
    for name, count in counts:
        found.setdefault(name, Counter())[count.score] += count.count
    return {name: Figures(scores) for name, scores in found.items()}
