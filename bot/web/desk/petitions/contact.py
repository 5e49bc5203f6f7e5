"""What is sealed of a petition, opened for officers: the sender's full contact for a reason that is kept, and the files."""

import asyncio
from typing import Protocol

from aiohttp import web

from bot.access.records import AuditEntry
from bot.attachments.folder import AttachmentFolder
from bot.petitions.guards import SHORTEST_REASON, written
from bot.store.port_petitions import PetitionBook
from bot.understanding.personal import redacted
from bot.web.desk.petitions.detail import HANDLERS, PetitionPages
from bot.web.desk.petitions.seeing import may_see_contact
from bot.web.desk.rendering import HEADERS
from bot.web.desk.request import DeskRequest
from bot.web.desk.routes import TEXTS, Answer, DeskRoute, Missing, desk_route

ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "video/mp4": "mp4", "application/pdf": "pdf"}


class Log(Protocol):
    """Where it is kept who saw what."""

    async def record(self, *entries: AuditEntry) -> None:
        """Chained to what was recorded before."""
        ...


class PetitionContact:
    """Opens what is sealed."""

    def __init__(self, book: PetitionBook, pages: PetitionPages, log: Log, folder: AttachmentFolder) -> None:
        self._book = book
        self._pages = pages
        self._log = log
        self._folder = folder

    def routes(self) -> list[DeskRoute]:
        """Contact and files."""
        return [
            desk_route("POST", "/desk/petitions/{code}/contact", HANDLERS, self.contact),
            desk_route("GET", "/desk/petitions/{code}/files/{name:[0-9a-f]{32}}", TEXTS, self.file),
        ]

    async def contact(self, request: DeskRequest) -> Answer:
        """The full numbers, once a reason was given; it is in the log, without numbers, before they are shown."""
        petition = await self._pages.seen(request)
        if not may_see_contact(request.officer, petition):
            raise Missing
        reason = written(request.form.text("reason"))
        if len(reason) < SHORTEST_REASON:
            return await self._pages.shown(request, petition, 422, problem="unmask_reason")
        await self._log.record(request.entry("contact_seen", petition.code, reason=redacted(reason)))
        accounts = [
            {"channel": account.address.channel.value, "address": account.address.id} for account in petition.told_at
        ]
        return await self._pages.shown(request, petition, contact=accounts)

    async def file(self, request: DeskRequest) -> Answer:
        """A picture as it was drawn anew; videos and documents as they came, to be kept and not shown by the browser."""
        petition = await self._pages.seen(request)
        name = request.part("name")
        kept = next((file for file in await self._book.files_of(petition.code) if file.name == name), None)
        if kept is None:
            raise Missing
        is_picture = kept.media_type.startswith("image/")
        try:
            octets = await asyncio.to_thread(self._folder.shown if is_picture else self._folder.original, name)
        except FileNotFoundError as error:
            raise Missing from error
        ending = ENDINGS.get(kept.media_type, "bin")
        headers = {
            **HEADERS,
            "Content-Disposition": f'attachment; filename="{petition.code}-{name[:6]}.{ending}"',
            "Content-Security-Policy": "default-src 'none'; sandbox",
        }
        return web.Response(body=octets, content_type="image/jpeg" if is_picture else kept.media_type, headers=headers)
