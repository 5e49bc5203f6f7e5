"""A copy of the SQLite store from which a gateway can be started again, with the key that opens it."""

import asyncio
import os
from dataclasses import dataclass, replace
from pathlib import Path

from bot.errors import ConfigError, StoreError
from bot.privacy import KEY_NAME
from bot.store import DATABASE_NAME, copy_sqlite


@dataclass(frozen=True, slots=True)
class Copy:
    """The files of a backup."""

    database: Path
    key: Path | None
    """None: the key is in the configuration."""


def place_of(target: Path, data_dir: Path) -> Copy:
    """A folder gets the names that a data folder has; any other target is the database file, with the key beside it.

    Raises ``ConfigError`` for a target without a folder, or inside the data folder.
    """
    place = Copy(target, target.with_name(f"{target.name}.key"))
    if target.is_dir():
        place = Copy(target / DATABASE_NAME, target / KEY_NAME)
    folder = place.database.parent
    if not folder.is_dir():
        raise ConfigError(f"{folder} is no folder: make it first")
    if folder.resolve() == data_dir.resolve():
        raise ConfigError(f"{target} is in the data folder itself: choose another folder, best on another disk")
    return place if (data_dir / KEY_NAME).exists() else replace(place, key=None)


async def back_up(data_dir: Path, target: Path) -> Copy:
    """Copy the key, then the database, which may be in use and is checked before it gets its name.

    Raises ``StoreError`` or ``ConfigError``; what was at *target* before is then still there.
    """
    return await asyncio.to_thread(_back_up, data_dir, target)


def _back_up(data_dir: Path, target: Path) -> Copy:
    place = place_of(target, data_dir)
    try:
        copy_sqlite(data_dir, place.database)
        if place.key is not None:
            _copy_secret(data_dir / KEY_NAME, place.key)
    except OSError as error:
        raise StoreError(f"{target} cannot be written: {error.strerror}") from error
    return place


def _copy_secret(source: Path, target: Path) -> None:
    """Whole or not at all, and readable by its owner only."""
    partial = target.with_name(f"{target.name}.partial")
    partial.unlink(missing_ok=True)
    handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(source.read_bytes())
        file.flush()
        os.fsync(file.fileno())
    partial.replace(target)
