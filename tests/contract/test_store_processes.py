"""Several processes on one PostgreSQL: each row is handled once, a person's rows in order, a dead process loses its rows."""

import asyncio
from collections import defaultdict
from dataclasses import replace

import pytest

from bot.errors import OwnerLost, StoreError
from bot.model import OutboundKind
from bot.store.base import PlanStore
from bot.store.port import Claimed, Decision, NewOutbound
from tests.contract.store_engines import NOON, ROUTE, PostgresEngine, answered, claimed, reply, text
from tests.contract.store_petitions import changed, submitted

PEOPLE, EACH, PROCESSES = 30, 6, 4


async def work(store: PlanStore, handled: list[Claimed], left: set[int]) -> None:
    """Claim, decide, until nothing is left for anybody."""
    while left:
        rows = await store.claim_inbound(5)
        for row in rows:
            handled.append(row)
            new = NewOutbound(message=reply(store, row, to=row.message.sender), sending=False)
            await store.decide(Decision(inbound=row, at=NOON, outbound=(new,)))
            left.discard(row.id)
        if not rows:
            await store.wait_for_work(0.05)


async def test_processes_share_a_queue(postgres_engine: PostgresEngine) -> None:
    stores = [await postgres_engine.open() for _ in range(PROCESSES)]
    saved = [
        await stores[number % PROCESSES].save_inbound(text(f"{turn}", sender=number), claim=False)
        for turn in range(EACH)
        for number in range(PEOPLE)
    ]
    handled: list[Claimed] = []
    left = {int(item.id) for item in saved}
    async with asyncio.timeout(60):
        await asyncio.gather(*(work(store, handled, left) for store in stores))
    assert sorted(row.id for row in handled) == sorted(item.id for item in saved), "each once"
    turns = defaultdict(list)
    for row in handled:
        turns[row.contact.id].append(row.message.text)
    assert set(map(tuple, turns.values())) == {tuple(map(str, range(EACH)))}, "a person's rows in order"
    assert await postgres_engine.rows("SELECT count(*), count(DISTINCT reply_to) FROM outbox") == [(180, 180)]


async def test_processes_share_an_outbox(postgres_engine: PostgresEngine) -> None:
    stores = [await postgres_engine.open() for _ in range(PROCESSES)]
    for number in range(60):
        await answered(stores[0], text(sender=number), sending=False)

    async def drain(store: PlanStore) -> list[int]:
        taken: list[int] = []
        while found := await store.claim_outbound(ROUTE, 3, NOON):
            taken += [message.id for message in found]
        return taken

    taken = [key for found in await asyncio.gather(*map(drain, stores)) for key in found]
    assert len(taken) == len(set(taken)) == 60


async def test_one_person_writing_to_two_processes_at_once(postgres_engine: PostgresEngine) -> None:
    """Nobody has seen this person before: both processes make the contact, one message goes on."""
    one, two = await postgres_engine.open(), await postgres_engine.open()
    for number in range(10):
        saved = await asyncio.gather(
            one.save_inbound(text("a", sender=number), claim=True),
            two.save_inbound(text("b", sender=number), claim=True),
        )
        assert len([item for item in saved if item.claimed]) == 1


@pytest.mark.parametrize("external_id", ["m1", None], ids=["by its id", "by its octets"])
async def test_a_repeat_over_another_process_is_recognised(
    postgres_engine: PostgresEngine, external_id: str | None
) -> None:
    """Also when neither has seen this person before."""
    one, two = await postgres_engine.open(), await postgres_engine.open()
    for number in range(10):
        same = text(sender=number, external_id=external_id and f"{external_id}.{number}")
        saved = await asyncio.gather(one.save_inbound(same, claim=True), two.save_inbound(same, claim=True))
        assert len([item for item in saved if item.duplicate_of is None]) == 1


