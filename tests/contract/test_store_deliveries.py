"""The log of messages for the desk, on both engines; and sending one again."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.access.records import AuditEntry
from bot.intent import RecordLookUp
from bot.model import OutboundKind
from bot.privacy import masked
from bot.store.audit import AuditWish
from bot.store.base import PlanStore
from bot.store.deliveries import AboutWish, DeliveryWish
from bot.store.delivery_book import DeliveryBook
from bot.store.officer_book import OfficerBook
from bot.store.port import Decision, NewOutbound, OutboundState, SendFailure
from tests.contract.store_engines import CODE, KEYRING, NOON, ROUTE, Engine, answered, claimed, person, reply, text

DAY = timedelta(days=1)
ENTRY = AuditEntry(at=NOON, who="an", action="resent")


def wish(**more: Any) -> DeliveryWish:
    return DeliveryWish(**({"since": NOON - DAY, "until": NOON + DAY} | more))


async def place(engine: Engine) -> tuple[PlanStore, DeliveryBook]:
    store = await engine.open()
    return store, DeliveryBook(store, KEYRING, engine.clock)


async def failed(store: PlanStore, **more: Any) -> int:
    message = await answered(store, text(), **more)
    failure = SendFailure(state=OutboundState.FAILED, error="refused", at=NOON)
    await store.record_failure(message, failure)
    return message.id


async def test_what_went_and_came(engine: Engine) -> None:
    store, book = await place(engine)
    first = await answered(store, text(), segments=2)
    await store.record_sent(first, ["p1", "p2"], NOON)
    engine.clock.advance(1)
    await answered(store, text(sender=1))
    newest, oldest = await book.sent(wish())
    assert (oldest.id, oldest.state, oldest.address, oldest.segments, oldest.tries) == (
        first.id,
        "sent",
        "8491*****678",
        2,
        1,
    )
    assert [line.id for line in await book.sent(wish(before=newest.id))] == [first.id]
    assert [line.id for line in await book.sent(wish(state="sending"))] == [newest.id]
    assert [line.id for line in await book.sent(wish(contact=book.contact(person(1))))] == [newest.id]
    assert await book.sent(wish(channel="zalo")) == []
    assert await book.sent(wish(since=NOON + DAY, until=NOON + 2 * DAY)) == []
    assert [(total.state, total.messages, total.segments) for total in await book.totals(wish())] == [
        ("sending", 1, 1),
        ("sent", 1, 2),
    ]
    received = await book.received(wish())
    assert [(line.state, line.address) for line in received] == [("done", "8491*****679"), ("done", "8491*****678")]
    attempts, parts = await book.history(first.id)
    assert [(item.number, item.outcome) for item in attempts] == [(1, "sent")]
    assert [(item.place, item.provider_id) for item in parts] == [(0, "p1"), (1, "p2")]


async def test_sending_again_makes_a_new_message(engine: Engine) -> None:
    store, book = await place(engine)
    key = await failed(store)
    engine.clock.advance(3600)
    assert await book.resend(key, ENTRY)
    (again,) = await store.claim_outbound(ROUTE, 10, engine.clock.now())
    assert (again.text, again.to, again.reply_to) == ("Ho so dang xu ly", person(), None)
    assert again.expires_at == NOON + timedelta(hours=25)
    log = await OfficerBook(store, KEYRING, engine.clock).log(AuditWish())
    assert [row.entry.action for row in log] == ["resent"]


@pytest.mark.parametrize("what", ["sent", "a code", "unknown", "forgotten"])
async def test_what_is_not_sent_again(engine: Engine, what: str) -> None:
    store, book = await place(engine)
    if what == "sent":
        message = await answered(store, text())
        await store.record_sent(message, ["p1"], NOON)
        key: int = message.id
    else:
        key = await failed(store, kind=OutboundKind.ONE_TIME_CODE if what == "a code" else OutboundKind.NOTICE)
    if what == "forgotten":
        await engine.change("UPDATE outbox SET text = '', contact = NULL")
    assert not await book.resend(key + (what == "unknown"), ENTRY)
    assert await OfficerBook(store, KEYRING, engine.clock).log(AuditWish()) == []


async def test_codes_are_shown(engine: Engine) -> None:
    store, book = await place(engine)
    await answered(store, replace(text(CODE)))
    (line,) = await book.received(wish())
    assert line.is_repeat is False


async def test_answers_to_who_asked_for_a_dossier(engine: Engine) -> None:
    store, book = await place(engine)
    for code, sender in ((CODE, 1), (f"{CODE}1", 2)):
        row = await claimed(store, text(f"HS {code}", sender=sender))
        out = reply(store, row, to=row.message.sender, at=NOON)
        writes = (RecordLookUp(code, found=True),)
        await store.decide(
            Decision(inbound=row, at=NOON, writes=writes, outbound=(NewOutbound(message=out, sending=False),))
        )
    found = await book.about(AboutWish(code=CODE, since=NOON - DAY))
    assert [line.address for line in found] == [masked(person(1).id)]
    assert await book.about(AboutWish(code=CODE, since=NOON + DAY)) == []
