"""The one thread that writes to a SQLite file: whatever waits goes into one transaction with one sync to disk."""

import asyncio
import queue
import sqlite3
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.errors import StoreRefused
from bot.logs import get_log
from bot.store.groups import AnyGroupPlan, by_kind, reach_after_commit, reach_before_commit
from bot.store.sqlite_text import Executor, Texts
from bot.store.statements import drive

LARGEST_GROUP = 256
MOST_WAITING = 20_000
SWITCH_SECONDS = 0.0005
"""How long a busy event loop keeps the interpreter when the writer wants it back, which is after every statement. With
Python's 5 ms a group of eight messages would wait a tenth of a second."""

LONGEST_PAUSE = 0.005
"""After a group the event loop may go round once, so that what its callers do next joins those who wait meanwhile: full groups
cost a third less for each message than half ones. A loop that takes longer is not waited for."""


@dataclass(slots=True, eq=False)
class _Item:
    plan: AnyGroupPlan
    unit: Any
    future: "asyncio.Future[Any]"


class Writer:
    """Takes units from a queue. While one group syncs, the next one gathers."""

    def __init__(self, connection: sqlite3.Connection, texts: Texts, loop: asyncio.AbstractEventLoop) -> None:
        self._connection = connection
        self._execute = Executor(connection, texts)
        self._loop = loop
        self._queue: queue.SimpleQueue[_Item | None] = queue.SimpleQueue()
        self._told = threading.Event()
        sys.setswitchinterval(min(SWITCH_SECONDS, sys.getswitchinterval()))
        self._thread = threading.Thread(target=self._run, name="store-writer", daemon=True)
        self._thread.start()

    def submit(self, plan: AnyGroupPlan, unit: Any) -> "asyncio.Future[Any]":
        """The outcome of a unit, after its commit. Raises ``StoreRefused`` when too much waits already."""
        if self._queue.qsize() >= MOST_WAITING:
            raise StoreRefused(f"{MOST_WAITING} units of work wait for the disk")
        future: asyncio.Future[Any] = self._loop.create_future()
        self._queue.put(_Item(plan, unit, future))
        return future

    def stop(self) -> None:
        """Finish what waits, then end; blocks."""
        self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (items := self._gather()) is not None:
            outcomes = self._outcomes(items)
            self._loop.call_soon_threadsafe(self._settle, items, outcomes)
            self._told.wait(LONGEST_PAUSE)
            self._told.clear()

    def _settle(self, items: Sequence[_Item], outcomes: Sequence[Any]) -> None:
        """Tell the callers, in the loop's thread; they go on before the writer does."""
        for item, outcome in zip(items, outcomes, strict=True):
            if item.future.done():
                continue
            if isinstance(outcome, Exception):
                item.future.set_exception(outcome)
            else:
                item.future.set_result(outcome)
        self._loop.call_soon(self._told.set)

    def _gather(self) -> list[_Item] | None:
        """All that waits, at least one; None at the end."""
        first = self._queue.get()
        if first is None:
            return None
        items = [first]
        while len(items) < LARGEST_GROUP:
            try:
                item = self._queue.get_nowait()
            except queue.Empty:
                break
            if item is None:
                self._queue.put(None)
                break
            items.append(item)
        return items

    def _outcomes(self, items: Sequence[_Item]) -> list[Any]:
        """A result or an error for each item. When one breaks the group, each runs alone and only that one fails."""
        try:
            return self._commit(items)
        except sqlite3.OperationalError as error:
            get_log().error("store refused", units=len(items), error=str(error))
            return [StoreRefused(str(error)) for _ in items]
        except Exception as error:  # noqa: BLE001 - the writer must outlive any unit; its caller gets the error
            if len(items) > 1:
                return [self._outcomes([item])[0] for item in items]
            reason = type(error).__name__  # its text can hold what people wrote
            get_log().error("store unit broke", plan=items[0].plan.__name__, error=reason)
            return [StoreRefused(reason)]

    def _commit(self, items: Sequence[_Item]) -> list[Any]:
        kinds = by_kind(items)
        outcomes: dict[_Item, Any] = {}
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            for plan, members in kinds.items():
                results = drive(plan([member.unit for member in members]), self._execute)
                outcomes.update(zip(members, results, strict=True))
            reach_before_commit(kinds)
            self._connection.execute("COMMIT")
        except BaseException:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise
        reach_after_commit(kinds)
        return [outcomes[item] for item in items]
