"""The store on SQLite: one process, one writing thread, readers beside it."""

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, closing
from functools import partial
from pathlib import Path
from typing import TypeVar

from bot.clock import Clock
from bot.errors import StoreRefused
from bot.logs import get_log
from bot.privacy import Keyring
from bot.store import recovery, sqlite_file
from bot.store.base import OpenSessions, PlanStore
from bot.store.ids import Ids
from bot.store.keys import to_micros
from bot.store.migrate import migrate_sqlite
from bot.store.retention import Retention
from bot.store.running import GroupPlan, Result, Unit
from bot.store.sqlite_text import Executor, Texts
from bot.store.sqlite_writer import Writer
from bot.store.statements import Plan, drive

READERS = 2
BUSY_MILLISECONDS = 5000
Value = TypeVar("Value")


class SqliteStore(PlanStore):
    """A file that belongs to this process as long as the store is open."""

    def __init__(
        self,
        path: Path,
        keyring: Keyring,
        clock: Clock,
        *,
        open_sessions: OpenSessions = frozenset,
        retention: Retention | None = None,
        busy_milliseconds: int = BUSY_MILLISECONDS,
    ) -> None:
        super().__init__(keyring, clock, open_sessions=open_sessions, retention=retention or Retention())
        self.path = path
        self._busy_milliseconds = busy_milliseconds
        self._texts = Texts()
        self._readers = Readers(path, self._texts)

    async def open(self) -> None:
        """Raises ``StoreLocked``, or ``StoreError`` for a file that cannot be used."""
        await asyncio.to_thread(self._open)
        self._writer = Writer(self._connection, self._texts, asyncio.get_running_loop())
        get_log().info("store open", engine="SQLite", version=sqlite3.sqlite_version, epoch=self.epoch)

    def _open(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = sqlite_file.FileLock(self.path.with_name(self.path.name + ".lock"))
        try:
            with sqlite_file.told(self.path):
                sqlite_file.check(self.path)
                self._connection = sqlite_file.open_writer(self.path, self._busy_milliseconds)
                migrate_sqlite(self._connection)
                self._register()
        except BaseException:
            self._lock.release()
            raise

    def _register(self) -> None:
        """The lock proves all earlier processes dead: theirs is ours at once."""
        execute = Executor(self._connection, self._texts)
        now = self._clock.now()
        self._connection.execute("BEGIN IMMEDIATE")
        dead = [*drive(recovery.known_epochs(None), execute), *drive(recovery.ownerless(None), execute)]
        drive(recovery.recover([recovery.Processes(epochs=tuple(dead), now=now)]), execute)
        made = self._connection.execute("INSERT INTO process (started_at) VALUES (?)", (to_micros(now),))
        self.epoch = made.lastrowid or 0
        self._connection.execute("COMMIT")
        self._ids = Ids(self._clock, self.epoch, after=drive(recovery.newest_id(None), execute))

    async def close(self) -> None:
        """See the port."""
        dead = recovery.Processes(epochs=(self.epoch,), now=self._clock.now())
        try:
            await self.write(recovery.recover, dead)
        except StoreRefused as error:
            get_log().warning("own rows not given back; the next start takes them", error=str(error))
        await asyncio.to_thread(self._close)

    def _close(self) -> None:
        self._writer.stop()
        self._readers.close()
        self._connection.close()
        self._lock.release()

    async def ping(self) -> None:
        """See the port."""
        await self.write(recovery.touch, recovery.Processes(epochs=(self.epoch,), now=self._clock.now()))

    async def renew(self) -> None:
        """Nothing to do: the lock file tells that we live."""

    async def write(self, plan: GroupPlan[Unit, Result], unit: Unit) -> Result:
        """Run *plan* in the next group commit."""
        outcome: Result = await self._writer.submit(plan, unit)
        return outcome

    async def read(self, plan: Callable[[Unit], Plan[Value]], unit: Unit) -> Value:
        """Run *plan* on a reading connection."""
        return await self._readers.run(partial(plan, unit))

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[None]:
        """See the base."""
        try:
            yield
        finally:
            await asyncio.to_thread(self._readers.close)


def migrate_file(path: Path) -> str:
    """Migrate a file that no running gateway owns; the revision reached."""
    lock = sqlite_file.FileLock(path.with_name(path.name + ".lock"))
    try:
        with sqlite_file.told(path):
            sqlite_file.check(path)
            with closing(sqlite_file.open_writer(path, BUSY_MILLISECONDS)) as connection:
                return migrate_sqlite(connection)
    finally:
        lock.release()


class Readers:
    """A few threads, each with its own connection that cannot write."""

    def __init__(self, path: Path, texts: Texts) -> None:
        self._path = path
        self._texts = texts
        self._threads = ThreadPoolExecutor(READERS, thread_name_prefix="store-reader")
        self._local = threading.local()
        self._open: list[sqlite3.Connection] = []

    async def run(self, plan: Callable[[], Plan[Value]]) -> Value:
        """The result of a plan that changes nothing. Raises ``StoreRefused`` when the file cannot be read now."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._drive, plan)

    def _drive(self, plan: Callable[[], Plan[Value]]) -> Value:
        try:
            return drive(plan(), self._executor())
        except sqlite3.Error as error:
            raise StoreRefused(str(error)) from error

    def _executor(self) -> Executor:
        executor: Executor | None = getattr(self._local, "executor", None)
        if executor is None:
            connection = sqlite_file.open_reader(self._path)
            self._open.append(connection)
            executor = self._local.executor = Executor(connection, self._texts)
        return executor

    def close(self) -> None:
        """Wait for running queries, then close; blocks."""
        self._threads.shutdown()
        for connection in self._open:
            connection.close()
