"""Petitions, on both engines: what is kept of them, that nobody overwrites another's step, drafts."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.errors import StalePetition, TurnLost
from bot.model import OutboundKind
from bot.petitions.record import CITIZEN, Confidentiality, PetitionState, Severity, TaskAlert
from bot.petitions.writes import ChangePetition, DropDraft, KeepDraft
from bot.store.port import Decision, NewOutbound
from tests.contract.store_engines import KEYRING, NOON, Engine, claimed, person, reply, text
from tests.contract.store_petitions import (
    DAY,
    OFFICER,
    PICTURE,
    TEXT,
    assigned,
    changed,
    does,
    drafted,
    made,
    stored,
    submitted,
)


async def test_numbers_of_a_year_in_vietnam(engine: Engine) -> None:
    store = await engine.open()
    codes = [await store.new_petition_code(NOON) for _ in range(2)]
    late = datetime(2026, 12, 31, 17, 30, tzinfo=UTC)
    assert [*codes, await store.new_petition_code(late)] == ["PA26000010", "PA26000029", "PA27000018"]


async def test_numbers_are_given_once(engine: Engine) -> None:
    store = await engine.open()
    codes = await asyncio.gather(*(store.new_petition_code(NOON) for _ in range(20)))
    assert len(set(codes)) == 20


async def test_everything_comes_back(engine: Engine) -> None:
    store = await engine.open()
    code = await store.new_petition_code(NOON)
    whole = replace(
        made(code),
        public_text="Đèn hỏng",
        released_at=NOON,
        confidentiality=Confidentiality.NAME_HIDDEN,
        is_emergency=True,
        dossier="H05.12-260610-0001",
        officer=3,
        accept_due=NOON,
        question="Cột số mấy?",
        paused_at=NOON,
        returns=2,
        answer="Đã sửa",
        score=4,
        case="PA26000019",
        spam_proposed_by=9,
    )
    event = {"actor": OFFICER, "data": {"text": "Đèn", "at": NOON.isoformat()}}
    await store.change_petition(changed(None, whole, "submit", **event), ())
    assert await stored(store, code) == replace(whole, id=2600001)
    (happened,) = await store.events_of(code)
    assert happened == changed(None, whole, "submit", **event).event
    assert await store.petition("PA26000022") is None


async def test_addresses_are_sealed(engine: Engine) -> None:
    store = await engine.open()
    await submitted(store)
    await does(store, text("PA"), KeepDraft(drafted("Cống tắc")))
    for table, column in (("petition", "told_at"), ("petition_draft", "sealed")):
        ((sealed,),) = await engine.rows(f"SELECT {column} FROM {table}")
        assert person().id.encode() not in bytes(sealed)
        assert person().id.encode() in KEYRING.open_octets(bytes(sealed))


async def test_a_step_is_taken_once(engine: Engine) -> None:
    store = await engine.open()
    first = await submitted(store)
    second = await assigned(store, first)
    assert (second.version, second.state, second.agency) == (2, PetitionState.ASSIGNED, "H05.12")
    with pytest.raises(StalePetition):
        await assigned(store, first)
    with pytest.raises(StalePetition):
        await store.change_petition(changed(None, made(first.code), "submit"), ())
    assert [event.name for event in await store.events_of(first.code)] == ["submit", "assign"]
    assert await stored(store, first.code) == second


async def test_two_officers_at_once(engine: Engine) -> None:
    store = await engine.open()
    seen = await submitted(store)
    results = await asyncio.gather(*(assigned(store, seen) for _ in range(4)), return_exceptions=True)
    assert sum(isinstance(result, StalePetition) for result in results) == 3
    assert len(await store.events_of(seen.code)) == 2


async def test_steps_that_happen_together(engine: Engine) -> None:
    store = await engine.open()
    case, child = await submitted(store), await submitted(store)
    answered = changed(case, replace(case, state=PetitionState.ANSWERED), "send_answer")
    copied = changed(child, replace(child, state=PetitionState.ANSWERED, case=case.code), "send_answer")
    await store.change_petition(replace(answered, also=(copied,)), ())
    assert [found.code for found in await store.petitions_in_case(case.code)] == [child.code]
    with pytest.raises(StalePetition):
        await store.change_petition(replace(changed(await stored(store, case.code), case, "x"), also=(copied,)), ())
    assert (await stored(store, case.code)).version == 2, "all or nothing"


async def test_what_the_citizen_is_told_is_stored_with_it(engine: Engine) -> None:
    store = await engine.open()
    seen = await submitted(store)
    row = await claimed(store, text("hello"))
    notice = replace(reply(store, row), kind=OutboundKind.NOTICE, reply_to=None)
    change = changed(seen, replace(seen, state=PetitionState.ANSWERED), "send_answer")
    await store.change_petition(change, (NewOutbound(message=notice, sending=False),))
    with pytest.raises(StalePetition):
        await store.change_petition(change, (NewOutbound(message=replace(notice, id=store.new_id()), sending=False),))
    (sent,) = await store.claim_outbound(notice.route, 10, NOON)
    assert (sent.id, sent.text, sent.to) == (notice.id, notice.text, person())


async def test_a_citizens_step_comes_with_the_decision(engine: Engine) -> None:
    store = await engine.open()
    code = await store.new_petition_code(NOON)
    submit = changed(None, made(code), "submit", actor=CITIZEN, files=(PICTURE,))
    await does(store, text("PA"), KeepDraft(drafted(TEXT, files=(PICTURE,))))
    row = await does(store, text("GUI"), ChangePetition(submit), DropDraft())
    found = await stored(store, code)
    assert (found.files, found.version) == (1, 1)
    assert await store.files_of(code) == [PICTURE]
    assert await store.draft_of(row.contact.home) is None
    assert [petition.code for petition in await store.petitions_of(row.contact.home, 10)] == [code]


async def test_an_officer_was_quicker_than_the_citizen(engine: Engine) -> None:
    store = await engine.open()
    seen = await submitted(store)
    row = await claimed(store, text("HUY"))
    await assigned(store, seen)
    withdrawn = changed(seen, replace(seen, state=PetitionState.WITHDRAWN), "withdraw", actor=CITIZEN)
    decision = Decision(inbound=row, at=NOON, writes=(ChangePetition(withdrawn),))
    with pytest.raises(TurnLost):
        await store.decide(decision)
    assert (await stored(store, seen.code)).state is PetitionState.ASSIGNED
    await store.decide(replace(decision, writes=()))


async def test_two_people_at_once_in_one_petition(engine: Engine) -> None:
    store = await engine.open()
    seen = await submitted(store)
    rows = [await claimed(store, text("THEM", sender=number)) for number in range(2)]
    step = ChangePetition(changed(seen, seen, "add_information", actor=CITIZEN))
    results = await asyncio.gather(
        *(store.decide(Decision(inbound=row, at=NOON, writes=(step,))) for row in rows), return_exceptions=True
    )
    assert sorted(type(result).__name__ for result in results) == ["NoneType", "TurnLost"]


async def test_a_draft(engine: Engine) -> None:
    store = await engine.open()
    row = await does(store, text("PA"), KeepDraft(drafted("Cống tắc")))
    home = row.contact.home
    longer = drafted("Cống tắc", "trước cổng trường", at=NOON + timedelta(minutes=1), is_emergency=True)
    await does(store, text("truoc cong truong"), KeepDraft(longer))
    assert await store.draft_of(home) == longer
    await does(store, text("HUY"), DropDraft())
    assert await store.draft_of(home) is None


async def test_drafts_that_are_due(engine: Engine) -> None:
    store = await engine.open()
    row = await does(store, text("PA"), KeepDraft(drafted("Cống tắc")))
    home, half_an_hour = row.contact.home, timedelta(minutes=30)
    assert await store.due_drafts(NOON + half_an_hour - timedelta(seconds=1), 10) == []
    ((person_of, draft),) = await store.due_drafts(NOON + half_an_hour, 10)
    assert (person_of, draft) == (home, drafted("Cống tắc"))
    reminded = replace(draft, reminded_at=NOON + half_an_hour)
    assert await store.change_draft(home, draft, reminded, (), NOON)
    assert await store.due_drafts(NOON + half_an_hour, 10) == []
    ((_, again),) = await store.due_drafts(NOON + DAY, 10)
    await does(store, text("them"), KeepDraft(replace(again, changed_at=NOON + DAY)))
    assert not await store.change_draft(home, again, None, (), NOON), "the person wrote meanwhile"
    assert await store.change_draft(home, replace(again, changed_at=NOON + DAY), None, (), NOON)
    assert await store.draft_of(home) is None


async def test_alerts_come_with_the_step(engine: Engine) -> None:
    store = await engine.open()
    alert = TaskAlert(
        severity=Severity.S3, source="pa", subject="PA26000019", condition="assigned", agency="H05.12", officer=7
    )
    seen = await submitted(store)
    await store.change_petition(changed(seen, seen, "assign", alerts=(alert,)), ())
    seen = await stored(store, seen.code)
    worse = replace(alert, severity=Severity.S2)
    await store.change_petition(changed(seen, seen, "assign", alerts=(worse, replace(alert, officer=8))), ())
    rows = await engine.rows("SELECT code, severity, raised, officer FROM alert ORDER BY id")
    assert rows == [("A0001", "S2", 2, 7), ("A0003", "S3", 1, 8)]
