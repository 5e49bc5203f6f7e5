"""The SQLite file: its lock, its settings, what is said when it cannot be used, and copies of it."""

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

from bot.errors import StoreError, StoreLocked

MAGIC = b"SQLite format 3\0"
PREPARED = 512
OWNER_ONLY = 0o600
SAFE_VERSION = (3, 51, 3)
"""Below it a checkpoint can race with the commit of another connection (the "WAL-reset bug"), so only the writer's
connection may write or checkpoint, whatever the version."""


class FileLock:
    """Held by the process that owns the file; the system frees it however that process ends."""

    def __init__(self, path: Path) -> None:
        self._handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, OWNER_ONLY)
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(self._handle)
            raise StoreLocked(
                f"{path} is held by another running process: end that one, or give this one its own data_dir"
            ) from error

    def release(self) -> None:
        """Let the next one in."""
        os.close(self._handle)


def check(path: Path) -> None:
    """Raises ``StoreError`` when the file is not what we left: it is never silently replaced by an empty one."""
    log = path.with_name(path.name + "-wal")
    if not path.exists():
        if log.exists() and log.stat().st_size:
            raise StoreError(
                f"{path} is missing but its log {log.name} is there: put the file back, or restore a backup"
            )
        return
    with path.open("rb") as file:
        head = file.read(len(MAGIC))
    if head and head != MAGIC:
        raise StoreError(f"{path} is damaged or no SQLite file: restore a backup; it was not changed")


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Say which file it was and what can be done."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        raise StoreError(f"{path} cannot be used: {error}; check its rights and disk, or restore a backup") from error


def open_writer(path: Path, busy_milliseconds: int) -> sqlite3.Connection:
    """The only connection that may write or checkpoint. The file, and what SQLite puts beside it, is for its owner alone."""
    path.touch(mode=OWNER_ONLY)
    with suppress(PermissionError):  # another user's file that this one may write: its rights are that user's wish
        path.chmod(path.stat().st_mode & OWNER_ONLY)
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, cached_statements=PREPARED)
    connection.executescript(
        f"""
        PRAGMA busy_timeout = {busy_milliseconds};
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = FULL;
        PRAGMA foreign_keys = ON;
        PRAGMA wal_autocheckpoint = 4000;
        PRAGMA journal_size_limit = 67108864;
        PRAGMA cache_size = -2048;
        PRAGMA temp_store = MEMORY;
        """
    )
    return connection


def open_reader(path: Path) -> sqlite3.Connection:
    """A connection that cannot change anything; any thread may use it, one at a time."""
    address = f"file:{quote(str(path))}?mode=ro"
    connection = sqlite3.connect(address, uri=True, isolation_level=None, check_same_thread=False)
    connection.executescript(
        "PRAGMA busy_timeout = 5000; PRAGMA query_only = ON; PRAGMA wal_autocheckpoint = 0; PRAGMA cache_size = -4096;"
    )
    return connection


def back_up(path: Path, target: Path) -> None:
    """Copy the file while it is in use, check the copy, then give it its name. Blocks.

    Raises ``StoreError``; a target that exists is replaced only by a good copy.
    """
    if not path.exists():
        raise StoreError(f"{path} does not exist: nothing to copy")
    partial = target.with_name(target.name + ".partial")
    partial.unlink(missing_ok=True)
    with told(path), closing(open_reader(path)) as source, closing(sqlite3.connect(partial)) as copy:
        partial.chmod(OWNER_ONLY)
        source.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")
        (found,) = copy.execute("PRAGMA integrity_check(1)").fetchone()
    if found != "ok":
        raise StoreError(f"the copy {partial} is damaged: {found}")
    with partial.open("rb") as file:
        os.fsync(file.fileno())
    partial.replace(target)
