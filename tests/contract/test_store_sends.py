"""What leaves, on both engines: taken once, ended once, repeated at most once and then flagged."""

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest

from bot.errors import OwnerLost
from bot.model import OutboundKind, OutboundMessage
from bot.store.base import PlanStore
from bot.store.port import OutboundState, SendFailure
from tests.contract.store_engines import NOON, ROUTE, Engine, answered, text

LATER = NOON + timedelta(minutes=1)
STATE = "SELECT state, error, attempts, tries FROM outbox"
ATTEMPTS = "SELECT number, outcome, error FROM attempt ORDER BY number"


def failure(state: OutboundState, error: str, *, at: datetime = NOON, retry: float | None = None) -> SendFailure:
    retry_at = None if retry is None else at + timedelta(seconds=retry)
    return SendFailure(state=state, error=error, at=at, retry_at=retry_at)


async def ready(store: PlanStore, count: int = 1) -> list[OutboundMessage]:
    return [await answered(store, text(sender=number), sending=False) for number in range(count)]


async def take(store: PlanStore, *, at: datetime = NOON, limit: int = 10) -> list[int]:
    return [message.id for message in await store.claim_outbound(ROUTE, limit, at)]


async def again(store: PlanStore, *, at: datetime = LATER) -> list[OutboundMessage]:
    return list(await store.claim_in_doubt(ROUTE, 10, at, at - timedelta(seconds=10)))


async def test_what_is_taken_is_what_was_decided(engine: Engine) -> None:
    store = await engine.open()
    (written,) = await ready(store)
    assert await store.claim_outbound("smpp:other", 10, NOON) == []
    assert await store.claim_outbound(ROUTE, 10, NOON) == [written]
    assert await engine.rows(STATE) == [("sending", None, 1, 1)]
    assert await engine.rows(ATTEMPTS) == [(1, None, None)]
    assert await take(store) == [], "it is taken once"


async def test_the_longest_due_first_and_no_more_than_asked(engine: Engine) -> None:
    store = await engine.open()
    messages = await ready(store, 5)
    assert await take(store, limit=2) == [message.id for message in messages[:2]]
    await store.record_failure(messages[0], failure(OutboundState.READY, "busy", retry=1))
    assert await take(store, at=LATER) == [*(message.id for message in messages[2:]), messages[0].id]


async def test_each_row_is_taken_by_one(engine: Engine) -> None:
    store = await engine.open()
    messages = await ready(store, 40)
    taken = await asyncio.gather(*(take(store, limit=3) for _ in range(20)))
    assert sorted(key for found in taken for key in found) == [message.id for message in messages]


async def test_sent(engine: Engine) -> None:
    store = await engine.open()
    message = await answered(store, text())
    await store.record_sent(message, ["a1"], NOON)
    assert await engine.rows(STATE) == [("sent", None, 1, 1)]
    assert await engine.rows(ATTEMPTS) == [(1, "sent", None)]
    assert await engine.rows("SELECT number, place, provider_id, state FROM outbox_part") == [(1, 0, "a1", "unknown")]


@dataclass(frozen=True)
class Ending:
    label: str
    failure: SendFailure
    row: tuple[str, str, int, int]
    due_again: bool


ENDINGS = [
    Ending("failed for good", failure(OutboundState.FAILED, "refused"), ("failed", "refused", 1, 1), due_again=False),
    Ending("in doubt", failure(OutboundState.IN_DOUBT, "in_doubt"), ("in_doubt", "in_doubt", 1, 1), due_again=False),
    Ending("again later", failure(OutboundState.READY, "temporary", retry=30), ("ready", "temporary", 1, 1), due_again=True),
    Ending(
        "busy: no attempt used",
        replace(failure(OutboundState.READY, "channel_busy", retry=30), uses_attempt=False),
        ("ready", "channel_busy", 0, 1),
        due_again=True,
    ),
]  # fmt: skip


@pytest.mark.parametrize("case", ENDINGS, ids=lambda case: case.label)
async def test_a_send_that_did_not_succeed(engine: Engine, case: Ending) -> None:
    store = await engine.open()
    message = await answered(store, text())
    await store.record_failure(message, case.failure)
    assert await engine.rows(STATE) == [case.row]
    assert await engine.rows(ATTEMPTS) == [(1, case.failure.state.value, case.failure.error)]
    assert await take(store, at=NOON + timedelta(seconds=29)) == []
    assert await take(store, at=NOON + timedelta(seconds=30)) == ([message.id] if case.due_again else [])


async def test_temporary_failures_end(engine: Engine) -> None:
    store = await engine.open()
    (message,) = await ready(store)
    for tries in range(1, 5):
        assert await take(store) == [message.id], tries
        await store.record_failure(message, failure(OutboundState.READY, "temporary", retry=0))
    assert await engine.rows(STATE) == [("failed", "temporary", 4, 4)]
    assert await take(store, at=LATER) == []


