"""A whole place to try the gateway in: an operator, a one-stop system with data, a configuration."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path

from tests import processes
from tests.gateways import one_stop
from tests.telco import Telco, telco_on

VIETNAM = timezone(timedelta(hours=7))


@dataclass
class Place:
    """What a test needs to text the gateway and to see what it does."""

    folder: Path
    config: Path
    telco: Telco
    codes: list[str]

    async def start(self, role: str = "serve", **environment: str) -> processes.Program:
        """A process of the gateway."""
        log = self.folder / f"{role}.log"
        return await processes.start(role, "--config", str(self.config), log=log, environment=environment)

    def deliver_soon(self, number: str, code: str) -> "asyncio.Task[None]":
        """The operator tries until the gateway takes it."""
        return asyncio.create_task(self.telco.deliver(number, code))

    async def answered(self, codes: Iterable[str], *, seconds: float = 60) -> None:
        """Return when each of these codes was answered at least once."""
        async with asyncio.timeout(seconds):
            for code in codes:
                await self.telco.answer_to(code)


def made_codes(count: int) -> list[str]:
    day = datetime.now(VIETNAM) - timedelta(days=3)
    return [f"H05.{10 + index // 9000}-{day:%y%m%d}-{index % 9000 + 1:04d}" for index in range(count)]


@asynccontextmanager
async def place(
    folder: Path, smsc_port: int, *, database_url: str = "", codes: int = 100, delay_ms: int = 0
) -> AsyncIterator[Place]:
    """Limits are off, so that few numbers may text much. A PostgreSQL has its tables already."""
    made = made_codes(codes)
    async with one_stop([{"code": code, "status": 2} for code in made], delay_ms=delay_ms) as upstream:
        config = processes.write_config(
            folder,
            smsc_port=smsc_port,
            upstream=upstream,
            top=f'database_url = "{database_url}"' if database_url else "",
            extra="[limits]\nenabled = false\n",
        )
        async with telco_on(smsc_port) as telco:
            yield Place(folder, config, telco, made)
