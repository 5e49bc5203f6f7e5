"""Bringing a database to this program's schema. Alembic runs only when there is something to do, in a process of its own."""

import io
import os
import sqlite3
import subprocess
import sys
from functools import cache
from pathlib import Path

from bot.errors import StoreError
from bot.store.drift import SQLITE_COLUMNS, check_columns
from bot.store.schema import REVISION


def migrate_sqlite(connection: sqlite3.Connection) -> str:
    """All pending revisions in one transaction: a process killed half-way leaves the old schema.

    Raises ``StoreError`` when the tables are not those of this version afterwards.
    """
    known = connection.execute("SELECT name FROM sqlite_master WHERE name = 'alembic_version'").fetchone()
    current = connection.execute("SELECT version_num FROM alembic_version").fetchone() if known else None
    text = pending(current[0] if current else None, "sqlite")
    if text:
        try:
            connection.executescript(f"BEGIN IMMEDIATE;\n{text}\nCOMMIT;")
        except sqlite3.Error:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
    check_columns(connection.execute(SQLITE_COLUMNS))
    return REVISION


def pending(current: str | None, dialect: str) -> str:
    """The SQL from the revision *current* to ours; "" when there is nothing to do.

    Raises ``StoreError`` for a database that a newer program has migrated.
    """
    if current == REVISION:
        return ""
    if current is not None and current > REVISION:
        raise StoreError(f"the database has schema {current}, this program knows {REVISION}: install the newer program")
    return _written_by_alembic(current or "base", dialect)


@cache
def _written_by_alembic(start: str, dialect: str) -> str:
    """Loaded in this process, Alembic would keep ten megabytes for as long as the gateway serves."""
    arguments = [sys.executable, "-m", __name__, start, dialect]
    paths = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    made = subprocess.run(arguments, env=paths, capture_output=True, text=True, check=False)  # noqa: S603 - this file
    if made.returncode:
        raise StoreError(f"the migration from {start} cannot be written: {made.stderr[-500:]}")
    return made.stdout


def write(start: str, dialect: str) -> str:
    """The SQL from revision *start* to the newest, as Alembic writes it."""
    from alembic import command  # noqa: PLC0415 - only the process that writes needs it
    from alembic.config import Config  # noqa: PLC0415 - as above

    text = io.StringIO()
    config = Config(output_buffer=text)
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["dialect"] = dialect
    command.upgrade(config, f"{start}:head", sql=True)
    return text.getvalue()


if __name__ == "__main__":
    sys.stdout.write(write(sys.argv[1], sys.argv[2]))
