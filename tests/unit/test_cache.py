"""The memory of answers: ages, bound, forgetting."""

import pytest

from bot.clock import FixedClock
from dossier_client.cache import AgedCache
from tests.contract.upstreams import NOW


@pytest.mark.parametrize(
    ("age", "max_age", "known"),
    [
        pytest.param(0, 60, True, id="new"),
        pytest.param(60, 60, True, id="just old enough"),
        pytest.param(60.1, 60, False, id="too old"),
        pytest.param(86_400, 86_400, True, id="kept for a fault"),
    ],
)
def test_age(age: float, max_age: float, *, known: bool) -> None:
    clock = FixedClock(NOW)
    cache: AgedCache[str] = AgedCache(10, clock.monotonic)
    cache.put("a", "value")
    clock.advance(age)
    assert cache.get("a", max_age) == ("value" if known else None)


def test_a_jump_of_the_wall_clock_changes_no_age() -> None:
    clock = FixedClock(NOW)
    cache: AgedCache[str] = AgedCache(10, clock.monotonic)
    cache.put("a", "value")
    clock.jump(3600)
    assert cache.get("a", 60) == "value"


def test_the_oldest_goes_first() -> None:
    cache: AgedCache[int] = AgedCache(2, FixedClock(NOW).monotonic)
    cache.put("a", 1)
    cache.put("b", 2)
    cache.put("a", 3)
    cache.put("c", 4)
    assert (cache.get("a", 1), cache.get("b", 1), cache.get("c", 1), len(cache)) == (3, None, 4, 2)


def test_forgetting() -> None:
    cache: AgedCache[int] = AgedCache(2, FixedClock(NOW).monotonic)
    cache.put("a", 1)
    cache.drop("a")
    cache.drop("never there")
    assert cache.get("a", 1) is None
