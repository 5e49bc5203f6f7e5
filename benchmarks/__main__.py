"""All benchmarks and one summary: ``python -m benchmarks`` (``make bench``). Writes nothing outside a folder that it removes."""

import argparse
import asyncio
import sys
import time
from pathlib import Path

import uvloop

from benchmarks import round_trip, steps
from bot.logs import set_up


async def _run(*arguments: str) -> int:
    """The exit code of a program that prints where we print."""
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", *arguments)
    return await process.wait()


def main() -> None:
    """Steps, store, channels, round trip, summary; exit code 1 when an answer was wrong or missing."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a minute instead of five: figures are rough")
    parser.add_argument("--dir", type=Path, help="put the databases under this folder: choose the disk to measure")
    options = parser.parse_args()
    began = time.monotonic()
    set_up("warning")
    print("CPU of each step, store and look-up 64 at a time", flush=True)
    table = steps.lines(uvloop.run(steps.run(1000 if options.quick else 4000, options.dir)))
    print("\n".join(table), flush=True)
    store = ("--messages", "2000") if options.quick else ()
    if code := uvloop.run(_run("benchmarks.store", *store)):
        sys.exit(code)
    channels = ("--quick",) if options.quick else ()
    if code := uvloop.run(_run("benchmarks.channels", *channels)):
        sys.exit(code)
    results = uvloop.run(round_trip.table(round_trip.runs(quick=options.quick), options.dir))
    print("summary", *round_trip.summary(results), table[-1], f"{time.monotonic() - began:.0f} s in all", sep="\n  ")
    sys.exit(round_trip.has_failed(results))


if __name__ == "__main__":
    main()
