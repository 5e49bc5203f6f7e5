"""A gateway with one channel, before a one-stop system with a few dossiers."""

import asyncio
import contextlib
import io
import logging
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import structlog

from bot import config
from bot.app import App
from bot.clock import SystemClock
from bot.logs import set_up
from bot.roles import ROLES
from tests.contract.channels.channel import Arrived, Channel, Request
from tests.contract.channels.rows import CHANNELS
from tests.contract.sessions import until
from tests.gateways import one_stop

CODES = [f"H05.12-260610-{number:04}" for number in range(1, 6)]


@dataclass
class Gateway:
    """A running gateway whose only road is the channel."""

    channel: Channel
    folder: Path
    address: str
    app: App
    http: aiohttp.ClientSession
    log: io.StringIO = field(default_factory=io.StringIO)

    async def post(self, request: Request) -> int:
        """The status of the answer to a call of the channel's peer."""
        url = self.address + request.path
        async with self.http.request(request.method, url, data=request.body, headers=request.headers) as response:
            self.channel.answered(await response.read())
            return response.status

    def rows(self, table: str) -> list[dict[str, Any]]:
        """What the store holds on disk."""
        path = self.folder / "data" / "motcua.db"
        with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as disk:
            disk.row_factory = sqlite3.Row
            return [dict(row) for row in disk.execute(f"SELECT * FROM {table} ORDER BY id")]

    async def settled(self) -> None:
        """All that came is decided, and nothing is being sent."""
        await until(
            lambda: (
                {row["state"] for row in self.rows("inbox")} <= {"done", "parked"}
                and "sending" not in {row["state"] for row in self.rows("outbox")}
            )
        )

    async def told(self, count: int) -> list[Arrived]:
        """What people got, once that is so much."""
        await until(lambda: len(self.channel.arrived()) >= count)
        await self.settled()
        return self.channel.arrived()


Start = Callable[[], AbstractAsyncContextManager[Gateway]]


@pytest.fixture(params=sorted(CHANNELS))
async def channel(request: pytest.FixtureRequest) -> AsyncIterator[Channel]:
    """Each channel in turn, its stand-in not yet started."""
    made = CHANNELS[request.param]()
    yield made
    await made.stop()


@pytest.fixture
async def configured(channel: Channel, tmp_path: Path) -> AsyncIterator[Path]:
    """The configuration of a gateway with this channel; its stand-in and its one-stop system are running."""
    rows = [{"code": code, "status": 4} for code in CODES]
    async with one_stop(rows) as upstream:
        lines = await channel.start()
        path = tmp_path / "motcua.toml"
        path.write_text(
            f'data_dir = "{tmp_path / "data"}"\n[http]\nport = 0\npublic_url = "https://gateway.example"\n'
            f'[[upstreams]]\nname = "bacninh"\n'
            f'base_url = "{upstream}"\nheads = ["H05"]\n{lines}',
            encoding="utf-8",
        )
        yield path


@pytest.fixture
def start(channel: Channel, configured: Path) -> Start:
    """Starts the gateway, as often as wanted, one after the other."""

    @contextlib.asynccontextmanager
    async def started() -> AsyncIterator[Gateway]:
        log = io.StringIO()
        set_up("info", log)
        app = App(config.load(configured), ROLES, clock=SystemClock())
        try:
            address = f"http://127.0.0.1:{await app.start()}"
            channel.listening(address)
            async with aiohttp.ClientSession() as http:
                yield Gateway(channel, configured.parent, address, app, http, log)
        finally:
            await app.stop()
            await asyncio.sleep(0)
            structlog.reset_defaults()
            logging.basicConfig(force=True)

    return started


@pytest.fixture
async def gateway(start: Start) -> AsyncIterator[Gateway]:
    """A running gateway."""
    async with start() as running:
        yield running
