"""What browsers send by requests: messages on the roads that only lead to them, and photos on every road."""

from typing import Any, Protocol

from aiohttp import web

from adapters.webchat import frames
from adapters.webchat.guard import Guard, answer, body_of, refuse
from adapters.webchat.taking import STORE_PAUSE, Taking
from bot.events import FileSent, Photo
from bot.photos.source import MOST_OCTETS, PhotoUnavailable, Unavailable

PHOTO_KINDS = ("image/", "application/octet-stream")
FILE_KINDS = {"application/pdf": "file", "video/mp4": "video"}
"""What may belong to a petition besides photos."""


class Photos(Protocol):
    """Where photos wait until they are read."""

    async def keep(self, octets: bytes) -> str:
        """The name of a stored photo. Raises ``PhotoUnavailable``."""
        ...


class Posts:
    """The way in by HTTP."""

    def __init__(self, *, taking: Taking, guard: Guard, photos: Photos | None) -> None:
        self._taking = taking
        self._guard = guard
        self._photos = photos

    def hooks(self, base: str) -> list[web.RouteDef]:
        """Their addresses below *base*."""
        return [
            web.post(f"{base}/messages", self.messages),
            web.post(f"{base}/read", self.read),
            *([web.post(f"{base}/photos", self.photos)] if self._photos else []),
        ]

    async def messages(self, request: web.Request) -> web.Response:
        """A message; 200 only after it is stored, also for a repeat."""
        session = self._guard.session(request)
        self._guard.slow_down(request, session)
        frame = _frame(await body_of(request))
        if not isinstance(frame, frames.Said):
            refuse(web.HTTPBadRequest, "kind")
        return _response(await self._taking.take(frame, session))

    async def read(self, request: web.Request) -> web.Response:
        """The lines that the page shows."""
        session = self._guard.session(request)
        frame = _frame(await body_of(request))
        if not isinstance(frame, frames.Seen):
            refuse(web.HTTPBadRequest, "kind")
        return _response(await self._taking.take(frame, session) or {"type": "noted"})

    async def photos(self, request: web.Request) -> web.Response:
        """A photo, video or document, kept until it is read: 413 above 10 MB, 415 for any other kind. What it really is its content
        tells.
        """
        session = self._guard.session(request)
        self._guard.slow_down(request, session)
        try:
            frame_id = frames.message_id(request.query.get("id"))
            caption = frames.clean(request.query.get("caption", ""), frame_id)
        except frames.BadFrame as bad:
            refuse(web.HTTPBadRequest, bad.reason, bad.frame_id)
        file = FILE_KINDS.get(request.content_type)
        if file is None and not request.content_type.startswith(PHOTO_KINDS):
            refuse(web.HTTPUnsupportedMediaType, "kind", frame_id)
        reference = await self._keep(await body_of(request, MOST_OCTETS), frame_id)
        event = FileSent(file, (reference,)) if file else Photo((reference,))
        said = frames.Said(id=frame_id, text=caption, event=event)
        return _response(await self._taking.take(said, session))

    async def _keep(self, octets: bytes, frame_id: str) -> str:
        if self._photos is None:
            refuse(web.HTTPNotFound, "kind", frame_id)
        try:
            return await self._photos.keep(octets)
        except PhotoUnavailable as error:
            if error.reason is Unavailable.TOO_BIG:
                refuse(web.HTTPRequestEntityTooLarge, "size", frame_id, max_size=MOST_OCTETS, actual_size=len(octets))
            refuse(web.HTTPServiceUnavailable, "store", frame_id, retry_after=STORE_PAUSE)


def _frame(octets: bytes) -> frames.Frame:
    try:
        return frames.read(octets)
    except frames.BadFrame as bad:
        how = web.HTTPRequestEntityTooLarge if bad.reason == "long" else web.HTTPBadRequest
        sizes = {"max_size": frames.LONGEST_TEXT, "actual_size": len(octets)} if bad.reason == "long" else {}
        refuse(how, bad.reason, bad.frame_id, **sizes)


def _response(verdict: dict[str, Any]) -> web.Response:
    if verdict["type"] == "refused":
        how = web.HTTPServiceUnavailable if verdict["reason"] == "store" else web.HTTPBadRequest
        refuse(how, verdict["reason"], verdict["id"], verdict.get("retry_after"))
    return answer(verdict)
