"""The whole gateway in this process: real SQLite, a real one-stop sandbox over HTTP, a real line over TCP."""

import asyncio
import contextlib
import io
import logging
import sqlite3
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog

from bot import config
from bot.app import App
from bot.clock import VIETNAM, Clock, SystemClock
from bot.logs import set_up
from bot.roles import ROLES
from dossier_client.sandbox import Faults, SandboxData, SandboxOneStop, SandboxOptions
from tests.contract.sessions import until
from tests.operators import Judge, Operator, accept, operator
from tests.processes import write_config


@dataclass
class Gateway:
    """A running gateway with its operator."""

    operator: Operator
    folder: Path
    log: io.StringIO
    app: App
    address: str
    """Of its HTTP side."""

    async def settled(self) -> None:
        """Everything that was received is decided."""
        await until(lambda: all(row["state"] == "done" for row in self.stored()))

    def stored(self) -> list[Mapping[str, Any]]:
        """The inbox as it is on disk."""
        return self._rows("SELECT * FROM inbox ORDER BY id")

    def written(self) -> list[Mapping[str, Any]]:
        """The outbox as it is on disk."""
        return self._rows("SELECT * FROM outbox ORDER BY id")

    def _rows(self, query: str) -> list[Mapping[str, Any]]:
        with contextlib.closing(
            sqlite3.connect(f"file:{self.folder / 'data' / 'motcua.db'}?mode=ro", uri=True)
        ) as disk:
            disk.row_factory = sqlite3.Row
            return [dict(row) for row in disk.execute(query)]


@contextlib.asynccontextmanager
async def one_stop(rows: list[dict[str, Any]], **faults: Any) -> AsyncIterator[str]:
    """A one-stop system with these dossiers; its address."""
    data = SandboxData.loaded(rows, seed=1, today=datetime.now(VIETNAM).date())
    system = SandboxOneStop(data, SandboxOptions(faults=Faults(**faults)))
    try:
        yield f"http://127.0.0.1:{await system.start('127.0.0.1', 0)}"
    finally:
        await system.close()


@contextlib.asynccontextmanager
async def gateway(
    folder: Path, rows: list[dict[str, Any]], *, judge: Judge = accept, **options: Any
) -> AsyncIterator[Gateway]:
    """As ``gateway_of``, in front of a sandbox with these dossiers; other *options* are its faults."""
    lines = {key: options.pop(key) for key in ("smpp", "sms", "extra") if key in options}
    async with one_stop(rows, **options) as upstream, gateway_of(folder, upstream, judge=judge, **lines) as line:
        yield line


@contextlib.asynccontextmanager
async def gateway_of(
    folder: Path,
    upstream: str,
    *,
    judge: Judge = accept,
    smpp: str = "",
    sms: str = "",
    extra: str = "",
    clock: Clock | None = None,
) -> AsyncIterator[Gateway]:
    """Started and bound; *smpp*, *sms* and *extra* are lines of the configuration."""
    log = io.StringIO()
    async with operator(judge) as telco:
        path = write_config(folder, smsc_port=telco.port, upstream=upstream, smpp=smpp, sms=sms, extra=extra)
        set_up("info", log)
        app = App(config.load(path), ROLES, clock=clock or SystemClock())
        try:
            port = await app.start()
            await telco.bound()
            yield Gateway(telco, folder, log, app, f"http://127.0.0.1:{port}")
        finally:
            await app.stop()
            await asyncio.sleep(0)
            structlog.reset_defaults()
            logging.basicConfig(force=True)
