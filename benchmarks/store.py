"""What a message costs the store: saved, decided with one reply that leaves at once, recorded as sent.

    python -m benchmarks.store [--messages 20000] [--history 1000000] [--engine sqlite|postgresql] [--busy]

CPU is that of this process, all threads; PostgreSQL's own processes come on top. ``--busy`` adds an event loop at work.

On SQLite so many messages *under way* make groups of any size, in a thread that shares the interpreter with the load. The lines *in groups of*
tell the store alone: groups of exactly so many units in one thread, the CPU of the load itself taken off.
"""

import argparse
import asyncio
import itertools
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, cast

from bot.clock import SystemClock
from bot.intent import RecordLookUp
from bot.model import Address, ChannelName, Contact, InboundMessage, MessageId, OutboundMessage
from bot.privacy import Keyring
from bot.serving import quieten_collector
from bot.store import DATABASE_NAME, make_store, migrate_database
from bot.store.base import PlanStore
from bot.store.port import Claimed, Decision, NewOutbound, Saved
from bot.store.sqlite import SqliteStore
from bot.store.sqlite_text import Executor
from bot.store.statements import drive
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
            await one_life(store, number, datetime.now(UTC), waits)

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
            f"  {group:3} under way: {found.cpu_microseconds:6.1f} us CPU per message, {found.per_second:7,.0f} messages/s,"
            f" commit p50 {found.median_ms:.2f} ms, p99 {found.slow_ms:.2f} ms"
        )
    if other is not None:
        other.cancel()
    await store.close()


class InGroups(SqliteStore):
    """Commits in the caller's thread as soon as *size* units wait. 0: as its parent does."""

    size = 0

    def __init__(self, folder: Path) -> None:
        super().__init__(folder / DATABASE_NAME, Keyring(bytes(32)), SystemClock())
        self._items: list[tuple[Any, Any, asyncio.Future[Any]]] = []

    async def write(self, plan: Any, unit: Any) -> Any:
        """The outcome, after the commit of its group."""
        if not self.size:
            return await super().write(plan, unit)
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._items.append((plan, unit, future))
        if len(self._items) == self.size:
            items, self._items = self._items, []
            self._commit(items)
        return await future

    def _commit(self, items: Sequence[tuple[Any, Any, "asyncio.Future[Any]"]]) -> None:
        """All are of one kind: their callers go in step."""
        self._connection.execute("BEGIN IMMEDIATE")
        outcomes = drive(items[0][0]([unit for _, unit, _ in items]), Executor(self._connection, self._texts))
        self._connection.execute("COMMIT")
        for (_, _, future), outcome in zip(items, outcomes, strict=True):
            future.set_result(outcome)


class Nothing:
    """In place of a store: its callers wait for each other as they do for a commit. What is left is the load itself."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._waiting: list[asyncio.Future[None]] = []
        self.new_id = itertools.count(1).__next__

    async def save_inbound(self, message: InboundMessage, *, claim: bool) -> Saved:
        """Nothing is saved."""
        del claim
        await self._commit()
        contact = Contact(id=b"", address=message.sender)
        claimed = Claimed(id=MessageId(1), message=message, contact=contact, attempts=1)
        return Saved(id=MessageId(1), duplicate_of=None, claimed=claimed)

    async def decide(self, decision: Decision) -> None:
        """Nothing is saved."""
        del decision
        await self._commit()

    async def record_sent(self, message: OutboundMessage, provider_ids: Sequence[str], at: datetime) -> None:
        """Nothing is saved."""
        del message, provider_ids, at
        await self._commit()

    async def _commit(self) -> None:
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(future)
        if len(self._waiting) == self._size:
            for one in self._waiting:
                one.set_result(None)
            self._waiting.clear()
        await future


async def in_groups(folder: Path, messages: int) -> None:
    """The lines of the store alone."""
    store = InGroups(folder)
    await store.open()
    first = 2000
    await many(store, 0, first, 64)
    quieten_collector()
    for group in GROUPS:
        store.size, even = group, messages // group * group
        load = (await measure(cast("PlanStore", Nothing(group)), 0, even, group)).cpu_microseconds
        whole = await measure(store, first, even, group)
        first += messages
        print(
            f"  in groups of {group:3}: {whole.cpu_microseconds - load:6.1f} us CPU per message (and {load:.1f} us of the load)"
        )
    store.size = 0
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
        if engine == "sqlite":
            with database(engine) as (_, folder):
                uvloop.run(in_groups(folder, options.messages))


if __name__ == "__main__":
    main()
