"""Breaker, bulkhead, retry budget and single flight, with a clock and a chance that only move when told."""

import asyncio
from collections.abc import Sequence

import pytest

from bot.clock import FixedClock
from dossier_client.faults import Reason, UpstreamFault
from dossier_client.resilience import Breaker, BreakerState, Bulkhead, RetryBudget, SingleFlight
from tests.contract.upstreams import NOW

OK, BAD, CUT = False, True, None


def call(breaker: Breaker, *, failed: bool | None) -> None:
    breaker.leave(probe=breaker.enter(), failed=failed)


def state_of(breaker: Breaker) -> BreakerState:
    return breaker.state


@pytest.mark.parametrize(
    ("calls", "state"),
    [
        pytest.param([BAD] * 4, BreakerState.CLOSED, id="four in a row"),
        pytest.param([BAD] * 5, BreakerState.OPEN, id="five in a row"),
        pytest.param([BAD] * 4 + [OK] + [BAD] * 4, BreakerState.CLOSED, id="nine calls are too few for a rate"),
        pytest.param([BAD] * 4 + [OK] * 5 + [BAD], BreakerState.OPEN, id="half of ten"),
        pytest.param([BAD] * 4 + [OK] * 6 + [BAD], BreakerState.CLOSED, id="less than half"),
        pytest.param([BAD] * 4 + [CUT] * 9, BreakerState.CLOSED, id="a call that was cut tells nothing"),
    ],
)
def test_breaker_opens(calls: Sequence[bool | None], state: BreakerState) -> None:
    breaker = Breaker(FixedClock(NOW).monotonic, lambda: 0.5)
    for failed in calls:
        call(breaker, failed=failed)
    assert breaker.state is state


def test_old_failures_do_not_count() -> None:
    clock = FixedClock(NOW)
    breaker = Breaker(clock.monotonic, lambda: 0.5)
    for failed in [BAD, BAD, BAD, BAD, OK, OK, OK, OK]:
        call(breaker, failed=failed)
    clock.advance(11)
    for failed in [OK, BAD]:
        call(breaker, failed=failed)
    assert breaker.state is BreakerState.CLOSED


@pytest.mark.parametrize(("chance", "factor"), [(0.0, 0.8), (0.5, 1.0), (1.0, 1.2)])
def test_pauses_double_to_two_minutes_and_start_anew(chance: float, factor: float) -> None:
    clock = FixedClock(NOW)
    breaker = Breaker(clock.monotonic, lambda: chance)
    for _ in range(5):
        call(breaker, failed=BAD)
    for pause in [15, 30, 60, 120, 120]:
        clock.advance(pause * factor - 0.01)
        assert state_of(breaker) is BreakerState.OPEN
        clock.advance(0.02)
        assert state_of(breaker) is BreakerState.HALF_OPEN
        call(breaker, failed=BAD)
    clock.advance(120 * factor + 0.01)
    call(breaker, failed=OK)
    assert state_of(breaker) is BreakerState.CLOSED
    for _ in range(5):
        call(breaker, failed=BAD)
    clock.advance(15 * factor + 0.01)
    assert state_of(breaker) is BreakerState.HALF_OPEN


def test_half_open_lets_one_call_through() -> None:
    clock = FixedClock(NOW)
    breaker = Breaker(clock.monotonic, lambda: 0.5)
    late = breaker.enter()
    for _ in range(5):
        call(breaker, failed=BAD)
    clock.advance(16)
    probe = breaker.enter()
    with pytest.raises(UpstreamFault, match="open"):
        breaker.enter()
    breaker.leave(probe=late, failed=OK)
    with pytest.raises(UpstreamFault, match="open"):
        breaker.check()
    breaker.leave(probe=probe, failed=CUT)
    call(breaker, failed=OK)
    assert breaker.state is BreakerState.CLOSED


async def test_bulkhead_runs_few_lets_some_wait_and_refuses_the_rest() -> None:
    bulkhead, release, refused = Bulkhead(2, 3), asyncio.Event(), []

    async def visit() -> None:
        try:
            async with bulkhead:
                await release.wait()
        except UpstreamFault as fault:
            refused.append(fault.reason)

    async with asyncio.TaskGroup() as group:
        for _ in range(7):
            group.create_task(visit())
        await asyncio.sleep(0)
        assert (bulkhead.running, bulkhead.waiting, refused) == (2, 3, [Reason.BUSY, Reason.BUSY])
        release.set()
    assert (bulkhead.running, bulkhead.waiting) == (0, 0)


async def test_an_inner_bulkhead_takes_places_of_the_outer_one() -> None:
    outer = Bulkhead(1, 0)
    inner = Bulkhead(1, 5, within=outer)
    async with outer:
        with pytest.raises(UpstreamFault, match="busy"):
            await inner.__aenter__()
    async with inner:
        assert (outer.running, inner.running) == (1, 1)
    assert (outer.running, inner.running) == (0, 0)


async def test_who_stops_waiting_leaves_no_place_taken() -> None:
    outer = Bulkhead(1, 5)
    inner = Bulkhead(1, 5, within=outer)
    async with outer:
        waiting = asyncio.create_task(inner.__aenter__())
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
    async with inner:
        assert (outer.running, outer.waiting, inner.running) == (1, 0, 1)


@pytest.mark.parametrize(
    ("calls", "retries"), [pytest.param(1, 3, id="floor"), pytest.param(100, 10, id="a tenth"), (455, 45)]
)
def test_retry_budget(calls: int, retries: int) -> None:
    clock = FixedClock(NOW)
    budget = RetryBudget(clock.monotonic)
    for _ in range(calls):
        budget.called()
    assert sum(budget.take() for _ in range(calls + 5)) == retries
    clock.advance(61)
    assert budget.take()


async def test_single_flight_works_once_for_all() -> None:
    flights: SingleFlight[int] = SingleFlight()
    works = []

    async def work() -> int:
        works.append(1)
        await asyncio.sleep(0)
        return 7

    results = await asyncio.gather(*(flights.run("a", work) for _ in range(50)))
    assert (results, len(works)) == ([7] * 50, 1)
    await flights.run("a", work)
    assert len(works) == 2


async def test_when_the_one_who_works_is_cancelled_the_next_takes_over() -> None:
    flights: SingleFlight[int] = SingleFlight()
    go = asyncio.Event()

    async def work() -> int:
        await go.wait()
        return 7

    first = asyncio.create_task(flights.run("a", work))
    others = [asyncio.create_task(flights.run("a", work)) for _ in range(3)]
    await asyncio.sleep(0)
    first.cancel()
    others[0].cancel()
    go.set()
    results = await asyncio.gather(first, *others, return_exceptions=True)
    assert [type(result) for result in results[:2]] == [asyncio.CancelledError] * 2
    assert results[2:] == [7, 7]
