"""Late answers that are owed, on both engines: few, for a day, each kept once."""

import asyncio
from datetime import datetime, timedelta

import pytest

from bot.intent import PromiseAnswer, RecordLookUp, SetOptOut
from bot.model import OutboundKind
from bot.store.base import PlanStore
from bot.store.port import Decision, NewOutbound, Promise
from tests.contract.store_engines import NOON, Engine, claimed, reply, text

DAY = timedelta(hours=24)


def code(number: int) -> str:
    return f"H05.{number}-260610-0001"


async def promise(
    store: PlanStore, *numbers: int, sender: int = 0, at: datetime = NOON, upstream: str = "bacninh"
) -> None:
    row = await claimed(store, text(f"{numbers} {at}", sender=sender, at=at))
    writes = tuple(PromiseAnswer(code(number), upstream, at) for number in numbers)
    await store.decide(Decision(inbound=row, at=at, writes=writes))


async def due(store: PlanStore, *, at: datetime = NOON, limit: int = 10) -> list[Promise]:
    return list(await store.due_promises("bacninh", at, limit))


def late(store: PlanStore, owed: Promise, *, sending: bool = True) -> NewOutbound:
    message = reply(
        store,
        owed,
        kind=OutboundKind.LATE_ANSWER,
        reply_to=owed.reply_to,
        ordinal=owed.ordinal,
        to=owed.contact.address,
    )
    return NewOutbound(message=message, sending=sending)


async def test_at_night_older_ones_do_not_hold_back_who_still_waits(engine: Engine) -> None:
    store = await engine.open()
    for number in range(3):
        await promise(store, number + 1, sender=number)
    await promise(store, 9, sender=9, at=NOON + timedelta(hours=1))
    owed = await store.due_promises("bacninh", NOON, 2, asked_since=NOON + timedelta(minutes=30))
    assert [item.code for item in owed] == [code(9)]
    assert [item.code for item in await due(store, limit=2)] == [code(1), code(2)], "in the morning in turn"


async def test_what_is_owed(engine: Engine) -> None:
    store = await engine.open()
    row = await claimed(store, text())
    writes = (PromiseAnswer(code(1), "bacninh", NOON), PromiseAnswer(code(2), "bacninh", NOON))
    await store.decide(Decision(inbound=row, at=NOON, writes=writes))
    owed = await due(store)
    assert [(item.code, item.reply_to, item.ordinal, item.contact.address) for item in owed] == [
        (code(1), row.id, 10, row.contact.address),
        (code(2), row.id, 11, row.contact.address),
    ]
    assert (owed[0].source, owed[0].route) == (row.message.recipient, row.message.route)
    assert (owed[0].asked_at, owed[0].valid_until) == (NOON, NOON + DAY)
    assert await store.open_promises() == {"bacninh": 2}
    assert sorted(await store.owed_codes(row.contact.id)) == [code(1), code(2)]
    assert await store.owed_codes(b"x" * 16) == []
    assert await engine.rows("SELECT codes FROM inbox") == [(f"{code(1)},{code(2)}",)]


async def test_one_for_a_code_and_three_for_a_person(engine: Engine) -> None:
    store = await engine.open()
    await promise(store, 1)
    await promise(store, 1, 2, at=NOON + timedelta(minutes=1))
    await promise(store, 3, 4, 5, at=NOON + timedelta(minutes=2))
    await promise(store, 1, 4, sender=1)
    owed = [(item.code, item.ordinal) for item in await due(store)]
    assert owed == [(code(1), 10), (code(2), 11), (code(3), 10), (code(1), 10), (code(4), 11)]


async def test_each_upstream_owes_its_own_oldest_first(engine: Engine) -> None:
    store = await engine.open()
    for number in range(3):
        await promise(store, 1, sender=number, at=NOON + timedelta(seconds=number))
    await promise(store, 2, sender=9, upstream="other")
    assert await store.open_promises() == {"bacninh": 3, "other": 1}
    assert [item.asked_at for item in await due(store, limit=2)] == [NOON, NOON + timedelta(seconds=1)]


async def test_a_promise_ends_after_a_day(engine: Engine) -> None:
    store = await engine.open()
    await promise(store, 1)
    assert len(await due(store, at=NOON + DAY - timedelta(seconds=1))) == 1
    assert await due(store, at=NOON + DAY) == []
    assert await engine.rows("SELECT state FROM promise") == [("expired",)]
    assert await store.open_promises() == {}
    await promise(store, 1, at=NOON + DAY)
    assert len(await due(store, at=NOON + DAY)) == 1, "and may be made again"


async def test_kept_once_with_its_answer(engine: Engine) -> None:
    store = await engine.open()
    await promise(store, 1)
    (owed,) = await due(store)
    answers = [late(store, owed) for _ in range(4)]
    writes = (RecordLookUp(code(1), found=True),)
    kept = await asyncio.gather(*(store.keep_promise(owed, answer, writes, NOON) for answer in answers))
    assert sorted(kept) == [False, False, False, True]
    assert await engine.rows("SELECT reply_to, ordinal, kind, state FROM outbox") == [
        (owed.reply_to, 10, "late_answer", "sending")
    ]
    assert await store.own_codes(owed.contact.id, NOON, 9) == [code(1)], "it counts as a look-up"
    assert await engine.rows("SELECT turn FROM contact") == [(2,)]
    assert await due(store) == []
    await promise(store, 1, at=NOON + timedelta(minutes=1))
    assert len(await due(store)) == 1, "what was kept may be promised again"


async def test_a_late_answer_waits_its_turn_on_the_route(engine: Engine) -> None:
    store = await engine.open()
    await promise(store, 1)
    (owed,) = await due(store)
    answer = late(store, owed, sending=False)
    assert await store.keep_promise(owed, answer, (), NOON)
    assert await store.claim_outbound(owed.route, 10, NOON) == [answer.message]


async def test_cancelled(engine: Engine) -> None:
    store = await engine.open()
    await promise(store, 1)
    (owed,) = await due(store)
    assert await store.keep_promise(owed, None, (), NOON)
    assert await engine.rows("SELECT state FROM promise") == [("cancelled",)]
    assert not await store.keep_promise(owed, late(store, owed), (), NOON)
    assert await engine.rows("SELECT 1 FROM outbox") == []


async def test_opting_out_cancels_what_is_owed(engine: Engine) -> None:
    store = await engine.open()
    await promise(store, 1, 2)
    await promise(store, 1, sender=1)
    row = await claimed(store, text("TC"))
    await store.decide(Decision(inbound=row, at=NOON, writes=(SetOptOut(NOON),)))
    assert [item.contact.id for item in await due(store)] != [row.contact.id] * 2
    assert await store.open_promises() == {"bacninh": 1}
    assert sorted(await engine.rows("SELECT state FROM promise")) == [("cancelled",), ("cancelled",), ("open",)]


@pytest.mark.parametrize("kept_first", [True, False], ids=["the answer first", "the opt-out first"])
async def test_opting_out_while_the_answer_is_on_its_way(engine: Engine, *, kept_first: bool) -> None:
    store = await engine.open()
    await promise(store, 1)
    (owed,) = await due(store)
    row = await claimed(store, text("TC"))
    out = store.decide(Decision(inbound=row, at=NOON, writes=(SetOptOut(NOON),)))
    keep = store.keep_promise(owed, late(store, owed), (), NOON)
    if kept_first:
        assert await keep
        await out
    else:
        await out
        assert not await keep
    assert len(await engine.rows("SELECT 1 FROM outbox")) == int(kept_first)
