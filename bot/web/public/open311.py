"""``/public/open311``: released petitions as Open311 GeoReport v2 and as RSS, for everybody's programs. Only for reading."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from urllib.parse import urlencode

from aiohttp import web

from bot.clock import Clock
from bot.petitions.categories import PetitionCategory
from bot.petitions.codes import is_petition_code
from bot.store.port_public import PublicBook, PublicFilter, PublicPetition
from bot.web.public import feed, georeport
from bot.web.public.answers import answer, guarded
from bot.web.public.asking import BadQuestion, asked
from bot.web.public.throttle import Throttle

PREFIX = "/public/open311"
FORMAT = "{format:json|xml}"
FOR_ALL = {"Access-Control-Allow-Origin": "*"}
Categories = Callable[[], Awaitable[Mapping[str, PetitionCategory]]]


class Open311:
    """The service. Everything that it tells stands on the public page too."""

    def __init__(
        self, book: PublicBook, clock: Clock, *, categories: Categories, throttle: Throttle, title: str, address: str
    ) -> None:
        """*title* says whose petitions they are, *address* where people reach us ("": where they asked)."""
        self._book = book
        self._clock = clock
        self._categories = categories
        self._throttle = throttle
        self._title = title
        self._address = address.rstrip("/")

    def routes(self) -> list[web.RouteDef]:
        """Every address below ``/public/open311``."""
        found = {
            "/discovery.json": self.discovery,
            "/requests.rss": self.feed,
            f"/services.{FORMAT}": self.services,
            f"/services/{{code:[A-Za-z0-9]{{1,8}}}}.{FORMAT}": self.service,
            f"/requests.{FORMAT}": self.requests,
            f"/requests/{{code:[A-Za-z0-9]{{1,16}}}}.{FORMAT}": self.request,
            "/{rest:.*}": self.nothing,
        }
        return [web.get(PREFIX + path, guarded(handler, self._throttle, _problem)) for path, handler in found.items()]

    async def discovery(self, request: web.Request) -> web.Response:
        """Where the service is, and what it speaks."""
        found = georeport.discovery(self._own(request) + PREFIX, self._title)
        return answer(request, georeport.as_json(found), "application/json", FOR_ALL)

    async def services(self, request: web.Request) -> web.Response:
        """The fields of petitions."""
        found = [georeport.service(category) for category in (await self._categories()).values() if category.in_use]
        return _told(request, "services", "service", found)

    async def service(self, request: web.Request) -> web.Response:
        """One field; it asks for nothing more."""
        code = request.match_info["code"].upper()
        if code not in await self._categories():
            return _problem(request, 404, "no such service_code")
        found = georeport.definition(code)
        if _is_xml(request):
            return answer(request, georeport.definition_as_xml(found), "application/xml", FOR_ALL)
        return answer(request, georeport.as_json(found), "application/json", FOR_ALL)

    async def requests(self, request: web.Request) -> web.Response:
        """Those of the last 90 days, or that are asked for; the newest first. The header ``Link`` leads to the next page."""
        try:
            wanted = asked(request.query, (await self._categories()).keys(), self._clock.now())
        except BadQuestion as error:
            return _problem(request, 400, str(error))
        found = await self._book.released(wanted)
        return await self._listed(request, found, _next_page(request, found, wanted))

    async def request(self, request: web.Request) -> web.Response:
        """One petition; 404 for one that is not released, whatever the reason."""
        code = request.match_info["code"].upper()
        found = await self._book.released(PublicFilter(codes=(code,))) if is_petition_code(code) else ()
        if not found:
            return _problem(request, 404, "no such service_request_id")
        return await self._listed(request, found, {})

    async def feed(self, request: web.Request) -> web.Response:
        """Those released last."""
        found = await self._book.released_lately(feed.MOST)
        body = feed.rss(found, await self._categories(), title=self._title, address=self._own(request))
        return answer(request, body, "application/rss+xml", FOR_ALL | _modified(item.released_at for item in found))

    async def nothing(self, request: web.Request) -> web.Response:
        """There is nothing at this address."""
        return _problem(request, 404, "no such address: see /public/open311/discovery.json")

    def _own(self, request: web.Request) -> str:
        return self._address or f"{request.scheme}://{request.host}"

    async def _listed(
        self, request: web.Request, found: Sequence[PublicPetition], headers: Mapping[str, str]
    ) -> web.Response:
        categories = await self._categories()
        rows = [georeport.request(item, categories, self._own(request)) for item in found]
        newest = _modified(max(item.changed_at, item.released_at) for item in found)
        return _told(request, "service_requests", "request", rows, {**headers, **newest})


def _modified(moments: Iterable[datetime]) -> dict[str, str]:
    newest = max(moments, default=None)
    return {"Last-Modified": format_datetime(newest.astimezone(UTC), usegmt=True)} if newest else {}


def _is_xml(request: web.Request) -> bool:
    return request.match_info.get("format") == "xml"


def _told(
    request: web.Request,
    root: str,
    item: str,
    found: Sequence[georeport.Fields],
    headers: Mapping[str, str] | None = None,
) -> web.Response:
    own = FOR_ALL | dict(headers or {})
    if _is_xml(request):
        return answer(request, georeport.as_xml(root, item, found), "application/xml", own)
    return answer(request, georeport.as_json(found), "application/json", own)


def _next_page(request: web.Request, found: Sequence[PublicPetition], wanted: PublicFilter) -> dict[str, str]:
    if len(found) < wanted.most:
        return {}
    query = {**request.query, "page": str(wanted.skipped // wanted.most + 2)}
    return {"Link": f'<{PREFIX}/requests.{request.match_info["format"]}?{urlencode(query)}>; rel="next"'}


def _problem(request: web.Request, status: int, text: str) -> web.Response:
    """In the standard's shape."""
    found = georeport.problem(status, text)
    headers = FOR_ALL | {"Cache-Control": "no-store"}
    if _is_xml(request):
        body, kind = georeport.as_xml("errors", "error", found), "application/xml"
    else:
        body, kind = georeport.as_json(found), "application/json"
    return web.Response(status=status, body=body, content_type=kind, charset="utf-8", headers=headers)
