"""A migration of PostgreSQL that is killed half-way leaves nothing; two at once do the work once."""

import asyncio
import sys
from pathlib import Path

import asyncpg
import pytest

from bot.clock import FixedClock
from bot.errors import StoreError
from bot.store import make_store, migrate_database
from bot.store.schema import REVISION
from tests import processes
from tests.contract.store_engines import KEYRING, NOON, text

TABLES = "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'"
WAITS = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


async def until(watcher: asyncpg.Connection, *, waiting: int) -> None:
    for _ in range(1500):
        if await watcher.fetchval(WAITS) == waiting:
            return
        await asyncio.sleep(0.02)
    raise AssertionError("the migration does not wait where it should")


async def test_a_migration_killed_half_way(bare_postgres_url: str, tmp_path: Path) -> None:
    config = tmp_path / "motcua.toml"
    config.write_text(f'data_dir = "{tmp_path}"\ndatabase_url = "{bare_postgres_url}"\n')
    admin = await asyncpg.connect(bare_postgres_url)
    await admin.execute("BEGIN; CREATE TABLE outbox_part (id int)")  # the migration comes as far as this table
    migrating = await asyncio.create_subprocess_exec(sys.executable, "-m", "bot", "migrate", "--config", str(config))
    watcher = await asyncpg.connect(bare_postgres_url)
    await until(watcher, waiting=1)
    migrating.kill()
    await migrating.wait()
    await admin.execute("ROLLBACK")
    await admin.close()
    await until(watcher, waiting=0)
    assert await watcher.fetchval(TABLES) == 0, "nothing is half"
    code, out, errors = await processes.run("serve", "--config", str(config))
    assert (code, out) == (1, "")
    assert "run motcua migrate" in errors
    code, out, errors = await processes.run("migrate", "--config", str(config))
    assert (code, REVISION in out, errors) == (0, True, "")
    assert await watcher.fetchval(TABLES) > 0
    await watcher.close()


async def test_two_migrations_at_once(bare_postgres_url: str) -> None:
    done = await asyncio.gather(*(asyncio.to_thread(migrate_database, bare_postgres_url, Path()) for _ in range(3)))
    assert done == [REVISION] * 3
    store = make_store(bare_postgres_url, Path(), KEYRING, FixedClock(NOON))
    await store.open()
    assert (await store.save_inbound(text(), claim=True)).claimed
    await store.close()


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("postgresql://u:geheim@127.0.0.1:1/motcua", "127.0.0.1/motcua cannot be used"),
        ("postgresql://u:geheim@/motcua?host=/nowhere", "cannot be used"),
    ],
)
async def test_a_server_that_is_not_there_is_told_without_its_password(url: str, words: str) -> None:
    store = make_store(url, Path(), KEYRING, FixedClock(NOON))
    with pytest.raises(StoreError, match=words) as told:
        await store.open()
    assert "geheim" not in str(told.value)
