"""Bringing a database to this program's schema. Alembic is loaded only when there is something to do."""

import io
import sqlite3
from pathlib import Path

from bot.errors import StoreError
from bot.store.schema import REVISION


def migrate_sqlite(connection: sqlite3.Connection) -> str:
    """All pending revisions in one transaction: a process killed half-way leaves the old schema."""
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
    return REVISION


def pending(current: str | None, dialect: str) -> str:
    """The SQL from the revision *current* to ours; "" when there is nothing to do.

    Raises ``StoreError`` for a database that a newer program has migrated.
    """
    if current == REVISION:
        return ""
    if current is not None and current > REVISION:
        raise StoreError(f"the database has schema {current}, this program knows {REVISION}: install the newer program")
    from alembic import command  # noqa: PLC0415 - ten megabytes that a migrated database does not need
    from alembic.config import Config  # noqa: PLC0415 - as above

    text = io.StringIO()
    config = Config(output_buffer=text)
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["dialect"] = dialect
    command.upgrade(config, f"{current or 'base'}:head", sql=True)
    return text.getvalue()
