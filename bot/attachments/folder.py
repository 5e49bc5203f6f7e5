"""The sealed files: an original and, of a picture, what may be shown of it. Names are our own and random."""

import os
import re
import secrets
import time
from contextlib import suppress
from pathlib import Path

from bot.privacy import Keyring

_NAME = re.compile("[0-9a-f]{32}")
_OWNER_ONLY = 0o600
SHOWN = ".shown"


class AttachmentFolder:
    """Blocks: call it in a thread."""

    def __init__(self, folder: Path, keyring: Keyring) -> None:
        self._folder = folder
        self._keyring = keyring

    def keep(self, original: bytes, shown: bytes | None) -> str:
        """The name of the file. Raises ``OSError`` when there is no room."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        name = secrets.token_hex(16)
        self._write(name, original)
        if shown is not None:
            self._write(name + SHOWN, shown)
        return name

    def original(self, name: str) -> bytes:
        """The file as it came. Raises ``FileNotFoundError`` for what is not there, also for what is no name."""
        return self._read(name, "")

    def shown(self, name: str) -> bytes:
        """The picture as it may be shown. Raises ``FileNotFoundError``; of videos and documents too."""
        return self._read(name, SHOWN)

    def discard(self, name: str) -> None:
        """Delete it."""
        if _NAME.fullmatch(name):
            for end in ("", SHOWN):
                with suppress(FileNotFoundError):
                    (self._folder / (name + end)).unlink()

    def older_than(self, seconds: float) -> list[str]:
        """The names of files that were kept so long ago."""
        if not self._folder.is_dir():
            return []
        kept = (path for path in self._folder.iterdir() if _NAME.fullmatch(path.name))
        return sorted(path.name for path in kept if time.time() - path.stat().st_mtime > seconds)

    def _read(self, name: str, end: str) -> bytes:
        if not _NAME.fullmatch(name):
            raise FileNotFoundError(name)
        return self._keyring.open_octets((self._folder / (name + end)).read_bytes())

    def _write(self, name: str, octets: bytes) -> None:
        handle = os.open(self._folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY)
        with os.fdopen(handle, "wb") as file:
            file.write(self._keyring.seal_octets(octets))
            file.flush()
            os.fsync(file.fileno())
