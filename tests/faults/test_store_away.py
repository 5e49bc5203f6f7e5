"""The store of a running gateway is locked, full or gone for a while: 0x64 meanwhile, and every answer afterwards, without a restart."""

import asyncio
import resource
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import asyncpg
import pytest

from tests import processes
from tests.contract.store_engines import new_database
from tests.contract.store_postgres import PostgresServer
from tests.place import Place, place
from tests.proxy import Proxy, proxy_to

pytestmark = [pytest.mark.long, pytest.mark.timeout(300)]
LOCKED_SECONDS = 8
"""Longer than either engine waits for a lock, so that everything under way is refused at least once."""
PER_SECOND = 20


@asynccontextmanager
async def file_locked(here: Place) -> AsyncIterator[None]:
    other = sqlite3.connect(here.folder / "data" / "motcua.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    yield
    other.execute("ROLLBACK")
    other.close()


def tables_locked(url: str) -> Callable[[Place], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def locked(here: Place) -> AsyncIterator[None]:
        del here
        other = await asyncpg.connect(url)
        await other.execute("BEGIN; LOCK TABLE inbox, outbox IN ACCESS EXCLUSIVE MODE")
        yield
        await other.execute("ROLLBACK")
        await other.close()

    return locked


def line_cut(proxy: Proxy) -> Callable[[Place], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def cut(here: Place) -> AsyncIterator[None]:
        del here
        proxy.away = True
        proxy.drop_all()
        yield
        proxy.away = False

    return cut


def line_silent(proxy: Proxy) -> Callable[[Place], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def silent(here: Place) -> AsyncIterator[None]:
        del here
        proxy.freeze()
        yield
        proxy.thaw()
        proxy.drop_all()

    return silent


async def text_through(here: Place, trouble: AbstractAsyncContextManager[None]) -> None:
    """Texts before, during and after the trouble; all are answered by the same process, none twice without a flag."""
    gateway = await here.start()
    try:
        load = asyncio.create_task(deliver_all(here))
        await here.answered(here.codes[:10])
        async with trouble:
            await asyncio.sleep(LOCKED_SECONDS)
        await load
        await here.answered(here.codes, seconds=60)
        assert await gateway.stop() == 0
    finally:
        await gateway.kill()
    told = await processes.messages(here.config)
    inbound = [row for row in told if row["direction"] == "in" and row["duplicate_of"] is None]
    assert {row["state"] for row in inbound} == {"done"}
    flagged = {code for row in told if row["possible_duplicate"] for code in row["codes"]}
    assert {code for code, texts in here.telco.answers.items() if len(texts) > 1} <= flagged


async def deliver_all(here: Place) -> None:
    async with asyncio.TaskGroup() as group:
        for number, code in enumerate(here.codes):
            group.create_task(here.telco.deliver(f"849{30_000_000 + number // 3}", code))
            await asyncio.sleep(1 / PER_SECOND)


async def test_a_locked_file(tmp_path: Path, unused_tcp_port: int) -> None:
    async with place(tmp_path, unused_tcp_port, codes=PER_SECOND * 12) as here:
        await text_through(here, file_locked(here))


async def test_locked_tables(tmp_path: Path, unused_tcp_port: int, postgres_url: str) -> None:
    async with place(tmp_path, unused_tcp_port, database_url=postgres_url, codes=PER_SECOND * 12) as here:
        await text_through(here, tables_locked(postgres_url)(here))


@pytest.mark.parametrize("trouble", [line_cut, line_silent])
async def test_a_server_that_is_away(
    tmp_path: Path,
    unused_tcp_port: int,
    postgres: PostgresServer,
    trouble: Callable[[Proxy], Callable[[Place], AbstractAsyncContextManager[None]]],
) -> None:
    name = (await new_database(postgres, migrated=True)).partition("?")[0].rpartition("/")[2]
    async with proxy_to(postgres.folder / ".s.PGSQL.5432") as proxy:
        url = proxy.url(name)
        async with place(tmp_path, unused_tcp_port, database_url=url, codes=PER_SECOND * 12) as here:
            await text_through(here, trouble(proxy)(here))


@asynccontextmanager
async def no_room(here: Place, pid: int) -> AsyncIterator[None]:
    """The process may make no file longer than its database is now."""
    size = max(path.stat().st_size for path in (here.folder / "data").iterdir())
    _, most = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, most))
    yield
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (most, most))


async def test_a_full_disk(tmp_path: Path, unused_tcp_port: int) -> None:
    """Log lines are not written either, which stops nothing."""
    async with place(tmp_path, unused_tcp_port, codes=PER_SECOND * 12) as here:
        gateway = await here.start()
        load = asyncio.create_task(deliver_all(here))
        await here.answered(here.codes[:10])
        async with no_room(here, gateway.pid):
            await asyncio.sleep(LOCKED_SECONDS)
            acknowledged = len(here.telco.acknowledged)
            assert acknowledged < PER_SECOND * LOCKED_SECONDS, "most were refused"
        await load
        await here.answered(here.codes, seconds=60)
        assert await gateway.stop() == 0
    assert len(here.telco.acknowledged) == len(here.codes)
