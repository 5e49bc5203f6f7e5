"""The store on PostgreSQL: several processes, each with an epoch that it must keep alive."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from datetime import timedelta
from functools import partial
from typing import Any, TypeVar
from urllib.parse import urlsplit

import asyncpg

from bot.clock import Clock
from bot.errors import StoreError, StoreRefused
from bot.logs import get_log
from bot.model import InboundMessage
from bot.privacy import Keyring
from bot.store import alert_queries, conversations, petition_changes, receipts, recovery
from bot.store.base import OpenSessions, PlanStore
from bot.store.drift import POSTGRES_COLUMNS, check_columns
from bot.store.groups import AnyGroupPlan
from bot.store.ids import Ids, first_id_at
from bot.store.migrate import pending
from bot.store.port import Claimed, Decision, Saved
from bot.store.postgres_session import (
    COMMAND_SECONDS,
    CONNECTION_LOST,
    PATIENCE_SECONDS,
    SERVER_SETTINGS,
    Session,
    roll_back,
)
from bot.store.postgres_writer import GroupWriter
from bot.store.retention import Retention
from bot.store.running import GroupPlan, Result, Unit
from bot.store.schema import REVISION
from bot.store.statements import Plan

CONNECTIONS = 10
REMATCHED = timedelta(seconds=30)
"""How long receipts without a part are tried again, at every renewal."""
CHANNEL = "motcua"
REGISTER = """
    INSERT INTO process (started_at, expires_at)
    SELECT now, now + 30000000 FROM (SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint) AS clock (now)
    RETURNING epoch
"""
EXTEND = """
    UPDATE process SET expires_at = (extract(epoch FROM clock_timestamp()) * 1000000)::bigint + 30000000
    WHERE epoch = $1 RETURNING epoch
