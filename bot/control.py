"""The control socket: how commands of the same user reach a running gateway.

One connection is one question: a line of JSON ``{"command": NAME, "arguments": {...}}`` and a line back, ``{"result": {...}}``
or ``{"error": TEXT}``. Whoever may open the socket file (mode 0600) may ask; there is no other check.
"""

import asyncio
import contextlib
import os
import socket
import stat
from collections.abc import Awaitable, Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import orjson

from bot.errors import ConfigError, MotcuaError
from bot.logs import get_log

NAME = "control.sock"
LONGEST_ADDRESS = 107
"""Octets of a unix socket's path on Linux, without the closing zero."""
LONGEST_REQUEST = 64 * 1024
LONGEST_ANSWER = 4 * 1024 * 1024
READ_SECONDS = 5.0
WORK_SECONDS = 3600.0
MOST_CONNECTIONS = 16

Arguments = Mapping[str, Any]
Command = Callable[[Arguments], Awaitable[dict[str, Any]]]


class NobodyServes(MotcuaError):
    """No gateway listens on the control socket."""


class ControlFailed(MotcuaError):
    """The running gateway could not do it; the text says why."""


class ControlServer:
    """Answers commands from a table while the gateway runs."""

    def __init__(self, path: Path, commands: Mapping[str, Command]) -> None:
        self._path = path
        self._commands = commands
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Listen. Whoever calls this owns the data folder, so a socket file that is there is a dead process's and goes.

        Raises ``ConfigError`` when the path cannot be a socket.
        """
        self._server = await asyncio.start_unix_server(self._accept, sock=_bound(self._path), limit=LONGEST_REQUEST)

    async def stop(self) -> None:
        """Close the socket and what is under way."""
        if self._server is None:
            return
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._path.unlink(missing_ok=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - the stream server runs each connection as a task
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        try:
            full = len(self._tasks) > MOST_CONNECTIONS
            answer = _error("too many commands at the same time") if full else await self._answer(reader)
            writer.write(orjson.dumps(answer) + b"\n")
            await asyncio.wait_for(writer.drain(), READ_SECONDS)
        except (OSError, TimeoutError):
            pass  # the asker has gone
        finally:
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader) -> dict[str, Any]:
        try:
            async with asyncio.timeout(READ_SECONDS):
                line = await reader.readline()
        except TimeoutError:
            return _error(f"no whole line within {READ_SECONDS:g} s")
        except ValueError:
            return _error(f"a line may have {LONGEST_REQUEST} octets")
        return await self._do(line)

    async def _do(self, line: bytes) -> dict[str, Any]:
        try:
            name, arguments = _request(line)
            command = self._commands.get(name)
            if command is None:
                return _error(f"unknown command {name!r:.40}; there are {', '.join(sorted(self._commands))}")
            async with asyncio.timeout(WORK_SECONDS):
                return {"result": await command(arguments)}
        except (MotcuaError, OSError, ValueError) as error:
            return _error(str(error))
        except Exception as error:  # noqa: BLE001 - a fault in one command must not end the gateway
            get_log().error("control command broke", error=repr(error))
            return _error("it broke; the gateway's log says why")


async def ask(path: Path, command: str, arguments: Arguments, seconds: float) -> dict[str, Any]:
    """What the running gateway answers. Raises ``NobodyServes``, ``ControlFailed``, or ``OSError`` without the right to ask."""
    try:
        async with asyncio.timeout(seconds):
            line = await _exchange(path, orjson.dumps({"command": command, "arguments": arguments}) + b"\n")
    except (FileNotFoundError, NotADirectoryError, ConnectionRefusedError) as error:
        raise NobodyServes from error
    except TimeoutError as error:
        raise ControlFailed(f"the running gateway did not answer within {seconds:g} s") from error
    if not line.endswith(b"\n"):
        raise ControlFailed("the running gateway ended before it answered")
    answer = orjson.loads(line)
    if "error" in answer:
        raise ControlFailed(answer["error"])
    result: dict[str, Any] = answer["result"]
    return result


async def _exchange(path: Path, request: bytes) -> bytes:
    connection = socket.socket(socket.AF_UNIX)
    try:
        with _address(path) as address:
            connection.connect(address)
    except OSError:
        connection.close()
        raise
    reader, writer = await asyncio.open_unix_connection(sock=connection, limit=LONGEST_ANSWER)
    try:
        writer.write(request)
        await writer.drain()
        return await reader.readline()
    except ConnectionError:
        return b""
    finally:
        writer.close()


def _bound(path: Path) -> socket.socket:
    _remove_stale(path)
    listener = socket.socket(socket.AF_UNIX)
    before = os.umask(0o177)
    try:
        with _address(path) as address:
            listener.bind(address)
    except OSError:
        listener.close()
        raise
    finally:
        os.umask(before)
    return listener


def _remove_stale(path: Path) -> None:
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return
    if not stat.S_ISSOCK(mode):
        raise ConfigError(f"{path} is in the way of the control socket and is no socket: move it away")
    path.unlink()


@contextlib.contextmanager
def _address(path: Path) -> Iterator[str]:
    """The path, or a short name for it that is good while this is open."""
    length = len(os.fsencode(path))
    if length <= LONGEST_ADDRESS:
        yield str(path)
        return
    if not Path("/proc/self/fd").is_dir():
        raise ConfigError(
            f"data_dir: {path} has {length} octets and a unix socket may have {LONGEST_ADDRESS}: choose a shorter folder"
        )
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)


def _request(line: bytes) -> tuple[str, dict[str, Any]]:
    try:
        value = orjson.loads(line)
    except orjson.JSONDecodeError:
        value = None
    if not isinstance(value, dict) or not isinstance(value.get("command"), str):
        raise ControlFailed('a request is a line of JSON {"command": NAME, "arguments": {…}}')
    arguments = value.get("arguments", {})
    if not isinstance(arguments, dict):
        raise ControlFailed("arguments must be a JSON object")
    return value["command"], arguments


def _error(text: str) -> dict[str, Any]:
    return {"error": text}
