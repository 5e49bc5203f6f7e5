"""A stand-in for Zalo on this machine: its APIs, its single-use tokens, and signed events delivered to the gateway.

For tests, the demo and benchmarks; it speaks real HTTP and holds everything in memory.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import aiohttp
import orjson
from aiohttp import web

from adapters.zalo.oauth import challenge
from adapters.zalo.settings import ZaloSettings
from adapters.zalo.signature import HEADER, sign
from adapters.zalo.webhook import secrets_of

LONGEST_TEXT = 2000
EXPIRES_IN = "90000"
TOO_LONG, TOKEN_REFUSED, NOBODY, NO_FOLLOWER, WINDOW_CLOSED = -210, -216, -201, -213, -230
Handler = Callable[[web.Request], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scripted:
    """How one request is answered in place of the usual way."""

    code: int | str | None = None
    """An error of Zalo's, with HTTP 200."""
    status: int = 200
    body: bytes | None = None
    """These octets in place of JSON."""
    delay_s: float = 0.0
    drops: bool = False
    """The connection is closed without an answer, after the message was taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A message that the gateway sent."""

    path: str
    token: str
    body: Mapping[str, Any]
    message_id: str

    @property
    def to(self) -> str:
        """The person or the phone."""
        people = self.body.get("recipient", self.body)
        return str(people.get("user_id") or people.get("phone") or people.get("anonymous_id") or "")

    @property
    def text(self) -> str:
        """The text, "" for forms and templates."""
        return str(self.body.get("message", {}).get("text", ""))

    @property
    def buttons(self) -> list[Mapping[str, Any]]:
        """The buttons under it."""
        payload = self.body.get("message", {}).get("attachment", {}).get("payload", {})
        return list(payload.get("buttons", []))


@dataclass(slots=True)
class Tokens:
    """What the token endpoint has issued."""

    access: str = "access-0"
    refresh: str = "refresh-0"
    spent: set[str] = field(default_factory=set)
    renewals: int = 0
    """Calls that came with a refresh token, whatever became of them."""
    codes: dict[str, str] = field(default_factory=dict)
    """Authorisation codes not used yet, each with its challenge."""
    made: Any = field(default_factory=lambda: count(1))

    def issue(self) -> dict[str, str]:
        """A new pair: the old access token is dead at once, the old refresh token is spent."""
        number = next(self.made)
        self.spent.add(self.refresh)
        self.access, self.refresh = f"access-{number}", f"refresh-{number}"
        return {"access_token": self.access, "refresh_token": self.refresh, "expires_in": EXPIRES_IN}


