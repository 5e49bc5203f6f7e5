"""A response to submit_sm that came after the time-out, on both engines: what left is not sent again."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta

import pytest

from bot.model import DeliveryReceipt, LateRefusal, LateResponse, OutboundMessage, ReceiptState
from bot.store.base import PlanStore
from bot.store.port import OutboundState, SendFailure
from tests.contract.store_engines import NOON, ROUTE, Engine, answered, text

LATER = NOON + timedelta(seconds=20)
STATE = "SELECT state, error, tries FROM outbox"
ATTEMPTS = "SELECT number, outcome, error FROM attempt ORDER BY number"
PARTS = "SELECT number, place, provider_id, state FROM outbox_part ORDER BY number, place"


async def in_doubt(store: PlanStore, *, segments: int = 1, parts: tuple[str | None, ...] = ()) -> OutboundMessage:
    out = await answered(store, text(), segments=segments)
    failure = SendFailure(state=OutboundState.IN_DOUBT, error="outcome_unknown", at=NOON, parts=parts)
    await store.record_failure(out, failure)
    return out


async def again(store: PlanStore) -> list[OutboundMessage]:
    return list(await store.claim_in_doubt(ROUTE, 10, LATER, LATER))


def late(message: OutboundMessage, provider_id: str = "a1", *, place: int = 0) -> LateResponse:
    return LateResponse(message=message.id, place=place, provider_id=provider_id, received_at=LATER)


def receipt(provider_id: str, state: ReceiptState = ReceiptState.DELIVERED) -> DeliveryReceipt:
    return DeliveryReceipt(route=ROUTE, provider_ids=(provider_id,), state=state, received_at=LATER)


async def test_what_left_after_all_is_not_sent_again(engine: Engine) -> None:
    store = await engine.open()
    out = await in_doubt(store)
    assert await store.record_late(late(out))
    assert await engine.rows(STATE) == [("sent", None, 1)]
    assert await engine.rows(ATTEMPTS) == [(1, "sent", None)]
    assert await again(store) == []
    assert await store.record_receipt(receipt("a1"))
    assert await engine.rows(STATE) == [("delivered", None, 1)]


@dataclass(frozen=True)
class Early:
    label: str
    news: ReceiptState
    state: str


@pytest.mark.parametrize(
    "case",
    [
        Early("delivered", ReceiptState.DELIVERED, "delivered"),
        Early("failed", ReceiptState.FAILED, "undelivered"),
        Early("on its way", ReceiptState.ACCEPTED, "sent"),
    ],
    ids=lambda case: case.label,
)
async def test_a_receipt_may_come_before_it(engine: Engine, case: Early) -> None:
    store = await engine.open()
    out = await in_doubt(store)
    assert not await store.record_receipt(receipt("a1", case.news))
    assert await store.record_late(late(out))
    assert await engine.rows(STATE) == [(case.state, None, 1)]


async def test_a_long_text_waits_for_its_last_part(engine: Engine) -> None:
    store = await engine.open()
    out = await in_doubt(store, segments=3, parts=("a0", None, None))
    assert await store.record_late(late(out, "a2", place=2))
    assert await engine.rows(STATE) == [("in_doubt", "outcome_unknown", 1)]
    both = await asyncio.gather(*(store.record_late(late(out, "a1", place=1)) for _ in range(2)))
    assert True in both
    assert await engine.rows(STATE) == [("sent", None, 1)]
    assert await engine.rows(PARTS) == [(1, place, f"a{place}", "unknown") for place in range(3)]


async def test_too_late_when_it_was_sent_once_more(engine: Engine) -> None:
    store = await engine.open()
    out = await in_doubt(store)
    (repeat,) = await again(store)
    assert (repeat.possible_duplicate, repeat.attempts) == (True, 2)
    assert not await store.record_late(late(out))
    assert await engine.rows(STATE) == [("sending", "outcome_unknown", 2)]
    assert await engine.rows(PARTS) == []


async def test_of_another_process_changes_nothing(engine: Engine) -> None:
    store = await engine.open()
    out = await in_doubt(store)
    await engine.abandon(store)
    other = await engine.open()
    assert not await other.record_late(late(out))
    assert [row[0] for row in await engine.rows(STATE)] == ["in_doubt"]


async def test_attempts_are_counted_over_a_restart(engine: Engine) -> None:
    store = await engine.open()
    out = await answered(store, text(), sending=False)
    for attempts in (1, 2, 3):
        (taken,) = await store.claim_outbound(ROUTE, 1, LATER)
        assert (taken.id, taken.attempts) == (out.id, attempts)
        failure = SendFailure(state=OutboundState.READY, error="temporary", at=NOON, retry_at=NOON)
        await store.record_failure(taken, failure)
        await engine.abandon(store)
        store = await engine.open()


@dataclass(frozen=True)
class Refusal:
    label: str
    retry: bool
    row: tuple[str, str, int]
    segments: int = 1
    uses_attempt: bool = True
    changes: bool = True


REFUSALS = [
    Refusal("for good", retry=False, row=("failed", "refused", 1)),
    Refusal("for now", retry=True, row=("ready", "refused", 1)),
    Refusal("too fast", retry=True, uses_attempt=False, row=("ready", "refused", 0)),
    Refusal("one part of three for good", retry=False, segments=3, row=("failed", "refused", 1)),
    Refusal("one part of three for now", retry=True, segments=3, row=("in_doubt", "outcome_unknown", 1), changes=False),
]


@pytest.mark.parametrize("case", REFUSALS, ids=lambda case: case.label)
async def test_refused_after_all(engine: Engine, case: Refusal) -> None:
    store = await engine.open()
    out = await in_doubt(store, segments=case.segments)
    refusal = LateRefusal(
        message=out.id, error="refused", retry=case.retry, uses_attempt=case.uses_attempt, received_at=LATER
    )
    assert await store.record_late_refusal(refusal) is case.changes
    assert await engine.rows("SELECT state, error, attempts FROM outbox") == [case.row]
    ready = await store.claim_outbound(ROUTE, 10, LATER)
    assert [(message.id, message.possible_duplicate) for message in ready] == [
        (out.id, False) for _ in ready if case.row[0] == "ready"
    ]
    assert bool(ready) is (case.row[0] == "ready")


async def test_a_refusal_of_what_was_sent_once_more_changes_nothing(engine: Engine) -> None:
    store = await engine.open()
    out = await in_doubt(store)
    await again(store)
    refusal = LateRefusal(message=out.id, error="refused", retry=True, received_at=LATER)
    assert not await store.record_late_refusal(refusal)
    assert await engine.rows(STATE) == [("sending", "outcome_unknown", 2)]


async def test_refused_too_often_it_fails(engine: Engine) -> None:
    store = await engine.open()
    out = await answered(store, text(), sending=False)
    for attempt in range(1, 5):
        (taken,) = await store.claim_outbound(ROUTE, 1, LATER)
        unknown = SendFailure(state=OutboundState.IN_DOUBT, error="outcome_unknown", at=NOON)
        await store.record_failure(taken, unknown)
        assert await store.record_late_refusal(
            LateRefusal(message=out.id, error="temporary", retry=True, received_at=LATER)
        )
        assert await engine.rows(STATE) == [("failed" if attempt == 4 else "ready", "temporary", attempt)]
