"""Joined accounts and their history, on both engines: what is purged, what is erased, what must survive both."""

import asyncio
from datetime import datetime, timedelta

from bot.events import LocationShared
from bot.intent import DropTicket, KeepTicket, PromiseAnswer, RecordLookUp, RecordVerification, SetOptOut, Write
from bot.linking import CodePurpose, Erase, IssueCode, Join, RecordConsent, RecordWrongCode, StopEverywhere
from bot.model import Address, Button, ChannelName, Destination, InboundMessage, MessageId
from bot.store.base import PlanStore
from bot.store.port import Claimed, Decision, NewOutbound
from tests.contract.store_engines import CODE, NOON, ROUTE, Engine, claimed, part, person, reply, text

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CHAT = Address(ChannelName.ZALO, "5510185758261927916")
BY_PHONE = Join(other=Destination(person(), "8283", ROUTE), how="phone")


def chat(body: str, at: datetime = NOON) -> InboundMessage:
    return InboundMessage(
        sender=CHAT, recipient="oa", text=body, received_at=at, route="zalo", external_id=f"{body}{at}"
    )


async def does(store: PlanStore, message: InboundMessage, *writes: Write) -> Claimed:
    row = await claimed(store, message)
    await store.decide(Decision(inbound=row, at=message.received_at, writes=writes))
    return row


async def swept(store: PlanStore, at: datetime) -> None:
    while await store.sweep(at, 100):
        pass


async def erased(store: PlanStore, at: datetime) -> None:
    while await store.erase(at, 2):
        pass


async def test_who_refused_messages_is_answered_after_the_shared_history_is_gone(engine: Engine) -> None:
    store = await engine.open()
    await does(store, text("one"))
    await does(store, chat("two"), BY_PHONE)
    await does(store, chat("TC"), SetOptOut(NOON))
    await swept(store, NOON + 100 * DAY)
    back = await does(store, chat("again", NOON + 100 * DAY), RecordLookUp(CODE, found=True))
    assert await store.own_codes(back.contact.home, NOON, 10) == [CODE]


async def test_what_only_joining_needed_is_purged(engine: Engine) -> None:
    store = await engine.open()
    await does(store, text("one"))
    issue = IssueCode(CodePurpose.LINK, "482913", NOON + HOUR)
    consent = RecordConsent("link", "link.done")
    await does(store, chat("two"), issue, RecordWrongCode(), consent, BY_PHONE)
    await swept(store, NOON + 30 * DAY)
    assert len(await engine.rows("SELECT * FROM consent")) == 1
    assert len(await engine.rows("SELECT * FROM account_link")) == 2
    assert await engine.rows("SELECT * FROM one_time_code") == []
    assert await engine.rows("SELECT * FROM wrong_code") == []
    await swept(store, NOON + 100 * DAY)
    for table in ("contact", "consent", "account_link"):
        assert await engine.rows(f"SELECT * FROM {table}") == [], table


async def test_what_was_done_besides_writing_is_purged_with_the_words(engine: Engine) -> None:
    store = await engine.open()
    row = await claimed(store, text("", event=LocationShared(21.18, 106.06), reply_key="k"))
    button = Button("Theo dõi", f"td:{CODE}")
    waits = reply(store, row, buttons=(button,))
    await store.decide(Decision(inbound=row, at=NOON, outbound=(NewOutbound(message=waits, sending=True),)))
    await swept(store, NOON + 31 * DAY)
    assert await engine.rows("SELECT event, reply_key FROM inbox") == [(None, None)]
    await swept(store, NOON + 92 * DAY)
    assert await engine.rows("SELECT text, extras FROM outbox") == [("", None)]


async def test_erasing_does_not_give_back_the_tries_of_who_guesses(engine: Engine) -> None:
    store = await engine.open()
    await does(store, text("LK 1"), RecordWrongCode())
    row = await does(store, text("XOADL 1"), Erase())
    tries = await store.code_tries(row.contact.id, row.contact.home, NOON)
    assert (tries.wrong, tries.wrong_anywhere) == (1, 1)
    await erased(store, NOON + 2 * HOUR)
    assert await engine.rows("SELECT * FROM wrong_code") == []


