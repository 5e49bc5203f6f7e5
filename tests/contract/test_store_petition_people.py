"""Whose petitions they are, on both engines: joining, parting, copies, erasing, forgetting in time."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.errors import StalePetition
from bot.linking import CodePurpose, Erase, IssueCode, Join, Part
from bot.petitions.record import CITIZEN, Petition, PetitionState, Place
from bot.petitions.writes import ChangePetition, DropDraft, KeepDraft
from bot.store.base import PlanStore
from bot.store.port_petitions import PetitionFilter
from bot.store.retention import Retention
from tests.contract.store_engines import KEYRING, NOON, Engine, claimed, person, text
from tests.contract.store_petitions import (
    CHAT,
    DAY,
    PHONE,
    PICTURE,
    changed,
    chat_text,
    does,
    drafted,
    made,
    stored,
    submitted,
)

JOIN = Join(other=PHONE, how="code")
PHONE_ID, CHAT_ID = KEYRING.contact_id(person()), KEYRING.contact_id(CHAT)


async def from_phone_and_chat(store: PlanStore) -> tuple[str, str]:
    """A petition of each; then the chat is joined to the phone."""
    codes = []
    for message in (text("PA one"), chat_text("PA two")):
        code = await store.new_petition_code(NOON)
        sender = KEYRING.contact_id(message.sender)
        await does(store, message, ChangePetition(changed(None, made(code, person=sender), "submit", actor=CITIZEN)))
        codes.append(code)
    await does(store, chat_text("LK"), JOIN)
    return codes[0], codes[1]


async def codes_of(store: PlanStore, account: bytes) -> list[str]:
    return [petition.code for petition in await store.petitions_of(account, 10)]


async def test_joined_accounts_share_their_petitions(engine: Engine) -> None:
    store = await engine.open()
    one, two = await from_phone_and_chat(store)
    assert await codes_of(store, PHONE_ID) == await codes_of(store, CHAT_ID) == [two, one]
    assert (await stored(store, two)).person == PHONE_ID


@pytest.mark.parametrize("leaves", ["chat", "phone"])
async def test_who_stands_alone_again_takes_the_own_ones(engine: Engine, leaves: str) -> None:
    store = await engine.open()
    one, two = await from_phone_and_chat(store)
    await does(store, chat_text("HLK") if leaves == "chat" else text("HLK"), Part())
    assert await codes_of(store, PHONE_ID) == [one]
    assert await codes_of(store, CHAT_ID) == [two]


async def test_two_drafts_come_up_one_after_the_other(engine: Engine) -> None:
    store = await engine.open()
    await does(store, text("PA"), KeepDraft(drafted("by phone")))
    await does(store, chat_text("PA"), KeepDraft(drafted("by chat", at=NOON + timedelta(minutes=1))))
    row = await does(store, chat_text("LK"), JOIN)
    seen = []
    for number in range(3):
        draft = await store.draft_of(PHONE_ID)
        seen.append(draft and draft.text)
        await does(store, chat_text(f"HUY {number}"), DropDraft())
    assert row.contact.home == CHAT_ID, "as it was before"
    assert seen == ["by chat", "by phone", None]


async def end(store: PlanStore, seen: Petition, state: PetitionState = PetitionState.CLOSED) -> None:
    after = replace(seen, state=state, closed_at=NOON, answer="Đã sửa xong đèn", question="Ông ở số mấy?")
    await store.change_petition(changed(seen, after, "close", data={"text": "Ông A"}), ())


def is_anonymous(found: Petition) -> bool:
    texts = (found.person, found.text, found.answer, found.question, found.told_at, found.dossier)
    return not any(texts) and found.place == Place(ward="Võ Cường")


async def test_erasing(engine: Engine) -> None:
    store = await engine.open()
    over, still_open, other = [await submitted(store, dossier="H05.12-260610-0001") for _ in range(3)]
    await end(store, over)
    await engine.rows(f"UPDATE petition SET person = NULL, sender = NULL WHERE id = {other.id} RETURNING 1")
    await does(store, text("PA"), KeepDraft(drafted("Cống tắc", files=(PICTURE,))))
    await does(store, text("XOADL"), Erase())
    assert is_anonymous(await stored(store, over.code))
    assert {tuple(event.data) for event in await store.events_of(over.code)} == {()}
    assert (await stored(store, over.code)).category == "DN"
    assert await store.draft_of(PHONE_ID) is None
    assert await store.unused_files(10) == [PICTURE.name]
    await store.forget_files([PICTURE.name])
    assert await store.unused_files(10) == []
    assert await stored(store, still_open.code) == still_open, "somebody still works on it"
    await end(store, still_open, PetitionState.REJECTED)
    assert is_anonymous(await stored(store, still_open.code))
    assert (await stored(store, other.code)).text == other.text
    assert (await store.list_petitions(PetitionFilter(search="den duong"), NOON)).total == 1


async def test_an_officer_who_saw_it_before_it_was_erased(engine: Engine) -> None:
    store = await engine.open()
    await end(store, await submitted(store))
    seen = await stored(store, "PA26000010")
    await does(store, text("XOADL"), Erase())
    with pytest.raises(StalePetition):
        await store.change_petition(changed(seen, seen, "add_note"), ())
    assert is_anonymous(await stored(store, seen.code))


async def test_what_was_released_stays(engine: Engine) -> None:
    store = await engine.open()
    await end(store, await submitted(store, public_text="Đèn hỏng", released_at=NOON))
    await does(store, text("XOADL"), Erase())
    found = await stored(store, "PA26000010")
    assert (found.text, found.public_text, found.answer) == ("Đèn hỏng", "Đèn hỏng", "Đã sửa xong đèn")


async def test_a_copy_holds_petitions_and_drafts(engine: Engine) -> None:
    store = await engine.open()
    seen = await submitted(store)
    issue = IssueCode(CodePurpose.DATA, "token", NOON + DAY)
    await does(store, text("DL"), KeepDraft(drafted("Cống tắc")), issue)
    copy = await store.copy_of("token", NOON)
    assert copy is not None
    ((petition,), (draft,)) = copy["petitions"], copy["petition_drafts"]
    assert (petition["code"], petition["text"], petition["state"]) == (seen.code, seen.text, "received")
    assert draft["text"] == "Cống tắc"


async def swept(store: PlanStore, days: int) -> None:
    while await store.sweep(NOON + timedelta(days=days), 100):
        pass


async def test_forgotten_in_time(engine: Engine) -> None:
    store = await engine.open(retention=Retention(senders=730 * DAY, files=183 * DAY))
    code = await store.new_petition_code(NOON)
    await store.change_petition(changed(None, made(code), "submit", files=(PICTURE,)), ())
    await does(store, text("PA"), DropDraft())
    await swept(store, 800)
    assert await engine.rows("SELECT count(*) FROM contact") == [(1,)], "somebody still works on it"
    await end(store, await stored(store, code))
    await swept(store, 182)
    assert await store.files_of(code) == [PICTURE]
    await swept(store, 184)
    assert (await store.files_of(code), await store.unused_files(10)) == ([], [PICTURE.name])
    assert not is_anonymous(await stored(store, code))
    await swept(store, 731)
    assert is_anonymous(await stored(store, code))


async def test_a_message_after_the_erasure(engine: Engine) -> None:
    store = await engine.open()
    seen = await submitted(store)
    await does(store, text("XOADL"), Erase())
    row = await claimed(store, text(seen.code))
    assert await codes_of(store, row.contact.home) == [seen.code], "still answered"
