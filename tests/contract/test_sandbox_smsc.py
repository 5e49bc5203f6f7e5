"""The sandbox SMSC and the channel speak with each other, and it does wrong on demand."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.errors import ChannelBusy, OutcomeUnknown, RecipientRefused
from bot.model import ReceiptState
from sms.channel import SmppChannel
from sms.sandbox import SandboxSmsc
from tests.contract.sessions import QUICK, until
from tests.contract.sms_channels import PHONE, RecordingReceive, message, new_channel, running, send, until_up

ANSWER = "Ho so H05.12-260610-0001 dang xu ly."
LONG = "Hồ sơ của Ông/Bà đang được xử lý, hẹn trả kết quả ngày 17/06/2026. " * 4


class Phones:
    def __init__(self) -> None:
        self.received: asyncio.Queue[tuple[str, str]] = asyncio.Queue()

    def take(self, number: str, text: str) -> None:
        self.received.put_nowait((number, text))


@contextlib.asynccontextmanager
async def new_smsc(phones: Phones, *, receipts: bool = False) -> AsyncIterator[tuple[SandboxSmsc, int]]:
    smsc = SandboxSmsc(system_id="gw", password="pw", on_message=phones.take, receipts=receipts)
    port = await smsc.start("127.0.0.1", 0)
    try:
        yield smsc, port
    finally:
        await smsc.close()


@contextlib.asynccontextmanager
async def connected(
    receive: RecordingReceive, **changes: object
) -> AsyncIterator[tuple[SandboxSmsc, SmppChannel, Phones]]:
    phones = Phones()
    async with (
        new_smsc(phones, receipts=changes.get("receipts") == "all") as (smsc, port),
        running(new_channel(port, **changes), receive) as channel,
    ):
        await smsc.wait_bound(5)
        await until_up(channel)
        yield smsc, channel, phones


@pytest.mark.parametrize("text", ["HS H05.12-260610-0001", "Tra cứu hồ sơ"], ids=["GSM", "UCS-2"])
async def test_a_text_and_its_answer(text: str) -> None:
    receive = RecordingReceive()
    async with connected(receive) as (smsc, channel, phones):
        assert await smsc.deliver(PHONE, "8283", text) == 0
        assert receive.messages[0].text == text
        assert await send(channel, message(ANSWER)) == ["1"]
        assert await phones.received.get() == (PHONE, ANSWER)


async def test_long_texts_both_ways() -> None:
    receive = RecordingReceive()
    async with connected(receive) as (smsc, channel, phones):
        assert await smsc.deliver(PHONE, "8283", LONG) == 0
        assert [part.index for part in receive.parts] == list(range(1, receive.parts[0].total + 1))
        assert len(await send(channel, message("x" * 400))) == 3
        assert await phones.received.get() == (PHONE, "x" * 400)


async def test_a_refused_text_tells_its_status() -> None:
    receive = RecordingReceive()
    receive.refuses = True
    async with connected(receive) as (smsc, _, _):
        assert await smsc.deliver(PHONE, "8283", "HS") == 0x64


async def test_receipts_come_when_asked_for() -> None:
    receive = RecordingReceive()
    async with connected(receive, receipts="all") as (_, channel, _):
        (sent,) = await send(channel, message(ANSWER))
        await until(lambda: bool(receive.receipts))
        assert receive.receipts[0].state is ReceiptState.DELIVERED
        assert sent in receive.receipts[0].provider_ids


@pytest.mark.parametrize(
    ("fault", "value", "error"),
    [("throttle", True, ChannelBusy), ("reject", 0x0B, RecipientRefused), ("silent", True, OutcomeUnknown)],
)
async def test_it_does_wrong_on_demand(fault: str, value: object, error: type[Exception]) -> None:
    async with connected(RecordingReceive(), timing=replace(QUICK, response=0.02)) as (smsc, channel, _):
        setattr(smsc.faults, fault, value)
        with pytest.raises(error):
            await send(channel, message())


async def test_it_can_be_slow() -> None:
    async with connected(RecordingReceive()) as (smsc, channel, phones):
        smsc.faults.delay = 0.01
        sending = asyncio.create_task(send(channel, message(ANSWER)))
        assert await phones.received.get() == (PHONE, ANSWER)
        assert await sending == ["1"]


async def test_after_a_cut_line_the_gateway_is_back() -> None:
    receive = RecordingReceive()
    async with connected(receive) as (smsc, channel, _):
        smsc.drop()
        await until(lambda: channel.open_sessions() == {"7:telco.2"})
        assert await smsc.deliver(PHONE, "8283", "HS") == 0


@pytest.mark.parametrize(("system_id", "password", "status"), [("gw", "no", 0x0E), ("no", "pw", 0x0F)])
async def test_wrong_credentials_are_refused(system_id: str, password: str, status: int) -> None:
    async with new_smsc(Phones()) as (smsc, port):
        channel = new_channel(port, system_id=system_id, password=password)
        async with running(channel):
            await until(lambda: channel.health() == {"telco": "refused"})
            assert channel.counts["bind_refused"] == 1, status
            assert await smsc.deliver(PHONE, "8283", "HS") == 0x64, "nobody is bound"


async def test_drained_channels_say_good_bye() -> None:
    async with connected(RecordingReceive()) as (smsc, channel, _):
        await channel.drain()
        assert not channel.open_sessions()
        await until(lambda: not smsc._esmes)
