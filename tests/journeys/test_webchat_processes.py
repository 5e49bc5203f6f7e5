"""Browsers on two web processes, the answering in a third, one PostgreSQL: whoever sends a line, the browser gets it, once."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from adapters.webchat.sessions import CHAT_COOKIE
from tests import processes
from tests.contract.sessions import until
from tests.gateways import one_stop
from tests.webchat import Browser, Socket, new_id

CODE = "H05.12-260610-0001"
TOKENS = [f"{number:022}" for number in range(10)]


class Page:
    """A browser page that connects again when its line breaks, as our script does."""

    def __init__(self, token: str, http: aiohttp.ClientSession) -> None:
        self.address = ""
        self.lines: list[tuple[str, str]] = []
        self._http = http
        self._token = token
        self._socket: Socket | None = None

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            with contextlib.suppress(aiohttp.ClientError, TypeError, TimeoutError):
                await self._listen()
            self._socket = None
            await asyncio.sleep(0.1)

    async def say(self, text: str) -> None:
        """Until it is acknowledged; the acknowledgement comes on the same line as everything else."""
        await until(lambda: self._socket is not None)
        assert self._socket is not None
        await self._socket.put({"type": "message", "id": new_id(), "text": text})

    @property
    def texts(self) -> list[str]:
        """What is shown: each line once."""
        return list(dict(self.lines).values())

    async def _listen(self) -> None:
        browser = Browser(self._http, self.address, "/webchat")
        self._http.cookie_jar.clear()
        browser.headers["Cookie"] = f"{CHAT_COOKIE}={self._token}"
        async with browser.socket(after=max((int(key) for key, _ in self.lines), default=0)) as socket:
            self._socket = socket
            while True:
                frame = await socket.take(60)
                ours = [line for line in frame.get("lines", ()) if line["ours"]]
                self.lines += [(line["id"], line["text"]) for line in ours]
                if ours:
                    await socket.put({"type": "read", "ids": [line["id"] for line in ours]})


@pytest.fixture
async def config(tmp_path: Path, postgres_url: str) -> AsyncIterator[Path]:
    async with one_stop([{"code": CODE, "status": 4}]) as upstream:
        path = tmp_path / "motcua.toml"
        path.write_text(
            f'data_dir = "{tmp_path}"\ndatabase_url = "{postgres_url}"\n[http]\nport = 0\n[limits]\nenabled = false\n'
            f'[webchat]\nmessages_per_minute = 1000\n[[upstreams]]\nname = "bacninh"\nbase_url = "{upstream}"\nheads = ["H05"]\n'
        )
        yield path


async def test_a_browser_gets_its_lines_from_any_process_and_after_a_kill(config: Path) -> None:
    async def start(role: str) -> processes.Program:
        return await processes.start(role, "--config", str(config), log=config.with_name(f"{role}.log"))

    one, two, worker = await asyncio.gather(start("web"), start("web"), start("worker"))
    async with contextlib.AsyncExitStack() as stack:
        pages = [Page(token, await stack.enter_async_context(aiohttp.ClientSession())) for token in TOKENS]
        running = [asyncio.ensure_future(page.run()) for page in pages]
        try:
            for place, page in enumerate(pages):
                page.address = (one, two)[place % 2].address
            await asyncio.gather(*(page.say(CODE) for page in pages))
            await until(lambda: all(len(page.texts) == 1 for page in pages))
            await one.kill()
            for page in pages:
                page.address = two.address
            await asyncio.gather(*(page.say("TG") for page in pages[1::2]))
            await until(lambda: all(len(page.texts) == 2 for page in pages[1::2]))
            await asyncio.gather(*(page.say("TG") for page in pages[::2]))
            await until(lambda: all(len(page.texts) == 2 for page in pages))
            assert all(CODE in page.texts[0] and "Ông/Bà có thể" in page.texts[1] for page in pages)
            told = [row for row in await processes.messages(config) if row["direction"] == "out"]
            assert len(told) == len({row["reply_to"] for row in told}) == 2 * len(pages)
        finally:
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)
            assert await two.stop() == 0
            assert await worker.stop() == 0
            await one.kill()
