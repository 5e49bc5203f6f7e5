"""Who is forgotten and who is not, on both engines."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from bot.intent import RecordLookUp, SetOptOut, Write
from bot.store.base import PlanStore
from bot.store.port import Decision, NewOutbound
from tests.contract.store_engines import CODE, NOON, Engine, claimed, person, reply, text

DAY = timedelta(days=1)
PEOPLE = "SELECT codes, opted_out_at IS NOT NULL FROM contact"


async def conversation(store: PlanStore, *writes: Write, at: datetime = NOON) -> None:
    row = await claimed(store, text(at=at))
    await store.decide(Decision(inbound=row, at=at, writes=writes))


async def asks(store: PlanStore) -> None:
    await conversation(store, RecordLookUp(CODE, found=True))


async def asks_and_comes_back(store: PlanStore) -> None:
    await asks(store)
    await conversation(store, at=NOON + 60 * DAY)


async def writes_again_and_is_not_answered_yet(store: PlanStore) -> None:
    await asks(store)
    await store.save_inbound(text(at=NOON + 91 * DAY), claim=True)


async def opts_out(store: PlanStore) -> None:
    await conversation(store, RecordLookUp(CODE, found=True), SetOptOut(NOON))


async def is_told_by_another(store: PlanStore) -> None:
    """Wrote long ago; an answer to somebody else went to them since."""
    await asks(store)
    at = NOON + 60 * DAY
    row = await claimed(store, text(sender=1, at=at))
    out = reply(store, row, to=person(), at=at)
    await store.decide(Decision(inbound=row, at=at, outbound=(NewOutbound(message=out, sending=True),)))


async def is_ignored(store: PlanStore) -> None:
    await store.save_inbound(text(ignored="not_a_person"), claim=True)


@dataclass(frozen=True)
class Case:
    story: Callable[[PlanStore], Awaitable[None]]
    left: int
    """People known a day after their 91st."""
    remembered: bool = False
    """The codes of one of them."""


CASES = [
    Case(asks, 0),
    Case(is_ignored, 0),
    Case(opts_out, 1),
    Case(asks_and_comes_back, 1, remembered=True),
    Case(writes_again_and_is_not_answered_yet, 1, remembered=True),
    Case(is_told_by_another, 2, remembered=True),
]


async def purge(store: PlanStore, at: datetime) -> None:
    while await store.sweep(at, 100):
        pass


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.story.__name__)
async def test_who_is_remembered(engine: Engine, case: Case) -> None:
    store = await engine.open()
    await case.story(store)
    await purge(store, NOON + 89 * DAY)
    before = await engine.rows(PEOPLE)
    await purge(store, NOON + 92 * DAY)
    left = await engine.rows(PEOPLE)
    assert (len(left), any(codes for codes, _ in left)) == (case.left, case.remembered)
    assert len(before) >= len(left)


async def test_who_came_back_is_forgotten_later(engine: Engine) -> None:
    store = await engine.open()
    await asks(store)
    engine.clock.advance(60 * DAY.total_seconds())
    await conversation(store, at=NOON + 60 * DAY)
    for days, people in ((92, 1), (149, 1), (151, 0)):
        await purge(store, NOON + days * DAY)
        assert len(await engine.rows(PEOPLE)) == people, days
