"""Delivery receipts, on both engines: early, unknown, out of order, for each part; a state never moves backwards."""

import asyncio
import itertools
from datetime import datetime, timedelta

import pytest

from bot.model import DeliveryReceipt, OutboundMessage, ReceiptState
from bot.store.base import PlanStore
from bot.store.port import OutboundState, SendFailure
from tests.contract.store_engines import NOON, ROUTE, Engine, PostgresEngine, answered, text

LATER = NOON + timedelta(minutes=1)
DELIVERED, FAILED, ACCEPTED, UNKNOWN = (
    ReceiptState.DELIVERED,
    ReceiptState.FAILED,
    ReceiptState.ACCEPTED,
    ReceiptState.UNKNOWN,
)


def receipt(
    state: ReceiptState, *ids: str, at: datetime = LATER, route: str = ROUTE, error: str = ""
) -> DeliveryReceipt:
    return DeliveryReceipt(route=route, provider_ids=ids, state=state, error=error, received_at=at)


async def sent(store: PlanStore, *ids: str, sender: int = 0, at: datetime = NOON) -> OutboundMessage:
    message = await answered(store, text(sender=sender), segments=len(ids))
    await store.record_sent(message, ids, at)
    return message


async def state(engine: Engine) -> str:
    ((found,),) = await engine.rows("SELECT state FROM outbox")
    return str(found)


@pytest.mark.parametrize(
    "forms", [("ab12",), ("0171", "ab12"), ("ab12", "43794")], ids=["same", "second form", "first form"]
)
async def test_any_form_of_the_id_names_the_part(engine: Engine, forms: tuple[str, ...]) -> None:
    store = await engine.open()
    await sent(store, "ab12")
    assert await store.record_receipt(receipt(DELIVERED, *forms))
    assert await state(engine) == "delivered"
    assert await engine.rows("SELECT state, error FROM outbox_part") == [("delivered", "")]


async def test_the_best_form_wins(engine: Engine) -> None:
    """A decimal id of one message is the hexadecimal id of another."""
    store = await engine.open()
    first, second = await sent(store, "171"), await sent(store, "ab", sender=1)
    assert await store.record_receipt(receipt(DELIVERED, "ab", "171"))
    rows = dict(await engine.rows("SELECT id, state FROM outbox"))
    assert rows == {first.id: "sent", second.id: "delivered"}


NEVER_BACK = [
    ((ACCEPTED, DELIVERED, FAILED), "delivered"),
    ((DELIVERED, ACCEPTED), "delivered"),
    ((FAILED, DELIVERED), "delivered"),
    ((FAILED, ACCEPTED), "undelivered"),
    ((UNKNOWN, ACCEPTED, UNKNOWN), "sent"),
    ((ACCEPTED, FAILED, FAILED, UNKNOWN), "undelivered"),
]


@pytest.mark.parametrize("together", [False, True], ids=["one by one", "in one group"])
@pytest.mark.parametrize(("news", "expected"), NEVER_BACK, ids=str)
async def test_a_state_never_moves_backwards(
    engine: Engine, news: tuple[ReceiptState, ...], expected: str, *, together: bool
) -> None:
    store = await engine.open()
    await sent(store, "a1")
    calls = [store.record_receipt(receipt(item, "a1")) for item in news]
    assert all(await asyncio.gather(*calls) if together else [await call for call in calls])
    assert await state(engine) == expected


@pytest.mark.parametrize("order", list(itertools.permutations(("a1", "a2", "a3"))), ids="".join)
async def test_a_message_is_delivered_with_its_last_part(engine: Engine, order: tuple[str, ...]) -> None:
    store = await engine.open()
    await sent(store, "a1", "a2", "a3")
    seen = []
    for part in order:
        await store.record_receipt(receipt(DELIVERED, part))
        seen.append(await state(engine))
    assert seen == ["sent", "sent", "delivered"]


async def test_one_lost_part_is_a_lost_message(engine: Engine) -> None:
    store = await engine.open()
    await sent(store, "a1", "a2")
    await store.record_receipt(receipt(DELIVERED, "a1"))
    await store.record_receipt(receipt(FAILED, "a2", error="052"))
    assert await state(engine) == "undelivered"
    assert await engine.rows("SELECT provider_id, state, error FROM outbox_part ORDER BY place") == [
        ("a1", "delivered", ""),
        ("a2", "failed", "052"),
    ]


@pytest.mark.parametrize(("news", "expected"), [(DELIVERED, "delivered"), (FAILED, "undelivered"), (ACCEPTED, "sent")])
async def test_a_receipt_before_its_response_is_kept_and_applied(
    engine: Engine, news: ReceiptState, expected: str
) -> None:
    store = await engine.open()
    message = await answered(store, text())
    assert not await store.record_receipt(receipt(news, "171", "ab", at=NOON))
    await store.record_sent(message, ["ab"], NOON + timedelta(seconds=1))
    assert await state(engine) == expected


