"""What a channel wants to see again in the reply survives every way a text can take."""

from dataclasses import replace

from bot.model import Charge
from tests.contract.store_engines import NOON, ROUTE, Engine, answered, text

KEY = '{"request_id":"9876"}'


async def test_a_text_that_is_claimed_later_brings_its_key(engine: Engine) -> None:
    store = await engine.open()
    await store.save_inbound(replace(text(), reply_key=KEY), claim=False)
    (claimed,) = await store.claim_inbound(10)
    assert claimed.message.reply_key == KEY


async def test_a_reply_that_leaves_later_carries_key_and_charge(engine: Engine) -> None:
    store = await engine.open()
    written = await answered(store, text(), sending=False, reply_key=KEY, charge=Charge.REFUND)
    (taken,) = await store.claim_outbound(ROUTE, 10, NOON)
    assert taken == written
    assert (taken.reply_key, taken.charge) == (KEY, Charge.REFUND)


async def test_without_a_key_nothing_is_stored(engine: Engine) -> None:
    store = await engine.open()
    await answered(store, text(), sending=False)
    assert await engine.rows("SELECT reply_key FROM inbox") == [(None,)]
    assert await engine.rows("SELECT extras FROM outbox") == [(None,)]
