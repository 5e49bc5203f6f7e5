"""Deleting files that nothing needs any more: of drafts given up, of what was erased or is old, of decisions never stored."""

import asyncio
from collections.abc import Sequence
from typing import Protocol

from bot.attachments.folder import AttachmentFolder
from bot.errors import StoreError
from bot.logs import Log

PAUSE_SECONDS = 3600.0
ORPHANED_SECONDS = 24 * 3600.0
"""A file that nothing knows of after a day was kept for a decision that was made anew."""
AT_ONCE = 200


class KnownFiles(Protocol):
    """What the store knows of files."""

    async def unused_files(self, limit: int) -> Sequence[str]:
        """Those that nothing needs any more."""
        ...

    async def known_files(self, names: Sequence[str]) -> frozenset[str]:
        """Those of *names* that it knows at all."""
        ...

    async def forget_files(self, names: Sequence[str]) -> None:
        """Their octets are gone."""
        ...


class FileSweeper:
    """One for a process; several may sweep the same folder."""

    def __init__(self, folder: AttachmentFolder, book: KnownFiles, log: Log) -> None:
        self._folder = folder
        self._book = book
        self._log = log

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            try:
                await self.sweep()
            except (StoreError, OSError) as error:
                self._log.warning("files not swept", error=str(error))
            await asyncio.sleep(PAUSE_SECONDS)

    async def sweep(self) -> int:
        """Delete what is not needed; how many files went. Raises ``StoreError`` or ``OSError``."""
        gone = 0
        while names := await self._book.unused_files(AT_ONCE):
            await asyncio.to_thread(self._discard, names)
            await self._book.forget_files(names)
            gone += len(names)
        old = await asyncio.to_thread(self._folder.older_than, ORPHANED_SECONDS)
        for start in range(0, len(old), AT_ONCE):
            some = old[start : start + AT_ONCE]
            known = await self._book.known_files(some)
            orphans = [name for name in some if name not in known]
            await asyncio.to_thread(self._discard, orphans)
            gone += len(orphans)
        if gone:
            self._log.info("files swept", count=gone)
        return gone

    def _discard(self, names: Sequence[str]) -> None:
        for name in names:
            self._folder.discard(name)
