"""One person on several channels, on both engines: joining, parting, one-time codes, erasing."""

import asyncio
from datetime import datetime, timedelta

import pytest

from bot.errors import TurnLost
from bot.intent import Ask, RecordLookUp, Write
from bot.linking import (
    ChoosePush,
    CodePurpose,
    Erase,
    IssueCode,
    Join,
    Part,
    RecordConsent,
    RecordWrongCode,
    StopEverywhere,
    UseCode,
    WithdrawConsents,
)
from bot.model import Address, ChannelName, Contact, Destination, InboundMessage, Question
from bot.store.base import PlanStore
from bot.store.port import Claimed, Decision
from tests.contract.store_engines import CODE, NOON, Engine, claimed, person, reply, text

HOUR = timedelta(hours=1)
CHAT = Address(ChannelName.ZALO, "5510185758261927916")
OTHER_CODE = "H05.12-260610-0002"
QUESTION = Question(kind="choose_code", options=(CODE,), asked_at=NOON, expires_at=NOON + HOUR)
BY_PHONE = Join(other=Destination(person(), "8283", "smpp:telco"), how="phone")


def chat(body: str = "xin chao", at: datetime = NOON) -> InboundMessage:
    return InboundMessage(
        sender=CHAT, recipient="oa", text=body, received_at=at, route="zalo", external_id=f"{body}{at}"
    )


async def does(store: PlanStore, message: InboundMessage, *writes: Write) -> Contact:
    row = await claimed(store, message)
    await store.decide(Decision(inbound=row, at=message.received_at, writes=writes))
    return row.contact


async def seen(store: PlanStore, message: InboundMessage) -> Contact:
    """Who a message comes from; nothing is decided but that."""
    return await does(store, message)


async def joined(store: PlanStore) -> tuple[Contact, Contact]:
    """The phone, which has asked for a code, and the chat, which has asked for another and joins it."""
    await does(store, text("one"), RecordLookUp(CODE, found=True), Ask(QUESTION))
    await does(store, chat("two"), RecordLookUp(OTHER_CODE, found=True), BY_PHONE)
    return await seen(store, text("three")), await seen(store, chat("four"))


async def codes(store: PlanStore, home: bytes) -> set[str]:
    return set(await store.own_codes(home, NOON - HOUR, 10))


async def test_joined_accounts_share_history_and_questions(engine: Engine) -> None:
    store = await engine.open()
    phone, zalo = await joined(store)
    assert phone.home == zalo.home == phone.id
    assert await codes(store, zalo.home) == {CODE, OTHER_CODE}
    await does(store, text("five"), Ask(QUESTION))
    answering = await seen(store, chat("six"))
    assert answering.question == QUESTION
    members = await store.members(zalo.home)
    assert {member.destination for member in members} == {
        Destination(person(), "8283", "smpp:telco"),
        Destination(CHAT, "oa", "zalo"),
    }


async def test_a_decision_of_one_account_outdates_that_of_another(engine: Engine) -> None:
    store = await engine.open()
    await joined(store)
    by_phone, by_chat = await claimed(store, text("a")), await claimed(store, chat("b"))
    await store.decide(Decision(inbound=by_phone, at=NOON))
    with pytest.raises(TurnLost):
        await store.decide(Decision(inbound=by_chat, at=NOON))


async def test_joining_outdates_what_was_under_way(engine: Engine) -> None:
    store = await engine.open()
    await does(store, text("one"))
    under_way = await claimed(store, text("two"))
    await does(store, chat("three"), BY_PHONE)
    with pytest.raises(TurnLost):
        await store.decide(Decision(inbound=under_way, at=NOON))


@pytest.mark.parametrize("who", ["phone", "chat"])
async def test_parted_accounts_keep_what_was_and_share_nothing_new(engine: Engine, who: str) -> None:
    store = await engine.open()
    await joined(store)
    await does(store, text("leave") if who == "phone" else chat("leave"), Part())
    phone, zalo = await seen(store, text("five")), await seen(store, chat("six"))
    assert (phone.linked_to, zalo.linked_to) == (None, None)
    assert await codes(store, phone.id) == await codes(store, zalo.id) == {CODE, OTHER_CODE}
    await does(store, text("seven"), RecordLookUp("H05.12-260610-0003", found=True))
    assert await codes(store, zalo.id) == {CODE, OTHER_CODE}
    assert await engine.rows("SELECT * FROM account_link") == []


async def test_when_the_home_leaves_the_others_stay_together(engine: Engine) -> None:
    store = await engine.open()
    await joined(store)
    third = text("hello", sender=1)
    await does(store, third, Join(other=Destination(CHAT, "oa", "zalo"), how="code"))
    await does(store, text("leave"), Part())
    zalo, other = await seen(store, chat("x")), await seen(store, text("y", sender=1))
    assert zalo.home == other.home
    assert (await seen(store, text("z"))).linked_to is None
    assert len(await store.members(zalo.home)) == 2


async def test_a_code_is_found_once_and_in_time(engine: Engine) -> None:
    store = await engine.open()
    await does(store, text("LK"), IssueCode(CodePurpose.LINK, "482913", NOON + HOUR))
    found = await store.find_code(CodePurpose.LINK, "482913", NOON)
    assert found is not None
    assert found.owner.destination == Destination(person(), "8283", "smpp:telco")
    assert await store.find_code(CodePurpose.LINK, "482914", NOON) is None
    assert await store.find_code(CodePurpose.ERASE, "482913", NOON) is None
    assert await store.find_code(CodePurpose.LINK, "482913", NOON + HOUR) is None
    assert "482913" not in str(await engine.rows("SELECT * FROM one_time_code"))
    await does(store, chat("LK 482913"), UseCode(found.id))
    assert await store.find_code(CodePurpose.LINK, "482913", NOON) is None


