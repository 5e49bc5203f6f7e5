"""Keeping what people send with a petition: fetched from their channel, known by content, sealed before it counts as taken."""

import asyncio
from collections.abc import Mapping, Sequence

from bot.attachments.drawing import Drawer, Drawn
from bot.attachments.folder import AttachmentFolder
from bot.attachments.kinds import MOST_FILES, MOST_OCTETS, MOST_VIDEOS, MP4, PICTURES, media_type
from bot.intents.petition_world import KeptFiles
from bot.logs import Log
from bot.model import ChannelName
from bot.petitions.record import StoredFile
from bot.photos.source import PhotoSource, PhotoUnavailable, Unavailable

SECONDS = 30.0
"""For the files of one message."""
IN_HAND = 2
"""So many messages have files in memory at a time."""
_PROBLEMS = {Unavailable.TOO_BIG: "too_big"}
"""Any other reason: it was lost on the way, and may be sent again."""


class NotKept(Exception):
    """Why a file was not taken: ``kind``, ``too_big``, ``too_many``, ``lost``."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


class Attachments:
    """Keeps files by the references of their channels."""

    def __init__(
        self, folder: AttachmentFolder, *, sources: Mapping[ChannelName, PhotoSource], drawer: Drawer, log: Log
    ) -> None:
        self._folder = folder
        self._sources = sources
        self._drawer = drawer
        self._log = log
        self._in_hand = asyncio.Semaphore(IN_HAND)

    async def keep(self, channel: ChannelName, references: Sequence[str], already: Sequence[StoredFile]) -> KeptFiles:
        """What could be kept, and why something was not. Never raises, and ends within half a minute."""
        files: list[StoredFile] = []
        place: Drawn | None = None
        problem = ""
        try:
            async with asyncio.timeout(SECONDS), self._in_hand:
                for reference in references:
                    try:
                        file, drawn = await self._one(channel, reference, (*already, *files))
                    except NotKept as error:
                        problem = error.problem
                        continue
                    files.append(file)
                    place = place or (drawn if drawn and drawn.latitude is not None else None)
        except TimeoutError:
            problem = "lost"
        self._log.info("files kept", channel=channel.value, kept=len(files), problem=problem)
        return KeptFiles(
            files=tuple(files),
            problem=problem,
            latitude=place.latitude if place else None,
            longitude=place.longitude if place else None,
        )

    async def shown(self, name: str) -> bytes:
        """The picture as it may be shown. Raises ``FileNotFoundError``."""
        return await asyncio.to_thread(self._folder.shown, name)

    async def original(self, name: str) -> bytes:
        """The file as it came. Raises ``FileNotFoundError``."""
        return await asyncio.to_thread(self._folder.original, name)

    async def discard(self, name: str) -> None:
        """Delete it."""
        await asyncio.to_thread(self._folder.discard, name)

    async def _one(
        self, channel: ChannelName, reference: str, before: Sequence[StoredFile]
    ) -> tuple[StoredFile, Drawn | None]:
        octets = await self._fetched(channel, reference)
        kind = media_type(octets)
        if not kind:
            raise NotKept("kind")
        if len(octets) > MOST_OCTETS[kind]:
            raise NotKept("too_big")
        if not _has_room(kind, before):
            raise NotKept("too_many")
        drawn = await self._drawer.draw(octets) if kind in PICTURES else None
        if kind in PICTURES and drawn is None:
            raise NotKept("kind")
        try:
            name = await asyncio.to_thread(self._folder.keep, octets, drawn.picture if drawn else None)
        except OSError as error:
            raise NotKept("lost") from error
        return StoredFile(name=name, media_type=kind, octets=len(octets)), drawn

    async def _fetched(self, channel: ChannelName, reference: str) -> bytes:
        source = self._sources.get(channel)
        if source is None:
            raise NotKept("lost")
        try:
            return await source.fetch(reference)
        except PhotoUnavailable as error:
            raise NotKept(_PROBLEMS.get(error.reason, "lost")) from error


def _has_room(kind: str, before: Sequence[StoredFile]) -> bool:
    videos = sum(file.media_type == MP4 for file in before)
    return videos < MOST_VIDEOS if kind == MP4 else len(before) - videos < MOST_FILES
