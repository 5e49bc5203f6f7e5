"""``/sandbox``: make dossiers, move them, switch faults, while the system runs. No token is asked for here."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import Any, Protocol

from aiohttp import web

from dossier_client.sandbox.data import BadData, SandboxData, shown
from dossier_client.sandbox.options import Faults
from dossier_client.sandbox.queues import Queues
from dossier_client.sandbox.replies import BadRequest, NotFound, body_of, number_of, reply


class Played(Protocol):
    """The system that is played with."""

    data: SandboxData
    queues: Queues
    faults: Faults

    def tell(self, event: dict[str, Any]) -> None:
        """Send an event to the gateway."""
        ...


class Controls:
    """The switches."""

    def __init__(self, system: Played, now: Callable[[], datetime]) -> None:
        self._system, self._now = system, now

    def routes(self) -> list[web.RouteDef]:
        """All under ``/sandbox``."""
        return [
            web.get("/sandbox/faults", self.show_faults),
            web.post("/sandbox/faults", self.switch),
            web.delete("/sandbox/faults", self.clear),
            web.get("/sandbox/dossiers", self.some),
            web.post("/sandbox/dossiers", self.create),
            web.post("/sandbox/dossiers/{code}/move", self.move),
            web.post("/sandbox/queues/{unit_code}/advance", self.advance),
        ]

    async def show_faults(self, _request: web.Request) -> web.Response:
        """What is switched on."""
        return reply(asdict(self._system.faults))

    async def switch(self, request: web.Request) -> web.Response:
        """Switch the given keys; the others stay as they are."""
        try:
            self._system.faults = self._system.faults.switched(await body_of(request))
        except ValueError as error:
            raise BadRequest(str(error)) from error
        return reply(asdict(self._system.faults))

    async def clear(self, _request: web.Request) -> web.Response:
        """Behave again."""
        self._system.faults = Faults()
        return reply(asdict(self._system.faults))

    async def some(self, request: web.Request) -> web.Response:
        """Some codes to try, with state and phone."""
        limit = number_of(request.query, "limit", 20, 10_000)
        chosen = list(self._system.data.dossiers.values())[:limit]
        keys = ("code", "status", "status_text", "due_at", "contact_phones", "id_last4")
        return reply({"items": [{key: dossier.get(key) for key in keys} for dossier in chosen]})

    async def create(self, request: web.Request) -> web.Response:
        """A new dossier: ``{"code", …}``, the rest is made up."""
        body = await body_of(request)
        try:
            event = self._system.data.create(body, self._now())
        except BadData as error:
            raise BadRequest(str(error)) from error
        self._system.tell(event)
        return reply(event["dossier"], 201)

    async def move(self, request: web.Request) -> web.Response:
        """Change a dossier: ``{"status"?, "note"?, "type"?, "officer"?, …any field}``."""
        code = request.match_info["code"]
        dossier = self._system.data.find(code)
        if dossier is None:
            raise NotFound(code)
        body = await body_of(request)
        try:
            event = self._system.data.move(dossier, body, self._now())
        except BadData as error:
            raise BadRequest(str(error)) from error
        self._system.tell(event)
        return reply(shown(dossier))

    async def advance(self, request: web.Request) -> web.Response:
        """Call the next people of a line: ``?by=N``, 1 unless told otherwise."""
        unit_code = request.match_info["unit_code"]
        line = self._system.queues.line(unit_code)
        if line is None:
            raise NotFound(unit_code)
        self._system.queues.advance(line, number_of(request.query, "by", 1, 1000))
        return reply(line.as_json(None, is_open=not self._system.faults.queues_closed))