async def test_a_code_is_spent_by_one(engine: Engine) -> None:
    store = await engine.open()
    await does(store, text("LK"), IssueCode(CodePurpose.LINK, "482913", NOON + HOUR))
    found = await store.find_code(CodePurpose.LINK, "482913", NOON)
    assert found is not None
    rows = [await claimed(store, chat("LK 482913")), await claimed(store, text("LK 482913", sender=1))]
    spend = [Decision(inbound=row, at=NOON, writes=(UseCode(found.id),)) for row in rows]
    ended = await asyncio.gather(*(store.decide(decision) for decision in spend), return_exceptions=True)
    first = [isinstance(end, TurnLost) for end in ended].count(True)
    if first == 0:
        pytest.fail("both spent the code")
    assert first == 1


async def test_tries_are_counted(engine: Engine) -> None:
    store = await engine.open()
    issue = IssueCode(CodePurpose.LINK, "482913", NOON + HOUR)
    sender = await does(store, text("LK"), issue)
    await does(store, text("LK 1"), RecordWrongCode())
    other = await does(store, chat("LK 2"), RecordWrongCode())
    tries = await store.code_tries(sender.id, sender.home, NOON + timedelta(minutes=5))
    assert (tries.issued, tries.wrong, tries.wrong_anywhere, tries.first_wrong_at) == (1, 1, 2, NOON)
    later = await store.code_tries(other.id, other.home, NOON + 2 * HOUR)
    assert (later.issued, later.wrong, later.first_wrong_at) == (0, 0, None)


async def test_consents_are_counted_until_withdrawn(engine: Engine) -> None:
    store = await engine.open()
    sender = await does(store, text("DY"), RecordConsent("link", "link.done"), RecordLookUp(CODE, found=True))
    kept = await store.kept_of(sender.home)
    assert (kept.agreed_at, kept.codes, kept.tickets) == (NOON, 1, 0)
    await does(store, text("RUT"), WithdrawConsents())
    assert (await store.kept_of(sender.home)).agreed_at is None
    assert await engine.rows("SELECT purpose, text, channel FROM consent") == [("link", "link.done", "sms")]


async def test_messages_unasked_go_to_the_chosen_account(engine: Engine) -> None:
    store = await engine.open()
    await joined(store)
    pushes = "SELECT route, pushes FROM account_link ORDER BY route"
    assert [(route, bool(on)) for route, on in await engine.rows(pushes)] == [("smpp:telco", False), ("zalo", False)]
    await does(store, chat("KENH"), ChoosePush())
    assert [(route, bool(on)) for route, on in await engine.rows(pushes)] == [("smpp:telco", False), ("zalo", True)]


async def erased(store: PlanStore, at: datetime) -> None:
    for _ in range(50):
        if not await store.erase(at, 2):
            return
    pytest.fail("erasing does not end")


async def test_everything_of_a_person_is_erased(engine: Engine) -> None:
    store = await engine.open()
    await joined(store)
    await does(store, text("stays", sender=1), RecordLookUp(CODE, found=True))
    row: Claimed = await claimed(store, text("XOADL 1", reply_key="k"))
    await store.decide(Decision(inbound=row, at=NOON, writes=(Erase(),)))
    assert await codes(store, row.contact.id) == set()
    assert await store.members(row.contact.id) != []
    await erased(store, NOON + 2 * HOUR)
    texts = {words for (words,) in await engine.rows("SELECT text FROM inbox")}
    assert texts == {"", "stays"}
    traces = await engine.rows("SELECT content_hash, reply_key FROM inbox WHERE text = ''")
    assert {(len(content_hash), key) for content_hash, key in traces} == {(0, None)}, "a hash of a number is one too"
    assert len(await engine.rows("SELECT id FROM contact")) == 1
    for table in ("account_link", "one_time_code", "consent", "erasure"):
        assert await engine.rows(f"SELECT * FROM {table}") == [], table


async def test_the_last_answer_still_leaves_and_who_comes_back_is_somebody_new(engine: Engine) -> None:
    store = await engine.open()
    row = await claimed(store, text("XOADL 1"))
    message = reply(store, row)
    await store.decide(Decision(inbound=row, at=NOON, writes=(Erase(),)))
    await erased(store, NOON)
    assert await engine.rows("SELECT text FROM inbox") == [("XOADL 1",)], "not before the answer could leave"
    back = await does(store, text("again", at=NOON + 2 * HOUR), RecordLookUp(CODE, found=True))
    await erased(store, NOON + 3 * HOUR)
    assert await codes(store, back.id) == {CODE}
    assert message.text


async def test_a_code_sent_to_a_phone_joins_who_asked_with_the_phone(engine: Engine) -> None:
    store = await engine.open()
    asked = IssueCode(CodePurpose.LINK, "482913", NOON + HOUR, owner=person(), source="8283")
    asker = await does(store, chat("my number"), asked)
    found = await store.find_code(CodePurpose.LINK, "482913", NOON)
    assert found is not None
    assert found.owner.destination == Destination(person(), "8283", "")
    assert (await store.code_tries(asker.id, asker.home, NOON)).issued == 1
    assert await store.codes_sent_to(person(), NOON) == 1
    assert await store.codes_sent_to(CHAT, NOON) == 0


async def test_refusing_everywhere(engine: Engine) -> None:
    store = await engine.open()
    await joined(store)
    await does(store, chat("TC"), StopEverywhere(NOON))
    assert (await seen(store, text("x"))).opted_out_at == NOON
