"""The web chat without a gateway: its addresses on a real listener, what it stores in memory, and a browser that speaks HTTP."""

import contextlib
import io
import uuid
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
from aiohttp import web

from adapters.webchat.channel import WebChatChannel
from adapters.webchat.settings import Counter, WebChatSettings
from bot.clock import FixedClock
from bot.errors import StoreRefused
from bot.logs import get_log
from bot.mailbox import Line
from bot.model import (
    Address,
    Button,
    DeliveryReceipt,
    InboundMessage,
    InboundPart,
    LateRefusal,
    LateResponse,
    MessageId,
    OutboundMessage,
)
from bot.photos.source import MOST_OCTETS, PhotoUnavailable, Unavailable

NOW = datetime(2026, 6, 10, 2, 0, tzinfo=UTC)
COUNTER = Counter(code="3", name="Quầy 3 - Đất đai", agency="H05.22")
LOCKED = Counter(code="4", name="Quầy 4", agency="H05.22", key="kiosk-4-0123456789")


class Desk:
    """Takes what the channel receives; the store of this test."""

    def __init__(self) -> None:
        self.messages: list[InboundMessage] = []
        self.receipts: list[DeliveryReceipt] = []
        self.is_down = False

    async def message(self, message: InboundMessage) -> None:
        if self.is_down:
            raise StoreRefused("disk full")
        if message.external_id not in {known.external_id for known in self.messages}:
            self.messages.append(message)

    async def receipt(self, receipt: DeliveryReceipt) -> None:
        self.receipts.append(receipt)

    async def part(self, part: InboundPart) -> None:
        raise AssertionError(part)

    async def late(self, response: LateResponse) -> None:
        raise AssertionError(response)

    async def late_refusal(self, refusal: LateRefusal) -> None:
        raise AssertionError(refusal)


class MemoryMailbox:
    """Lines as the store would tell them."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._lines: list[tuple[Address, Line]] = []

    def write(self, to: Address, text: str, *, reply_to: str = "", buttons: tuple[Button, ...] = ()) -> Line:
        line = Line(
            id=MessageId(len(self._lines) + 100),
            is_ours=True,
            text=text,
            at=NOW,
            external_id=reply_to,
            buttons=buttons,
        )
        self._lines.append((to, line))
        return line

    async def lines(self, address: Address, after: int, limit: int) -> Sequence[Line]:
        mine = [line for to, line in self._lines if to == address]
        waiting = self._waiting()
        return [line for line in mine if line.id > after or line.id in waiting][-limit:]

    async def undelivered(self, addresses: Sequence[Address], limit: int) -> Mapping[Address, Sequence[Line]]:
        waiting = self._waiting()
        found = {
            address: [line for to, line in self._lines if to == address and line.id in waiting][:limit]
            for address in addresses
        }
        return {address: lines for address, lines in found.items() if lines}

    async def written_to(self, address: Address, ids: Sequence[MessageId]) -> frozenset[MessageId]:
        return frozenset(line.id for to, line in self._lines if to == address and line.id in ids)

    def _waiting(self) -> set[int]:
        delivered = {int(receipt.provider_ids[0]) for receipt in self._desk.receipts}
        return {line.id for _, line in self._lines} - delivered


class PhotoDrawer:
    """Photos in memory."""

    def __init__(self) -> None:
        self.kept: list[bytes] = []
        self.is_full = False

    async def keep(self, octets: bytes) -> str:
        if self.is_full:
            raise PhotoUnavailable(Unavailable.BUSY)
        if len(octets) > MOST_OCTETS:
            raise PhotoUnavailable(Unavailable.TOO_BIG)
        self.kept.append(octets)
        return f"{len(self.kept):032x}"


@dataclass
class Chat:
    """A running channel."""

    channel: WebChatChannel
    address: str
    clock: FixedClock
    desk: Desk
    mailbox: MemoryMailbox
    photos: PhotoDrawer

    @contextlib.asynccontextmanager
    async def browser(self, *, kiosk: str = "", key: str = "") -> AsyncIterator["Browser"]:
        """One that has opened the page."""
        jar = aiohttp.CookieJar(unsafe=True)
        async with aiohttp.ClientSession(cookie_jar=jar) as session:
            browser = Browser(session, self.address, f"/webchat/kiosk/{kiosk}" if kiosk else "/webchat")
            page = f"/webchat/kiosk?counter={kiosk}&key={key}" if kiosk else "/webchat/"
            browser.page_status = (await session.get(self.address + page)).status
            yield browser

    async def send(self, to: Address, text: str, **more: Any) -> Line:
        """Write a line and send it, as the core does."""
        line = self.mailbox.write(to, text, **more)
        message = OutboundMessage(
            id=line.id,
            to=to,
            source="webchat",
            route="webchat",
            text=text,
            created_at=NOW,
            expires_at=NOW + timedelta(hours=24),
        )
        slot = self.channel.reserve(to.id, 1)
        assert slot is not None
        assert await self.channel.send(message, slot) == (str(line.id),)
        return line


@dataclass
class Browser:
    """Cookies and an origin."""

    session: aiohttp.ClientSession
    address: str
    base: str
    page_status: int = 0
    headers: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.headers = {"Origin": self.address}

    async def post(self, path: str, body: Any = None, **more: Any) -> tuple[int, dict[str, Any]]:
        """Status and frame."""
        data = {"data": io.BytesIO(body)} if isinstance(body, bytes) else {"json": body}
        url = f"{self.address}{self.base}{path}"
        async with self.session.post(url, headers=self.headers | more.pop("headers", {}), **data, **more) as response:
            self.answered = response.headers
            return response.status, await response.json()

    async def say(self, text: str, **more: Any) -> tuple[int, dict[str, Any]]:
        return await self.post("/messages", {"id": new_id(), "text": text} | more)

    async def poll(self, after: int | str = 0, wait: int = 0) -> list[dict[str, Any]]:
        url = f"{self.address}{self.base}/poll?after={after}&wait={wait}"
        async with self.session.get(url) as response:
            assert response.status == 200
            lines: list[dict[str, Any]] = (await response.json())["lines"]
            return lines

    @contextlib.asynccontextmanager
    async def socket(self, after: int = 0) -> AsyncIterator["Socket"]:
        async with self.session.ws_connect(f"{self.address}{self.base}/socket", headers=self.headers) as socket:
            line = Socket(socket)
            await line.put({"type": "hello", "after": str(after)})
            yield line


@dataclass
class Socket:
    """A WebSocket that speaks in frames."""

    raw: aiohttp.ClientWebSocketResponse

    async def put(self, frame: Any) -> None:
        await self.raw.send_json(frame)

    async def take(self, seconds: float = 5) -> dict[str, Any]:
        frame: dict[str, Any] = await self.raw.receive_json(timeout=seconds)
        return frame


def new_id() -> str:
    return str(uuid.uuid4())


@contextlib.asynccontextmanager
async def chat(**settings: Any) -> AsyncIterator[Chat]:
    """The channel on a listener of its own."""
    clock, desk, photos = FixedClock(NOW), Desk(), PhotoDrawer()
    mailbox = MemoryMailbox(desk)
    known = replace(WebChatSettings(counters=(COUNTER, LOCKED)), **settings)
    channel = WebChatChannel(known, mailbox=mailbox, clock=clock, log=get_log(), photos=photos)
    application = web.Application()
    application.add_routes(channel.hooks(desk))
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.5)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield Chat(channel, f"http://127.0.0.1:{runner.addresses[0][1]}", clock, desk, mailbox, photos)
    finally:
        await channel.drain()
        await runner.cleanup()
