"""Does a message cost the same after a million others, and does nobody wait while old ones are purged? SQLite.

    python -m benchmarks.history [--messages 1000000] [--runs 5]

History is written by SQL of its own, spread over the last 800 days, so every rule of retention finds something to do.
"""

import argparse
import asyncio
import sqlite3
import statistics
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

import uvloop

from benchmarks.store import many, measure
from bot.clock import SystemClock
from bot.housekeeping import SLICE_PAUSE, SWEEP_SLICE
from bot.model import Address, ChannelName
from bot.privacy import Keyring
from bot.store import DATABASE_NAME, make_store
from bot.store.base import PlanStore
from bot.store.ids import first_id_at
from bot.store.keys import to_micros

KEYRING = Keyring(bytes(32))
GROUP, MEASURED = 64, 5000
HISTORY_DAYS = 800
PURGE_SECONDS = 30.0
PROBE_SECONDS = 0.005
TABLES = ("contact", "inbox", "outbox", "attempt", "outbox_part")
FILL = """
CREATE TEMP TABLE made AS
    WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < :messages)
    SELECT :first_id + n * :id_step AS id, :first_at + n * :at_step AS at, randomblob(16) AS contact, n FROM number;
INSERT INTO contact (id, sealed, turn, language, seen_at) SELECT contact, :sealed, 1, 'vi', at FROM made;
INSERT INTO inbox (id, channel, contact, recipient, route, text, received_at, content_hash, repeat_key, session, raw, partial, state,
                   owner, attempts, codes)
    SELECT id, 'sms', contact, '8283', 'smpp:bench', 'H05.12-260610-0001', at, randomblob(32), (at / 120000000) << 32 | abs(random()) % 4294967296,
           '1:1', zeroblob(120), 0, 'done', 1, 1, 'H05.12-260610-0001' FROM made;
INSERT INTO outbox (id, contact, channel, source, route, text, kind, reply_to, ordinal, segments, created_at, expires_at,
                    possible_duplicate, state, owner, due, attempts, tries)
    SELECT id + 1, contact, 'sms', '8283', 'smpp:bench', 'Ho so H05.12-260610-0001 dang xu ly tai UBND phuong Suoi Hoa.', 'answer', id, 0, 1,
           at, at + 86400000000, 0, 'sent', 1, at, 1, 1 FROM made;
INSERT INTO attempt SELECT id + 1, 1, 1, at, at, 'sent', NULL FROM made;
INSERT INTO outbox_part SELECT id + 1, 1, 0, printf('%x', n), (at / 86400000000) << 32 | n, 'unknown', NULL FROM made;
"""


def fill(path: Path, messages: int) -> None:
    """Write history as if it had happened; nobody else has the file open."""
    now = SystemClock().now()
    first = now - timedelta(days=HISTORY_DAYS)
    values = {
        "messages": messages,
        "sealed": KEYRING.seal(Address(ChannelName.SMS, "84912345678")),
        "first_id": first_id_at(first),
        "id_step": (first_id_at(now) - first_id_at(first)) // (messages + 1),
        "first_at": to_micros(first),
        "at_step": (to_micros(now) - to_micros(first)) // (messages + 1),
    }
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA cache_size = -262144")
        connection.execute("BEGIN")
        for statement in FILL.split(";\n"):
            connection.execute(statement, {name: value for name, value in values.items() if f":{name}" in statement})
        connection.execute("COMMIT")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        connection.close()


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[PlanStore]:
    """A store on this folder."""
    store = make_store("", folder, KEYRING, SystemClock())
    await store.open()
    try:
        yield store
    finally:
        await store.close()


async def cost(store: PlanStore, first: int, runs: int) -> float:
    """Median microseconds of CPU per message."""
    await many(store, first, MEASURED, GROUP)
    found = [await measure(store, first + run * MEASURED, MEASURED, GROUP) for run in range(1, runs + 1)]
    return statistics.median(one.cpu_microseconds for one in found)


async def waits_of(store: PlanStore, waits: list[float]) -> None:
    """How long a small write takes, again and again."""
    while True:
        started = time.perf_counter()
        await store.ping()
        waits.append(time.perf_counter() - started)
        await asyncio.sleep(PROBE_SECONDS)


async def probed(store: PlanStore, *, purge: bool) -> tuple[list[float], int]:
    """The waits of somebody who writes for half a minute, and how many rows were purged meanwhile."""
    waits: list[float] = []
    probe = asyncio.create_task(waits_of(store, waits))
    purged, until = 0, time.monotonic() + PURGE_SECONDS
    while time.monotonic() < until:
        purged += await store.sweep(datetime.now().astimezone(), SWEEP_SLICE) if purge else 0
        await asyncio.sleep(SLICE_PAUSE)
    probe.cancel()
    return sorted(waits), purged


def told(name: str, waits: list[float]) -> str:
    """One line of figures."""
    middle, late, longest = (waits[int(len(waits) * share)] * 1000 for share in (0.5, 0.99, 0.9999))
    return f"  {name}: a commit waits p50 {middle:.1f} ms, p99 {late:.1f} ms, at most {longest:.1f} ms"


async def run(folder: Path, messages: int, runs: int) -> None:
    """Empty, full, purged."""
    first = 0
    async with opened(folder) as store:
        empty = await cost(store, first, runs)
    print(f"  empty: {empty:.1f} us CPU per message")
    started = time.perf_counter()
    await asyncio.to_thread(fill, folder / DATABASE_NAME, messages)
    print(
        f"  {messages:,} messages ({messages * len(TABLES):,} rows) of history in {time.perf_counter() - started:.0f} s"
    )
    async with opened(folder) as store:
        full = await cost(store, MEASURED * (runs + 2), runs)
        print(f"  full:  {full:.1f} us CPU per message, {full / empty:.2f} times the empty one")
        quiet, _ = await probed(store, purge=False)
        print(told("no purge", quiet))
        waits, purged = await probed(store, purge=True)
        print(told(f"purging ({purged:,} rows in {PURGE_SECONDS:.0f} s)", waits))


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--messages", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    print(f"store on sqlite, {GROUP} messages under way")
    with tempfile.TemporaryDirectory(prefix="motcua-bench-") as folder:
        uvloop.run(run(Path(folder), options.messages, options.runs))


if __name__ == "__main__":
    main()
