"""Two real processes with one single-use token, and a process that dies while it renews: nothing is asked for twice, nothing is lost."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from adapters.zalo.stand_in import Scripted, ZaloStandIn
from adapters.zalo.stand_in_events import Events
from tests import processes
from tests.contract.channels.zalo import PATH, SETTINGS, Zalo, configuration

pytestmark = pytest.mark.timeout(500)


@dataclass
class Place:
    folder: Path
    config: Path
    stand_in: ZaloStandIn

    async def start(self, role: str = "serve", **environment: str) -> processes.Program:
        log = self.folder / f"{role}.log"
        return await processes.start(role, "--config", str(self.config), log=log, environment=environment)

    async def say(self, address: str, person: str, text: str) -> int:
        """The status, 0 when the gateway died before it answered."""
        with contextlib.suppress(aiohttp.ClientError):
            return await self.stand_in.deliver(address + PATH, Events(SETTINGS).text(person, text))
        return 0

    def log(self, role: str = "serve") -> str:
        return (self.folder / f"{role}.log").read_text()


@contextlib.asynccontextmanager
async def place(folder: Path, database_url: str = "", **account: Any) -> AsyncIterator[Place]:
    stand_in = ZaloStandIn(SETTINGS)
    url = await stand_in.start()
    config = folder / "motcua.toml"
    config.write_text(
        f'data_dir = "{folder / "data"}"\ndatabase_url = "{database_url}"\n[http]\nport = 0\n{configuration(url, **account)}'
    )
    try:
        yield Place(folder, config, stand_in)
    finally:
        await stand_in.stop()


async def until(condition: Callable[[], bool], seconds: float = 120) -> None:
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - what another process does is only seen by looking
            await asyncio.sleep(0.05)


async def test_two_processes_with_one_single_use_token(tmp_path: Path, postgres_url: str) -> None:
    async with place(tmp_path, postgres_url) as here:
        first, second = await here.start(), await here.start()
        people = [Zalo().person(number) for number in range(12)]
        here.stand_in.tokens.access = "somebody else's"
        for number, person in enumerate(people):
            assert await here.say((first, second)[number % 2].address, person, "TG") == 200
        await until(lambda: len(here.stand_in.sent) == len(people))
        assert {await program.stop() for program in (first, second)} == {0}
        assert here.stand_in.tokens.renewals == 1
        assert sorted(sent.to for sent in here.stand_in.sent) == people, "each was answered once"


async def test_one_process_hears_and_another_answers(tmp_path: Path, postgres_url: str) -> None:
    async with place(tmp_path, postgres_url) as here:
        web, worker = await here.start("web"), await here.start("worker")
        await until_state(web.address, "up")
        assert await here.say(web.address, Zalo().person(1), "TG") == 200
        await until(lambda: len(here.stand_in.sent) == 1)
        assert {await program.stop() for program in (web, worker)} == {0}


@pytest.mark.parametrize(
    ("point", "renewals"),
    [
        pytest.param("zalo.before_refresh", 0, id="before the provider was asked", marks=pytest.mark.long),
        pytest.param("zalo.after_refresh", 1, id="after the provider renewed"),
    ],
)
async def test_killed_while_it_renews(tmp_path: Path, database_url: str, point: str, renewals: int) -> None:
    person = Zalo().person(1)
    async with place(tmp_path, database_url) as here:
        gateway = await here.start(MOTCUA_KILL_AT=point)
        here.stand_in.script.append(Scripted(code=-216))
        await here.say(gateway.address, person, "TG")
        assert await gateway.process.wait() == 137
        await gateway.kill()
        gateway = await here.start()
        await until(lambda: '"event":"re-authorise"' in here.log())
        assert here.stand_in.tokens.renewals == renewals, "never a second call with a token that may be spent"
        if renewals:
            other = Zalo().person(2)
            assert await here.say(gateway.address, other, "TG") == 200, "events are taken all the same"
            await until_state(gateway.address, "re-authorise")
            assert here.stand_in.sent == []
            await authorise(here)
            await until(lambda: {sent.to for sent in here.stand_in.sent} == {person, other})
        assert await gateway.stop() == 0


async def until_state(address: str, wanted: str) -> None:
    state = ""
    async with asyncio.timeout(120), aiohttp.ClientSession() as http:
        while state != wanted:
            async with http.get(f"{address}/readyz") as response:
                state = (await response.json())["channels"]["zalo"]
            await asyncio.sleep(0.05)


async def authorise(here: Place) -> None:
    """A new pair, as a person brings it."""
    verifier = "2isAjIhKtJ0RlgLKOmxgJTeKdNnFRIBXuDL7DxtpYlS"
    text = here.config.read_text() + f'redirect_uri = "http://127.0.0.1:1/"\ncode_verifier = "{verifier}"\n'
    other = here.folder / "with-verifier.toml"
    other.write_text(text)
    code = here.stand_in.authorise(verifier)
    exit_code, _, errors = await processes.run("zalo", "authorise", "--code", code, "--config", str(other))
    assert exit_code == 0, errors