async def test_parting_does_not_give_back_the_tries_either(engine: Engine) -> None:
    store = await engine.open()
    await does(store, text("one"))
    await does(store, chat("two"), BY_PHONE)
    alone = (await does(store, chat("LK 1"), RecordWrongCode())).contact
    together = await store.code_tries(alone.id, alone.home, NOON)
    apart = await store.code_tries(alone.id, alone.id, NOON)
    assert (together.wrong, apart.wrong) == (1, 1)


async def test_erasing_does_not_give_back_the_tries_of_digits(engine: Engine) -> None:
    store = await engine.open()
    row = await does(store, text("1234"), RecordVerification(CODE, passed=False))
    await does(store, text("XOADL 1"), Erase())
    assert await store.verification_tries(row.contact.home, CODE, NOON - HOUR) == (1, 0)
    assert await engine.rows("SELECT code FROM verification") == [(CODE,)]


async def test_a_ticket_is_given_back_from_any_account(engine: Engine) -> None:
    store = await engine.open()
    ticket = KeepTicket(
        unit_code="H05.22", unit_name="Trung tâm", number="A013", valid_until=NOON + HOUR, tell_when_near=True
    )
    phone = (await does(store, text("SO"), ticket)).contact
    await does(store, text("SO", sender=1), ticket)
    await does(store, chat("two"), BY_PHONE)
    await does(store, chat("HUY SO"), DropTicket("H05.22", "A013"))
    assert [held.is_open for held in await store.tickets(phone.id, NOON)] == [False]
    assert len(await store.waiting_tickets(NOON, MessageId(0), 10)) == 1, "a stranger's with the same number stays"


async def test_refusing_everywhere_ends_what_other_accounts_wait_for(engine: Engine) -> None:
    store = await engine.open()
    ticket = KeepTicket(
        unit_code="H05.22", unit_name="Trung tâm", number="A013", valid_until=NOON + HOUR, tell_when_near=True
    )
    owed = PromiseAnswer(CODE, "bacninh", NOON)
    phone = (await does(store, text("SO"), ticket, owed)).contact
    await does(store, chat("two"), BY_PHONE)
    assert list(await store.owed_codes(phone.id)) == [CODE]
    await does(store, chat("TC"), SetOptOut(NOON), StopEverywhere(NOON))
    assert list(await store.owed_codes(phone.id)) == []
    assert list(await store.waiting_tickets(NOON, MessageId(0), 10)) == []


async def test_what_is_said_after_erasing_is_not_erased(engine: Engine) -> None:
    store = await engine.open()
    await does(store, text("XOADL 1"), Erase())
    engine.clock.advance(4000)
    later = NOON + timedelta(seconds=4000)
    row = await claimed(store, text("again", at=later))
    waits = reply(store, row, at=later)
    await store.decide(Decision(inbound=row, at=later, outbound=(NewOutbound(message=waits, sending=False),)))
    await erased(store, later)
    assert {words for (words,) in await engine.rows("SELECT text FROM inbox")} == {"", "again"}
    (taken,) = await store.claim_outbound(ROUTE, 5, later)
    assert taken.text == waits.text
    assert await engine.rows("SELECT * FROM erasure") == []


async def test_parts_of_long_texts_are_erased_too(engine: Engine) -> None:
    store = await engine.open()
    await store.save_part(part(1))
    await does(store, text("XOADL 1"), Erase())
    await erased(store, NOON + 2 * HOUR)
    assert await engine.rows("SELECT * FROM inbox_part") == []
    assert await engine.rows("SELECT * FROM part_group") == []


async def test_a_copy_opens_for_one_of_two_processes(engine: Engine) -> None:
    store = await engine.open()
    token = "abcdefghijklmnopqrst12"
    for number in range(5):
        await does(store, text(f"DL{number}"), IssueCode(CodePurpose.DATA, f"{token}{number}", NOON + HOUR))
        opened = await asyncio.gather(*(store.copy_of(f"{token}{number}", NOON) for _ in range(4)))
        assert sum(copy is not None for copy in opened) == 1
