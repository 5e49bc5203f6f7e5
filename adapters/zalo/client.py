"""Calls to Zalo's APIs: one token, one retry with a better one, failures that come as HTTP 200."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp
import orjson

from adapters.zalo import outcomes
from adapters.zalo.outcomes import Handling, Service
from adapters.zalo.settings import ZaloSettings
from adapters.zalo.tokens import Tokens
from bot.clock import Clock
from bot.errors import MotcuaError, NotSent, OutcomeUnknown, TemporarySendError

LONGEST_ANSWER = 256 * 1024
CONNECT_SECONDS = 3.0
OK, UNAUTHORISED = 200, 401
NOT_CONNECTED = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)
"""No octet left: a name, an address or a certificate that does not work."""


class Declined(MotcuaError):
    """Zalo answered with a code other than 0: the message did not leave."""

    def __init__(self, code: int) -> None:
        super().__init__(f"Zalo answered {code}")
        self.code = code


class _TokenRefused(Exception):
    """The access token is not good any more; nothing was sent."""


@dataclass(frozen=True, slots=True)
class _Call:
    """One request, which may have to be made again with another token."""

    method: str
    service: Service
    path: str
    body: bytes


def new_session(concurrency: int) -> aiohttp.ClientSession:
    """Connections to Zalo: no cookies, no proxy of the environment."""
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=concurrency, ttl_dns_cache=60, keepalive_timeout=30),
        cookie_jar=aiohttp.DummyCookieJar(),
        trust_env=False,
    )


class Client:
    """Posts JSON to the account's API or to the one for templates by phone."""

    def __init__(self, settings: ZaloSettings, session: aiohttp.ClientSession, tokens: Tokens, clock: Clock) -> None:
        self._settings = settings
        self._session = session
        self._tokens = tokens
        self._clock = clock
        self._bases = {Service.ACCOUNT: settings.api_base_url, Service.PHONE: settings.zbs_base_url}
        self._timeout = aiohttp.ClientTimeout(total=settings.timeout_s, sock_connect=CONNECT_SECONDS)

    async def post(self, service: Service, path: str, payload: Mapping[str, Any]) -> Mapping[str, Any]:
        """The ``data`` of a success. Raises ``Declined``, or the ``SendError`` of a failure without a code."""
        return await self._call(_Call("POST", service, path, orjson.dumps(payload)))

    async def get(self, path: str) -> Mapping[str, Any]:
        """As ``post``, for what the account's API tells."""
        return await self._call(_Call("GET", Service.ACCOUNT, path, b""))

    async def _call(self, call: _Call) -> Mapping[str, Any]:
        grant = self._tokens.current()
        try:
            return await self._once(call, grant.pair.access_token)
        except _TokenRefused:
            better = await self._tokens.renewed(grant.generation)
        try:
            return await self._once(call, better.pair.access_token)
        except _TokenRefused as error:
            raise TemporarySendError("Zalo refuses a token that it has just issued") from error

    async def _once(self, call: _Call, token: str) -> Mapping[str, Any]:
        try:
            async with self._session.request(
                call.method,
                f"{self._bases[call.service]}{call.path}",
                data=call.body or None,
                headers=self._headers(token),
                allow_redirects=False,
                timeout=self._timeout,
            ) as response:
                return self._read(call.service, response.status, await _content(response))
        except NOT_CONNECTED as error:
            raise NotSent(f"Zalo: {type(error).__name__}") from error
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise OutcomeUnknown(f"Zalo: {type(error).__name__}") from error

    def _headers(self, token: str) -> dict[str, str]:
        headers = {"access_token": token, "Content-Type": "application/json"}
        if self._settings.appsecret_proof:
            headers["appsecret_proof"] = hmac.new(
                self._settings.app_secret.encode(), token.encode(), hashlib.sha256
            ).hexdigest()
        return headers

    def _read(self, service: Service, status: int, body: bytes) -> Mapping[str, Any]:
        try:
            fields = orjson.loads(body)
        except orjson.JSONDecodeError:
            fields = None
        code = _code(fields) if isinstance(fields, dict) else None
        if code is None or not isinstance(fields, dict):
            if status == UNAUTHORISED or _is_about_token(fields):
                raise _TokenRefused
            raise outcomes.failure_of_status(status)
        if code == 0 and status == OK:
            data = fields.get("data")
            return data if isinstance(data, dict) else {}
        if outcomes.handling_of(service, code) is Handling.REFRESH:
            raise _TokenRefused
        if code == 0:
            raise outcomes.failure_of_status(status)
        raise Declined(code)


async def _content(response: aiohttp.ClientResponse) -> bytes:
    """The body, as far as it is wanted."""
    body = bytearray()
    async for chunk in response.content.iter_chunked(LONGEST_ANSWER):
        body += chunk
        if len(body) > LONGEST_ANSWER:
            break
    return bytes(body)


def _code(fields: Mapping[str, Any]) -> int | None:
    """The number under ``error``, which may be written as a text."""
    try:
        return int(str(fields["error"]))
    except (KeyError, ValueError):
        return None


def _is_about_token(fields: Any) -> bool:
    """The shape of the token endpoint, seen elsewhere too: a name in place of a number."""
    name = fields.get("error_name") if isinstance(fields, dict) else None
    return isinstance(name, str) and "token" in name.lower()
