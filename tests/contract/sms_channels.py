"""What the tests of the SMS channel share: a recording Receive and a channel that runs."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.clock import SystemClock
from bot.errors import StoreRefused
from bot.logs import get_log
from bot.model import (
    Address,
    ChannelName,
    DeliveryReceipt,
    InboundMessage,
    InboundPart,
    LateRefusal,
    LateResponse,
    MessageId,
    OutboundMessage,
)
from sms.channel import SmppChannel
from tests.contract.sessions import SETTINGS, until

PHONE = "84912345678"


class RecordingReceive:
    """Keeps what arrives; refuses or breaks while told to."""

    def __init__(self) -> None:
        self.messages: list[InboundMessage] = []
        self.parts: list[InboundPart] = []
        self.receipts: list[DeliveryReceipt] = []
        self.late_responses: list[LateResponse] = []
        self.late_refusals: list[LateRefusal] = []
        self.refuses = False
        self.breaks = False

    async def message(self, message: InboundMessage) -> None:
        self._check()
        self.messages.append(message)

    async def part(self, part: InboundPart) -> None:
        self._check()
        self.parts.append(part)

    async def receipt(self, receipt: DeliveryReceipt) -> None:
        self._check()
        self.receipts.append(receipt)

    async def late(self, response: LateResponse) -> None:
        self._check()
        self.late_responses.append(response)

    async def late_refusal(self, refusal: LateRefusal) -> None:
        self._check()
        self.late_refusals.append(refusal)

    def _check(self) -> None:
        if self.breaks:
            raise RuntimeError("a fault of ours")
        if self.refuses:
            raise StoreRefused


def new_channel(port: int, **changes: Any) -> SmppChannel:
    return SmppChannel(
        replace(SETTINGS, port=port, **changes),
        epoch=7,
        short_codes=("8283", "283"),
        clock=SystemClock(),
        log=get_log(),
        uniform=lambda _low, high: high,
    )


@contextlib.asynccontextmanager
async def running(channel: SmppChannel, receive: RecordingReceive | None = None) -> AsyncIterator[SmppChannel]:
    """The channel with all its binds up."""
    task = asyncio.create_task(channel.run(receive or RecordingReceive()))
    try:
        yield channel
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        await asyncio.sleep(0)


async def until_up(channel: SmppChannel, binds: int = 1) -> None:
    await until(lambda: len(channel.open_sessions()) >= binds)


def message(text: str = "HS", *, number: int = 1, to: str = PHONE, hours: float = 24) -> OutboundMessage:
    now = datetime.now(UTC)
    return OutboundMessage(
        id=MessageId(number),
        to=Address(ChannelName.SMS, to),
        source="8283",
        route="smpp:telco",
        text=text,
        created_at=now,
        expires_at=now + timedelta(hours=hours),
    )


async def send(channel: SmppChannel, outbound: OutboundMessage) -> list[str]:
    """Reserve and send, as the core does."""
    slot = channel.reserve(outbound.to.id, channel.segments_of(outbound.text))
    assert slot is not None
    return list(await channel.send(outbound, slot))
