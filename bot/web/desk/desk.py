"""The desk: what happens around every page. Who asks, may he, is the form ours, was it sent before, what if it breaks."""

import asyncio
import base64
import secrets
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import orjson
from aiohttp import web

from bot.access.records import Stage
from bot.clock import Clock
from bot.errors import StoreError
from bot.logs import Log
from bot.model import Language
from bot.officers import Officer
from bot.store.officer_book import OfficerBook, StaleAccount
from bot.web.desk.forms import read_form
from bot.web.desk.guard import Guard, local
from bot.web.desk.rendering import HEADERS, Rendering, Surroundings, as_json
from bot.web.desk.request import DeskRequest
from bot.web.desk.routes import Answer, Denied, DeskRoute, Missing, Page, Redirect

NOTICE, LANGUAGE = "desk_notice", "desk_language"
STAGE_PAGES = {Stage.CODE: "/desk/code", Stage.PASSWORD: "/desk/profile/password", Stage.ENROL: "/desk/profile/totp"}
TOUCH_AFTER = timedelta(minutes=1)
FIRST_SENDING_SECONDS, LOOK_SECONDS = 5.0, 0.1


class Desk:
    """Serves routes; the only place that knows of cookies, tokens and faults."""

    def __init__(
        self,
        book: OfficerBook,
        guard: Guard,
        rendering: Rendering,
        clock: Clock,
        log: Log,
        placed: Callable[[Officer], Awaitable[Officer]] | None = None,
    ) -> None:
        """*placed* tells whether an officer works at the reception office."""
        self._placed = placed
        self._book = book
        self._guard = guard
        self._rendering = rendering
        self._clock = clock
        self._log = log

    def serve(self, routes: Iterable[DeskRoute]) -> list[web.RouteDef]:
        """The addresses of the desk; what is none of them is missing."""
        nowhere = DeskRoute(
            method="*",
            path="/desk/{rest:.*}",
            roles=frozenset(),
            handler=self._nowhere,
            is_open=True,
            stages=frozenset(Stage),
        )
        return [
            web.get("/desk/static/{version}/{name}", self._file),
            *(self._route(route) for route in [*routes, nowhere]),
        ]

    def _route(self, route: DeskRoute) -> web.RouteDef:
        async def handle(raw: web.Request) -> web.StreamResponse:
            return await self._handle(route, raw)

        return web.route(route.method, route.path, handle)

    async def _file(self, request: web.Request) -> web.StreamResponse:
        return self._rendering.file(request.match_info["name"], request.match_info["version"])

    async def _nowhere(self, _request: DeskRequest) -> Answer:
        raise Missing

    async def _handle(self, route: DeskRoute, raw: web.Request) -> web.StreamResponse:
        request = self._request(raw)
        try:
            await self._know(request)
            answer = self._turned_away(route, request)
            if raw.method not in {"GET", "HEAD"}:
                request.form = await read_form(raw, route.most_octets)
                answer = self._not_ours(request, answer) or await self._once(route, request)
            elif answer is None:
                answer = await route.handler(request)
        except Denied as denied:
            answer = self._error_page(denied.status, denied.key, **denied.data)
        except StaleAccount:
            answer = self._error_page(409, "error.stale")
        except web.HTTPException as error:
            answer = self._error_page(error.status, "error.request")
        except StoreError as error:
            answer = self._broken(503, "error.store", error)
        except Exception as error:  # noqa: BLE001 - a fault in one page must not become a bare 500 of the server
            answer = self._broken(500, "error.fault", error)
        try:
            return self._respond(request, answer)
        except Exception as error:  # noqa: BLE001 - as above: a template that does not fit its page
            return self._respond(request, self._broken(500, "error.fault", error))

    def _request(self, raw: web.Request) -> DeskRequest:
        wanted = raw.cookies.get(LANGUAGE, "")
        return DeskRequest(
            raw=raw,
            now=self._clock.now(),
            address=self._guard.address(raw),
            language=Language(wanted) if wanted in set(Language) else Language.VIETNAMESE,
            token=self._guard.token(raw),
        )

    async def _know(self, request: DeskRequest) -> None:
        if not self._guard.is_known(request.raw):
            return
        found = await self._book.session(request.token)
        if found is None:
            return
        request.session, request.account = found
        if self._placed is not None:
            request.account = replace(request.account, officer=await self._placed(request.account.officer))
        if request.now - request.session.seen_at >= TOUCH_AFTER:
            await self._book.touch(request.session)

    def _turned_away(self, route: DeskRoute, request: DeskRequest) -> Answer | None:
        """Where who may not see this page goes; None for who may. Raises ``Missing`` for officers of other roles."""
        if route.is_open:
            return None
        here = quote(request.raw.path_qs if request.raw.method == "GET" else "", safe="/")
        if request.session is None:
            return Redirect(to=f"/desk/login?next={here}" if here else "/desk/login")
        if request.session.stage not in route.stages:
            return Redirect(to=STAGE_PAGES.get(request.session.stage, "/desk"))
        if request.officer.role not in route.roles:
            raise Missing
        if route.proof and not request.session.is_proven(request.now):
            return Redirect(to=f"/desk/prove?next={here}")
        return None

    def _not_ours(self, request: DeskRequest, turned_away: Answer | None) -> Answer | None:
        """A form that is not from a page of this session, or came too late, is shown again to be sent again."""
        ours = self._guard.is_ours(request.raw)
        if ours and turned_away is None and self._guard.is_csrf(request.token, request.form.raw("csrf_token")):
            return None
        first = turned_away.to if isinstance(turned_away, Redirect) else ""
        shown = {"kept": request.form.kept(), "action": request.raw.path_qs if ours else "", "first": first}
        data = {"error": "csrf", "message": self._rendering.words.tell(request.language, "error.csrf")}
        return Page(
            template="kept.html.j2", data=data, shown=shown, status=401 if first and request.wants_json else 403
        )

    async def _once(self, route: DeskRoute, request: DeskRequest) -> Answer:
        """The form is done once, however often it is sent; who sent it again is led where the first one was."""
        once = request.form.text("once", 64)
        if not once:
            return await route.handler(request)
        key = f"{request.token}|{request.raw.path}|{once}"
        is_first, before = await self._book.take_form(key)
        if not is_first:
            return await self._led_before(key, before)
        led: str | None = None
        try:
            answer = await route.handler(request)
            if isinstance(answer, Redirect):
                led = orjson.dumps([answer.to, answer.notice, dict(answer.values)]).decode()
            return answer
        finally:
            await asyncio.shield(self._book.end_form(key, led))

    async def _led_before(self, key: str, led: str | None) -> Answer:
        until = self._clock.monotonic() + FIRST_SENDING_SECONDS
        while led is None and self._clock.monotonic() < until:
            await asyncio.sleep(LOOK_SECONDS)
            is_first, led = await self._book.take_form(key)
            if is_first:
                await self._book.end_form(key, None)
                break
        if led is None:
            raise Denied(409, "error.under_way")
        to, notice, values = orjson.loads(led)
        return Redirect(to=to, notice=notice, values=values)

    # --- answers

    def _error_page(self, status: int, key: str, **data: Any) -> Page:
        return Page(
            template="error.html.j2", data={"error": key.rpartition(".")[2], **data}, shown={"key": key}, status=status
        )

    def _broken(self, status: int, key: str, error: Exception) -> Page:
        """What people get is a number; what happened is in the log under it."""
        reference = secrets.token_hex(4)
        self._log.error("page broke", reference=reference, error=type(error).__name__, where=_where(error))
        return self._error_page(status, key, reference=reference)

    def _respond(self, request: DeskRequest, answer: Answer) -> web.StreamResponse:
        match answer:
            case Page():
                response = self._page(request, answer)
            case Redirect():
                response = self._redirect(request, answer)
            case _:
                return answer
        if not self._guard.is_known(request.raw) and not isinstance(answer, Redirect):
            self._guard.set_token(request.raw, response, request.token)
        return response

    def _page(self, request: DeskRequest, page: Page) -> web.Response:
        if request.wants_json:
            key = page.shown.get("key")
            message = {"message": self._rendering.words.tell(request.language, key)} if key else {}
            return as_json({**page.data, **message}, page.status)
        is_in = request.session is not None and request.session.stage is Stage.FULL
        around = Surroundings(
            language=request.language,
            officer=request.officer if is_in else None,
            path=request.raw.path,
            query=request.raw.query_string,
            csrf=self._guard.csrf_of(request.token),
            notice=self._notice(request),
        )
        values: Mapping[str, Any] = {**page.shown, **page.data}
        text = self._rendering.html(page.template, values, around)
        response = web.Response(text=text, content_type="text/html", status=page.status, headers=HEADERS)
        if NOTICE in request.raw.cookies:
            self._guard.set_cookie(request.raw, response, NOTICE, "")
        return response

    def _redirect(self, request: DeskRequest, redirect: Redirect) -> web.Response:
        to = local(redirect.to) or redirect.to
        told = self._tell(request.language, redirect.notice, redirect.values)
        if request.wants_json and request.raw.method != "GET":
            response = as_json({"location": to, "message": told, **redirect.data}, 200)
        else:
            response = web.Response(status=303, headers={**HEADERS, "Location": to})
            if redirect.notice:
                packed = orjson.dumps([redirect.notice, dict(redirect.values)])
                self._guard.set_cookie(request.raw, response, NOTICE, base64.urlsafe_b64encode(packed).decode())
        if redirect.token is not None:
            self._guard.set_token(request.raw, response, redirect.token)
        return response

    def _notice(self, request: DeskRequest) -> str:
        """What the page before wanted to be told."""
        try:
            notice, values = orjson.loads(base64.urlsafe_b64decode(request.raw.cookies.get(NOTICE, "")))
            return self._tell(request.language, str(notice), dict(values))
        except (ValueError, TypeError, KeyError, IndexError):
            return ""

    def _tell(self, language: Language, notice: str, values: Mapping[str, str]) -> str:
        return self._rendering.words.tell(language, notice, **values) if notice else ""


def _where(error: Exception) -> str:
    """The innermost line of ours; never the error's text, which may hold what people wrote."""
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    return "" if place is None else f"{place.tb_frame.f_code.co_filename.rpartition('/')[2]}:{place.tb_lineno}"