"""
DEAD = "SELECT epoch FROM process WHERE expires_at < (extract(epoch FROM clock_timestamp()) * 1000000)::bigint"
WITH_NOTICES: frozenset[AnyGroupPlan] = frozenset(
    {petition_changes.change, petition_changes.change_drafts, conversations.change, alert_queries.send}
)
"""What officers and the clock do: the messages may have to leave from another process."""
Value = TypeVar("Value")


class PostgresStore(PlanStore):
    """One process among several on a common database."""

    def __init__(
        self,
        url: str,
        keyring: Keyring,
        clock: Clock,
        *,
        open_sessions: OpenSessions = frozenset,
        retention: Retention | None = None,
        connections: int = CONNECTIONS,
    ) -> None:
        super().__init__(keyring, clock, open_sessions=open_sessions, retention=retention or Retention())
        self._url = url
        self._connections = connections
        self._hints = asyncio.Event()
        self._listener: Any = None

    async def open(self) -> None:
        """Raises ``StoreError`` when the server cannot be reached or its schema is not ours."""
        with told(self._url):
            await self._connect()
            self._writer = GroupWriter(self._session)
            await self._begin_epoch()
            await self._take_back(thoroughly=True)
            await self._listen()
        self._hinter = asyncio.get_running_loop().create_task(self._tell_others())
        get_log().info("store open", engine="PostgreSQL", epoch=self.epoch)

    async def _connect(self) -> None:
        self._pool = await asyncpg.create_pool(
            self._url,
            min_size=1,
            max_size=self._connections,
            server_settings=SERVER_SETTINGS,
            timeout=PATIENCE_SECONDS,
            command_timeout=COMMAND_SECONDS,
            reset=roll_back,
        )
        await self._check_schema()
        self._session = Session(self._pool)

    @contextlib.asynccontextmanager
    async def reading(self) -> AsyncIterator[None]:
        """See the base."""
        with told(self._url):
            await self._connect()
        try:
            yield
        finally:
            await self._pool.close()

    async def _check_schema(self) -> None:
        current = await self._pool.fetchval("SELECT to_regclass('alembic_version')::text")
        revision = await self._pool.fetchval("SELECT version_num FROM alembic_version") if current else None
        if revision != REVISION:
            await self._pool.close()
            raise StoreError(f"the database has schema {revision}, this program needs {REVISION}: run motcua migrate")
        try:
            check_columns(await self._pool.fetch(POSTGRES_COLUMNS))
        except StoreError:
            await self._pool.close()
            raise

    async def _begin_epoch(self) -> None:
        newest = await self._session.read(partial(recovery.newest_id, None))
        self.epoch = (await self._session.execute(REGISTER))[0][0]
        self._ids = Ids(self._clock, self.epoch, after=newest)
        self._writer.unresolved = False

    async def close(self) -> None:
        """See the port."""
        self._hinter.cancel()
        await asyncio.gather(self._hinter, return_exceptions=True)
        await self._writer.stop()
        try:
            await self.write(recovery.recover, self._processes(self.epoch))
        except StoreRefused as error:
            get_log().warning("own rows not given back; they are free in 30 s", error=str(error))
        await self._stop_listening()
        self._pool.terminate() if self._writer.unresolved else await self._pool.close()

    async def ping(self) -> None:
        """See the port."""
        await self._session.execute(EXTEND, self.epoch)

    async def renew(self) -> None:
        """See the port. A process that was away too long goes on under a new epoch; its old rows are anybody's."""
        alive = not self._writer.unresolved and await self._session.execute(EXTEND, self.epoch)
        if not alive:
            get_log().warning("epoch lost", epoch=self.epoch)
            lost = self.epoch
            await self._begin_epoch()
            await self.write(recovery.recover, self._processes(lost))
        await self._take_back(thoroughly=True)
        await self.write(receipts.rematch, first_id_at(self._clock.now() - REMATCHED))
        if self._listener is None or self._listener.is_closed():
            await self._listen()

    async def claim_inbound(self, limit: int) -> Sequence[Claimed]:
        """See the port."""
        await self._take_back()
        return await super().claim_inbound(limit)

    async def _take_back(self, *, thoroughly: bool = False) -> None:
        """Recover the rows of processes that ended without a word."""
        dead = [row[0] for row in await self._session.execute(DEAD)]
        if thoroughly:
            dead += await self.read(recovery.ownerless, None)
        if dead:
            await self.write(recovery.recover, self._processes(*dead))

    def _processes(self, *epochs: int) -> recovery.Processes:
        return recovery.Processes(epochs=epochs, now=self._clock.now())

    async def write(self, plan: GroupPlan[Unit, Result], unit: Unit) -> Result:
        """Run *plan*, in a group where that pays."""
        outcome: Result = await self._writer.write(plan, unit)
        if plan in WITH_NOTICES:
            self._hints.set()
        return outcome

    async def read(self, plan: Callable[[Unit], Plan[Value]], unit: Unit) -> Value:
        """Run *plan* on any connection."""
        return await self._session.read(partial(plan, unit))

    # --- hints to other processes

    async def save_inbound(self, message: InboundMessage, *, claim: bool) -> Saved:
        """See the port."""
        saved = await super().save_inbound(message, claim=claim)
        if saved.claimed is None:
            self._hints.set()
        return saved

    async def decide(self, decision: Decision) -> None:
        """See the port."""
        await super().decide(decision)
        if not all(new.sending for new in decision.outbound):
            self._hints.set()

    async def _tell_others(self) -> None:
        """Many hints become one; a hint that is lost costs the time until the next poll."""
        while True:
            await self._hints.wait()
            self._hints.clear()
            with contextlib.suppress(StoreRefused, asyncpg.PostgresError):
                await self._session.execute("SELECT pg_notify($1, $2)", CHANNEL, str(self.epoch))

    async def _listen(self) -> None:
        with told(self._url):
            self._listener = await asyncpg.connect(self._url, server_settings=SERVER_SETTINGS, timeout=PATIENCE_SECONDS)
            await self._listener.add_listener(CHANNEL, self._heard)

    def _heard(self, _connection: Any, _process: int, _channel: str, epoch: str) -> None:
        if epoch != str(self.epoch):
            self._work.set()

    async def _stop_listening(self) -> None:
        if self._listener is not None and not self._listener.is_closed():
            await self._listener.close(timeout=PATIENCE_SECONDS)


def migrate_postgres(url: str) -> str:
    """All pending revisions in one transaction; the revision reached."""
    return asyncio.run(_migrate(url))


async def _migrate(url: str) -> str:
    with told(url):
        connection = await asyncpg.connect(url, timeout=PATIENCE_SECONDS)
        try:
            async with connection.transaction():
                await connection.execute("SELECT pg_advisory_xact_lock(hashtext('motcua migrate'))")
                known = await connection.fetchval("SELECT to_regclass('alembic_version')::text")
                current = await connection.fetchval("SELECT version_num FROM alembic_version") if known else None
                if text := pending(current, "postgresql"):
                    await connection.execute(text)
                check_columns(await connection.fetch(POSTGRES_COLUMNS))
        finally:
            await connection.close()
    return REVISION


@contextlib.contextmanager
def told(url: str) -> Iterator[None]:
    """Say which server could not be used, without its password."""
    try:
        yield
    except (*CONNECTION_LOST, asyncpg.PostgresError) as error:
        parts = urlsplit(url)
        where = f"{parts.hostname or 'local socket'}{parts.path}"
        raise StoreError(f"PostgreSQL at {where} cannot be used: {error or type(error).__name__}") from error
