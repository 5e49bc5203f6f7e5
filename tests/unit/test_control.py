"""The control socket: one line in, one line out, a clear answer to whatever comes."""

import asyncio
import os
import socket
import stat
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.control import LONGEST_REQUEST, Arguments, ControlFailed, ControlServer, NobodyServes, ask
from bot.errors import ConfigError, StoreError


async def echo(arguments: Arguments) -> dict[str, Any]:
    return dict(arguments)


async def fail(_arguments: Arguments) -> dict[str, Any]:
    raise StoreError("the disk is full")


async def break_(_arguments: Arguments) -> dict[str, Any]:
    raise KeyError("a fault of ours")


COMMANDS = {"echo": echo, "fail": fail, "break": break_}


@pytest.fixture
async def path(tmp_path: Path) -> AsyncIterator[Path]:
    server = ControlServer(tmp_path / "control.sock", COMMANDS)
    await server.start()
    yield tmp_path / "control.sock"
    await server.stop()


async def said_to(path: Path, octets: bytes) -> str:
    reader, writer = await asyncio.open_unix_connection(str(path))
    writer.write(octets)
    if not octets.endswith(b"\n"):
        writer.write_eof()
    answer = (await reader.readline()).decode()
    writer.close()
    return answer


@dataclass(frozen=True)
class Case:
    label: str
    octets: bytes
    told: str


CASES = [
    Case("a command", b'{"command": "echo", "arguments": {"a": "\xc4\x91"}}\n', '{"result":{"a":"đ"}}'),
    Case("no arguments", b'{"command": "echo"}\n', '{"result":{}}'),
    Case("unknown command", b'{"command": "reboot"}\n', "unknown command 'reboot'; there are break, echo, fail"),
    Case("our error", b'{"command": "fail"}\n', "the disk is full"),
    Case("a fault of ours", b'{"command": "break"}\n', "the gateway's log says why"),
    Case("no JSON", b"GET / HTTP/1.1\r\n", "a request is a line of JSON"),
    Case("no object", b"[]\n", "a request is a line of JSON"),
    Case("no name", b'{"command": 7}\n', "a request is a line of JSON"),
    Case("arguments of another kind", b'{"command": "echo", "arguments": []}\n', "arguments must be a JSON object"),
    Case("not UTF-8", b"\xff\xfe\n", "a request is a line of JSON"),
    Case("nothing", b"", "a request is a line of JSON"),
    Case("too long", b"x" * (LONGEST_REQUEST + 1) + b"\n", f"a line may have {LONGEST_REQUEST} octets"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.label)
async def test_every_line_has_its_answer(case: Case, path: Path) -> None:
    assert case.told in await said_to(path, case.octets)


async def test_asking(path: Path) -> None:
    assert await ask(path, "echo", {"text": "đơn"}, 5) == {"text": "đơn"}
    with pytest.raises(ControlFailed, match="the disk is full"):
        await ask(path, "fail", {}, 5)


def test_only_the_owner_may_open_it(path: Path) -> None:
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


async def test_nobody_there(tmp_path: Path) -> None:
    with pytest.raises(NobodyServes):
        await ask(tmp_path / "control.sock", "echo", {}, 5)
    with pytest.raises(NobodyServes):
        await ask(tmp_path / "no" / "folder" / "control.sock", "echo", {}, 5)


async def test_the_socket_of_a_dead_process_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "control.sock"
    dead = socket.socket(socket.AF_UNIX)
    dead.bind(str(path))
    dead.close()
    with pytest.raises(NobodyServes):
        await ask(path, "echo", {}, 5)
    server = ControlServer(path, COMMANDS)
    await server.start()
    assert await ask(path, "echo", {}, 5) == {}
    await server.stop()
    assert not path.exists()


async def test_a_file_in_its_place_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "control.sock"
    path.write_text("notes")
    with pytest.raises(ConfigError, match="is in the way"):
        await ControlServer(path, COMMANDS).start()
    assert path.read_text() == "notes"


async def test_a_path_too_long_for_a_socket_works_all_the_same(tmp_path: Path) -> None:
    folder = tmp_path.joinpath(*["thư-mục-dài" * 3] * 4)
    folder.mkdir(parents=True)
    path = folder / "control.sock"
    assert len(os.fsencode(path)) > 107
    server = ControlServer(path, COMMANDS)
    await server.start()
    assert await ask(path, "echo", {}, 5) == {}
    await server.stop()


async def test_a_gateway_that_does_not_answer(tmp_path: Path) -> None:
    ended = asyncio.Event()

    async def hang(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()
        await writer.wait_closed()
        ended.set()

    path = tmp_path / "control.sock"
    server = await asyncio.start_unix_server(hang, path)
    with pytest.raises(ControlFailed, match=r"did not answer within 0\.2 s"):
        await ask(path, "echo", {}, 0.2)
    await ended.wait()
    server.close()
    await server.wait_closed()


async def test_stopping_ends_what_hangs(tmp_path: Path) -> None:
    began = asyncio.Event()

    async def hang(_arguments: Arguments) -> dict[str, Any]:
        began.set()
        await asyncio.Event().wait()
        return {}

    server = ControlServer(tmp_path / "control.sock", {"hang": hang})
    await server.start()
    asking = asyncio.create_task(ask(tmp_path / "control.sock", "hang", {}, 5))
    await began.wait()
    await server.stop()
    with pytest.raises(ControlFailed, match="ended before it answered"):
        await asking
