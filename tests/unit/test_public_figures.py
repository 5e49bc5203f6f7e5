"""Public figures: small numbers are not told, nor what would tell them."""

from typing import Any

import pytest

from bot.petitions.categories import shipped_categories
from bot.store.port_public import CategoryFigures
from bot.web.public.figures import rows, totals


def row(category: str = "MT", **figures: int) -> CategoryFigures:
    nothing: dict[str, Any] = dict.fromkeys(
        ("received", "processed", "answered", "on_time", "late", "rated", "satisfied"), 0
    )
    return CategoryFigures(category=category, **(nothing | figures))


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        pytest.param([0, 7, 12], ["0", "7", "12"], id="nothing to hide"),
        pytest.param([3, 7, 12], ["< 5", "…", "12"], id="the sum would tell the only small one"),
        pytest.param([3, 4, 12], ["< 5", "< 5", "12"], id="two small ones hide each other"),
        pytest.param([3, 0, 0], ["< 5", "0", "0"], id="the sum is small itself"),
        pytest.param([1, 5, 5], ["< 5", "…", "5"], id="the smaller one goes"),
        pytest.param([1234, 56], ["1.234", "56"], id="thousands"),
    ],
)
@pytest.mark.parametrize("name", ["received", "processed", "late"])
def test_cells(name: str, counts: list[int], told: list[str]) -> None:
    found = [row(category, **{name: count}) for category, count in zip(("MT", "GT", "DN"), counts, strict=False)]
    assert [getattr(item, name) for item in rows(found, shipped_categories())] == told


@pytest.mark.parametrize(
    ("figures", "on_time", "satisfied"),
    [
        pytest.param({}, "–", "–", id="none"),
        pytest.param({"answered": 4, "on_time": 4, "rated": 9, "satisfied": 9}, "–", "–", id="too few"),
        pytest.param({"answered": 300, "on_time": 289, "rated": 10, "satisfied": 7}, "96 %", "70 %", id="enough"),
    ],
)
def test_shares_of_all(figures: dict[str, int], on_time: str, satisfied: str) -> None:
    found = totals([row(**figures)])
    assert (found.on_time, found.satisfied) == (on_time, satisfied)


def test_shares_of_a_field_are_told_in_steps() -> None:
    (found,) = rows([row(answered=300, on_time=289)], shipped_categories())
    assert found.on_time == "95 %"


def test_a_field_that_the_desk_has_no_more_is_other() -> None:
    (found,) = rows([row("ZZ", received=9)], shipped_categories())
    assert found.category.code == "KH"
