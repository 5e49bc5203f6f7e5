"""What SQLite alone takes of a message: the store's own statements and commits, run again by a bare loop.

    python -m benchmarks.store_floor [--messages 10000]

The store works in groups of exactly so many, its statements with their parameters are written down, and a loop that does
nothing else runs them on a copy of the file as it was before. What ``benchmarks.store`` tells beyond it is Python of ours.
"""

import argparse
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import uvloop

from benchmarks.store import GROUPS, InGroups, many
from bot.serving import quieten_collector
from bot.store.sqlite import BUSY_MILLISECONDS
from bot.store.sqlite_file import open_writer
from bot.store.sqlite_text import Executor, chunks
from bot.store.statements import Row, Rows, Statement, drive

WARM_UP = 2000
Call = tuple[str, Sequence[Any]]


class Noting(InGroups):
    """Writes down what it runs."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.calls: list[Call] = []

    def file_as_it_is(self, copy: Path) -> None:
        """Copy the file with all that was committed."""
        self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        shutil.copy(self.path, copy)

    def _commit(self, items: Sequence[tuple[Any, Any, Any]]) -> None:
        execute = Executor(self._connection, self._texts)

        def noting(statement: Statement, rows: Sequence[Row]) -> Rows:
            for chunk in chunks(rows, len(statement.names)):
                text = self._texts.of(statement, len(chunk))
                self.calls.append((text, tuple(value for row in chunk for value in row)))
            return execute(statement, rows)

        self.calls.append(("BEGIN IMMEDIATE", ()))
        self._connection.execute("BEGIN IMMEDIATE")
        outcomes = drive(items[0][0]([unit for _, unit, _ in items]), noting)
        self._connection.execute("COMMIT")
        self.calls.append(("COMMIT", ()))
        for (_, _, future), outcome in zip(items, outcomes, strict=True):
            future.set_result(outcome)


def run_again(connection: sqlite3.Connection, calls: Sequence[Call]) -> tuple[float, float]:
    """The CPU seconds of all calls, and of the commits among them."""
    cursor, commits, started = connection.cursor(), 0.0, time.process_time()
    for text, values in calls:
        before = time.process_time() if text == "COMMIT" else None
        cursor.execute(text, values)
        cursor.fetchone()
        commits += 0.0 if before is None else time.process_time() - before
    return time.process_time() - started, commits


async def measure(folder: Path, messages: int, group: int) -> None:
    """One line."""
    store, copy = Noting(folder), folder / "copy.db"
    await store.open()
    await many(store, 0, WARM_UP, 64)
    quieten_collector()
    store.file_as_it_is(copy)
    store.size, even = group, messages // group * group
    await many(store, WARM_UP, even, group)
    store.size = 0
    await store.close()
    with closing(open_writer(copy, BUSY_MILLISECONDS)) as connection:
        whole, commits = (seconds / even * 1e6 for seconds in run_again(connection, store.calls))
    print(f"  in groups of {group:3}: {whole:6.1f} us CPU per message, {commits:.1f} of it in commits")


def main() -> None:
    """All groups, each on a file of its own."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--messages", type=int, default=10_000)
    options = parser.parse_args()
    print("the statements and commits of the store on sqlite, in a bare loop")
    for group in GROUPS:
        with tempfile.TemporaryDirectory(prefix="motcua-bench-") as folder:
            uvloop.run(measure(Path(folder), options.messages, group))


if __name__ == "__main__":
    main()
