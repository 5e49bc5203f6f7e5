"""The whole road: a text comes in over SMPP, the dossier is looked up over HTTP, the answer goes out, everything is stored.

``python -m benchmarks.round_trip [--quick]``: one gateway (``bot serve``, SQLite, one process), one stub and one load generator for each line.
"""

import argparse
import asyncio
import contextlib
import json
import os
import platform
import signal
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import uvloop

WINDOWS = (10, 100, 200)
DELAYS_MS = (0, 20, 200)
FIXED_RATE, FIXED_RATE_DELAY_MS = 200, 20
READY_SECONDS, STOP_SECONDS = 30.0, 20.0
CONFIG = """data_dir = "{folder}/data"
[http]
port = 0
[[upstreams]]
name = "stub"
base_url = "{upstream}"
heads = ["H05"]
max_concurrent = 256
max_waiting = 1024
[sms]
short_codes = ["8283"]
[[sms.smpp]]
name = "load"
host = "127.0.0.1"
port = {smsc_port}
system_id = "gw"
password = "pw"
window = 100
[limits]
enabled = false
[log]
level = "warning"
"""
TITLE = (
    f"{'load':>12} {'upstream':>9} | {'right':>6} {'wrong':>5} {'miss':>5} {'rept':>5} | {'right/s':>8} {'p50 ms':>8} {'p95 ms':>8} {'p99 ms':>8}"
    f" | {'gw CPU s/1000':>13} {'RSS MiB':>8} {'peak':>6} | {'load CPU s':>10} {'stub CPU s':>10}"
)


