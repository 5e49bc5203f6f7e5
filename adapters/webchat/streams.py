"""The roads to a browser: a WebSocket, which leads back too, server-sent events, or long polls."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any

import orjson
from aiohttp import WSMsgType, web

from adapters.webchat import frames
from adapters.webchat.guard import BODY_LIMIT, CROWD_PAUSE, Guard, answer, refuse
from adapters.webchat.presence import Presence, Subscription, TooMany
from adapters.webchat.sessions import Session
from adapters.webchat.taking import STORE_PAUSE, Taking
from bot.errors import StoreError
from bot.mailbox import Line, Mailbox

HISTORY = 100
STILL_SECONDS = 25.0
HELLO_SECONDS = 10.0
LONGEST_POLL = 25.0
MOST_BAD_FRAMES = 10


class Streams:
    """Everything that moves while a page is open."""

    def __init__(self, *, taking: Taking, mailbox: Mailbox, guard: Guard, presence: Presence) -> None:
        self._taking = taking
        self._mailbox = mailbox
        self._guard = guard
        self._presence = presence

    def hooks(self, base: str) -> list[web.RouteDef]:
        """Their addresses below *base*."""
        return [
            web.get(f"{base}/socket", self.socket),
            web.get(f"{base}/events", self.events),
            web.get(f"{base}/poll", self.poll),
        ]

    async def socket(self, request: web.Request) -> web.StreamResponse:
        """Both directions on one connection. 403 for a page of another site, 429 for one connection too many."""
        session = self._guard.session(request)
        with self._present(session) as subscription:
            socket = web.WebSocketResponse(heartbeat=STILL_SECONDS, max_msg_size=BODY_LIMIT)
            await socket.prepare(request)
            with suppress(ConnectionError, TimeoutError):
                await self._serve(socket, request, session, subscription)
            await socket.close()
        return socket

    async def events(self, request: web.Request) -> web.StreamResponse:
        """Lines as server-sent events."""
        session = self._guard.session(request)
        after = _after(request)
        with self._present(session) as subscription:
            first = await self._first(session, after)
            stream = web.StreamResponse(headers={"Content-Type": "text/event-stream", "X-Accel-Buffering": "no"})
            await stream.prepare(request)
            with suppress(ConnectionError):
                async for frame in _frames(subscription, first):
                    await stream.write(b"data: " + orjson.dumps(frame) + b"\n\n")
        return stream

    async def poll(self, request: web.Request) -> web.Response:
        """Lines as soon as there are some, or none after the wait that is asked for."""
        session = self._guard.session(request)
        after = _after(request)
        with self._present(session) as subscription:
            lines = await self._first(session, after)
            if not lines:
                lines = await subscription.lines(_wait(request))
        return answer(frames.lines(lines))

    def _present(self, session: Session) -> "_Place":
        return _Place(self._presence, session)

    async def _first(self, session: Session, after: int) -> Sequence[Line]:
        """What the browser missed. It is already present, so nothing falls between this and what comes."""
        try:
            return await self._mailbox.lines(session.address, after, HISTORY)
        except StoreError:
            refuse(web.HTTPServiceUnavailable, "store", retry_after=STORE_PAUSE)

    async def _serve(
        self, socket: web.WebSocketResponse, request: web.Request, session: Session, subscription: Subscription
    ) -> None:
        hello = await socket.receive(HELLO_SECONDS)
        try:
            frame = frames.read(hello.data) if hello.type is WSMsgType.TEXT else None
            first = (
                await self._mailbox.lines(session.address, frame.after, HISTORY)
                if isinstance(frame, frames.Hello)
                else None
            )
        except (frames.BadFrame, StoreError):
            return
        if first is None:
            return
        async with _beside(self._tell(socket, subscription, first)):
            await self._listen(socket, request, session)

    async def _tell(self, socket: web.WebSocketResponse, subscription: Subscription, first: Sequence[Line]) -> None:
        with suppress(ConnectionError):
            async for frame in _frames(subscription, first):
                await socket.send_str(orjson.dumps(frame).decode())
        await socket.close()

    async def _listen(self, socket: web.WebSocketResponse, request: web.Request, session: Session) -> None:
        bad = 0
        async for message in socket:
            if message.type is not WSMsgType.TEXT or bad >= MOST_BAD_FRAMES:
                return
            if self._guard.is_flooded_by(request):
                return
            try:
                frame = frames.read(message.data)
            except frames.BadFrame as error:
                bad += 1
                verdict = frames.refused(error.reason, error.frame_id)
            else:
                verdict = self._too_fast(frame, request, session) or await self._taking.take(frame, session)
            if verdict:
                await socket.send_str(orjson.dumps(verdict).decode())

    def _too_fast(self, frame: frames.Frame, request: web.Request, session: Session) -> dict[str, Any]:
        if isinstance(frame, frames.Said) and (seconds := self._guard.wait(request, session)):
            return frames.refused("rate", frame.id, seconds)
        return {}


class _Place:
    """A place among the connections for as long as one lasts."""

    def __init__(self, presence: Presence, session: Session) -> None:
        self._place = presence.present(session.address)

    def __enter__(self) -> Subscription:
        try:
            return self._place.__enter__()
        except TooMany:
            refuse(web.HTTPTooManyRequests, "crowd", retry_after=CROWD_PAUSE)

    def __exit__(self, *error: object) -> None:
        self._place.__exit__(None, None, None)


async def _frames(subscription: Subscription, first: Sequence[Line]) -> AsyncIterator[dict[str, Any]]:
    """The lines of before in one frame, even when there are none; then what comes, and a sign of life when nothing does."""
    subscription.offer(first)
    yield frames.lines(await subscription.lines(0) if first else ())
    while not subscription.is_over:
        lines = await subscription.lines(STILL_SECONDS)
        if lines or not subscription.is_over:
            yield frames.lines(lines) if lines else frames.STILL


@asynccontextmanager
async def _beside(work: Any) -> AsyncIterator[None]:
    """Run *work* while the body runs; both end together."""
    task = asyncio.ensure_future(work)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def _after(request: web.Request) -> int:
    try:
        return frames.place(request.query.get("after", "0"))
    except frames.BadFrame:
        refuse(web.HTTPBadRequest, "id")


def _wait(request: web.Request) -> float:
    asked = request.query.get("wait", "0")
    return min(float(asked), LONGEST_POLL) if asked.isascii() and asked.isdigit() else 0.0
