"""Polling against the store: what is confirmed to Telegram is stored, whatever breaks meanwhile."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator

import pytest

from adapters.telegram.channel import TelegramChannel
from adapters.telegram.settings import TelegramSettings
from adapters.telegram.stand_in import TOKEN, StandIn
from adapters.telegram.stand_in_updates import Updates
from bot.clock import SystemClock
from bot.logs import get_log
from tests.contract.sessions import until
from tests.contract.sms_channels import RecordingReceive


@pytest.fixture
async def stand_in() -> AsyncIterator[StandIn]:
    api = StandIn()
    await api.start()
    yield api
    await api.close()


@contextlib.asynccontextmanager
async def polling(stand_in: StandIn, receive: RecordingReceive) -> AsyncIterator[TelegramChannel]:
    settings = TelegramSettings(
        token=TOKEN, base_url=stand_in.base_url, base_file_url=stand_in.base_file_url, poll_s=0.2
    )
    channel = TelegramChannel(
        settings, sends=False, receives=True, built=frozenset({"HS"}), clock=SystemClock(), log=get_log()
    )
    task = asyncio.create_task(channel.run(receive))
    try:
        yield channel
        assert not task.done(), "nothing that Telegram or the store does ends the channel"
    finally:
        await channel.drain()
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


@pytest.mark.parametrize(("fault", "counted"), [("refuses", "not_stored"), ("breaks", "broken")])
async def test_updates_wait_at_telegram_while_they_cannot_be_stored(
    stand_in: StandIn, fault: str, counted: str
) -> None:
    receive, people = RecordingReceive(), Updates(7)
    setattr(receive, fault, True)
    async with polling(stand_in, receive) as channel:
        for number in range(5):
            stand_in.tell(people.text(100 + number, "TG"))
        await until(lambda: channel.counts[counted] >= 2)
        assert stand_in.waiting == 5
        setattr(receive, fault, False)
        await until(lambda: len(receive.messages) >= 5)
        await stand_in.all_taken()
    assert Counter(message.external_id for message in receive.messages) == Counter(
        f"123456:{number}" for number in range(7, 12)
    )


async def test_updates_of_one_poll_keep_their_order(stand_in: StandIn) -> None:
    receive, people = RecordingReceive(), Updates()
    for number in range(250):
        stand_in.tell(people.text(5, str(number)))
    async with polling(stand_in, receive):
        await until(lambda: len(receive.messages) == 250)
        await stand_in.all_taken()
    assert [message.text for message in receive.messages] == [str(number) for number in range(250)]


async def test_an_id_that_starts_again_elsewhere_is_not_old(stand_in: StandIn) -> None:
    """After a week without updates Telegram may go on with any number."""
    receive = RecordingReceive()
    async with polling(stand_in, receive):
        stand_in.tell(Updates(900_000_000).text(5, "first"))
        await until(lambda: len(receive.messages) == 1)
        await stand_in.all_taken()
        asked = stand_in.counts["getUpdates"]
        await until(lambda: stand_in.counts["getUpdates"] >= asked + 3)
        stand_in.tell(Updates(17).text(5, "second"))
        await until(lambda: len(receive.messages) == 2)
