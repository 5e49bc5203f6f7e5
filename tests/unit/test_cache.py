"""The memory of answers: ages, bound, forgetting."""

import tracemalloc

import pytest

from bot.clock import FixedClock
from dossier_client.cache import ENTRY_OCTETS, AgedCache
from tests.contract.upstreams import NOW

ROOMY = 10_000_000


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
    cache = AgedCache(ROOMY, clock.monotonic)
    cache.put("a", b"value")
    clock.advance(age)
    assert cache.get("a", max_age) == (b"value" if known else None)


def test_a_jump_of_the_wall_clock_changes_no_age() -> None:
    clock = FixedClock(NOW)
    cache = AgedCache(ROOMY, clock.monotonic)
    cache.put("a", b"value")
    clock.jump(3600)
    assert cache.get("a", 60) == b"value"


def test_the_oldest_goes_first() -> None:
    cache = AgedCache(2 * (ENTRY_OCTETS + 2), FixedClock(NOW).monotonic)
    for code, value in (("a", b"1"), ("b", b"2"), ("a", b"3"), ("c", b"4")):
        cache.put(code, value)
    assert (cache.get("a", 1), cache.get("b", 1), cache.get("c", 1), len(cache)) == (b"3", None, b"4", 2)


def test_octets_are_bounded_whatever_the_size_of_a_value() -> None:
    cache = AgedCache(10_000, FixedClock(NOW).monotonic)
    for number in range(100):
        cache.put(f"{number}", bytes(number * 20))
        assert cache.octets <= 10_000
    assert cache.get("99", 1) == bytes(1980)
    cache.put("too big", bytes(10_000))
    assert (len(cache), cache.octets) == (0, 0)


def test_forgetting() -> None:
    cache = AgedCache(ROOMY, FixedClock(NOW).monotonic)
    cache.put("a", b"1")
    cache.put("empty", b"")
    cache.drop("a")
    cache.drop("never there")
    assert (cache.get("a", 1), cache.get("empty", 1)) == (None, b"")
    assert cache.octets == ENTRY_OCTETS + len("empty")


def test_what_an_entry_is_said_to_take_is_what_it_takes() -> None:
    cache = AgedCache(ROOMY, FixedClock(NOW).monotonic)
    tracemalloc.start()
    try:
        for number in range(5000):
            cache.put(f"H05.{number}-260610-0001", bytes(number % 500))
        taken, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert 0.8 < taken / cache.octets < 1.1
