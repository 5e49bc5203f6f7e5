"""``/public/data/<token>``: a person sees and keeps a copy of everything that is kept of him or her."""

from datetime import datetime
from typing import Any

import orjson
from aiohttp import web
from jinja2 import Environment, PackageLoader, StrictUndefined

from bot.clock import VIETNAM, Clock
from bot.errors import StoreError
from bot.store.port import Store

POLICY = (
    "default-src 'none'; style-src 'self' 'unsafe-inline'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {"Content-Security-Policy": POLICY, "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex"}


class PersonalData:
    """Opens a link once. A link is opened by a press of a button: what only looks at it (a preview in a chat) spends nothing."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        pages = Environment(loader=PackageLoader("templates", "public"), undefined=StrictUndefined, autoescape=True)
        pages.filters["moment"] = _moment
        self._pages = pages

    def routes(self) -> list[web.RouteDef]:
        """The door, and what is behind it."""
        return [
            web.get("/public/data/{token:[A-Za-z0-9_-]{16,64}}", self.door),
            web.post("/public/data/{token:[A-Za-z0-9_-]{16,64}}", self.copy),
        ]

    async def door(self, _request: web.Request) -> web.Response:
        """One button."""
        return self._html(self._text("data_door", gone=False), 200)

    async def copy(self, request: web.Request) -> web.Response:
        """The copy as a page, or as JSON where that is asked for; 410 once it was opened or its hour is over."""
        try:
            copy = await self._store.copy_of(request.match_info["token"], self._clock.now())
        except StoreError:
            return self._html(self._text("data_door", gone=False), 503)
        if copy is None:
            return self._html(self._text("data_door", gone=True), 410)
        if request.headers.get("Accept", "").startswith("application/json"):
            return web.Response(body=orjson.dumps(copy), content_type="application/json", headers=HEADERS)
        text = orjson.dumps(copy, option=orjson.OPT_INDENT_2).decode()
        return self._html(self._text("data", copy=copy, text=text), 200)

    def _text(self, page: str, **values: Any) -> str:
        return self._pages.get_template(f"{page}.html.j2").render(values)

    @staticmethod
    def _html(text: str, status: int) -> web.Response:
        headers: dict[str, Any] = dict(HEADERS)
        return web.Response(text=text, content_type="text/html", status=status, headers=headers)


def _moment(written: str) -> str:
    """``09:00 10/06/2026``, as people in Vietnam read it."""
    return f"{datetime.fromisoformat(written).astimezone(VIETNAM):%H:%M %d/%m/%Y}"
