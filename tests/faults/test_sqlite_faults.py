"""The SQLite file is locked, full, damaged, read-only, taken: refused with a clear word, never replaced, never half."""

import asyncio
import os
import pwd
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.clock import FixedClock
from bot.errors import StoreError, StoreLocked, StoreRefused
from bot.store.port import Decision
from bot.store.schema import REVISION
from bot.store.sqlite import SqliteStore, migrate_file
from tests.contract.store_engines import KEYRING, NOON, claimed, text


def make(path: Path, *, busy: int = 200) -> SqliteStore:
    return SqliteStore(path, KEYRING, FixedClock(NOON), busy_milliseconds=busy)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "motcua.db"


async def test_a_locked_database_refuses_and_goes_on(path: Path) -> None:
    store = make(path)
    await store.open()
    row = await claimed(store, text())
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        calls = [store.save_inbound(text(sender=number), claim=True) for number in range(1, 20)]
        results = await asyncio.gather(*calls, store.decide(Decision(inbound=row, at=NOON)), return_exceptions=True)
        assert {type(result) for result in results} == {StoreRefused}
        with pytest.raises(StoreRefused):
            await store.ping()
        assert (await store.figures(NOON)).inbound_open == 1, "reading goes on"
        other.execute("ROLLBACK")
    assert (await store.save_inbound(text(sender=1), claim=True)).claimed
    await store.decide(Decision(inbound=row, at=NOON))
    await store.ping()
    await store.close()


async def test_a_full_disk_refuses_and_heals_without_a_restart(path: Path) -> None:
    store = make(path)
    await store.open()
    (pages,) = store._connection.execute("PRAGMA page_count").fetchone()
    store._connection.execute(f"PRAGMA max_page_count = {pages + 3}")
    stored, refused = [], 0
    for number in range(60):
        try:
            stored.append((await store.save_inbound(text("x" * 500, sender=number), claim=False)).id)
        except StoreRefused:
            refused += 1
    assert refused > 30
    assert stored
    store._connection.execute("PRAGMA max_page_count = 1000000")
    stored.append((await store.save_inbound(text("after", sender=999), claim=False)).id)
    assert sorted(row.id for row in await store.claim_inbound(256)) == stored
    await store.close()


def damaged_header(path: Path) -> None:
    with path.open("r+b") as file:
        file.write(b"\0" * 100)


def other_file(path: Path) -> None:
    path.write_bytes(b"PK\3\4 this is something else")


def damaged_schema(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(100)
        file.write(b"\xff" * 3000)


def missing_with_log(path: Path) -> None:
    path.with_name(path.name + "-wal").write_bytes(b"log" * 100)
    path.unlink()


def newer_schema(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")


def octets(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (damaged_header, "damaged or no SQLite file"),
        (other_file, "damaged or no SQLite file"),
        (damaged_schema, "cannot be used"),
        (missing_with_log, "put the file back"),
        (newer_schema, "install the newer program"),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
async def test_a_damaged_file_is_told_and_left_alone(path: Path, damage: Callable[[Path], None], words: str) -> None:
    store = make(path)
    await store.open()
    await store.save_inbound(text(), claim=False)
    await store.close()
    damage(path)
    before = octets(path)
    with pytest.raises(StoreError, match=words) as told:
        await make(path).open()
    assert str(path) in str(told.value) or damage is newer_schema
    assert octets(path) == before, "no silent new file"
    with pytest.raises(StoreError, match=words):
        await asyncio.to_thread(migrate_file, path)


@pytest.fixture
def unprivileged() -> Iterator[Path]:
    """A folder, and a user who is bound by the rights of its files."""
    nobody = pwd.getpwnam("nobody")
    with tempfile.TemporaryDirectory(dir="/tmp") as name:
        if os.geteuid() == 0:
            os.chown(name, nobody.pw_uid, -1)
            os.seteuid(nobody.pw_uid)
            try:
                yield Path(name)
            finally:
                os.seteuid(0)
        else:
            yield Path(name)


async def test_a_read_only_file_is_told(unprivileged: Path) -> None:
    path = unprivileged / "motcua.db"
    store = make(path)
    await store.open()
    await store.close()
    path.chmod(0o400)
    with pytest.raises(StoreError, match=r"readonly|read-only|cannot be used"):
        await make(path).open()


async def test_the_second_owner_is_refused_and_the_first_not_disturbed(path: Path) -> None:
    first = make(path)
    await first.open()
    with pytest.raises(StoreLocked, match="held by another running process"):
        await make(path).open()
    with pytest.raises(StoreLocked):
        await asyncio.to_thread(migrate_file, path)
    assert await first.save_inbound(text(), claim=False)
    await first.close()
    second = make(path)
    await second.open()
    await second.close()


MIGRATE_AND_DIE = """
import os, signal, sys
from pathlib import Path
from bot.store import sqlite_file
from bot.store.migrate import migrate_sqlite

connection = sqlite_file.open_writer(Path(sys.argv[1]), 5000)
left = int(sys.argv[2])

def count(statement):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)

connection.set_trace_callback(count)
migrate_sqlite(connection)
"""


@pytest.mark.parametrize("statement", [4, 10, 20, 30])
async def test_a_migration_killed_half_way_is_done_by_the_next_start(path: Path, statement: int) -> None:
    done = await asyncio.to_thread(
        subprocess.run, [sys.executable, "-c", MIGRATE_AND_DIE, str(path), str(statement)], check=False
    )
    assert done.returncode == -signal.SIGKILL
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [], "nothing is half"
    store = make(path)
    await store.open()
    assert (await store.save_inbound(text(), claim=True)).claimed
    await store.close()
    assert await asyncio.to_thread(migrate_file, path) == REVISION
