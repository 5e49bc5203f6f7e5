"""The real programs as processes: what the journeys and the fault tests start, talk to, kill and read."""

import asyncio
import contextlib
import io
import json
import os
import signal
import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from bot.cli import main
from bot.commands import list_messages
from bot.config import load

READY_SECONDS = 120
STOP_SECONDS = 60
SETTLED_SECONDS = 120
UNDER_WAY = {"sending", "in_doubt", "ready", "claimed", "received"}


_started: "list[asyncio.subprocess.Process]" = []


def end_left_running() -> None:
    """``kill -9`` for what a test that failed did not stop."""
    for process in _started:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process.pid, signal.SIGKILL)
    _started.clear()


@dataclass
class Program:
    """A started program that prints ``ready http://HOST:PORT`` once."""

    process: asyncio.subprocess.Process
    address: str
    output: list[str] = field(default_factory=list)
    reader: "asyncio.Task[None] | None" = None

    @property
    def pid(self) -> int:
        return self.process.pid

    async def stop(self) -> int:
        """End it as an operator does; its exit code."""
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(STOP_SECONDS):
            code = await self.process.wait()
        await self._finish()
        return code

    async def kill(self) -> None:
        """``kill -9``."""
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()
        await self.process.wait()
        await self._finish()

    async def _finish(self) -> None:
        if self.reader is not None:
            await self.reader


async def start(*arguments: str, log: Path, environment: dict[str, str] | None = None) -> Program:
    """Start ``motcua`` with these arguments and wait until it is ready."""
    with log.open("ab") as errors:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot",
            *arguments,
            stdout=asyncio.subprocess.PIPE,
            stderr=errors,
            stdin=asyncio.subprocess.DEVNULL,
            env=os.environ | (environment or {}),
        )
    _started.append(process)
    assert process.stdout is not None
    async with asyncio.timeout(READY_SECONDS):
        while line := (await process.stdout.readline()).decode():
            if line.startswith("ready "):
                program = Program(process, line.split()[1])
                program.reader = asyncio.create_task(_keep_reading(process.stdout, program.output))
                return program
    await process.wait()
    raise AssertionError(f"motcua {' '.join(arguments)} ended with {process.returncode}, see {log}")


async def _keep_reading(stream: asyncio.StreamReader, output: list[str]) -> None:
    while line := await stream.readline():
        output.append(line.decode())


async def run(*arguments: str, environment: dict[str, str] | None = None, given: str = "") -> tuple[int, str, str]:
    """Run ``motcua`` to its end: exit code, stdout, stderr."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        *arguments,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=os.environ | (environment or {}),
    )
    async with asyncio.timeout(READY_SECONDS):
        out, errors = await process.communicate(given.encode())
    assert process.returncode is not None
    return process.returncode, out.decode(), errors.decode()


async def call(*arguments: str) -> tuple[int, str, str]:
    """As ``run``, in this process, because a start costs a second; one call at a time."""
    done = await asyncio.to_thread(CliRunner().invoke, main, arguments)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.stdout, done.stderr


async def messages(config: Path) -> list[dict[str, Any]]:
    """Everything that ``motcua messages`` tells, asked in this process."""
    printed = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
    with contextlib.redirect_stdout(printed):
        await list_messages(load(config), datetime.fromtimestamp(0, UTC), jsonl=True)
    printed.seek(0)
    return [json.loads(line) for line in printed]


async def settled(config: Path) -> list[dict[str, Any]]:
    """As ``messages``, when nothing is under way any more."""
    async with asyncio.timeout(SETTLED_SECONDS):
        while True:
            told = await messages(config)
            if not {row["state"] for row in told} & UNDER_WAY:
                return told
            await asyncio.sleep(0.2)


def write_config(
    folder: Path, *, smsc_port: int, upstream: str, extra: str = "", smpp: str = "", sms: str = "", top: str = ""
) -> Path:
    """A configuration for one SMSC and one one-stop system."""
    path = folder / "motcua.toml"
    path.write_text(
        f"""data_dir = "{folder / "data"}"
{top}
[http]
port = 0
[[upstreams]]
name = "bacninh"
base_url = "{upstream}"
heads = ["H05"]
[sms]
short_codes = ["8283"]
{sms}
[[sms.smpp]]
name = "telco"
host = "127.0.0.1"
port = {smsc_port}
system_id = "gw"
password = "pw"
{smpp}
{extra}
""",
        encoding="utf-8",
    )
    return path
