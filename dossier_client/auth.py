"""Signing in to a one-stop system."""

import asyncio
import base64
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol, assert_never

from dossier_client.faults import Reason, UpstreamFault
from dossier_client.reading import mapping, text, whole
from dossier_client.settings import Auth, BasicAuth, BearerAuth, LgspAuth, NoAuth, OAuth2Auth
from dossier_client.transport import Answer, Request

RENEW_BEFORE_S = 30.0
USUAL_LIFE_S = 300
LONGEST_TOKEN = 16_384
HTTP_OK = 200

Send = Callable[[Request, Mapping[str, str]], Awaitable[Answer]]


class SignIn(Protocol):
    """Gives the headers that let a request in."""

    async def headers(self) -> Mapping[str, str]:
        """Headers for the next request. Raises ``UpstreamFault``."""
        ...

    def refused(self, headers: Mapping[str, str]) -> bool:
        """The system answered 401 to these; whether ``headers`` gives others now."""
        ...

    async def close(self) -> None:
        """End what is under way."""
        ...


class FixedHeaders:
    """The same headers with each request."""

    def __init__(self, headers: Mapping[str, str]) -> None:
        self._headers = headers

    async def headers(self) -> Mapping[str, str]:
        """Always the same."""
        return self._headers

    def refused(self, headers: Mapping[str, str]) -> bool:  # noqa: ARG002 - part of the protocol
        """There are no others."""
        return False

    async def close(self) -> None:
        """Nothing is under way."""


@dataclass(frozen=True, slots=True)
class Token:
    """What one renewal gave; it is told from its successor by identity."""

    headers: Mapping[str, str] = field(repr=False)
    renew_at: float


class ClientCredentials:
    """OAuth2 tokens, renewed 30 s before their end; however many ask, there is one renewal at a time."""

    def __init__(self, settings: OAuth2Auth, send: Send, monotonic: Callable[[], float]) -> None:
        self._settings = settings
        self._send = send
        self._monotonic = monotonic
        self._token: Token | None = None
        self._renewal: asyncio.Task[Token] | None = None

    async def headers(self) -> Mapping[str, str]:
        """Of the token that holds now. Raises ``UpstreamFault`` when there is none to be had."""
        token = self._token
        if token is not None and self._monotonic() < token.renew_at:
            return token.headers
        if self._renewal is None:
            self._renewal = asyncio.create_task(self._renew())
            self._renewal.add_done_callback(self._renewed)
        # a task of its own: whoever began it may be cancelled while others wait for the token
        return (await asyncio.shield(self._renewal)).headers

    def refused(self, headers: Mapping[str, str]) -> bool:
        """Drops the token, unless somebody has renewed it since these headers were given."""
        if self._token is not None and self._token.headers is headers:
            self._token = None
        return True

    async def close(self) -> None:
        """Cancels a renewal under way."""
        if self._renewal is not None:
            self._renewal.cancel()
            await asyncio.gather(self._renewal, return_exceptions=True)

    def _renewed(self, renewal: asyncio.Task[Token]) -> None:
        self._renewal = None
        if not renewal.cancelled() and renewal.exception() is None:
            self._token = renewal.result()

    async def _renew(self) -> Token:
        answer = await self._send(
            Request(self._settings.token_url, "POST", form={"grant_type": "client_credentials"}),
            basic(self._settings.client_id, self._settings.client_secret),
        )
        if answer.status != HTTP_OK:
            raise UpstreamFault(Reason.UNAUTHORISED, f"token endpoint answered {answer.status}")
        return self._read(answer)

    def _read(self, answer: Answer) -> Token:
        given = mapping(answer.value())
        token = text(given.get("access_token"), LONGEST_TOKEN)
        if not token or not token.isascii() or " " in token:
            raise UpstreamFault(Reason.UNAUTHORISED, "token endpoint gave no token")
        life = max(whole(given.get("expires_in")) or USUAL_LIFE_S, 1)
        return Token(bearer(token), self._monotonic() + max(life - RENEW_BEFORE_S, life / 2))


def basic(user: str, password: str) -> Mapping[str, str]:
    """The header of HTTP Basic."""
    return {"Authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}


def bearer(token: str) -> Mapping[str, str]:
    """The header of a bearer token."""
    return {"Authorization": f"Bearer {token}"}


def sign_in(auth: Auth, send: Send, monotonic: Callable[[], float]) -> SignIn:
    """What does what the settings say."""
    match auth:
        case NoAuth():
            return FixedHeaders({})
        case BearerAuth(token):
            return FixedHeaders(bearer(token))
        case BasicAuth(user, password):
            return FixedHeaders(basic(user, password))
        case LgspAuth(token):
            return FixedHeaders({"lgspaccesstoken": token})
        case OAuth2Auth():
            return ClientCredentials(auth, send, monotonic)
        case _:
            assert_never(auth)