class ZaloStandIn:
    """Zalo as one Official Account sees it."""

    def __init__(self, settings: ZaloSettings, *, delay_s: float = 0.0) -> None:
        """*settings* are the gateway's: who it is and what signs its events."""
        self._settings = settings
        self._secrets = secrets_of(settings)
        self.delay_s = delay_s
        """How long every send takes."""
        self.tokens = Tokens(access=settings.access_token or "access-0", refresh=settings.refresh_token or "refresh-0")
        self.sent: list[Sent] = []
        self.on_sent: Callable[[Sent], None] = lambda _sent: None
        self.script: deque[Scripted] = deque()
        """Answers of the next sends, in order."""
        self.oauth_script: deque[Scripted] = deque()
        """Answers of the next calls for tokens."""
        self.always: Scripted | None = None
        self.unknown: set[str] = set()
        """Who does not follow the account, or has blocked it."""
        self.closed: set[str] = set()
        """Who has not written for too long."""
        self.has_buttons = True
        self.account: dict[str, Any] = {}
        """What the account tells of itself, other than usual."""
        self.url = ""
        self._ids = count(1)
        self._runner: web.AppRunner | None = None
        self._session: aiohttp.ClientSession | None = None

    async def start(self, port: int = 0) -> str:
        """Listen on this machine; the base address of all three services."""
        application = web.Application()
        application.add_routes(
            [
                web.post("/v4/oa/access_token", self._issue),
                web.get("/v4/oa/permission", self._permit),
                web.post("/v3.0/oa/message/cs", self._take_text),
                web.post("/v2.0/oa/message", self._take_text),
                web.post("/v3.0/oa/message/template", self._take_template),
                web.post("/message/template", self._take_by_phone),
                web.get("/v2.0/oa/getoa", self._tell_account),
            ]
        )
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", port).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
        return self.url

    async def stop(self) -> None:
        """Close everything."""
        if self._session is not None:
            await self._session.close()
        if self._runner is not None:
            await self._runner.cleanup()

    async def deliver(
        self,
        url: str,
        event: Mapping[str, Any] | bytes,
        *,
        signature: str | None = "",
        retry: int = 0,
        headers: Mapping[str, str] | None = None,
    ) -> int:
        """Send an event to the gateway as Zalo does; the status of its answer. *signature*: "" signs it, None leaves it out."""
        assert self._session is not None, "not started"  # noqa: S101 - a mistake of the test that uses it
        body = event if isinstance(event, bytes) else orjson.dumps(event)
        said = {"Content-Type": "application/json", **(headers or {})}
        if signature is not None:
            said[HEADER] = signature or sign(body, self._secrets)
        if retry:
            said["num_retry"] = str(retry)
        async with self._session.post(url, data=body, headers=said) as response:
            await response.read()
            return response.status

    def authorise(self, verifier: str) -> str:
        """What following the permission link and agreeing brings: a code, good once."""
        code = f"code-{next(self._ids)}"
        self.tokens.codes[code] = challenge(verifier)
        return code

    # The token endpoint.

    async def _permit(self, request: web.Request) -> web.Response:
        """An administrator who agrees at once."""
        code = f"code-{next(self._ids)}"
        self.tokens.codes[code] = request.query["code_challenge"]
        state = request.query.get("state", "")
        back = f"{request.query['redirect_uri']}?code={code}&oa_id={self._settings.oa_id}&state={state}"
        raise web.HTTPFound(back)

    async def _issue(self, request: web.Request) -> web.StreamResponse:
        form = await request.post()
        tokens = self.tokens
        renews = form.get("grant_type") == "refresh_token"
        tokens.renewals += renews
        if self.oauth_script:
            scripted = self.oauth_script.popleft()
            if scripted.drops and renews:
                tokens.issue()
            return await self._scripted(request, scripted)
        if request.headers.get("secret_key") != self._settings.app_secret:
            return _json({"error": -14012, "error_name": "Invalid secret key.", "message": ""})
        if renews:
            given = str(form.get("refresh_token"))
            if given in tokens.spent:
                return web.Response(body=b"")
            return _json(tokens.issue()) if given == tokens.refresh else _json(_invalid())
        wanted = tokens.codes.pop(str(form.get("code")), None)
        fits = wanted is not None and challenge(str(form.get("code_verifier"))) == wanted
        return _json(tokens.issue()) if fits else _json({"error": -14019, "error_name": "Invalid code.", "message": ""})

    # Messages.

    async def _take_text(self, request: web.Request) -> web.StreamResponse:
        return await self._take(request, self._judge_text, "message_id")

    async def _take_template(self, request: web.Request) -> web.StreamResponse:
        return await self._take(
            request, lambda body: NO_FOLLOWER if body["user_id"] in self.unknown else 0, "message_id"
        )

    async def _take_by_phone(self, request: web.Request) -> web.StreamResponse:
        return await self._take(request, lambda body: -118 if body["phone"] in self.unknown else 0, "msg_id")

    def _judge_text(self, body: Mapping[str, Any]) -> int:
        person = body["recipient"].get("user_id", "")
        message = body["message"]
        if person in self.unknown:
            return NO_FOLLOWER
        if person in self.closed:
            return WINDOW_CLOSED
        if not self.has_buttons and "buttons" in message.get("attachment", {}).get("payload", {}):
            return NOBODY
        return TOO_LONG if len(message.get("text", "")) > LONGEST_TEXT else 0

    async def _take(
        self, request: web.Request, judge: Callable[[Mapping[str, Any]], int], name: str
    ) -> web.StreamResponse:
        token = request.headers.get("access_token", "")
        body = orjson.loads(await request.read())
        if self.delay_s:
            await asyncio.sleep(self.delay_s)
        if token != self.tokens.access:
            return _error(TOKEN_REFUSED)
        scripted = self.script.popleft() if self.script else self.always
        if scripted is not None:
            if scripted.drops:
                self._record(request.path, token, body)
            return await self._scripted(request, scripted)
        if code := judge(body):
            return _error(code)
        sent = self._record(request.path, token, body)
        data = {name: sent.message_id, "sent_time": "1760000000123", "quota": {"quota_type": "reply"}}
        return _json({"data": data, "error": 0, "message": "Success"})

    def _record(self, path: str, token: str, body: Mapping[str, Any]) -> Sent:
        sent = Sent(path=path, token=token, body=body, message_id=f"{next(self._ids):020x}")
        self.sent.append(sent)
        self.on_sent(sent)
        return sent

    async def _scripted(self, request: web.Request, answer: Scripted) -> web.StreamResponse:
        await asyncio.sleep(answer.delay_s)
        if answer.drops:
            if request.transport is not None:
                request.transport.close()
            return web.Response(status=500)
        if answer.body is not None:
            return web.Response(status=answer.status, body=answer.body)
        return _error(answer.code, answer.status)

    async def _tell_account(self, _request: web.Request) -> web.Response:
        data = {"oaid": self._settings.oa_id, "name": "Một Cửa", "is_verified": True, "oa_type": 4} | self.account
        return _json({"data": data, "error": 0, "message": "Success"})


def _json(fields: Mapping[str, Any], status: int = 200) -> web.Response:
    return web.Response(status=status, body=orjson.dumps(fields), content_type="application/json")


def _error(code: int | str | None, status: int = 200) -> web.Response:
    fields: dict[str, Any] = {"message": "made up by the stand-in"}
    return _json(fields if code is None else {"error": code, **fields}, status)


def _invalid() -> dict[str, Any]:
    return {"error": -14014, "error_name": "Invalid refresh token.", "message": ""}
