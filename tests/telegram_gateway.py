"""A gateway in this process whose only road is a bot at the stand-in of the Bot API."""

import asyncio
import contextlib
import io
import json
import logging
import sqlite3
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import structlog

from adapters.telegram.stand_in import TOKEN, Call, StandIn
from adapters.telegram.stand_in_updates import Updates
from bot import config
from bot.app import App
from bot.clock import SystemClock
from bot.logs import set_up
from bot.roles import ROLES
from tests.contract.channels.telegram import configuration
from tests.contract.sessions import until
from tests.gateways import one_stop

CODE, OTHER = "H05.12-260610-0001", "H05.12-260610-0002"
ROWS = [{"code": CODE, "status": 4}, {"code": OTHER, "status": 9}]
AN, BINH, GROUP = 5401234567890, 5401234567891, -100200300400


@dataclass
class TelegramGateway:
    """The gateway, Telegram, and the people there."""

    stand_in: StandIn
    folder: Path
    address: str
    log: io.StringIO
    app: App
    people: Updates = field(default_factory=lambda: Updates(1000))

    async def hears(self, count: int, chat: int | None = None) -> list[Call]:
        """What people (this one) got, once that is so much."""
        await until(lambda: len(self.stand_in.sent(chat)) >= count)
        await self.settled()
        return self.stand_in.sent(chat)

    async def settled(self) -> None:
        """All updates are taken, all that came is decided, nothing is being sent."""
        await self.stand_in.all_taken()
        await until(
            lambda: (
                {row["state"] for row in self.rows("inbox")} <= {"done", "parked"}
                and "sending" not in {row["state"] for row in self.rows("outbox")}
            )
        )

    def rows(self, table: str) -> list[dict[str, Any]]:
        """What the store holds on disk."""
        path = self.folder / "data" / "motcua.db"
        with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as disk:
            disk.row_factory = sqlite3.Row
            return [dict(row) for row in disk.execute(f"SELECT * FROM {table} ORDER BY id")]

    async def state(self) -> str:
        """As ``/readyz`` tells it; the gateway itself is ready whatever the bot does."""
        async with aiohttp.ClientSession() as http, http.get(f"{self.address}/readyz") as answer:
            assert answer.status == 200
            return str((await answer.json())["channels"]["telegram"])

    async def until_state(self, state: str) -> None:
        """Return when ``/readyz`` tells this."""
        async with asyncio.timeout(60):
            while await self.state() != state:  # noqa: ASYNC110 - what the page tells is only seen by asking
                await asyncio.sleep(0.02)

    def counted(self) -> dict[str, int]:
        """What the channel counted."""
        return dict(self.app._events()["telegram"])

    def logged(self) -> list[dict[str, Any]]:
        """The lines of the log."""
        return [json.loads(line) for line in self.log.getvalue().splitlines()]


@contextlib.asynccontextmanager
async def telegram_gateway(
    folder: Path, stand_in: StandIn, *, level: str = "info", **more: Any
) -> AsyncIterator[TelegramGateway]:
    """Started, its bot not necessarily up; *more* are lines of ``[telegram]``."""
    log = io.StringIO()
    async with one_stop(ROWS) as upstream:
        path = folder / "motcua.toml"
        path.write_text(
            f'data_dir = "{folder / "data"}"\n[http]\nport = 0\npublic_url = "http://127.0.0.1:1"\n'
            f'[[upstreams]]\nname = "bacninh"\nbase_url = "{upstream}"\nheads = ["H05"]\n'
            + configuration(stand_in, **more),
            encoding="utf-8",
        )
        set_up(level, log)
        app = App(config.load(path), ROLES, clock=SystemClock())
        try:
            address = f"http://127.0.0.1:{await app.start()}"
            stand_in.public_address = address
            yield TelegramGateway(stand_in, folder, address, log, app)
        finally:
            await app.stop()
            await asyncio.sleep(0)
            structlog.reset_defaults()
            logging.basicConfig(force=True)
            assert TOKEN not in log.getvalue()
            assert TOKEN.partition(":")[2] not in log.getvalue()