async def test_of_several_early_receipts_the_furthest_counts(engine: Engine) -> None:
    store = await engine.open()
    message = await answered(store, text())
    for news in (ACCEPTED, DELIVERED, ACCEPTED):
        assert not await store.record_receipt(receipt(news, "ab", at=NOON))
    await store.record_sent(message, ["ab"], NOON)
    assert await state(engine) == "delivered"


async def test_an_early_receipt_is_not_for_a_message_sent_much_later(engine: Engine) -> None:
    """Operators count from the beginning again."""
    store = await engine.open()
    assert not await store.record_receipt(receipt(DELIVERED, "1", at=NOON))
    message = await answered(store, text())
    await store.record_sent(message, ["1"], NOON + timedelta(minutes=11))
    assert await state(engine) == "sent"


async def test_an_unknown_id_changes_nothing(engine: Engine) -> None:
    store = await engine.open()
    await sent(store, "a1")
    strangers = [receipt(DELIVERED, "a2"), receipt(DELIVERED, "a1", route="smpp:other"), receipt(DELIVERED)]
    assert [await store.record_receipt(item) for item in strangers] == [False] * 3
    assert await state(engine) == "sent"


async def test_an_id_that_is_used_again_names_the_newest_message(engine: Engine) -> None:
    store = await engine.open()
    old = await sent(store, "1")
    engine.clock.advance(7200)
    new = await sent(store, "1", sender=1, at=NOON + timedelta(hours=2))
    await store.record_receipt(receipt(DELIVERED, "1", at=NOON + timedelta(hours=3)))
    assert dict(await engine.rows("SELECT id, state FROM outbox")) == {old.id: "sent", new.id: "delivered"}


@pytest.mark.parametrize(("days", "found"), [(3, True), (6, False)])
async def test_how_long_a_receipt_may_take(engine: Engine, days: int, *, found: bool) -> None:
    store = await engine.open()
    await sent(store, "a1")
    assert await store.record_receipt(receipt(DELIVERED, "a1", at=NOON + timedelta(days=days))) is found


async def test_a_receipt_settles_a_message_in_doubt(engine: Engine) -> None:
    """One part has an id, the other's response was lost: what is delivered is not sent again."""
    store = await engine.open()
    message = await answered(store, text(), segments=2)
    doubt = SendFailure(state=OutboundState.IN_DOUBT, error="in_doubt", at=NOON, parts=("a1", None))
    await store.record_failure(message, doubt)
    await store.record_receipt(receipt(DELIVERED, "a1"))
    assert await state(engine) == "in_doubt", "one of two parts is not the whole"
    assert len(await store.claim_in_doubt(ROUTE, 10, LATER, LATER)) == 1


async def test_the_only_part_of_a_message_in_doubt_is_delivered(engine: Engine) -> None:
    store = await engine.open()
    message = await answered(store, text())
    doubt = SendFailure(state=OutboundState.IN_DOUBT, error="in_doubt", at=NOON, parts=("a1",))
    await store.record_failure(message, doubt)
    await store.record_receipt(receipt(DELIVERED, "a1"))
    assert await state(engine) == "delivered"
    assert await store.claim_in_doubt(ROUTE, 10, LATER, LATER) == []


async def test_receipts_of_the_first_try_and_of_the_repeat(engine: Engine) -> None:
    store = await engine.open()
    message = await answered(store, text(), segments=2)
    doubt = SendFailure(state=OutboundState.IN_DOUBT, error="in_doubt", at=NOON, parts=("a1", None))
    await store.record_failure(message, doubt)
    (again,) = await store.claim_in_doubt(ROUTE, 10, LATER, LATER)
    await store.record_sent(again, ["b1", "b2"], LATER)
    await store.record_receipt(receipt(FAILED, "a1"))
    await store.record_receipt(receipt(DELIVERED, "b1"))
    await store.record_receipt(receipt(DELIVERED, "b2"))
    assert await state(engine) == "delivered"


async def test_a_receipt_stored_at_the_same_moment_by_another_process(engine: Engine) -> None:
    """Neither saw the other; the next renewal brings them together. On SQLite one process writes, so it cannot happen."""
    if not isinstance(engine, PostgresEngine):
        pytest.skip("one writer")
    store = await engine.open()
    await sent(store, "ab12")
    aside = f"{store.new_id()}, '{ROUTE}', 'ab12', 'delivered', '', 0"
    other = f"{store.new_id()}, '{ROUTE}', 'zz', 'delivered', '', 0"
    received = "(extract(epoch FROM timestamptz '2026-06-10 05:01Z') * 1000000)::bigint"
    for values in (aside, other):
        await engine.rows(f"INSERT INTO receipt VALUES ({values.removesuffix('0')}{received}) RETURNING 1")
    await store.renew()
    assert await state(engine) == "delivered"
    assert await engine.rows("SELECT provider_id FROM receipt") == [("zz",)], "others wait on"
