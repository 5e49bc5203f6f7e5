"""Photos that people send to us directly: kept as files until they are read, at most for an hour."""

import asyncio
import os
import re
import secrets
import time
from contextlib import suppress
from pathlib import Path

from bot.photos.source import MOST_OCTETS, PhotoUnavailable, Unavailable

_REFERENCE = re.compile("[0-9a-f]{32}")
_OWNER_ONLY = 0o600
KEPT_SECONDS, SWEEP_SECONDS = 3600, 600
MOST_KEPT = 500


class PhotoFolder:
    """A folder of photos. A reference is the random name of a file in it; only processes on this machine can read it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def keep(self, octets: bytes) -> str:
        """Store a photo; its reference. Raises ``PhotoUnavailable`` when it is too big or there is no room for more."""
        if len(octets) > MOST_OCTETS:
            raise PhotoUnavailable(Unavailable.TOO_BIG)
        try:
            return await asyncio.to_thread(self._keep, octets)
        except OSError as error:
            raise PhotoUnavailable(Unavailable.BUSY) from error

    async def fetch(self, reference: str) -> bytes:
        """The photo. Raises ``PhotoUnavailable``."""
        if not _REFERENCE.fullmatch(reference):
            raise PhotoUnavailable(Unavailable.NOT_ALLOWED)
        try:
            return await asyncio.to_thread((self._folder / reference).read_bytes)
        except OSError as error:
            raise PhotoUnavailable(Unavailable.GONE) from error

    async def discard(self, reference: str) -> None:
        """Delete it."""
        if _REFERENCE.fullmatch(reference):
            with suppress(OSError):
                await asyncio.to_thread((self._folder / reference).unlink)

    async def run(self) -> None:
        """Delete what nobody read, until cancelled: messages that were refused or came twice leave their photos here."""
        while True:
            await asyncio.to_thread(self.sweep)
            await asyncio.sleep(SWEEP_SECONDS)

    def sweep(self, older_than: float = KEPT_SECONDS) -> int:
        """Delete what was left for more than so many seconds; how many are still there. Blocks for a moment."""
        left = 0
        for path in self._folder.glob("*"):
            if not _REFERENCE.fullmatch(path.name):
                continue
            try:
                if time.time() - path.stat().st_mtime > older_than:
                    path.unlink()
                else:
                    left += 1
            except FileNotFoundError:
                continue
        return left

    def _keep(self, octets: bytes) -> str:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if self.sweep() >= MOST_KEPT:
            raise PhotoUnavailable(Unavailable.BUSY)
        reference = secrets.token_hex(16)
        handle = os.open(self._folder / reference, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY)
        with os.fdopen(handle, "wb") as file:
            file.write(octets)
        return reference
