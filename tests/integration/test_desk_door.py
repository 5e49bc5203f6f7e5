"""The desk is built for its first visitor, whoever else comes at the same moment, and costs nothing before."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest

from bot.desk_door import COMMANDS, DeskDoor
from bot.logs import get_log
from bot.settings import Settings
from bot.web.server import Listener
from tests.contract.store_engines import KEYRING, SqliteEngine
from tests.petition_desk import reception

UNUSED = ("bot.desk_parts", "bot.web.desk.desk", "argon2", "segno", "sqlalchemy.dialects.postgresql")
PROGRAM = f"import bot.app, bot.store.sqlite, sys; print(sorted(set({UNUSED}) & set(sys.modules)))"


@dataclass
class Entrance:
    """A door behind a listener."""

    address: str
    door: DeskDoor
    session: aiohttp.ClientSession

    async def ask(self, method: str, path: str) -> tuple[int, str]:
        async with self.session.request(method, self.address + path, allow_redirects=False) as response:
            return response.status, response.headers.get("Location", "")


@pytest.fixture
async def entrance(sqlite_engine: SqliteEngine) -> AsyncIterator[Entrance]:
    async with reception(sqlite_engine) as found, aiohttp.ClientSession() as session:
        settings = Settings(data_dir=Path("/nowhere"))
        door = DeskDoor(settings, found.store, KEYRING, sqlite_engine.clock, get_log(), found.petitions)
        listener = Listener(door.routes())
        port = await listener.start("127.0.0.1", 0)
        yield Entrance(f"http://127.0.0.1:{port}", door, session)
        await listener.stop()


def test_a_gateway_without_visitors_loads_nothing_of_the_desk() -> None:
    ended = subprocess.run([sys.executable, "-c", PROGRAM], check=True, capture_output=True, text=True)
    assert ended.stdout == "[]\n"


async def test_the_first_visitors_are_led_in(entrance: Entrance) -> None:
    answers = await asyncio.gather(*(entrance.ask("GET", path) for path in ("/desk", "/desk/", "/desk/login")))
    assert answers == [(303, "/desk/login?next=/desk"), (303, "/desk/login?next=/desk/"), (200, "")]
    assert await entrance.door.parts() is await entrance.door.parts()


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        pytest.param("HEAD", "/desk/login", 200, id="without the page"),
        pytest.param("POST", "/desk/login", 403, id="a form that is not ours"),
        pytest.param("GET", "/desk/petitions/PA-1", 303, id="with a part that varies"),
        pytest.param("GET", f"/desk/setup/{'x' * 43}", 404, id="a link that nobody made"),
        pytest.param("GET", "/desk/nowhere/at/all", 404, id="no page"),
        pytest.param("GET", "/desk/static/old/desk.css", 404, id="a file of another version"),
        pytest.param("GET", "/desktop", 404, id="not of the desk"),
    ],
)
async def test_every_address_is_led_in(entrance: Entrance, method: str, path: str, status: int) -> None:
    assert (await entrance.ask(method, path))[0] == status


async def test_commands_are_those_inside(entrance: Entrance) -> None:
    assert set(entrance.door.commands()) == set((await entrance.door.parts()).commands()) == set(COMMANDS)
    assert await entrance.door.commands()["officer_list"]({}) == {"officers": []}
