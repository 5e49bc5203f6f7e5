"""Messages that their person edited, on both engines."""

from datetime import datetime, timedelta

import pytest

from bot.events import Edited
from bot.model import Address, ChannelName, Charge, InboundMessage, Original
from bot.store.base import PlanStore
from bot.store.port import Decision, InboundState, NewOutbound
from tests.contract.store_engines import KEYRING, NOON, Engine, claimed, reply

CHAT = Address(ChannelName.TELEGRAM, "77")
ASKER = KEYRING.contact_id(CHAT)
LATER = NOON + timedelta(minutes=1)


def written(text: str, number: str = "41", *, edited: bool = False, chat: Address = CHAT) -> InboundMessage:
    return InboundMessage(
        sender=chat,
        recipient="bot",
        text=text,
        received_at=NOON,
        route="telegram",
        external_id=f"{text}{chat.id}",
        event=Edited(number) if edited else None,
        reply_key=number,
    )


async def answered(store: PlanStore, message: InboundMessage, charge: Charge | None) -> None:
    row = await claimed(store, message)
    answer = reply(store, row, to=message.sender, at=LATER, reply_key=message.reply_key, charge=charge or Charge.FREE)
    replies = () if charge is None else (NewOutbound(message=answer, sending=False),)
    await store.decide(Decision(inbound=row, at=LATER, outbound=replies))


@pytest.mark.parametrize(
    ("charge", "answered_at"),
    [
        pytest.param(Charge.ANSWERED, LATER, id="told what was asked"),
        pytest.param(Charge.REFUND, None, id="told that it cannot be read"),
        pytest.param(None, None, id="told nothing"),
    ],
)
async def test_what_an_edit_replaces(engine: Engine, charge: Charge | None, answered_at: datetime | None) -> None:
    store = await engine.open()
    await answered(store, written("before"), charge)
    await answered(store, written("somebody else's", chat=Address(ChannelName.TELEGRAM, "78")), Charge.ANSWERED)
    edit = await claimed(store, written("after", edited=True))
    assert edit.message.event == Edited("41")
    assert await store.original(ASKER, "41") == Original(text="before", answered_at=answered_at)
    assert await store.original(ASKER, "42") is None
    await store.decide(Decision(inbound=edit, at=LATER))
    assert (await store.original(ASKER, "41")) == Original(text="after", answered_at=None), "which may be edited again"


async def test_an_edit_takes_the_place_of_what_waits(engine: Engine) -> None:
    store = await engine.open()
    first = await claimed(store, written("under way", "40"))
    await store.save_inbound(written("waits"), claim=True)
    await store.save_inbound(written("waits too", "42"), claim=True)
    await store.save_inbound(written("instead", edited=True), claim=True)
    await store.save_inbound(written("instead of what is under way", "40", edited=True), claim=True)
    states = dict(await engine.rows("SELECT text, state FROM inbox"))
    assert states == {
        "under way": InboundState.CLAIMED.value,
        "waits": InboundState.DONE.value,
        "waits too": InboundState.RECEIVED.value,
        "instead": InboundState.RECEIVED.value,
        "instead of what is under way": InboundState.RECEIVED.value,
    }
    await store.decide(Decision(inbound=first, at=LATER))