async def test_a_busy_channel_never_uses_a_message_up(engine: Engine) -> None:
    store = await engine.open()
    (message,) = await ready(store)
    for _ in range(12):
        assert await take(store) == [message.id]
        await store.record_failure(
            message, replace(failure(OutboundState.READY, "channel_busy", retry=0), uses_attempt=False)
        )
    assert await engine.rows(STATE) == [("ready", "channel_busy", 0, 12)]


async def test_expired_messages_are_not_sent(engine: Engine) -> None:
    store = await engine.open()
    (message,) = await ready(store)
    assert await take(store, at=message.expires_at) == []
    assert await engine.rows(STATE) == [("expired", "expired", 0, 0)]
    assert await take(store) == [], "and not when the clock is set back"


async def test_a_message_in_doubt_is_sent_once_more_with_a_flag(engine: Engine) -> None:
    store = await engine.open()
    message = await answered(store, text())
    await store.record_failure(message, failure(OutboundState.IN_DOUBT, "in_doubt", at=NOON))
    assert await again(store, at=NOON + timedelta(seconds=10)) == [], "not before ten seconds have passed"
    assert await again(store) == [replace(message, attempts=2, possible_duplicate=True)]
    assert await engine.rows("SELECT state, possible_duplicate, tries FROM outbox") in [
        [("sending", 1, 2)],
        [("sending", True, 2)],
    ]
    assert await again(store) == []
    await store.record_failure(message, failure(OutboundState.IN_DOUBT, "in_doubt", at=NOON))
    assert await again(store) == [], "never a third time"
    assert await engine.rows(STATE) == [("in_doubt", "in_doubt", 2, 2)]


async def test_a_repeat_that_the_channel_did_not_take_is_tried_again_and_stays_flagged(engine: Engine) -> None:
    store = await engine.open()
    message = await answered(store, text())
    await store.record_failure(message, failure(OutboundState.IN_DOUBT, "in_doubt"))
    await again(store)
    await store.record_failure(message, failure(OutboundState.READY, "channel_busy", retry=0))
    (taken,) = await store.claim_outbound(ROUTE, 10, NOON)
    assert taken.possible_duplicate


@pytest.mark.parametrize("kind", list(OutboundKind))
async def test_which_kinds_are_repeated(engine: Engine, kind: OutboundKind) -> None:
    store = await engine.open()
    message = await answered(store, text(), kind=kind)
    await store.record_failure(message, failure(OutboundState.IN_DOUBT, "in_doubt"))
    assert len(await again(store)) == (0 if kind is OutboundKind.ONE_TIME_CODE else 1)


async def test_what_is_no_longer_valid_is_not_repeated(engine: Engine) -> None:
    store = await engine.open()
    message = await answered(store, text())
    await store.record_failure(message, failure(OutboundState.IN_DOUBT, "in_doubt"))
    assert await again(store, at=message.expires_at) == []


async def test_only_the_owner_ends_a_send_and_only_once(engine: Engine) -> None:
    store = await engine.open()
    message = await answered(store, text())
    await store.record_sent(message, ["a1"], NOON)
    for ending in (OutboundState.FAILED, OutboundState.READY, OutboundState.IN_DOUBT):
        with pytest.raises(OwnerLost):
            await store.record_failure(message, failure(ending, "late"))
    with pytest.raises(OwnerLost):
        await store.record_sent(message, ["a2"], NOON)
    assert await engine.rows(STATE) == [("sent", None, 1, 1)]
    assert await engine.rows("SELECT provider_id FROM outbox_part") == [("a1",)]


async def test_a_send_under_way_when_its_process_dies_is_in_doubt(engine: Engine) -> None:
    dead = await engine.open()
    message = await answered(dead, text())
    waiting = await answered(dead, text(sender=1), sending=False)
    await engine.abandon(dead)
    store = await engine.open()
    assert await take(store) == [waiting.id], "what never left is simply sent"
    assert await engine.rows(f"{STATE} WHERE id = {message.id}") == [("in_doubt", "owner_died", 1, 1)]
    assert await again(store) == [replace(message, attempts=2, possible_duplicate=True)]
    if hasattr(dead, "_pool"):
        with pytest.raises(OwnerLost):
            await dead.record_sent(message, ["late"], LATER)


async def test_the_whole_group_of_results_is_stored(engine: Engine) -> None:
    store = await engine.open()
    messages = [await answered(store, text(sender=number)) for number in range(100)]
    await asyncio.gather(*(store.record_sent(message, [f"{message.id:x}"], NOON) for message in messages))
    assert await engine.rows("SELECT state, count(*) FROM outbox GROUP BY state") == [("sent", 100)]
    assert await engine.rows("SELECT count(DISTINCT provider_id) FROM outbox_part") == [(100,)]
