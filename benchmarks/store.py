"""What a message costs the store: saved, decided with one reply that leaves at once, recorded as sent.

    python -m benchmarks.store [--messages 20000] [--history 1000000] [--engine sqlite|postgresql] [--busy]

CPU is that of this process, all threads; PostgreSQL's own processes come on top. ``--busy`` adds an event loop at work.
"""

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

from bot.clock import SystemClock
from bot.intent import RecordLookUp
from bot.model import Address, ChannelName, InboundMessage, OutboundMessage
from bot.privacy import Keyring
from bot.store import make_store, migrate_database
from bot.store.base import PlanStore
from bot.store.port import Decision, NewOutbound
from tests.contract.store_postgres import PostgresServer

ROUTE = "smpp:bench"
GROUPS = (8, 64, 200)


@dataclass(frozen=True)
class Measured:
    """One run."""

    group: int
    per_second: float
    cpu_microseconds: float
    median_ms: float
    slow_ms: float


def text(number: int, at: datetime) -> InboundMessage:
    """A message of a person of its own."""
    return InboundMessage(
        sender=Address(ChannelName.SMS, f"849{number:08}"),
        recipient="8283",
        text="H05.12-260610-0001",
        received_at=at,
        route=ROUTE,
        content_hash=sha256(f"{number}".encode()).digest(),
        session="1:1",
        raw=bytes(120),
    )


async def one_life(store: PlanStore, number: int, at: datetime, waits: list[float]) -> None:
    """A message from arrival to the provider's id: three commits."""
    started = time.perf_counter()
    saved = await store.save_inbound(text(number, at), claim=True)
    waits.append(time.perf_counter() - started)
    assert saved.claimed is not None
    out = OutboundMessage(
        id=store.new_id(),
        to=saved.claimed.contact.address,
        source="8283",
        route=ROUTE,
        text="Ho so H05.12-260610-0001 dang xu ly tai UBND phuong Suoi Hoa, hen tra 15/06/2026.",
        reply_to=saved.id,
        created_at=at,
        expires_at=at + timedelta(days=1),
    )
    look_up = RecordLookUp("H05.12-260610-0001", found=True)
    new = NewOutbound(message=out, sending=True)
    await store.decide(Decision(inbound=saved.claimed, at=at, outbound=(new,), writes=(look_up,)))
    await store.record_sent(out, [f"{number:x}"], at)


async def many(store: PlanStore, first: int, count: int, group: int) -> list[float]:
    """*count* messages, *group* of them under way at any time."""
    numbers = iter(range(first, first + count))
    waits: list[float] = []

    async def worker() -> None:
        for number in numbers:
            await one_life(store, number, datetime.now().astimezone(), waits)

    async with asyncio.TaskGroup() as tasks:
        for _ in range(group):
            tasks.create_task(worker())
    return waits


async def measure(store: PlanStore, first: int, count: int, group: int) -> Measured:
    """Run and take the figures."""
    cpu, started = time.process_time(), time.perf_counter()
    waits = await many(store, first, count, group)
    seconds, spent = time.perf_counter() - started, time.process_time() - cpu
    waits.sort()
    return Measured(
        group=group,
        per_second=count / seconds,
        cpu_microseconds=spent / count * 1e6,
        median_ms=statistics.median(waits) * 1000,
        slow_ms=waits[int(len(waits) * 0.99)] * 1000,
    )


async def busy_loop() -> None:
    """An event loop that has other work: most of the time in Python, giving way often."""
    while True:
        until = time.perf_counter() + 0.0005
        while time.perf_counter() < until:
            pass
        await asyncio.sleep(0.0002)


async def run(store: PlanStore, options: argparse.Namespace) -> None:
    """All measurements on one store."""
    await store.open()
    other = asyncio.create_task(busy_loop()) if options.busy else None
    first = 0
    await many(store, first, 2000, 64)
    first += 2000
    if options.history:
        started = time.perf_counter()
        await many(store, first, options.history, 256)
        first += options.history
        print(f"  history of {options.history:,} messages written in {time.perf_counter() - started:.0f} s")
    for group in GROUPS:
        found = await measure(store, first, options.messages, group)
        first += options.messages
        print(
            f"  group {group:3}: {found.cpu_microseconds:6.1f} us CPU per message, {found.per_second:7,.0f} messages/s,"
            f" commit p50 {found.median_ms:.2f} ms, p99 {found.slow_ms:.2f} ms"
        )
    if other is not None:
        other.cancel()
    await store.close()


@contextmanager
def database(engine: str) -> Iterator[tuple[str, Path]]:
    """An address and a folder for an empty database."""
    with tempfile.TemporaryDirectory(prefix="motcua-bench-") as folder:
        if engine == "sqlite":
            yield "", Path(folder)
            return
        server = PostgresServer(durable=True)
        try:
            migrate_database(server.url(), Path(folder))
            yield server.url(), Path(folder)
        finally:
            server.remove()


def main() -> None:
    """Measure what was asked for."""
    import uvloop  # noqa: PLC0415 - as the program does

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--messages", type=int, default=10_000)
    parser.add_argument("--history", type=int, default=0)
    parser.add_argument("--engine", choices=["sqlite", "postgresql"])
    parser.add_argument("--busy", action="store_true")
    options = parser.parse_args()
    for engine in [options.engine] if options.engine else ["sqlite", "postgresql"]:
        print(f"store on {engine}{', event loop busy' if options.busy else ''}")
        with database(engine) as (url, folder):
            uvloop.run(run(make_store(url, folder, Keyring(bytes(32)), SystemClock()), options))


if __name__ == "__main__":
    main()
