"""The routes of the province's one-stop API: ``/api/v1``."""

import re
from collections.abc import Callable
from datetime import datetime

from aiohttp import web

from dossier_client.sandbox.catalogue import procedures
from dossier_client.sandbox.counting import GROUPS, count
from dossier_client.sandbox.data import BadData, Dossier, SandboxData, TooManyTries, shown
from dossier_client.sandbox.options import Faults
from dossier_client.sandbox.queues import Line, QueueFull, Queues
from dossier_client.sandbox.replies import (
    BadRequest,
    NotFound,
    body_of,
    day_of,
    encoded,
    number_of,
    reply,
    text_of,
)

PAGE = 100
"""Procedures on a page."""
LAST_FOUR = re.compile(r"[0-9]{4}")
SCORES = range(1, 6)


class Api:
    """What the contract promises, answered from the data in memory."""

    def __init__(
        self, data: SandboxData, queues: Queues, faults: Callable[[], Faults], now: Callable[[], datetime]
    ) -> None:
        self._data, self._queues, self._faults, self._now = data, queues, faults, now

    def routes(self) -> list[web.RouteDef]:
        """``changes`` comes before ``{code}``, or it would be taken for a code."""
        one = "/api/v1/dossiers/{code}"
        queue = "/api/v1/queues/{unit_code}"
        return [
            web.get("/api/v1/dossiers/changes", self.changes),
            web.get(one, self.dossier),
            web.get("/api/v1/dossiers", self.by_phone),
            web.get(f"{one}/history", self.history),
            web.post(f"{one}/verify", self.verify),
            web.post(f"{one}/ratings", self.rate),
            web.get("/api/v1/procedures", self.procedures),
            web.get(queue, self.queue),
            web.post(f"{queue}/tickets", self.take_ticket),
            web.delete(f"{queue}/tickets/{{ticket}}", self.give_back),
            web.get("/api/v1/statistics", self.statistics),
        ]

    async def dossier(self, request: web.Request) -> web.Response:
        """The look-up: the one route that must be fast."""
        code = request.match_info["code"]
        body = self._data.body(code)
        if body is None:
            raise NotFound(code)
        if self._faults().wrong_dossier:
            body = self._data.another(code) or body
        return encoded(body)

    async def by_phone(self, request: web.Request) -> web.Response:
        """The dossiers of a phone."""
        phone = request.query.get("phone", "")
        if not phone:
            raise BadRequest("phone: must be given")
        limit = number_of(request.query, "limit", 20, 50)
        return reply({"items": [shown(dossier) for dossier in self._data.by_phone(phone)[:limit]]})

    async def history(self, request: web.Request) -> web.Response:
        """The steps of a dossier."""
        return reply({"items": self._data.history(self._found(request))})

    async def verify(self, request: web.Request) -> web.Response:
        """The last four digits; 429 after five wrong tries."""
        dossier = self._found(request)
        digits = text_of(await body_of(request), "id_last4")
        if not LAST_FOUR.fullmatch(digits):
            raise BadRequest("id_last4: must be four digits")
        try:
            return reply({"verified": self._data.verify(dossier, digits)})
        except TooManyTries:
            return reply({"error": "too_many_tries"}, 429)

    async def rate(self, request: web.Request) -> web.Response:
        """A citizen's rating."""
        dossier, body = self._found(request), await body_of(request)
        text_of(body, "rating_id")
        score = body.get("score")
        if not isinstance(score, int) or score not in SCORES:
            raise BadRequest("score: must be a whole number from 1 to 5")
        self._data.rate(dossier, body)
        return web.Response(status=204)

    async def changes(self, request: web.Request) -> web.Response:
        """The feed of events."""
        limit = number_of(request.query, "limit", 200, 1000)
        try:
            items, cursor = self._data.feed(request.query.get("after"), limit)
        except BadData as error:
            raise BadRequest(str(error)) from error
        return reply({"items": items, "cursor": cursor})

    async def procedures(self, request: web.Request) -> web.Response:
        """One page of the catalogue."""
        page = number_of(request.query, "page", 1, 10_000)
        known = list(procedures().values())
        items = [one.as_json() for one in known[(page - 1) * PAGE : page * PAGE]]
        return reply({"items": items, "next_page": page + 1 if page * PAGE < len(known) else None})

    async def statistics(self, request: web.Request) -> web.Response:
        """Counts, or 501 when switched off."""
        if self._faults().cannot_count:
            return reply({"error": "not_implemented"}, 501)
        first, last = day_of(request.query, "from"), day_of(request.query, "to")
        group = request.query.get("group", "unit")
        if group not in GROUPS:
            raise BadRequest(f"group: must be one of {', '.join(GROUPS)}")
        return reply({"items": count(self._data.dossiers.values(), first, last, group, self._now())})

    async def queue(self, request: web.Request) -> web.Response:
        """The line of a counter, and where a ticket stands in it."""
        line = self._line(request)
        return reply(line.as_json(request.query.get("ticket"), is_open=not self._faults().queues_closed))

    async def take_ticket(self, request: web.Request) -> web.Response:
        """A ticket; 409 when the counter is closed or full."""
        line, request_id = self._line(request), text_of(await body_of(request), "request_id")
        if self._faults().queues_closed:
            return reply({"error": "closed"}, 409)
        try:
            ticket = self._queues.take(line, request_id)
        except QueueFull:
            return reply({"error": "full"}, 409)
        return reply(line.as_json(ticket, is_open=True), 201)

    async def give_back(self, request: web.Request) -> web.Response:
        """The ticket is not needed."""
        line = self._queues.line(request.match_info["unit_code"])
        if line:
            self._queues.give_back(line, request.match_info["ticket"])
        return web.Response(status=204)

    def _found(self, request: web.Request) -> Dossier:
        code = request.match_info["code"]
        dossier = self._data.find(code)
        if dossier is None:
            raise NotFound(code)
        return dossier

    def _line(self, request: web.Request) -> Line:
        unit_code = request.match_info["unit_code"]
        line = self._queues.line(unit_code)
        if line is None:
            raise NotFound(unit_code)
        return line
