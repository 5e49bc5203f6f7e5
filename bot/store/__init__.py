"""All SQL: the durable truth, on SQLite or PostgreSQL. Nothing heavy is loaded before it is used."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from bot.clock import Clock
from bot.privacy import Keyring

if TYPE_CHECKING:
    from bot.store.base import PlanStore
    from bot.store.retention import Retention

DATABASE_NAME = "motcua.db"


def make_store(
    database_url: str,
    data_dir: Path,
    keyring: Keyring,
    clock: Clock,
    *,
    open_sessions: Callable[[], frozenset[str]] = frozenset,
    retention: "Retention | None" = None,
) -> "PlanStore":
    """The store, not yet open: PostgreSQL when an address is given, else the SQLite file under *data_dir*.

    *open_sessions* tells the connections of this process that are open now; see ``InboundMessage.session``.
    """
    if database_url:
        from bot.store.postgres import PostgresStore  # noqa: PLC0415 - each engine is loaded only where it is used

        return PostgresStore(database_url, keyring, clock, open_sessions=open_sessions, retention=retention)
    from bot.store.sqlite import SqliteStore  # noqa: PLC0415 - as above

    path = data_dir / DATABASE_NAME
    return SqliteStore(path, keyring, clock, open_sessions=open_sessions, retention=retention)


def migrate_database(database_url: str, data_dir: Path) -> str:
    """Migrate PostgreSQL, or SQLite under *data_dir* when no address is given; the revision reached.

    Raises ``StoreLocked`` when a running gateway owns the SQLite file, ``StoreError`` for anything else in the way.
    """
    if database_url:
        from bot.store.postgres import migrate_postgres  # noqa: PLC0415 - as above

        return migrate_postgres(database_url)
    from bot.store.sqlite import migrate_file  # noqa: PLC0415 - as above

    data_dir.mkdir(parents=True, exist_ok=True)
    return migrate_file(data_dir / DATABASE_NAME)


def copy_sqlite(data_dir: Path, target: Path) -> None:
    """Copy the SQLite file while it is in use, and check the copy. Blocks. Raises ``StoreError``."""
    from bot.store.sqlite_file import back_up  # noqa: PLC0415 - as above

    back_up(data_dir / DATABASE_NAME, target)