@dataclass(frozen=True, slots=True)
class Run:
    """One line of the table."""

    count: int
    seconds: float
    """Nothing is sent after so long."""
    delay_ms: int
    window: int = 0
    rate: int = 0

    @property
    def warm_up(self) -> int:
        """Texts before those that count: caches fill, code paths are hot."""
        return min(200, self.count // 5)


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


async def measure(run: Run, folder: Path, gateway_module: str = "bot") -> dict[str, Any]:
    """Start everything in *folder*, load it, and tell the figures; raises RuntimeError with the end of the programs' log."""
    log = folder / "log"
    try:
        return await _measured(run, folder, log, gateway_module)
    except (TimeoutError, RuntimeError) as error:
        raise RuntimeError(f"{error or 'too slow'}; the log ends with\n{log.read_text()[-2000:]}") from error


async def _measured(run: Run, folder: Path, log: Path, gateway_module: str) -> dict[str, Any]:
    stub_options = ("--delay-ms", str(run.delay_ms))
    async with program("benchmarks.upstream_stub", *stub_options, log=log) as (stub, stub_output):
        upstream = await line_of(stub_output, "ready ")
        async with program("benchmarks.smsc_load", *_load_options(run), log=log) as (_, load_output):
            smsc_port = (await line_of(load_output, "ready ")).rpartition(":")[2]
            config = folder / "motcua.toml"
            config.write_text(CONFIG.format(folder=folder, upstream=upstream, smsc_port=smsc_port), encoding="utf-8")
            async with program(gateway_module, "serve", "--config", str(config), log=log) as (gateway, gateway_output):
                await line_of(gateway_output, "ready ")
                await line_of(load_output, "started")
                before = usage(gateway.pid)
                report = json.loads("{" + await line_of(load_output, "{", run.seconds + READY_SECONDS))
                after = usage(gateway.pid)
        stub.send_signal(signal.SIGTERM)
        stub_report = json.loads("{" + await line_of(stub_output, "{"))
    figures: dict[str, Any] = report | {
        "gateway_cpu_s": after.cpu_s - before.cpu_s,
        "rss_mib": after.rss_mib,
        "peak_mib": after.peak_mib,
        "stub_cpu_s": stub_report["cpu_s"],
    }
    return figures


def _load_options(run: Run) -> tuple[str, ...]:
    how = ("--rate", str(run.rate)) if run.rate else ("--window", str(run.window))
    return (*how, "--count", str(run.count), "--warm-up", str(run.warm_up), "--seconds", str(run.seconds))


def row(run: Run, figures: dict[str, Any]) -> str:
    """The line of the table."""
    load = f"{run.rate}/s" if run.rate else f"window {run.window}"
    each_thousand = figures["gateway_cpu_s"] * 1000 / max(figures["right"], 1)
    return (
        f"{load:>12} {run.delay_ms:>6} ms | {figures['right']:>6} {figures['wrong']:>5} {figures['missing']:>5} {figures['repeated']:>5}"
        f" | {figures['right_per_s']:>8.1f} {figures['p50_ms']:>8.1f} {figures['p95_ms']:>8.1f} {figures['p99_ms']:>8.1f}"
        f" | {each_thousand:>13.2f} {figures['rss_mib']:>8.1f} {figures['peak_mib']:>6.1f}"
        f" | {figures['generator_cpu_s']:>10.2f} {figures['stub_cpu_s']:>10.2f}"
    )


def calibration(folder: Path) -> str:
    """How fast this machine is: compare figures only of machines, or moments, with like values."""
    loops = min(_loop_seconds() for _ in range(3))
    return (
        f"calibration: 2,000,000 rounds of a plain Python loop {loops * 1000:.0f} ms, sync of 4 KiB {_sync_ms(folder):.2f} ms (median of 50);"
        f" Python {platform.python_version()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
    )


def _loop_seconds() -> float:
    began, total = time.perf_counter(), 0
    for number in range(2_000_000):
        total += number & 7
    return time.perf_counter() - began


def _sync_ms(folder: Path) -> float:
    times = []
    with (folder / "sync").open("wb") as file:
        for _ in range(50):
            file.write(bytes(4096))
            file.flush()
            began = time.perf_counter()
            os.fsync(file.fileno())
            times.append(time.perf_counter() - began)
    return median(times) * 1000


def runs(*, quick: bool) -> list[Run]:
    """Every window with every delay, then the fixed rate."""
    count, seconds = (600, 5.0) if quick else (10_000, 20.0)
    closed = [Run(count, seconds, delay, window=window) for window in WINDOWS for delay in DELAYS_MS]
    return [*closed, Run(int(FIXED_RATE * seconds), seconds * 2, FIXED_RATE_DELAY_MS, rate=FIXED_RATE)]


async def main_run(chosen: list[Run], folder: Path | None) -> int:
    """Print the table; 1 when an answer was wrong or missing."""
    bad = 0
    with tempfile.TemporaryDirectory(prefix="motcua-bench-", dir=folder) as top:
        print(calibration(Path(top)))
        print(
            "SQLite, one process, limits off ([limits] enabled = false), upstream max_concurrent 256; load, stub and gateway share the cores"
        )
        print(TITLE, flush=True)
        for number, run in enumerate(chosen):
            place = Path(top) / str(number)
            place.mkdir()
            figures = await measure(run, place)
            bad += figures["wrong"] + figures["missing"]
            print(row(run, figures), flush=True)
            if figures["wrong_example"]:
                print(f"  a wrong answer: {figures['wrong_example']}")
    return 1 if bad else 0


def main() -> None:
    """Read the options and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="600 texts a line instead of 10,000")
    parser.add_argument("--window", type=int, help="only this window")
    parser.add_argument("--delay-ms", type=int, help="only this upstream delay")
    parser.add_argument("--dir", type=Path, help="put the databases under this folder: choose the disk to measure")
    options = parser.parse_args()
    chosen = [
        run
        for run in runs(quick=options.quick)
        if options.window in {None, run.window} and options.delay_ms in {None, run.delay_ms}
    ]
    sys.exit(uvloop.run(main_run(chosen, options.dir)))


if __name__ == "__main__":
    main()
