"""What the tests of the channel for HTTP providers share: a hook that listens, a provider, a channel that sends."""

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from typing import Any

from bot.clock import SystemClock
from bot.errors import StoreRefused
from bot.logs import get_log
from bot.model import Address, ChannelName, Charge, InboundMessage, MessageId, OutboundMessage
from bot.web.server import Listener
from sms.http.channel import HttpSmsChannel
from sms.http.dialect import load
from sms.http.settings import HttpAccount
from sms.http.stand_in import ACCEPTED, Provider
from tests.contract.sms_channels import RecordingReceive

PHONE = "84912345678"
ACCOUNTS = {
    "cp-soap": {"user": "gw", "password": "pw"},
    "fibo": {"user": "CL1", "password": "pw", "ip_allow": (ip_network("127.0.0.0/8"),)},
    "onepay": {"user": "ak", "secret": "sk"},
    "esms": {"user": "key", "secret": "sk", "values": {"brandname": "TTHCC"}},
}


def account(dialect: str, /, **changes: Any) -> HttpAccount:
    return HttpAccount(**({"name": "p", "dialect": load(dialect)} | ACCOUNTS[dialect] | changes))


@dataclass
class Desk(RecordingReceive):
    """Stores what arrives; then does what a worker would."""

    answer: Callable[[InboundMessage], Awaitable[None]] | None = None
    messages: list[InboundMessage] = field(default_factory=list)
    refuses: bool = False
    breaks: bool = False

    async def message(self, message: InboundMessage) -> None:
        if self.refuses:
            raise StoreRefused
        self.messages.append(message)
        if self.answer is not None:
            await self.answer(message)


@dataclass
class Line:
    """A running channel between a provider and a gateway that is not there."""

    channel: HttpSmsChannel
    provider: Provider
    desk: Desk
    gateway: str

    async def send(self, message: OutboundMessage) -> list[str]:
        """Send as the sender does."""
        slot = self.channel.reserve(message.to.id, 1)
        assert slot is not None
        return list(await self.channel.send(message, slot))


@contextlib.asynccontextmanager
async def line(dialect: str, /, **changes: Any) -> AsyncIterator[Line]:
    """A channel of this dialect whose hook listens and whose provider answers; closed afterwards."""
    made = account(dialect, **changes)
    provider = Provider(made, ACCEPTED.get(dialect, ""))
    made = replace(made, send_url=await provider.start())
    channel = HttpSmsChannel(made, epoch=7, short_codes=("8283", "283"), clock=SystemClock(), log=get_log())
    desk = Desk()
    listener = Listener(channel.hooks(desk))
    port = await listener.start("127.0.0.1", 0)
    try:
        yield Line(channel, provider, desk, f"http://127.0.0.1:{port}")
    finally:
        await channel.drain()
        await listener.stop()
        await provider.stop()


def outbound(text: str = "Ho so dang xu ly", *, reply_key: str = "", **changes: Any) -> OutboundMessage:
    now = datetime.now(UTC)
    values = {"charge": Charge.ANSWERED} if reply_key else {}
    return OutboundMessage(
        id=MessageId(changes.pop("id", 42)),
        to=Address(ChannelName.SMS, PHONE),
        source="8283",
        route="http:p",
        text=text,
        created_at=now,
        expires_at=now + timedelta(hours=24),
        reply_key=reply_key,
        **(values | changes),
    )
