"""What arrives, on both engines: stored once, recognised when it comes again, taken by one."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from bot.errors import OwnerLost
from bot.intent import Ask
from bot.model import Question
from bot.store.port import Decision, InboundState
from tests.contract.store_engines import NOON, Engine, answered, claimed, person, reply, text


@dataclass(frozen=True)
class Repeat:
    """A second message with the octets of the first."""

    label: str
    after: float
    session: str = ""
    still_open: bool = False
    expected: bool = True


REPEATS = [
    Repeat("at once", 0),
    Repeat("within 30 s, its line still open", 29, still_open=True),
    Repeat("after 30 s, its line still open", 31, still_open=True, expected=False),
    Repeat("after 30 s, its line closed", 31),
    Repeat("just before 120 s", 119),
    Repeat("after 120 s", 121, expected=False),
    Repeat("a little earlier by a clock set back", -2, still_open=True),
]


@pytest.mark.parametrize("case", REPEATS, ids=lambda case: case.label)
async def test_what_is_a_repeat(engine: Engine, case: Repeat) -> None:
    open_now: set[str] = set()
    store = await engine.open(open_sessions=lambda: frozenset(open_now))
    session = f"{store.epoch}:1"
    if case.still_open:
        open_now.add(session)
    first = await store.save_inbound(text(session=session), claim=True)
    second = await store.save_inbound(text(session=session, at=NOON + timedelta(seconds=case.after)), claim=True)
    assert (second.duplicate_of == first.id) is case.expected
    assert second.claimed is None, "a repeat is not answered, and the person's first message is still open"


async def test_a_repeat_is_linked_and_done(engine: Engine) -> None:
    store = await engine.open()
    first = await store.save_inbound(text(), claim=True)
    second = await store.save_inbound(text(), claim=True)
    third = await store.save_inbound(text(), claim=True)
    assert (second.duplicate_of, third.duplicate_of) == (first.id, first.id)
    rows = await engine.rows("SELECT id, state, dup_of FROM inbox ORDER BY id")
    assert rows == [
        (first.id, "claimed", None),
        (second.id, "done", first.id),
        (third.id, "done", first.id),
    ]


async def test_another_text_or_person_is_no_repeat(engine: Engine) -> None:
    store = await engine.open()
    await store.save_inbound(text(), claim=True)
    others = [text("another"), text(sender=1), text(content_hash=b"")]
    assert [(await store.save_inbound(message, claim=True)).duplicate_of for message in others] == [None] * 3


async def test_the_same_answer_to_our_question_is_no_repeat(engine: Engine) -> None:
    store = await engine.open()
    row = await claimed(store, text("1"))
    at = NOON + timedelta(seconds=2)
    question = Question(kind="choose_code", options=("a", "b"), asked_at=at, expires_at=at + timedelta(minutes=10))
    await store.decide(Decision(inbound=row, at=at, writes=(Ask(question),)))
    again = await claimed(store, text("1", at=NOON + timedelta(seconds=8)))
    assert again.contact.question == question


async def test_the_line_of_another_living_process_counts_as_open(postgres_engine: Engine) -> None:
    one, two = await postgres_engine.open(), await postgres_engine.open()
    await one.save_inbound(text(session=f"{one.epoch}:1"), claim=True)
    later = NOON + timedelta(seconds=60)
    assert (await two.save_inbound(text(session=f"{two.epoch}:1", at=later), claim=True)).duplicate_of is None
    await postgres_engine.abandon(one)
    await two.renew()
    assert (await two.save_inbound(text(session=f"{two.epoch}:1", at=later), claim=True)).duplicate_of is not None


async def test_ids_of_the_channel_decide_alone(engine: Engine) -> None:
    store = await engine.open()
    first = await store.save_inbound(text(external_id="m1"), claim=True)
    much_later = NOON + timedelta(hours=70)
    again = await store.save_inbound(text("other octets", external_id="m1", at=much_later), claim=True)
    other = await store.save_inbound(text("other octets", external_id="m2", at=much_later), claim=True)
    assert (again.duplicate_of, other.duplicate_of) == (first.id, None)


async def test_a_burst_behaves_as_if_one_came_after_the_other(engine: Engine) -> None:
    store = await engine.open()
    messages = [text(str(number % 10), sender=number % 5) for number in range(60)]
    saved = await asyncio.gather(*(store.save_inbound(message, claim=True) for message in messages))
    assert len([item for item in saved if item.duplicate_of is None]) == 10
    assert len([item for item in saved if item.claimed]) == 5, "one open message of a person goes on in memory"
    first = {item.id for item in saved if item.duplicate_of is None}
    assert {item.duplicate_of for item in saved} - {None} <= first


@pytest.mark.parametrize(
    ("more", "claim", "state"),
    [
        ({}, True, InboundState.CLAIMED),
        ({}, False, InboundState.RECEIVED),
        ({"ignored": "not_a_person"}, True, InboundState.DONE),
    ],
    ids=["claimed", "left for others", "ignored"],
)
async def test_state_on_arrival(engine: Engine, more: dict[str, Any], claim: bool, state: InboundState) -> None:  # noqa: FBT001 - a column of the table
    store = await engine.open()
    saved = await store.save_inbound(text(**more), claim=claim)
    assert await engine.rows("SELECT state FROM inbox") == [(state.value,)]
    assert (saved.claimed is not None) is (state is InboundState.CLAIMED)


async def test_one_open_message_of_a_person_oldest_first(engine: Engine) -> None:
    store = await engine.open()
    first = await claimed(store, text("first"))
    waiting = [await store.save_inbound(text(body), claim=True) for body in ("second", "third")]
    other = await store.save_inbound(text("other", sender=1), claim=False)
    assert [row.id for row in await store.claim_inbound(10)] == [other.id]
    await store.decide(Decision(inbound=first, at=NOON))
    assert [row.id for row in await store.claim_inbound(10)] == [waiting[0].id]
    assert await store.claim_inbound(10) == []


async def test_what_is_claimed_is_what_was_saved(engine: Engine) -> None:
    store = await engine.open()
    message = text("xin chào", external_id="m1", partial=True, session="9:1", at=NOON + timedelta(microseconds=123457))
    saved = await store.save_inbound(message, claim=False)
    (row,) = await store.claim_inbound(10)
    assert (row.id, row.message, row.attempts, row.contact.address) == (saved.id, message, 1, person())


async def test_claims_are_limited(engine: Engine) -> None:
    store = await engine.open()
    for number in range(5):
        await store.save_inbound(text(sender=number), claim=False)
    assert [len(await store.claim_inbound(2)) for _ in range(4)] == [2, 2, 1, 0]


async def test_a_message_that_breaks_its_handling_is_set_aside(engine: Engine) -> None:
    store = await engine.open()
    row = await claimed(store, text("poison"))
    for attempt in range(2, 6):
        await store.release_inbound(row.id, "broke")
        (row,) = await store.claim_inbound(10)
        assert row.attempts == attempt
    await store.release_inbound(row.id, "broke")
    assert await store.claim_inbound(10) == []
    assert await engine.rows("SELECT state, error, attempts FROM inbox") == [("parked", "broke", 5)]
    assert (await store.save_inbound(text("next"), claim=True)).claimed is not None, "a parked row does not block"


async def test_claims_count_when_made_not_when_failed(engine: Engine) -> None:
    store = await engine.open()
    await store.save_inbound(text("kills the process"), claim=True)
    for attempt in range(2, 8):
        await engine.abandon(store)
        store = await engine.open()
        (row,) = await store.claim_inbound(10)
        assert row.attempts == attempt
    out = reply(store, row)
    await store.park(Decision(inbound=row, at=NOON), "claimed 5 times")
    assert out.reply_to == row.id
    assert await engine.rows("SELECT state, error FROM inbox") == [("parked", "claimed 5 times")]


async def test_only_the_owner_gives_back(engine: Engine) -> None:
    store = await engine.open()
    row = await claimed(store, text())
    await store.decide(Decision(inbound=row, at=NOON))
    with pytest.raises(OwnerLost):
        await store.release_inbound(row.id, "late")


async def test_rows_of_a_dead_process_are_taken(engine: Engine) -> None:
    dead = await engine.open()
    row = await claimed(dead, text())
    out = await answered(dead, text("x", sender=1))
    await engine.abandon(dead)
    store = await engine.open()
    assert [found.id for found in await store.claim_inbound(10)] == [row.id]
    assert await engine.rows(f"SELECT state, error FROM outbox WHERE id = {out.id}") == [("in_doubt", "owner_died")]
    assert await engine.rows("SELECT outcome, error FROM attempt") == [("in_doubt", "owner_died")]


async def test_a_clean_end_gives_rows_back_at_once(engine: Engine) -> None:
    store = await engine.open()
    row = await claimed(store, text())
    await engine.close()
    engine._open.clear()
    store = await engine.open()
    assert [found.id for found in await store.claim_inbound(10)] == [row.id]
    assert len(await engine.rows("SELECT epoch FROM process")) == 1


async def test_epochs_and_ids_are_never_used_twice(engine: Engine) -> None:
    epochs, ids = [], []
    for _ in range(3):
        store = await engine.open()
        engine.clock.jump(-3600)
        epochs.append(store.epoch)
        ids += [(await store.save_inbound(text(str(len(ids))), claim=False)).id, store.new_id()]
        await engine.close()
        engine._open.clear()
    assert len(set(epochs)) == 3
    assert len(set(ids)) == 6
    assert sorted(ids) == ids, "also when the clock is set back"
