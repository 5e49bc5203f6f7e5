"""History, on both engines: listed while it grows, purged in slices, counted."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.intent import PromiseAnswer, RecordLookUp, RecordVerification
from bot.model import DeliveryReceipt, ReceiptState
from bot.privacy import masked
from bot.store.base import PAGE, PlanStore
from bot.store.port import Decision, Figures, NewOutbound
from bot.store.retention import Retention
from tests.contract.store_engines import CODE, NOON, ROUTE, Engine, answered, claimed, part, person, reply, text

BEGINNING = NOON - timedelta(days=3650)


async def listed(store: PlanStore, since: datetime = BEGINNING) -> list[dict[str, Any]]:
    return [row async for row in store.messages(since)]


async def test_what_is_listed(engine: Engine) -> None:
    store = await engine.open()
    row = await claimed(store, text(external_id="m1"))
    out = reply(store, row)
    await store.decide(
        Decision(
            inbound=row,
            at=NOON,
            outbound=(NewOutbound(message=out, sending=True),),
            writes=(RecordLookUp(CODE, found=True),),
        )
    )
    assert await listed(store) == [
        {
            "id": row.id,
            "channel": "sms",
            "direction": "in",
            "external_id": "m1",
            "sender_masked": masked(person().id),
            "state": "done",
            "reply_to": None,
            "ordinal": None,
            "attempts": 1,
            "possible_duplicate": False,
            "codes": [CODE],
            "duplicate_of": None,
        },
        {
            "id": out.id,
            "channel": "sms",
            "direction": "out",
            "external_id": None,
            "sender_masked": masked(person().id),
            "state": "sending",
            "reply_to": row.id,
            "ordinal": 0,
            "attempts": 1,
            "possible_duplicate": False,
            "codes": [CODE],
            "duplicate_of": None,
        },
    ]


async def test_since(engine: Engine) -> None:
    store = await engine.open()
    ids = []
    for number in range(3):
        ids.append((await store.save_inbound(text(sender=number), claim=False)).id)
        engine.clock.advance(60)
    for skipped in range(4):
        since = NOON + timedelta(seconds=60 * skipped)
        assert [row["id"] for row in await listed(store, since)] == ids[skipped:]


@pytest.mark.parametrize("count", [PAGE - 1, PAGE, PAGE + 1, 2 * PAGE])
async def test_pages_join_without_a_seam(engine: Engine, count: int) -> None:
    """Many received, some sent: both lists are cut at different ids."""
    store = await engine.open()
    first = await answered(store, text())
    await engine.rows(
        "INSERT INTO inbox (id, channel, contact, recipient, route, text, received_at, content_hash, session, raw,"
        " partial, state, attempts, codes)"
        f" WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})"
        f" SELECT {first.id} + 2 * i, 'sms', contact, '', '', '', 0, content_hash, '', raw, partial, 'done', 1, ''"
        " FROM n CROSS JOIN inbox RETURNING 1"
    )
    await engine.rows(
        "INSERT INTO outbox (id, channel, source, route, text, kind, ordinal, segments, created_at, expires_at,"
        " possible_duplicate, state, due, attempts, tries)"
        f" SELECT {first.id} + 6 * (id - {first.id}) / 4 + 1, 'sms', '', '', '', 'notice', 0, 1, 0, 0, partial, 'sent',"
        f" 0, 1, 1 FROM inbox WHERE id > {first.id} AND (id - {first.id}) % 4 = 0 RETURNING 1"
    )
    ids = [row["id"] for row in await listed(store)]
    assert ids == sorted(set(ids))
    assert len(ids) == 2 + count + count // 2


async def test_reading_needs_no_rows_of_its_own(engine: Engine) -> None:
    """As ``motcua messages`` does beside a running gateway."""
    running = await engine.open()
    await running.save_inbound(text(), claim=True)
    beside = engine.make()
    async with beside.reading():
        assert len(await listed(beside)) == 1
    assert await engine.rows("SELECT epoch FROM process") == [(running.epoch,)]


async def test_figures(engine: Engine) -> None:
    store = await engine.open()
    empty = Figures(inbound_open=0, oldest_open_seconds=0, parked=0, outbound_ready=0, in_doubt=0, promises_open=0)
    assert await store.figures(NOON) == empty
    row = await claimed(store, text())
    await store.save_inbound(text("next"), claim=True)
    await answered(store, text(sender=1), sending=False)
    parked = await claimed(store, text(sender=2))
    await store.park(Decision(inbound=parked, at=NOON, writes=(PromiseAnswer(CODE, "bacninh", NOON),)), "broke")
    assert await store.figures(NOON + timedelta(seconds=31)) == Figures(
        inbound_open=2, oldest_open_seconds=31, parked=1, outbound_ready=1, in_doubt=0, promises_open=1
    )
    await store.decide(Decision(inbound=row, at=NOON))
    assert (await store.figures(NOON)).inbound_open == 1


async def everything(store: PlanStore) -> None:
    """A row in each table."""
    row = await claimed(store, text(external_id="m1"))
    out = reply(store, row)
    writes = (
        RecordLookUp(CODE, found=True),
        RecordVerification(CODE, passed=True),
        PromiseAnswer(CODE, "bacninh", NOON),
    )
    new = (NewOutbound(message=out, sending=True),)
    await store.decide(Decision(inbound=row, at=NOON, outbound=new, writes=writes))
    await store.record_sent(out, ["a1"], NOON)
    await store.save_part(part(1))
    receipt = DeliveryReceipt(route=ROUTE, provider_ids=("x",), state=ReceiptState.DELIVERED, received_at=NOON)
    await store.record_receipt(receipt)


AGES = [
    (timedelta(minutes=9), {}),
    (timedelta(minutes=11), {"receipt": 0}),
    (timedelta(hours=73), {"receipt": 0, "inbox WHERE external_id IS NOT NULL": 0}),
    (timedelta(days=31), {"receipt": 0, "inbox WHERE external_id IS NOT NULL": 0, "inbox WHERE text <> ''": 0, "inbox_part": 0, "part_group": 0}),
    (
        timedelta(days=91),
        {
            "receipt": 0, "inbox WHERE external_id IS NOT NULL": 0, "inbox WHERE text <> ''": 0, "inbox_part": 0, "part_group": 0,
            "contact": 0, "verification": 0, "promise": 0, "outbox WHERE contact IS NOT NULL OR text <> ''": 0,
        },
    ),
]  # fmt: skip
COUNTED = (
    "receipt",
    "inbox",
    "inbox WHERE external_id IS NOT NULL",
    "inbox WHERE text <> ''",
    "inbox_part",
    "part_group",
    "contact",
    "verification",
    "promise",
    "outbox",
    "outbox WHERE contact IS NOT NULL OR text <> ''",
    "outbox_part",
    "attempt",
)


@pytest.mark.parametrize(("age", "gone"), AGES, ids=lambda value: str(value) if isinstance(value, timedelta) else "")
async def test_what_is_purged_when(engine: Engine, age: timedelta, gone: dict[str, int]) -> None:
    store = await engine.open()
    await everything(store)
    while await store.sweep(NOON + age, 100):
        pass
    counts = {what: (await engine.rows(f"SELECT count(*) FROM {what}"))[0][0] for what in COUNTED}
    assert counts == dict.fromkeys(COUNTED, 1) | gone


async def test_the_bare_log_goes_last(engine: Engine) -> None:
    store = await engine.open()
    await everything(store)
    while await store.sweep(NOON + timedelta(days=731), 100):
        pass
    assert [await engine.rows(f"SELECT 1 FROM {what}") for what in COUNTED] == [[]] * len(COUNTED)
    assert await listed(store) == []


async def test_a_purge_goes_in_slices_and_goes_on_after_a_restart(engine: Engine) -> None:
    keep = Retention(look_ups=timedelta(days=1))
    store = await engine.open(retention=keep)
    for number in range(25):
        row = await claimed(store, text(sender=number))
        await store.decide(Decision(inbound=row, at=NOON, writes=(RecordVerification(CODE, passed=True),)))
    later = NOON + timedelta(days=2)
    assert await store.sweep(later, 10) == 10
    assert await engine.rows("SELECT count(*) FROM verification") == [(15,)]
    await engine.abandon(store)
    store = await engine.open(retention=keep)
    assert [await store.sweep(later, 10) for _ in range(3)] == [10, 5, 0]
    assert await engine.rows("SELECT count(*) FROM verification") == [(0,)]


async def test_what_is_purged_is_no_longer_a_repeat(engine: Engine) -> None:
    store = await engine.open()
    row = await claimed(store, text(external_id="m1"))
    await store.decide(Decision(inbound=row, at=NOON))
    while await store.sweep(NOON + timedelta(hours=73), 100):
        pass
    again = text(external_id="m1", content_hash=b"", at=NOON + timedelta(hours=73))
    assert (await store.save_inbound(again, claim=True)).claimed
