"""Conversations of people with officers and the thread that the desk shows, on both engines."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.conversations import Conversation, ConversationState, KeepConversation
from bot.errors import TurnLost
from bot.intent import Ask, KeepRating, RatingSubject
from bot.linking import CodePurpose, Erase, IssueCode, Join
from bot.model import OutboundKind, Question
from bot.petitions.record import Severity, TaskAlert
from bot.petitions.writes import KeepDraft
from bot.store.base import PlanStore
from bot.store.port import Decision, NewOutbound, OutboundState
from bot.store.port_alerts import AlertState
from bot.store.port_conversations import StaleConversation
from tests.contract.store_engines import KEYRING, NOON, Engine, claimed, person, reply, text
from tests.contract.store_petitions import CHAT, DAY, PHONE, chat_text, does, drafted, submitted

HOUR = timedelta(hours=1)
PERSON = KEYRING.contact_id(person())
ALERT = TaskAlert(severity=Severity.S3, source="conversation", subject="CB00001", condition="asked", agency="H05.22")


async def asked(store: PlanStore, **more: Any) -> Conversation:
    """The person asked for an officer."""
    facts: dict[str, Any] = {
        "code": await store.new_conversation_code(),
        "person": PERSON,
        "answers_to": PHONE,
        "agency": "H05.22",
        "asked_at": NOON,
        "promised_at": NOON + 4 * HOUR,
        "last_citizen_at": NOON,
        "clock_at": NOON + 4 * HOUR,
    }
    after = Conversation(**facts | more)
    await does(store, text(f"CB {after.code}"), KeepConversation(before=None, after=after, alerts=(ALERT,)))
    return await stored(store, after.code)


async def stored(store: PlanStore, code: str) -> Conversation:
    found = await store.conversation(code)
    assert found is not None
    return found


async def take(store: PlanStore, seen: Conversation, officer: int = 7) -> None:
    after = replace(seen, state=ConversationState.TAKEN, taken_by=officer, clock_at=None)
    await store.change_conversation(seen, after, (), (), NOON)


async def test_everything_comes_back(engine: Engine) -> None:
    store = await engine.open()
    found = await asked(store, dossier="H05.12-260610-0001", escalated_at=NOON, last_officer_at=NOON)
    assert (found.code, found.version, found.answers_to) == ("CB00001", 1, PHONE)
    assert (found.dossier, found.escalated_at, found.promised_at) == ("H05.12-260610-0001", NOON, NOON + 4 * HOUR)
    assert await store.conversation_of(PERSON) == found
    ((sealed,),) = await engine.rows("SELECT answers_to FROM conversation")
    assert person().id.encode() not in bytes(sealed)
    assert await store.conversation("CB99999") is None


async def test_taken_by_one_officer(engine: Engine) -> None:
    store = await engine.open()
    seen = await asked(store)
    results = await asyncio.gather(*(take(store, seen, officer) for officer in (7, 8)), return_exceptions=True)
    assert sorted(type(result).__name__ for result in results) == ["NoneType", "StaleConversation"]
    assert (await stored(store, seen.code)).state is ConversationState.TAKEN


async def test_the_person_writes_while_an_officer_takes_it(engine: Engine) -> None:
    store = await engine.open()
    seen = await asked(store)
    row = await claimed(store, text("alo"))
    await take(store, seen)
    wrote = KeepConversation(before=seen, after=replace(seen, last_citizen_at=NOON + HOUR))
    with pytest.raises(TurnLost):
        await store.decide(Decision(inbound=row, at=NOON, writes=(wrote,)))
    now = await stored(store, seen.code)
    wrote = KeepConversation(before=now, after=replace(now, last_citizen_at=NOON + HOUR))
    await store.decide(Decision(inbound=row, at=NOON, writes=(wrote,)))
    found = await stored(store, seen.code)
    assert (found.taken_by, found.last_citizen_at, found.version) == (7, NOON + HOUR, 3)


async def test_closing_ends_its_alerts(engine: Engine) -> None:
    store = await engine.open()
    seen = await asked(store)
    assert [alert.alert.subject for alert in await store.unsent_alerts(10)] == [seen.code]
    after = replace(seen, state=ConversationState.CLOSED, closed_at=NOON, closed_because="officer")
    await store.change_conversation(seen, after, (), (), NOON)
    assert [alert.state for alert in await store.alerts_of(seen.code)] == [AlertState.RESOLVED]
    assert await store.conversation_of(PERSON) is None
    with pytest.raises(StaleConversation):
        await take(store, seen)


async def test_lists(engine: Engine) -> None:
    store = await engine.open()
    late = await asked(store, asked_at=NOON + HOUR, clock_at=NOON + DAY)
    early = await asked(store, agency="H05.101")
    await take(store, await asked(store))

    async def codes(state: ConversationState, **more: Any) -> list[str]:
        return [found.code for found in await store.conversations(state, 10, **more)]

    assert await codes(ConversationState.OPEN) == [early.code, late.code]
    assert await codes(ConversationState.OPEN, agency="H05.22") == [late.code]
    assert await codes(ConversationState.TAKEN, taken_by=7) == ["CB00003"]
    assert await codes(ConversationState.TAKEN, taken_by=8) == []
    due = await store.due_conversations(NOON + 5 * HOUR, 10)
    assert [found.code for found in due] == [early.code]


async def test_the_thread_of_all_accounts(engine: Engine) -> None:
    store = await engine.open()
    await does(store, text("H05.12-260610-0001"), Ask(Question(kind="x", asked_at=NOON, expires_at=NOON)))
    await does(store, text("PA den hong"), KeepDraft(drafted("den hong")))
    await does(store, chat_text("LK"), Join(other=PHONE, how="code"))
    row = await claimed(store, chat_text("THEM o so 12"))
    answer = reply(store, row, to=CHAT, route="zalo", source="oa", text="Đã thêm")
    new = NewOutbound(message=answer, sending=False)
    await store.decide(Decision(inbound=row, at=NOON, outbound=(new,), writes=(KeepDraft(drafted("den hong")),)))
    seen = await asked(store)
    notice = replace(reply(store, row), id=store.new_id(), kind=OutboundKind.NOTICE, reply_to=None, text="Chào Ông")
    await store.change_conversation(seen, seen, (NewOutbound(message=notice, sending=False),), (), NOON)
    expected = [
        ("PA den hong", "sms", None),
        ("THEM o so 12", "zalo", None),
        ("Đã thêm", "zalo", OutboundState.READY),
        ("CB CB00001", "sms", None),
        ("Chào Ông", "sms", OutboundState.READY),
    ]
    for account in (PERSON, KEYRING.contact_id(CHAT)):
        lines = await store.thread_of(account, 10)
        assert [(line.text, line.channel.value, line.state) for line in lines] == expected
    last = lines[-2:]
    assert await store.thread_of(PERSON, 2) == last
    assert await store.thread_of(PERSON, 1, before=last[0].id) == lines[2:3]
    assert [line.is_theirs for line in last] == [True, False]


async def test_what_is_told_of_a_petition_is_in_the_thread(engine: Engine) -> None:
    store = await engine.open()
    seen = await submitted(store)
    row = await claimed(store, text("hello"))
    notice = replace(reply(store, row), kind=OutboundKind.NOTICE, reply_to=None)
    draft = drafted("x")
    await does(store, text("PA x", sender=1), KeepDraft(draft))
    other = KEYRING.contact_id(person(1))
    assert await store.change_draft(other, draft, None, (NewOutbound(message=notice, sending=False),), NOON)
    assert [line.text for line in await store.thread_of(seen.person, 10)] == [notice.text]


async def test_a_copy_tells_of_it_and_of_ratings(engine: Engine) -> None:
    store = await engine.open()
    seen = await asked(store)
    rated = KeepRating(subject=RatingSubject.DOSSIER, reference="H05.12-260610-0001", agency="H05.12", score=4)
    await does(store, text("DL"), rated, IssueCode(CodePurpose.DATA, "token", NOON + DAY))
    copy = await store.copy_of("token", NOON)
    assert copy is not None
    assert [item["code"] for item in copy["conversations"]] == [seen.code]
    assert [(item["of"], item["score"]) for item in copy["ratings"]] == [("dossier H05.12-260610-0001", 4)]


async def test_erasing(engine: Engine) -> None:
    store = await engine.open()
    seen = await asked(store)
    await does(store, text("XOADL"), Erase())
    found = await stored(store, seen.code)
    assert (found.state, found.closed_because, found.person, found.answers_to) == (
        ConversationState.CLOSED,
        "erased",
        b"",
        None,
    )
    assert await store.thread_of(PERSON, 10) == []
