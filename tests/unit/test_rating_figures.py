"""Figures of ratings, and which of them are shown."""

import pytest

from bot.intent import RatingSubject
from bot.rating_figures import Figures, by_agency, figures_of, shown
from bot.ratings import NationalLevel, RatingCount


def count(agency: str, score: int, times: int) -> RatingCount:
    return RatingCount(
        subject=RatingSubject.DOSSIER, agency=agency, handled_by="", reference="", score=score, count=times
    )


def test_figures() -> None:
    figures = figures_of([count("a", 5, 4), count("a", 3, 2), count("b", 1, 2)])
    assert (figures.total, figures.mean, figures.satisfied, figures.dissatisfied) == (8, 3.5, 0.5, 0.25)
    assert [figures.level(level) for level in NationalLevel] == [4, 2, 2]
    assert [figures.total for figures in by_agency([count("a", 5, 4), count("b", 1, 2)]).values()] == [4, 2]


@pytest.mark.parametrize(
    ("groups", "total", "names"),
    [
        ({"a": 9}, 9, []),
        ({"a": 10}, 10, ["a"]),
        ({"a": 10}, 13, []),
        ({"a": 10}, 20, ["a"]),
        ({"a": 12, "b": 11, "c": 3}, 26, ["a"]),
        ({"a": 12, "b": 11, "c": 3, "d": 8}, 34, ["a", "b"]),
        ({"a": 12, "b": 11}, 23, ["a", "b"]),
    ],
)
def test_what_is_shown(groups: dict[str, int], total: int, names: list[str]) -> None:
    found = shown({name: Figures({5: times}) for name, times in groups.items()}, total)
    assert [name for name, _ in found] == names
