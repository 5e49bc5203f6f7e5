"""Programs of this repository, started and ended as an operator does, and what they cost."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

READY_SECONDS, STOP_SECONDS = 30.0, 20.0


@dataclass(frozen=True, slots=True)
class Usage:
    """What a process has used by now."""

    cpu_s: float
    rss_mib: float
    peak_mib: float


def usage(pid: int) -> Usage:
    """From ``/proc``; all threads together."""
    after_name = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    ticks = int(after_name[11]) + int(after_name[12])
    lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    kib = {
        name: int(rest.split()[0]) for name, _, rest in (line.partition(":") for line in lines) if name.startswith("Vm")
    }
    return Usage(ticks / os.sysconf("SC_CLK_TCK"), kib["VmRSS"] / 1024, kib["VmHWM"] / 1024)


@contextlib.asynccontextmanager
async def program(*arguments: str, log: Path) -> AsyncIterator[tuple[asyncio.subprocess.Process, asyncio.StreamReader]]:
    """A program of this repository, ended as an operator ends it."""
    with log.open("ab") as errors:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", *arguments, stdout=asyncio.subprocess.PIPE, stderr=errors
        )
    assert process.stdout
    try:
        yield process, process.stdout
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(signal.SIGTERM)
        try:
            await asyncio.wait_for(process.wait(), STOP_SECONDS)
        except TimeoutError:
            process.kill()
            await process.wait()


async def line_of(output: asyncio.StreamReader, word: str, seconds: float = READY_SECONDS) -> str:
    """What follows *word* in the first line that starts with it; raises RuntimeError when it never comes."""
    async with asyncio.timeout(seconds):
        while line := (await output.readline()).decode():
            if line.startswith(word):
                return line.removeprefix(word).strip()
    raise RuntimeError(f"a program ended before it printed {word!r}")
