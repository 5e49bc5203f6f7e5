"""Commands as a person uses them at a terminal: prompts, Ctrl-C, Ctrl-D, a reader that goes away."""

import asyncio
import contextlib
import os
import pty
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests import processes

END_OF_INPUT = b"\x04"
SECONDS = 60


class Terminal:
    """A program at a pseudo-terminal."""

    def __init__(self, process: asyncio.subprocess.Process, handle: int) -> None:
        self.process = process
        self._handle = handle
        self._seen = ""

    def type(self, text: bytes) -> None:
        os.write(self._handle, text)

    async def until(self, words: str) -> str:
        """Everything that was shown until *words* are."""
        async with asyncio.timeout(SECONDS):
            while words not in self._seen:
                chunk = await asyncio.to_thread(os.read, self._handle, 65536)
                self._seen += chunk.decode()
        shown, _, self._seen = self._seen.partition(words)
        return shown + words

    async def exit_code(self) -> int:
        async with asyncio.timeout(SECONDS):
            return await self.process.wait()


@contextlib.asynccontextmanager
async def at_terminal(*arguments: str) -> AsyncIterator[Terminal]:
    ours, theirs = pty.openpty()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", *arguments), stdin=theirs, stdout=theirs, stderr=theirs, env=dict(os.environ)
    )
    try:
        yield Terminal(process, ours)
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
        os.close(theirs)
        os.close(ours)


async def test_texts_are_typed_at_the_sandbox_smsc(tmp_path: Path, unused_tcp_port: int) -> None:
    config = processes.write_config(tmp_path, smsc_port=unused_tcp_port, upstream="http://127.0.0.1:1")
    async with at_terminal("sandbox", "smsc", "--config", str(config)) as terminal:
        assert f"ready smpp://127.0.0.1:{unused_tcp_port}" in await terminal.until("> ")
        terminal.type(b"TG\n")
        await terminal.until("a line is SENDER TEXT")
        terminal.type(b"84912345678 TG\n")
        await terminal.until("no gateway is bound yet")
        gateway = await processes.start("serve", "--config", str(config), log=tmp_path / "log")
        await terminal.until("Soan gui 8283")
        terminal.type(b"0912345678 H29.5-260610-0001\n")
        shown = await terminal.until("thuoc TP Ho Chi Minh")
        assert "84912345678" not in shown
        assert await gateway.stop() == 0
        terminal.type(END_OF_INPUT)
        assert await terminal.exit_code() == 0


async def test_ctrl_c_ends_the_prompt_of_the_demo() -> None:
    async with at_terminal("demo") as terminal:
        await terminal.until("An empty line ends the demo")
        terminal.type(b"H29.5-260610-0001\n")
        await terminal.until("thuoc TP Ho Chi Minh")
        terminal.process.send_signal(signal.SIGINT)
        assert await terminal.exit_code() == 0


async def test_the_sandbox_one_stop_listens_where_the_gateway_expects_it(tmp_path: Path, unused_tcp_port: int) -> None:
    config = processes.write_config(
        tmp_path, smsc_port=1, upstream=f"http://127.0.0.1:{unused_tcp_port}", top='redis_url = "redis://h/0"'
    )
    async with at_terminal("sandbox", "onestop", "--config", str(config), "--count", "1") as terminal:
        await terminal.until(f"ready http://127.0.0.1:{unused_tcp_port}")
        gateway = await processes.start("serve", "--config", str(config), log=tmp_path / "log")
        assert await gateway.stop() == 0
    assert "redis_url is set and not used yet" in (tmp_path / "log").read_text()


async def test_the_demo_speaks_for_the_configured_office(tmp_path: Path) -> None:
    config = tmp_path / "motcua.toml"
    config.write_text('[office]\nhotline = "0204.3999999"\n')
    code, out, errors = await processes.run("demo", "--once", "--config", str(config))
    assert (code, errors) == (0, "")
    assert "0204.3999999" in out


@pytest.mark.parametrize("arguments", [("sandbox", "onestop", "--port", "0"), ("sandbox", "smsc", "--port", "0")])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_sandboxes_end_on_a_signal(arguments: tuple[str, ...], number: signal.Signals) -> None:
    async with at_terminal(*arguments) as terminal:
        await terminal.until("ready ")
        terminal.process.send_signal(number)
        assert await terminal.exit_code() == 0


async def test_a_reader_that_goes_away_ends_the_work_quietly(tmp_path: Path) -> None:
    (tmp_path / "motcua.toml").write_text(f'data_dir = "{tmp_path}"\n')
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "understand", "--config", str(tmp_path / "motcua.toml")),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=dict(os.environ),
        limit=1024,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stderr is not None

    async def feed(stream: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            while True:
                stream.write(b'{"id": 1, "text": "TG", "channel": "sms", "sender": "84912345678"}\n' * 100)
                await stream.drain()

    feeding = asyncio.create_task(feed(process.stdin))
    assert b'"help"' in await process.stdout.readline()
    process._transport.get_pipe_transport(1).close()  # type: ignore[attr-defined] # what ``head -1`` does
    async with asyncio.timeout(SECONDS):
        assert (await process.wait(), await process.stderr.read()) == (1, b"")
        await feeding
