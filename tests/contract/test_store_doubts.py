"""Doubts that nobody can resolve end with the validity of the message, on both engines."""

from datetime import timedelta

from bot.model import DeliveryReceipt, OutboundKind, ReceiptState
from bot.store.base import PlanStore
from bot.store.port import OutboundState, SendFailure
from tests.contract.store_engines import NOON, ROUTE, Engine, answered, text

STATES = "SELECT state FROM outbox ORDER BY id"
DAY = timedelta(hours=24)


async def in_doubt(store: PlanStore, sender: int = 0, *, kind: OutboundKind = OutboundKind.ANSWER) -> None:
    out = await answered(store, text(sender=sender), segments=2, kind=kind)
    failure = SendFailure(state=OutboundState.IN_DOUBT, error="in_doubt", at=NOON, parts=(f"id{sender}", None))
    await store.record_failure(out, failure)


async def test_they_end_with_the_validity_and_not_before(engine: Engine) -> None:
    store = await engine.open()
    for sender in range(3):
        await in_doubt(store, sender, kind=OutboundKind.ONE_TIME_CODE)
    await answered(store, text(sender=4), sending=False)
    assert await store.expire_in_doubt(NOON + DAY - timedelta(seconds=1), 10) == 0
    assert [await store.expire_in_doubt(NOON + DAY, 2) for _ in range(3)] == [2, 1, 0]
    assert await engine.rows(STATES) == [("expired",)] * 3 + [("ready",)]
    assert (await store.figures(NOON)).in_doubt == 0


async def test_a_receipt_that_comes_even_later_still_tells(engine: Engine) -> None:
    store = await engine.open()
    await in_doubt(store)
    assert await store.expire_in_doubt(NOON + DAY, 10) == 1
    news = DeliveryReceipt(
        route=ROUTE, provider_ids=("id0",), state=ReceiptState.FAILED, error="EXPIRED", received_at=NOON + DAY
    )
    assert await store.record_receipt(news)
    assert await engine.rows(STATES) == [("undelivered",)]
