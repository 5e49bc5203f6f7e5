"""Who may ask what: the origin of a request, the session behind it, how much it brings and how fast."""

import asyncio
from collections import Counter as Counts
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address
from math import ceil
from typing import Any, NoReturn
from urllib.parse import urlsplit

import orjson
from aiohttp import web

from adapters.webchat import frames
from adapters.webchat.rates import Newcomers, Rates
from adapters.webchat.sessions import Session, session_of
from adapters.webchat.settings import Counter, WebChatSettings

BODY_LIMIT = 32 * 1024
"""2,000 characters written as \\uXXXX pairs, and some room."""
BODY_SECONDS = 10.0
REQUESTS_A_MESSAGE = 100
"""Requests and frames of any kind that are taken from a network address for each message that it may send."""
CROWD_PAUSE = 10
"""Seconds after which a browser tries again."""


class Guard:
    """Turns away what may not come in; each refusal is a frame that the browser understands."""

    def __init__(self, settings: WebChatSettings, monotonic: Callable[[], float], counts: "Counts[str]") -> None:
        self._settings = settings
        self._counts = counts
        self._counters = {counter.code: counter for counter in settings.counters}
        self._rates = Rates(settings.messages_per_minute, monotonic)
        self._requests = Rates(REQUESTS_A_MESSAGE * settings.messages_per_minute, monotonic)
        self._newcomers = Newcomers(settings.sessions_per_hour, monotonic)
        self._own = _origin(settings.public_url)

    def counter(self, code: str) -> Counter:
        """The counter with this code. Raises 404 for one that is not configured."""
        if code not in self._counters:
            refuse(web.HTTPNotFound, "counter")
        return self._counters[code]

    def session(self, request: web.Request) -> Session:
        """Whose request this is, from a page of ours. Raises 401 and 403, and 429 for a flood."""
        if self.is_flooded_by(request):
            refuse(web.HTTPTooManyRequests, "crowd", retry_after=CROWD_PAUSE)
        code = request.match_info.get("counter")
        session = session_of(request, self.counter(code) if code is not None else None)
        if session is None:
            self._counts["no_session"] += 1
            refuse(web.HTTPUnauthorized, "session")
        if not self._is_from_us(request):
            self._counts["other_origin"] += 1
            refuse(web.HTTPForbidden, "origin")
        return session

    def is_flooded_by(self, request: web.Request) -> bool:
        """More comes from there, whatever it is, than many pages side by side would ask."""
        is_flood = self._requests.wait((client_of(request, self._settings),)) > 0
        self._counts["floods"] += is_flood
        return is_flood

    def is_secure(self, request: web.Request) -> bool:
        """The browser came over TLS, perhaps to a proxy before us."""
        forwarded = request.headers.get("X-Forwarded-Proto", "") if self._settings.proxies else ""
        return request.secure or forwarded == "https" or self._own.startswith("https://")

    def wait(self, request: web.Request, session: Session) -> int:
        """0: one more message is taken. Else in how many seconds to try again."""
        client = client_of(request, self._settings)
        if not (session.counter and session.counter.key):
            seconds = self._newcomers.wait(client, session.address.id)
            self._counts["too_many_sessions"] += bool(seconds)
            if seconds:
                return seconds
        seconds = self._rates.wait((f"session {session.address.id}", f"client {client}"))
        self._counts["too_fast"] += bool(seconds)
        return seconds

    def slow_down(self, request: web.Request, session: Session) -> None:
        """Raises 429."""
        if seconds := self.wait(request, session):
            refuse(web.HTTPTooManyRequests, "rate", retry_after=seconds)

    def _is_from_us(self, request: web.Request) -> bool:
        """A page of another site can make a browser send its cookies, but not lie about where the page came from."""
        origin = request.headers.get("Origin")
        if origin is None:
            # Browsers name no origin when they only read from the same one.
            fetched_by = request.headers.get("Sec-Fetch-Site", "same-origin")
            return fetched_by == "same-origin" and request.method == "GET" and "Upgrade" not in request.headers
        return urlsplit(origin).netloc == request.host or (bool(self._own) and origin == self._own)


def client_of(request: web.Request, settings: WebChatSettings) -> str:
    """The network address of the browser as our outermost trusted proxy saw it; of IPv6 the network of one household."""
    forwarded = ",".join(request.headers.getall("X-Forwarded-For", ()))
    seen = [*(item.strip() for item in forwarded.split(",") if item.strip()), request.remote or ""]
    found = seen[-1 - settings.proxies] if settings.proxies < len(seen) else seen[0]
    try:
        address = ip_address(found)
    except ValueError:
        return request.remote or ""
    return address.exploded[:19] if isinstance(address, IPv6Address) else str(address)


async def body_of(request: web.Request, limit: int = BODY_LIMIT) -> bytes:
    """The body. Raises 413 as soon as it is known to be too big, 408 when it comes too slowly."""
    if (request.content_length or 0) > limit:
        refuse(web.HTTPRequestEntityTooLarge, "size", max_size=limit, actual_size=request.content_length or 0)
    received = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS * max(1, ceil(limit / BODY_LIMIT / 64))):
            async for piece in request.content.iter_any():
                received += piece
                if len(received) > limit:
                    refuse(web.HTTPRequestEntityTooLarge, "size", max_size=limit, actual_size=len(received))
    except TimeoutError:
        refuse(web.HTTPRequestTimeout, "slow")
    return bytes(received)


def refuse(
    how: type[web.HTTPException], reason: str, frame_id: str | None = None, retry_after: int | None = None, **more: Any
) -> NoReturn:
    """Answer with a status, and with the same frame that a WebSocket would bring."""
    headers = {"Content-Type": "application/json"}
    if retry_after is not None:
        headers["Retry-After"] = str(retry_after)
    body = orjson.dumps(frames.refused(reason, frame_id, retry_after)).decode()
    raise how(text=body, headers=headers, **more)


def answer(frame: dict[str, Any], status: int = 200) -> web.Response:
    """A frame as the body of a response."""
    return web.Response(body=orjson.dumps(frame), status=status, content_type="application/json")


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""
