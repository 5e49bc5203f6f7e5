"""Both engines behind one face, and the messages that the contract suite writes."""

import asyncio
import itertools
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import asyncpg

from bot.clock import FixedClock
from bot.model import Address, ChannelName, InboundMessage, InboundPart, OutboundKind, OutboundMessage
from bot.privacy import Keyring
from bot.store import make_store, migrate_database
from bot.store.base import PlanStore
from bot.store.port import Claimed, Decision, NewOutbound, Saved
from bot.store.retention import Retention
from tests.contract.store_postgres import PostgresServer

NOON = datetime(2026, 6, 10, 5, 0, tzinfo=UTC)
KEYRING = Keyring(b"k" * 32)
CODE = "H05.12-260610-0001"
ROUTE = "smpp:telco"
TEMPLATE = "motcua_template"
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
_names = (f"test_{number}" for number in itertools.count())


class Engine(ABC):
    """Makes stores on one database; closes them at the end."""

    def __init__(self) -> None:
        self.clock = FixedClock(NOON)
        self._open: list[PlanStore] = []

    @abstractmethod
    def make(
        self, *, open_sessions: Callable[[], frozenset[str]] = frozenset, retention: Retention | None = None
    ) -> PlanStore:
        """Another store on the same database, not yet open."""

    @abstractmethod
    async def abandon(self, store: PlanStore) -> None:
        """Let it look as if its process had been killed: its rows stay as they are."""

    @abstractmethod
    async def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What the database holds, read (or damaged) past the store."""

    @abstractmethod
    async def change(self, statement: str) -> None:
        """Damage the database past the store."""

    def forget(self, store: PlanStore) -> None:
        """It is closed already."""
        self._open.remove(store)

    async def open(
        self, *, open_sessions: Callable[[], frozenset[str]] = frozenset, retention: Retention | None = None
    ) -> PlanStore:
        store = self.make(open_sessions=open_sessions, retention=retention)
        await store.open()
        self._open.append(store)
        return store

    async def close(self) -> None:
        for store in self._open:
            await store.close()


class SqliteEngine(Engine):
    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder
        self.path = folder / "motcua.db"

    def make(
        self, *, open_sessions: Callable[[], frozenset[str]] = frozenset, retention: Retention | None = None
    ) -> PlanStore:
        return make_store("", self.folder, KEYRING, self.clock, open_sessions=open_sessions, retention=retention)

    async def abandon(self, store: PlanStore) -> None:
        await asyncio.to_thread(store._close)  # type: ignore[attr-defined]  # a killed process gives nothing back
        self._open.remove(store)

    async def rows(self, query: str) -> list[tuple[Any, ...]]:
        import sqlite3  # noqa: PLC0415 - only this engine

        connection = sqlite3.connect(self.path, isolation_level=None)
        try:
            return connection.execute(query).fetchall()
        finally:
            connection.close()

    async def change(self, statement: str) -> None:
        await self.rows(statement)


class PostgresEngine(Engine):
    def __init__(self, url: str) -> None:
        super().__init__()
        self.url = url
        self._schema_is_ours = True

    @classmethod
    async def create(cls, server: PostgresServer) -> "PostgresEngine":
        """On a database that another test emptied, else on a new one, which takes ten times as long."""
        return cls(server.emptied.pop() if server.emptied else await new_database(server, migrated=True))

    async def give_back(self, server: PostgresServer) -> None:
        """Leave the database empty for the next one; not one that somebody still holds, or with other tables."""
        if not self._schema_is_ours:
            return
        connection = await asyncpg.connect(self.url, server_settings={"lock_timeout": "2s"})
        try:
            tables = [row[0] for row in await connection.fetch(TABLES)]
            await connection.execute(f"TRUNCATE {', '.join(tables)} RESTART IDENTITY")
        except asyncpg.LockNotAvailableError:
            return
        finally:
            await connection.close()
        server.emptied.append(self.url)

    def make(
        self, *, open_sessions: Callable[[], frozenset[str]] = frozenset, retention: Retention | None = None
    ) -> PlanStore:
        return make_store(self.url, Path(), KEYRING, self.clock, open_sessions=open_sessions, retention=retention)

    async def abandon(self, store: PlanStore) -> None:
        await self.rows(f"UPDATE process SET expires_at = 0 WHERE epoch = {store.epoch} RETURNING 1")

    async def rows(self, query: str) -> list[tuple[Any, ...]]:
        connection = await asyncpg.connect(self.url)
        try:
            return [tuple(row) for row in await connection.fetch(query)]
        finally:
            await connection.close()

    async def change(self, statement: str) -> None:
        self._schema_is_ours = False
        connection = await asyncpg.connect(self.url)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()


async def new_database(server: PostgresServer, *, migrated: bool = False) -> str:
    """The address of a database of its own: empty, or a copy of one that was migrated once."""
    name = next(_names)
    connection = await asyncpg.connect(server.url())
    try:
        if not migrated:
            await connection.execute(f"CREATE DATABASE {name}")
            return server.url(name)
        if not await connection.fetchval("SELECT count(*) FROM pg_database WHERE datname = $1", TEMPLATE):
            await connection.execute(f"CREATE DATABASE {TEMPLATE}")
            await asyncio.to_thread(migrate_database, server.url(TEMPLATE), Path())
        await connection.execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
    finally:
        await connection.close()
    return server.url(name)


def person(number: int = 0) -> Address:
    return Address(ChannelName.SMS, f"849{12345678 + number}")


def text(body: str = CODE, *, sender: int = 0, at: datetime = NOON, **more: Any) -> InboundMessage:
    """A text to the short code; the same body of the same sender has the same content hash."""
    message = InboundMessage(
        sender=person(sender),
        recipient="8283",
        text=body,
        received_at=at,
        route=ROUTE,
        content_hash=sha256(f"{sender}|{body}".encode(errors="replace")).digest(),
        raw=body.encode(errors="replace"),
    )
    return replace(message, **more)


def part(index: int, total: int = 3, *, at: datetime = NOON, reference: int = 7, body: str = "") -> InboundPart:
    octets = (body or f"part {index} ").encode()
    return InboundPart(
        sender=person(),
        recipient="8283",
        route=ROUTE,
        method="udh8",
        reference=reference,
        total=total,
        index=index,
        octets=octets,
        data_coding=0,
        content_hash=sha256(f"{reference}|{index}|".encode() + octets).digest(),
        received_at=at,
        session="1:1",
    )


def reply(
    store: PlanStore, saved: Saved | Claimed, *, ordinal: int = 0, at: datetime = NOON, **more: Any
) -> OutboundMessage:
    message = OutboundMessage(
        id=store.new_id(),
        to=person(),
        source="8283",
        route=ROUTE,
        text="Ho so dang xu ly",
        kind=OutboundKind.ANSWER,
        reply_to=saved.id,
        ordinal=ordinal,
        created_at=at,
        expires_at=at + timedelta(hours=24),
    )
    return replace(message, **more)


async def claimed(store: PlanStore, message: InboundMessage) -> Claimed:
    """Save a message that goes on in memory."""
    saved = await store.save_inbound(message, claim=True)
    assert saved.claimed is not None
    return saved.claimed


async def answered(store: PlanStore, message: InboundMessage, *, sending: bool = True, **more: Any) -> OutboundMessage:
    """Save a message and decide its reply, ``sending`` or ``ready``."""
    row = await claimed(store, message)
    to: dict[str, Any] = {"to": message.sender, "at": message.received_at}
    out = reply(store, row, **(to | more))
    await store.decide(
        Decision(inbound=row, at=message.received_at, outbound=(NewOutbound(message=out, sending=sending),))
    )
    return out
