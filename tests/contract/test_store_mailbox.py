"""Conversations of the web chat, on both engines: a browser that comes back gets every line of its own, and none of others."""

from bot.events import ButtonPressed, Event
from bot.model import (
    Address,
    Button,
    ButtonKind,
    ChannelName,
    DeliveryReceipt,
    InboundMessage,
    MessageId,
    OutboundMessage,
    ReceiptState,
)
from bot.store.base import PlanStore
from bot.store.port import OutboundState, SendFailure
from tests.contract.store_engines import NOON, Engine, answered, claimed

HERE, THERE = Address(ChannelName.WEBCHAT, "a" * 32), Address(ChannelName.WEBCHAT, "b" * 32)
BUTTON = Button("Cổng dịch vụ công", "https://dvc.bacninh.gov.vn", ButtonKind.LINK)


def said(uuid: str, *, by: Address = HERE, body: str = "Xin chào", event: Event | None = None) -> InboundMessage:
    return InboundMessage(
        sender=by,
        recipient="webchat",
        text=body,
        received_at=NOON,
        route="webchat",
        external_id=f"{by.id}:{uuid}",
        event=event,
    )


async def exchange(store: PlanStore, uuid: str, *, by: Address = HERE, body: str = "Xin chào") -> OutboundMessage:
    return await answered(store, said(uuid, by=by, body=body), text=f"Về {body}", route="webchat", buttons=(BUTTON,))


async def deliver(store: PlanStore, message: OutboundMessage) -> None:
    await store.record_sent(message, [str(message.id)], NOON)
    receipt = DeliveryReceipt(
        route="webchat", provider_ids=(str(message.id),), state=ReceiptState.DELIVERED, received_at=NOON
    )
    assert await store.record_receipt(receipt)


async def test_both_sides_in_order_and_nobody_elses(engine: Engine) -> None:
    store = await engine.open()
    first, second = await exchange(store, "u1"), await exchange(store, "u2", body="Còn một việc")
    await exchange(store, "u3", by=THERE)
    lines = await store.lines(HERE, 0, 10)
    assert [(line.is_ours, line.text, line.external_id) for line in lines] == [
        (False, "Xin chào", f"{HERE.id}:u1"),
        (True, "Về Xin chào", f"{HERE.id}:u1"),
        (False, "Còn một việc", f"{HERE.id}:u2"),
        (True, "Về Còn một việc", f"{HERE.id}:u2"),
    ]
    assert [line.id for line in lines if line.is_ours] == [first.id, second.id]
    assert (lines[1].buttons, lines[1].at) == ((BUTTON,), NOON)


async def test_what_was_pressed_is_told(engine: Engine) -> None:
    store = await engine.open()
    pressed = ButtonPressed("td:H05.12-260610-0001")
    await claimed(store, said("u1", body="", event=pressed))
    (line,) = await store.lines(HERE, 0, 10)
    assert (line.text, line.event) == ("", pressed)


async def test_a_repeat_is_one_line(engine: Engine) -> None:
    store = await engine.open()
    await exchange(store, "u1")
    assert (await store.save_inbound(said("u1"), claim=True)).duplicate_of is not None
    assert len(await store.lines(HERE, 0, 10)) == 2


async def test_the_newest_lines_later_than_the_last_one_and_those_not_delivered(engine: Engine) -> None:
    store = await engine.open()
    missed, seen = await exchange(store, "u1"), await exchange(store, "u2")
    await deliver(store, seen)
    last = await exchange(store, "u3")
    told = [line.id for line in await store.lines(HERE, seen.id, 10) if line.is_ours]
    assert told == [missed.id, last.id], "the first was never delivered, whatever its id"
    await deliver(store, missed)
    await deliver(store, last)
    assert await store.lines(HERE, last.id, 10) == []
    assert [line.id for line in await store.lines(HERE, 0, 1)] == [last.id]


async def test_what_is_given_up_is_never_told(engine: Engine) -> None:
    store = await engine.open()
    out = await exchange(store, "u1")
    await store.record_failure(out, SendFailure(state=OutboundState.FAILED, error="refused", at=NOON))
    assert [line.is_ours for line in await store.lines(HERE, 0, 10)] == [False]
    assert await store.undelivered([HERE], 10) == {}


async def test_undelivered_lines_of_those_who_are_there(engine: Engine) -> None:
    store = await engine.open()
    here, there = await exchange(store, "u1"), await exchange(store, "u1", by=THERE)
    await deliver(store, await exchange(store, "u2"))
    waiting = await store.undelivered([HERE, THERE], 10)
    assert {address: [line.id for line in lines] for address, lines in waiting.items()} == {
        HERE: [here.id],
        THERE: [there.id],
    }
    assert await store.undelivered([], 10) == {}


async def test_nobody_acknowledges_lines_of_others(engine: Engine) -> None:
    store = await engine.open()
    mine, other = await exchange(store, "u1"), await exchange(store, "u1", by=THERE)
    assert await store.written_to(HERE, [mine.id, other.id, MessageId(7)]) == {mine.id}
    assert await store.written_to(HERE, []) == frozenset()


async def test_reading_a_conversation_uses_its_index(sqlite_engine: Engine) -> None:
    store = await sqlite_engine.open()
    await exchange(store, "u1")
    for table in ("inbox", "outbox"):
        plan = await sqlite_engine.rows(
            f"EXPLAIN QUERY PLAN SELECT id FROM {table} WHERE contact = x'00' AND channel IN ('webchat') AND id > 5"
        )
        assert f"{table}_mailbox" in str(plan)