async def test_rows_of_a_living_process_are_left_alone(postgres_engine: PostgresEngine) -> None:
    one, two = await postgres_engine.open(), await postgres_engine.open()
    await claimed(one, text())
    await answered(one, text(sender=1))
    await two.renew()
    assert await two.claim_inbound(10) == []
    assert await postgres_engine.rows("SELECT state FROM outbox") == [("sending",)]


async def test_a_process_that_slept_too_long_goes_on_under_a_new_epoch(postgres_engine: PostgresEngine) -> None:
    slept, other = await postgres_engine.open(), await postgres_engine.open()
    row = await claimed(slept, text())
    sending = await answered(slept, text(sender=1))
    await postgres_engine.abandon(slept)
    (taken,) = await other.claim_inbound(10)
    assert taken.id == row.id
    late = Decision(inbound=row, at=NOON, outbound=(NewOutbound(message=reply(slept, row), sending=True),))
    with pytest.raises(OwnerLost):
        await slept.decide(late)
    with pytest.raises(OwnerLost):
        await slept.record_sent(sending, ["late"], NOON)
    before = slept.epoch
    await slept.renew()
    assert slept.epoch not in {before, other.epoch}
    assert (await slept.save_inbound(text(sender=2), claim=True)).claimed
    await other.decide(Decision(inbound=taken, at=NOON))
    assert await postgres_engine.rows("SELECT state FROM outbox") == [("in_doubt",)]


async def test_a_process_may_lose_its_epoch_while_it_works(postgres_engine: PostgresEngine) -> None:
    """Before it notices, what it stores belongs to nobody alive: it must not be forgotten either."""
    slept, other = await postgres_engine.open(), await postgres_engine.open()
    await postgres_engine.abandon(slept)
    await other.renew()
    try:
        saved = await slept.save_inbound(text(), claim=True)
    except StoreError:
        return
    await slept.renew()
    again = [row.id for store in (other, slept) for row in await store.claim_inbound(10)]
    assert again == [saved.id]


async def test_what_a_forgotten_process_stored_last_is_not_forgotten(postgres_engine: PostgresEngine) -> None:
    """It was declared dead, stored once more before it noticed, and then did die."""
    slept, other = await postgres_engine.open(), await postgres_engine.open()
    await postgres_engine.abandon(slept)
    await other.renew()
    saved = await slept.save_inbound(text(), claim=True)
    (owed,) = await postgres_engine.rows("SELECT id FROM inbox")
    await postgres_engine.rows(
        "INSERT INTO outbox (id, channel, source, route, text, kind, ordinal, segments, created_at, expires_at,"
        f" possible_duplicate, state, owner, due, attempts, tries) VALUES (1, 'sms', '', '', '', 'notice', 0, 1, 0, 0,"
        f" false, 'sending', {slept.epoch}, 0, 1, 1) RETURNING 1"
    )
    await other.renew()
    assert [row.id for row in await other.claim_inbound(10)] == [saved.id] == list(owed)
    assert await postgres_engine.rows("SELECT state FROM outbox") == [("in_doubt",)]


async def test_another_process_is_told_that_there_is_work(postgres_engine: PostgresEngine) -> None:
    one, two = await postgres_engine.open(), await postgres_engine.open()
    waiting = asyncio.create_task(two.wait_for_work(20))
    async with asyncio.timeout(5):
        await one.save_inbound(text(), claim=False)
        await waiting
    assert len(await two.claim_inbound(10)) == 1


async def test_what_an_officer_writes_leaves_from_the_process_that_holds_the_route(
    postgres_engine: PostgresEngine,
) -> None:
    web, sms = await postgres_engine.open(), await postgres_engine.open()
    seen = await submitted(web)
    notice = replace(reply(web, await claimed(web, text())), kind=OutboundKind.NOTICE, reply_to=None)
    await web.change_petition(changed(seen, seen, "answer"), (NewOutbound(message=notice, sending=False),))
    async with asyncio.timeout(5):
        while not (found := await sms.claim_outbound(notice.route, 10, NOON)):
            await sms.wait_for_work(20)
    assert [sent.id for sent in found] == [notice.id]
