"""Hints to open pages that something has changed. A hint is never the truth: a page that misses it looks again by itself."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

import orjson
from aiohttp import web

from bot.clock import Clock
from bot.officers import OfficerRole
from bot.web.desk.rendering import HEADERS
from bot.web.desk.request import DeskRequest
from bot.web.desk.routes import EVERYBODY, Answer, DeskRoute, desk_route

PULSE_SECONDS = 20.0
RETRY_MILLISECONDS = 5000
MOST_WAITING = 100
LONGEST_SECONDS = 15 * 60.0
"""Then the browser connects anew, and who has been signed out meanwhile is told no more."""
MOST_OPEN = 2000
SEE_ALL = frozenset({OfficerRole.PROVINCE_LEADER, OfficerRole.AUDITOR, OfficerRole.ADMINISTRATOR})


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """Something changed: *subject* is a petition's code, or the word of a list."""

    subject: str
    agency: str = ""
    """Only for officers of this agency and those who see all; "" for everybody."""
    officer: int | None = None
    """Only for this officer."""


class _Listener:
    def __init__(self, officer: int, agency: str, *, sees_all: bool) -> None:
        self._officer = officer
        self._agency = agency
        self._sees_all = sees_all
        self.waiting: asyncio.Queue[Hint] = asyncio.Queue(MOST_WAITING)

    def concerns(self, hint: Hint) -> bool:
        if hint.officer is not None:
            return hint.officer == self._officer
        return not hint.agency or self._sees_all or hint.agency == self._agency


class DeskEvents:
    """Those who listen in this process, and what they are told."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._listeners: set[_Listener] = set()

    def tell(self, hint: Hint) -> None:
        """To every open page that it concerns; pages of other processes find it when they look again."""
        for listener in self._listeners:
            if listener.concerns(hint) and not listener.waiting.full():
                listener.waiting.put_nowait(hint)

    def routes(self) -> list[DeskRoute]:
        """The address that pages listen at."""
        return [desk_route("GET", "/desk/events", EVERYBODY, self.listen)]

    async def listen(self, request: DeskRequest) -> Answer:
        """Server-sent events, until the browser goes or a quarter of an hour is over."""
        if len(self._listeners) >= MOST_OPEN:
            return web.Response(status=503, headers={"Retry-After": "60"})
        officer = request.officer
        listener = _Listener(officer.id, officer.agency, sees_all=officer.at_reception or officer.role in SEE_ALL)
        response = web.StreamResponse(
            headers={**HEADERS, "Content-Type": "text/event-stream", "X-Accel-Buffering": "no"}
        )
        await response.prepare(request.raw)
        self._listeners.add(listener)
        try:
            await response.write(f"retry: {RETRY_MILLISECONDS}\n\n".encode())
            await self._write(listener, response)
        except (ConnectionError, asyncio.CancelledError):
            return response
        finally:
            self._listeners.discard(listener)
        return response

    async def _write(self, listener: _Listener, response: web.StreamResponse) -> None:
        until = self._clock.monotonic() + LONGEST_SECONDS
        while self._clock.monotonic() < until:
            try:
                async with asyncio.timeout(PULSE_SECONDS):
                    hint = await listener.waiting.get()
            except TimeoutError:
                await response.write(b": still here\n\n")
                continue
            await response.write(_event({"subject": hint.subject}))


def _event(data: Mapping[str, str]) -> bytes:
    return b"event: change\ndata: " + orjson.dumps(data) + b"\n\n"
