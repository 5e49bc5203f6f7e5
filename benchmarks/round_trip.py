"""The whole road: a text comes in over SMPP, the dossier is looked up over HTTP, the answer goes out, everything is stored.

``python -m benchmarks.round_trip [--quick]``: one gateway (``bot serve``, SQLite, one process), one stub and one load generator for each line.
"""

import argparse
import json
import os
import platform
import signal
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import uvloop

from benchmarks.programs import READY_SECONDS, line_of, program, usage

WINDOWS = (10, 100, 200)
DELAYS_MS = (0, 20, 200)
FIXED_RATE, FIXED_RATE_DELAY_MS = 200, 20
TARGET_WINDOW, TARGET_RATE = 100, 2000
"""A slow upstream caps what a window lets through: 100 texts under way, 200 ms each, are 500 a second."""
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


Results = list[tuple[Run, dict[str, Any]]]


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
    return (
        f"{load:>12} {run.delay_ms:>6} ms | {figures['right']:>6} {figures['wrong']:>5} {figures['missing']:>5} {figures['repeated']:>5}"
        f" | {figures['right_per_s']:>8.1f} {figures['p50_ms']:>8.1f} {figures['p95_ms']:>8.1f} {figures['p99_ms']:>8.1f}"
        f" | {each_thousand(figures):>13.2f} {figures['rss_mib']:>8.1f} {figures['peak_mib']:>6.1f}"
        f" | {figures['generator_cpu_s']:>10.2f} {figures['stub_cpu_s']:>10.2f}"
    )


def each_thousand(figures: dict[str, Any]) -> float:
    """CPU seconds of the gateway for a thousand right answers."""
    seconds: float = figures["gateway_cpu_s"] * 1000 / max(figures["right"], 1)
    return seconds


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


async def table(chosen: list[Run], folder: Path | None) -> Results:
    """Measure and print one line after the other."""
    results: Results = []
    with tempfile.TemporaryDirectory(prefix="motcua-bench-", dir=folder) as top:
        print(calibration(Path(top)))
        print(
            "SQLite, one process, limits off ([limits] enabled = false), upstream max_concurrent 256; load, stub and gateway share the cores"
        )
        print(TITLE, flush=True)
        for number, run in enumerate(chosen):
            place = Path(top) / str(number)
            place.mkdir()
            results.append((run, await measure(run, place)))
            print(row(*results[-1]), flush=True)
            if example := results[-1][1]["wrong_example"]:
                print(f"  a wrong answer: {example}")
    return results


def has_failed(results: Results) -> bool:
    """Whether an answer was wrong or missing."""
    return any(figures["wrong"] + figures["missing"] for _, figures in results)


def summary(results: Results) -> list[str]:
    """The targets, each with what was measured."""
    closed = [(run, figures) for run, figures in results if run.window == TARGET_WINDOW]
    fixed = [(run, figures) for run, figures in results if run.rate]
    rows: list[tuple[str, float, str, float]] = [
        (f"right/s, window {run.window}, upstream {run.delay_ms} ms", figures["right_per_s"], ">=", 2000)
        for run, figures in closed
        if run.window * 1000 >= run.delay_ms * TARGET_RATE
    ]
    rows += [
        (f"CPU s per 1,000, window {run.window}, upstream {run.delay_ms} ms", each_thousand(figures), "<=", 0.5)
        for run, figures in closed
    ]
    rows += [
        (f"p99 ms, {run.rate}/s, upstream {run.delay_ms} ms", figures["p99_ms"], "<=", 40) for run, figures in fixed
    ]
    rows += [("MiB resident at most", max(figures["rss_mib"] for _, figures in results), "<=", 120)]
    return [
        f"{'met ' if (value >= aim if sign == '>=' else value <= aim) else 'MISS'} {what:44} {value:9.2f}  target {sign} {aim}"
        for what, value, sign, aim in rows
    ]


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
    results = uvloop.run(table(chosen, options.dir))
    print("\n".join(summary(results)))
    sys.exit(has_failed(results))


if __name__ == "__main__":
    main()
