"""Transactions on PostgreSQL: statements over arrays, connections that come back, commits whose result is never guessed."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

import asyncpg
from sqlalchemy.dialects.postgresql.asyncpg import dialect
from sqlalchemy.dialects.sqlite.dml import OnConflictClause

from bot.errors import StoreRefused
from bot.logs import get_log
from bot.store.groups import AnyGroupPlan, reach_after_commit, reach_before_commit
from bot.store.statements import Plan, Row, Rows, Statement

OnConflictClause.constraint_target = None  # type: ignore[attr-defined]  # as PostgreSQL's own clause says that it names none
DIALECT = dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy leaves its dialects untyped
CONNECTION_LOST = (
    OSError,
    TimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
)
NOT_NOW = (
    asyncpg.LockNotAvailableError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.PostgresSystemError,
    asyncpg.ReadOnlySQLTransactionError,
)
"""The server takes nothing from anybody now (locked, too slow, full): no use in trying the units of a group one by one."""
PATIENCE_SECONDS = 5.0
COMMAND_SECONDS = 8.0
"""Longer than the server's own limits: only a server that went silent reaches it."""
PAUSE_SECONDS = 0.1
SERVER_SETTINGS = {
    "application_name": "motcua",
    "synchronous_commit": "on",
    "statement_timeout": "5000",
    "lock_timeout": "2000",
    "idle_in_transaction_session_timeout": "10000",
    "tcp_keepalives_idle": "30",
    "jit": "off",
}
Result = TypeVar("Result")
Pool = Any
Connection = Any
Kinds = dict[AnyGroupPlan, list[Any]]
"""Units by the plan that does them."""
Outcomes = list[Sequence[Any]]
"""For each plan, the results of its units."""


class CommitUnresolved(StoreRefused):
    """The connection broke during a commit and nobody could tell in time whether it succeeded."""


class _CommitUnknown(Exception):
    def __init__(self, transaction: str, outcomes: Outcomes) -> None:
        super().__init__(f"the commit of transaction {transaction} was not confirmed")
        self.transaction = transaction
        self.outcomes = outcomes


async def roll_back(connection: Connection) -> None:
    """Make a connection ready for its next user; the driver's own reset would cost one more round trip each time."""
    if connection.is_in_transaction():
        await connection.execute("ROLLBACK")


def reason(error: Exception) -> str:
    """What may be logged of an error: its text can hold what people wrote."""
    return f"{type(error).__name__} {getattr(error, 'sqlstate', '')}".strip()


@contextmanager
def _refusing() -> Iterator[None]:
    try:
        yield
    except asyncpg.PostgresError as error:
        raise StoreRefused(reason(error)) from error


class Session:
    """Runs plans on the connections of a pool; waits up to five seconds for a server that went away."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._texts: dict[Statement, str] = {}

    async def read(self, plan: Callable[[], Plan[Result]]) -> Result:
        """The result of a plan that changes nothing. Raises ``StoreRefused`` when there is none now."""

        async def once() -> Result:
            async with self._pool.acquire(timeout=PATIENCE_SECONDS) as connection:
                return await self.drive(plan(), connection)

        with _refusing():
            return await self._patiently(once)

    async def write(self, kinds: Kinds) -> Outcomes:
        """Run the plans in one transaction. Raises ``StoreRefused`` when nothing was stored."""
        return await self._patiently(lambda: self._resolved(kinds))

    async def execute(self, text: str, *values: Any) -> list[Any]:
        """One statement by itself. Raises ``StoreRefused`` when it was not done."""
        with _refusing():
            return await self._ask(text, *values)

    async def _ask(self, text: str, *values: Any) -> list[Any]:
        async def once() -> list[Any]:
            async with self._pool.acquire(timeout=PATIENCE_SECONDS) as connection:
                rows: list[Any] = await connection.fetch(text, *values)
                return rows

        return await self._patiently(once)

    async def drive(self, plan: Plan[Result], connection: Connection) -> Result:
        """Run a plan to its end on this connection."""
        try:
            call = next(plan)
            while True:
                call = plan.send(await self._run(connection, *call))
        except StopIteration as end:
            result: Result = end.value
            return result

    async def _run(self, connection: Connection, statement: Statement, rows: Sequence[Row]) -> Rows:
        text = self._texts.get(statement) or self._make(statement)
        found: Rows = await connection.fetch(text, *zip(*rows, strict=True))
        return found

    def _make(self, statement: Statement) -> str:
        kinds = [str(DIALECT.type_compiler_instance.process(kind)) for kind in statement.types]
        arrays = ", ".join(f"${place}::{kind}[]" for place, kind in enumerate(kinds, 1))
        names = ", ".join(statement.names)
        body = statement.compiled(DIALECT)
        text = self._texts[statement] = " ".join((f"WITH given({names}) AS (SELECT * FROM unnest({arrays}))", body))  # noqa: S608 - names of our own statements
        return text

    async def _patiently(self, work: Callable[[], Awaitable[Result]]) -> Result:
        until = time.monotonic() + PATIENCE_SECONDS
        told = False
        while True:
            try:
                return await work()
            except CONNECTION_LOST as error:
                if not told:
                    get_log().warning("PostgreSQL is away", error=repr(error))
                told = True
                if time.monotonic() > until:
                    raise StoreRefused(f"PostgreSQL is away: {type(error).__name__}") from error
                await asyncio.sleep(PAUSE_SECONDS)
            except asyncpg.DeadlockDetectedError as error:
                if time.monotonic() > until:
                    raise StoreRefused(reason(error)) from error
            except NOT_NOW as error:
                raise StoreRefused(reason(error)) from error

    async def _resolved(self, kinds: Kinds) -> Outcomes:
        while True:
            try:
                return await self._transaction(kinds)
            except _CommitUnknown as unknown:
                if await self._has_committed(unknown.transaction):
                    return unknown.outcomes

    async def _transaction(self, kinds: Kinds) -> Outcomes:
        async with self._pool.acquire(timeout=PATIENCE_SECONDS) as connection:
            await connection.execute("BEGIN")
            transaction = await connection.fetchval("SELECT pg_current_xact_id()::text")
            outcomes = [await self.drive(plan(units), connection) for plan, units in kinds.items()]
            reach_before_commit(kinds)
            try:
                await connection.execute("COMMIT")
            except CONNECTION_LOST as error:
                raise _CommitUnknown(transaction, outcomes) from error
        reach_after_commit(kinds)
        return outcomes

    async def _has_committed(self, transaction: str) -> bool:
        """Ask the server itself. Raises ``CommitUnresolved`` when it does not come back or does not know in time."""
        until = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until:
            try:
                rows = await self._ask("SELECT pg_xact_status($1::text::xid8)", transaction)
            except StoreRefused as error:
                raise CommitUnresolved(str(error)) from error
            except asyncpg.PostgresError:
                return False  # a server that never saw this transaction: it took over without it
            status = rows[0][0]
            if status != "in progress":
                return bool(status == "committed")
            await asyncio.sleep(PAUSE_SECONDS)
        raise CommitUnresolved(f"transaction {transaction} is still in progress")
