"""What is decided, on both engines: once, by the owner, in the person's turn, all or nothing."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.errors import OwnerLost, StoreError, TurnLost
from bot.intent import (
    Ask,
    ForgetQuestion,
    PromiseAnswer,
    RecordLookUp,
    RecordVerification,
    SetLanguage,
    SetOptOut,
    Write,
)
from bot.model import Contact, Language, Question
from bot.store.base import PlanStore
from bot.store.port import Claimed, Decision, NewOutbound
from tests.contract.store_engines import CODE, NOON, Engine, claimed, person, reply, text

LATER = NOON + timedelta(seconds=3)
QUESTION = Question(kind="choose_code", options=("a", "b"), asked_at=NOON, expires_at=NOON + timedelta(minutes=10))
EVERY_WRITE: tuple[Write, ...] = (
    RecordLookUp(CODE, found=True),
    RecordVerification(CODE, passed=False),
    PromiseAnswer(CODE, "bacninh", NOON),
    SetLanguage(Language.ENGLISH),
    SetOptOut(NOON),
    Ask(QUESTION),
)


def decision(store: PlanStore, row: Claimed, *writes: Write, replies: int = 1, sending: bool = True) -> Decision:
    out = [reply(store, row, ordinal=ordinal, to=row.message.sender) for ordinal in range(replies)]
    new = tuple(NewOutbound(message=message, sending=sending) for message in out)
    return Decision(inbound=row, at=LATER, outbound=new, writes=writes)


async def remembered(store: PlanStore) -> Contact:
    """What the next message of the person brings along."""
    return (await claimed(store, text("next", at=NOON + timedelta(hours=1)))).contact


async def test_everything_is_stored_with_the_decision(engine: Engine) -> None:
    store = await engine.open()
    row = await claimed(store, text())
    await store.decide(decision(store, row, *EVERY_WRITE, replies=2))
    assert await engine.rows("SELECT state, codes, error FROM inbox") == [("done", CODE, None)]
    assert await engine.rows("SELECT reply_to, ordinal, state, tries FROM outbox ORDER BY ordinal") == [
        (row.id, 0, "sending", 1),
        (row.id, 1, "sending", 1),
    ]
    assert await engine.rows("SELECT number, ended_at FROM attempt") == [(1, None)] * 2
    counts = [await engine.rows(f"SELECT count(*) FROM {table}") for table in ("verification", "promise")]
    assert counts == [[(1,)]] * 2
    assert await store.own_codes(row.contact.id, LATER, 9) == [CODE]
    expected = replace(
        row.contact,
        turn=1,
        language=Language.ENGLISH,
        opted_out_at=NOON,
        question=QUESTION,
        last_code=CODE,
        last_code_at=LATER,
    )
    assert await remembered(store) == expected


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (Ask(QUESTION), ForgetQuestion(), {}),
        (SetOptOut(NOON), SetOptOut(None), {}),
        (SetLanguage(Language.ENGLISH), SetLanguage(Language.VIETNAMESE), {}),
        (Ask(QUESTION), Ask(replace(QUESTION, kind="confirm_stop")), {"question": replace(QUESTION, kind="confirm_stop")}),
        (RecordLookUp(CODE, found=True), RecordLookUp("H05.12-260610-0002", found=False), {"last_code": CODE, "last_code_at": LATER}),
    ],
    ids=["a question answered", "opted in again", "language back", "a newer question", "not found is not the last code"],
)  # fmt: skip
async def test_the_newest_word_stays(engine: Engine, first: Write, second: Write, expected: dict[str, object]) -> None:
    store = await engine.open()
    row = await claimed(store, text())
    await store.decide(decision(store, row, first, second))
    assert await remembered(store) == replace(row.contact, turn=1, **expected)


async def test_what_lost_its_turn_changes_nothing(engine: Engine) -> None:
    store = await engine.open()
    row = await claimed(store, text())
    stale = replace(row, contact=replace(row.contact, turn=row.contact.turn + 1))
    with pytest.raises(TurnLost):
        await store.decide(decision(store, stale, *EVERY_WRITE))
    assert await engine.rows("SELECT state FROM inbox") == [("claimed",)]
    tables = ("outbox", "attempt", "verification", "promise")
    assert [await engine.rows(f"SELECT * FROM {table}") for table in tables] == [[]] * 4
    assert await store.own_codes(row.contact.id, LATER, 9) == []
    await store.decide(decision(store, row))
    assert await engine.rows("SELECT state FROM inbox") == [("done",)], "and it can still be decided"


async def test_a_row_is_decided_once(engine: Engine) -> None:
    store = await engine.open()
    row = await claimed(store, text())
    decisions = [decision(store, row) for _ in range(8)]
    results = await asyncio.gather(*(store.decide(item) for item in decisions), return_exceptions=True)
    assert sorted(type(result).__name__ for result in results) == ["NoneType"] + ["OwnerLost"] * 7
    assert len(await engine.rows("SELECT 1 FROM outbox")) == len(await engine.rows("SELECT 1 FROM attempt")) == 1


async def test_one_decision_of_a_person_at_a_time(engine: Engine) -> None:
    """Two rows of one person that were claimed side by side: the second has to understand again."""
    store = await engine.open()
    first = await claimed(store, text("first"))
    second = await store.save_inbound(text("second"), claim=False)
    await engine.rows(f"UPDATE inbox SET state = 'claimed', owner = {store.epoch} WHERE id = {second.id} RETURNING 1")
    other = replace(first, id=second.id)
    results = await asyncio.gather(
        store.decide(decision(store, first)), store.decide(decision(store, other)), return_exceptions=True
    )
    assert sorted(type(result).__name__ for result in results) == ["NoneType", "TurnLost"]
    assert len(await engine.rows("SELECT 1 FROM outbox")) == 1


async def test_a_process_that_lost_its_rows_decides_nothing(engine: Engine) -> None:
    dead = await engine.open()
    row = await claimed(dead, text())
    late = decision(dead, row)
    await engine.abandon(dead)
    store = await engine.open()
    (taken,) = await store.claim_inbound(10)
    with pytest.raises(OwnerLost):
        await store.decide(replace(late, inbound=replace(row, id=taken.id + 1)))
    if dead.epoch != store.epoch and hasattr(dead, "_pool"):
        with pytest.raises(OwnerLost):
            await dead.decide(late)
    await store.decide(decision(store, taken))
    assert await engine.rows("SELECT owner, state FROM outbox") == [(store.epoch, "sending")]


async def test_a_reply_is_written_once(engine: Engine) -> None:
    """The database itself refuses a second answer with the same place."""
    store = await engine.open()
    row = await claimed(store, text())
    await store.decide(decision(store, row))
    await engine.rows(f"UPDATE inbox SET state = 'claimed' WHERE id = {row.id} RETURNING 1")
    again = replace(row, contact=replace(row.contact, turn=1))
    await store.decide(decision(store, again, replies=2))
    assert await engine.rows("SELECT ordinal FROM outbox ORDER BY ordinal") == [(0,), (1,)]
    assert len(await engine.rows("SELECT 1 FROM attempt")) == 2, "and it gets no second attempt"


async def test_messages_without_a_question_may_be_many(engine: Engine) -> None:
    store = await engine.open()
    row = await claimed(store, text())
    notices = [reply(store, row, reply_to=None, to=person(number)) for number in (0, 1, 1)]
    new = tuple(NewOutbound(message=message, sending=False) for message in notices)
    await store.decide(Decision(inbound=row, at=NOON, outbound=new))
    assert await engine.rows("SELECT state, owner, attempts FROM outbox") == [("ready", None, 0)] * 3
    taken = await store.claim_outbound(notices[0].route, 10, NOON)
    assert sorted(message.to.id for message in taken) == [person(0).id, person(1).id, person(1).id]


async def test_parking_answers_and_keeps_the_reason(engine: Engine) -> None:
    store = await engine.open()
    row = await claimed(store, text())
    await store.park(decision(store, row, sending=False), "KeyError")
    assert await engine.rows("SELECT state, error FROM inbox") == [("parked", "KeyError")]
    assert await engine.rows("SELECT reply_to, state FROM outbox") == [(row.id, "ready")]
    assert (await remembered(store)).turn == 1, "and the person's next message is not blocked"
    with pytest.raises(StoreError):
        await store.decide(decision(store, row))


async def test_own_codes_newest_first_each_once(engine: Engine) -> None:
    store = await engine.open()
    codes = ["H05.1-260610-0001", "H05.2-260610-0001", "H05.1-260610-0001", "H05.3-260610-0001"]
    for number, code in enumerate(codes):
        row = await claimed(store, text(str(number)))
        found = RecordLookUp(code, found=not code.startswith("H05.3"))
        await store.decide(replace(decision(store, row, found, replies=0), at=NOON + timedelta(minutes=number)))
    me = row.contact.id
    assert await store.own_codes(me, NOON, 10) == [codes[2], codes[1]]
    assert await store.own_codes(me, NOON, 1) == [codes[2]]
    assert await store.own_codes(me, NOON + timedelta(minutes=2), 10) == [codes[2]]
    assert await store.own_codes(b"x" * 16, NOON, 10) == []


async def test_tries_are_counted_by_dossier_and_by_person(engine: Engine) -> None:
    store = await engine.open()
    tries = [(0, CODE), (0, CODE), (1, CODE), (1, "H05.1-260610-0001")]
    for number, (sender, code) in enumerate(tries):
        row = await claimed(store, text(str(number), sender=sender))
        write = RecordVerification(code, passed=False)
        await store.decide(replace(decision(store, row, write, replies=0), at=NOON + timedelta(minutes=number)))
    assert await store.verification_tries(row.contact.id, CODE, NOON) == (3, 2)
    assert await store.verification_tries(row.contact.id, CODE, NOON + timedelta(minutes=3)) == (0, 1)
