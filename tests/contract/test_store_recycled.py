"""Numbers that were given to somebody else, and accounts that leave their person alone, on both engines."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.errors import RecipientRefused, TemporarySendError
from bot.intent import RecordLookUp
from bot.linking import Erase, Join, Member
from bot.model import DeliveryReceipt, Destination, OutboundKind, OutboundMessage, ReceiptState
from bot.petitions.writes import KeepDraft
from bot.store.base import PlanStore
from bot.store.port import Decision, NewOutbound, OutboundState, SendFailure
from tests.contract.store_engines import CODE, NOON, Engine, claimed, person, reply, text
from tests.contract.store_petitions import drafted, submitted
from tests.contract.test_store_linking import BY_PHONE, CHAT, OTHER_CODE, chat, codes, does, joined, seen

YEAR, MONTH = timedelta(days=365), timedelta(days=30)


async def number_of(store: PlanStore) -> Member:
    found = await store.account(person())
    assert found
    return found


async def sends(store: PlanStore, words: str = "tell the phone") -> OutboundMessage:
    """A message to the number, under way."""
    row = await claimed(store, chat(words))
    message = reply(store, row, to=person(), kind=OutboundKind.NOTICE, reply_to=None)
    await store.decide(Decision(inbound=row, at=NOON, outbound=(NewOutbound(message=message, sending=True),)))
    return message


async def fails(store: PlanStore, error: str, words: str) -> None:
    message = await sends(store, words)
    await store.record_failure(message, SendFailure(state=OutboundState.FAILED, error=error, at=NOON))


async def test_a_number_is_proved_by_joining_by_writing_and_by_proving_again(engine: Engine) -> None:
    store = await engine.open()
    await joined(store)
    assert (await number_of(store)).proved_at == NOON
    await does(store, text("later", at=NOON + MONTH))
    await does(store, chat("from the chat", at=NOON + 2 * MONTH))
    assert (await number_of(store)).proved_at == NOON + MONTH
    await does(store, chat("shared again", at=NOON + 3 * MONTH), BY_PHONE)
    assert (await number_of(store)).proved_at == NOON + 3 * MONTH


async def test_what_was_not_delivered_for_good_is_counted_until_the_number_writes(engine: Engine) -> None:
    store = await engine.open()
    await joined(store)
    for number, error in enumerate((RecipientRefused.code, TemporarySendError.code, RecipientRefused.code)):
        await fails(store, error, f"{number}")
    assert (await number_of(store)).failures == 2
    await does(store, text("here I am"))
    assert (await number_of(store)).failures == 0


async def test_a_receipt_counts_once(engine: Engine) -> None:
    store = await engine.open()
    await joined(store)
    message = await sends(store)
    await store.record_sent(message, ["77"], NOON)
    news = DeliveryReceipt(route=message.route, provider_ids=("77",), state=ReceiptState.FAILED, received_at=NOON)
    for _ in range(2):
        assert await store.record_receipt(news)
    assert (await number_of(store)).failures == 1


async def test_a_number_begins_anew_and_its_person_keeps_everything(engine: Engine) -> None:
    store = await engine.open()
    phone, _ = await joined(store)
    filed = await submitted(store)
    await does(store, text("PA"), KeepDraft(drafted("Cống tắc")))
    again = await claimed(store, text("new holder", at=NOON + YEAR))
    notice = replace(reply(store, again, reply_to=None), to=CHAT, route="zalo", expires_at=NOON + 2 * YEAR)
    zalo = (await seen(store, chat("x"))).id
    told = [(zalo, NewOutbound(message=notice, sending=False))]
    assert await store.part_recycled(again.contact, told, NOON + YEAR)
    assert not await store.part_recycled(again.contact, told, NOON + YEAR), "it stands alone"
    assert await codes(store, phone.id) == set()
    assert await codes(store, zalo) == {CODE, OTHER_CODE}
    assert [mine.code for mine in await store.petitions_of(zalo, 5)] == [filed.code]
    assert await store.petitions_of(phone.id, 5) == []
    assert await store.draft_of(phone.id) is None
    (waits,) = await store.claim_outbound("zalo", 5, NOON + YEAR)
    assert (waits.id, waits.to) == (notice.id, CHAT)
    await store.release_inbound(again.id, "turn lost")
    (row,) = await store.claim_inbound(5)
    assert (row.message.text, row.contact.linked_to, row.contact.last_code) == ("new holder", None, None)
    await store.decide(Decision(inbound=row, at=NOON + YEAR))


async def test_nothing_is_parted_while_a_third_account_stays_joined(engine: Engine) -> None:
    store = await engine.open()
    phone, zalo = await joined(store)
    await does(store, text("third", sender=1), Join(other=Destination(CHAT, "oa", "zalo"), how="code"))
    assert await store.part_recycled(phone, [], NOON)
    chat_now, third = await seen(store, chat("y")), await seen(store, text("z", sender=1))
    assert chat_now.home == third.home
    assert (await seen(store, text("new"))).linked_to is None
    assert len(await store.members(zalo.id)) + len(await store.members(third.home)) >= 2


@pytest.mark.parametrize("who", ["phone", "chat"])
async def test_one_account_is_erased_and_the_other_keeps_what_both_did(engine: Engine, who: str) -> None:
    store = await engine.open()
    await joined(store)
    leaves = text("leaves") if who == "phone" else chat("leaves")
    await does(store, leaves, RecordLookUp("H05.12-260610-0003", found=True), Erase(only_here=True))
    phone, zalo = await seen(store, text("a")), await seen(store, chat("b"))
    gone, stays = (phone, zalo) if who == "phone" else (zalo, phone)
    assert (gone.linked_to, stays.linked_to) == (None, None)
    assert await codes(store, gone.id) == set()
    assert await codes(store, stays.id) == {CODE, OTHER_CODE, "H05.12-260610-0003"}
    assert [bytes(key) for (key,) in await engine.rows("SELECT contact FROM erasure")] == [gone.id]
