"""A database that is not what this version made is refused at the start, and a revision that was released stays as it is."""

from hashlib import sha256
from pathlib import Path

import pytest

from bot.errors import StoreError
from bot.store import migrate_database, migrations
from bot.store.drift import OURS, check_columns
from bot.store.schema import REVISION
from tests import processes
from tests.contract.store_engines import Engine, SqliteEngine

VERSIONS = Path(migrations.__file__).parent / "versions"
RELEASED = {"0001_first_tables.py": "6dd536f50710fc29edd58a83844833f3c33a1d9c0bf3f9cb4c258fa89ea81919"}
"""Databases bear these revisions: a change of their text would never reach them, so write the next revision instead."""


@pytest.mark.parametrize("name", RELEASED)
def test_a_released_revision_stays_as_it_is(name: str) -> None:
    assert sha256((VERSIONS / name).read_bytes()).hexdigest() == RELEASED[name]


def test_revisions_follow_one_another() -> None:
    """Two that were written at the same time bear the same number, and no database could be made any more."""
    numbers = [path.name[:4] for path in sorted(VERSIONS.glob("0*.py"))]
    assert numbers == [f"{number:04}" for number in range(1, len(numbers) + 1)]
    assert numbers[-1] == REVISION


async def test_another_checkout_made_the_tables(engine: Engine) -> None:
    store = await engine.open()
    await store.close()
    engine.forget(store)
    await engine.change("ALTER TABLE inbox RENAME COLUMN repeat_key TO old_key")
    with pytest.raises(StoreError, match="schema is not what this version made") as told:
        await engine.open()
    assert "inbox.repeat_key is missing, inbox.old_key is unknown" in str(told.value)


async def test_serve_and_migrate_tell_it_and_are_not_ready(sqlite_engine: SqliteEngine, tmp_path: Path) -> None:
    config = processes.write_config(tmp_path, smsc_port=1, upstream="http://127.0.0.1:9")
    migrate_database("", tmp_path / "data")
    sqlite_engine.path = tmp_path / "data" / "motcua.db"
    await sqlite_engine.change("ALTER TABLE outbox DROP COLUMN error")
    for command in ("serve", "migrate"):
        code, out, errors = await processes.run(command, "--config", str(config))
        assert (code, out) == (1, ""), "never ready"
        assert "database schema is not what this version made: outbox.error is missing" in errors
        assert "Traceback" not in errors


def test_many_differences_are_told_in_short() -> None:
    with pytest.raises(StoreError, match=f"and {len(OURS) - 7} more"):
        check_columns([("inbox", "id"), ("a table of somebody else", "id")])


async def test_the_file_is_its_owners_alone(sqlite_engine: SqliteEngine) -> None:
    sqlite_engine.path.touch(mode=0o644)
    await sqlite_engine.open()
    assert {path.name: path.stat().st_mode & 0o777 for path in sqlite_engine.folder.iterdir()} == dict.fromkeys(
        ("motcua.db", "motcua.db-wal", "motcua.db-shm", "motcua.db.lock"), 0o600
    )
