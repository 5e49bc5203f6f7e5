"""HTTP to one system: verified TLS, no redirect, no cookie, no proxy, every time and size bounded.

Whatever goes wrong becomes an ``UpstreamFault``; its text holds no address, header or body.
"""

import asyncio
import ssl
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import yarl

from dossier_client.faults import Reason, UpstreamFault
from dossier_client.reading import decode, looks_like_markup, sample
from dossier_client.settings import Timings, UpstreamSettings

MOST_OCTETS = 1024 * 1024
CHUNK_OCTETS = 65_536
OWN_DELAY_S = 0.5
"""A time-out noticed so much after its time says nothing about the other system: our own process stood still."""
KEEP_ALIVE_S = 30.0
NAMES_KEPT_S = 60
HEADERS = {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "motcua"}
GZIP_OR_ZLIB = 47
"""``wbits`` of zlib: the header says which."""
FAULTS: tuple[tuple[type[BaseException], Reason], ...] = (
    (aiohttp.ClientConnectorDNSError, Reason.DNS),
    (aiohttp.ClientSSLError, Reason.TLS),
    (aiohttp.ClientConnectorCertificateError, Reason.TLS),
    (aiohttp.ConnectionTimeoutError, Reason.CONNECT),
    (aiohttp.ClientConnectorError, Reason.CONNECT),
    (TimeoutError, Reason.TIMEOUT),
    (aiohttp.ServerDisconnectedError, Reason.RESET),
    (aiohttp.ClientOSError, Reason.RESET),
    (aiohttp.ClientPayloadError, Reason.TRUNCATED),
)
"""The first class that fits decides; what fits none is ``BAD_HTTP``."""
STATUSES = {400: Reason.REFUSED, 422: Reason.REFUSED, 401: Reason.UNAUTHORISED, 403: Reason.UNAUTHORISED}


@dataclass(frozen=True, slots=True)
class Request:
    """What to ask; *path* begins with a slash, or is a whole address (the token endpoint)."""

    path: str
    method: str = "GET"
    json: Mapping[str, str] | None = field(default=None, repr=False)
    form: Mapping[str, str] | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, whatever its status."""

    status: int
    retry_after: str
    body: bytes = field(repr=False)

    def value(self) -> Any:
        """The JSON value. Raises ``UpstreamFault``."""
        return decode(self.body)

    def fault(self) -> UpstreamFault:
        """What to raise when this status is not expected."""
        detail = sample(self.body) if looks_like_markup(self.body) else ""
        return UpstreamFault(STATUSES.get(self.status, Reason.STATUS), f"{self.status} {detail}".strip())


def open_session(settings: UpstreamSettings, timings: Timings) -> aiohttp.ClientSession:
    """The connections to one system. To be called within a running loop."""
    connector = aiohttp.TCPConnector(
        limit=settings.max_concurrent + 1,
        ttl_dns_cache=NAMES_KEPT_S,
        keepalive_timeout=KEEP_ALIVE_S,
        ssl=ssl.create_default_context(cafile=settings.ca_file or None),
    )
    return aiohttp.ClientSession(
        connector=connector,
        cookie_jar=aiohttp.DummyCookieJar(),
        trust_env=False,
        auto_decompress=False,
        headers=HEADERS,
        timeout=aiohttp.ClientTimeout(
            total=settings.timeout_s, connect=timings.connect_s, sock_read=min(timings.read_s, settings.timeout_s)
        ),
    )


class HttpTransport:
    """Asks one system over HTTP. To be made within a running loop."""

    def __init__(self, session: aiohttp.ClientSession, base_url: str) -> None:
        self._session = session
        self._base_url = base_url.rstrip("/")
        self._monotonic = asyncio.get_running_loop().time

    async def send(self, request: Request, headers: Mapping[str, str]) -> Answer:
        """The answer, whatever its status but a redirect. Raises ``UpstreamFault``."""
        path = request.path
        url = yarl.URL(self._base_url + path if path.startswith("/") else path, encoded=True)
        begun, asked_at = False, self._monotonic()
        try:
            async with self._session.request(
                request.method, url, headers=headers, json=request.json, data=request.form, allow_redirects=False
            ) as response:
                begun = True
                return await _answer(response)
        except (aiohttp.ClientError, OSError, ValueError, asyncio.IncompleteReadError) as error:
            # "from None": the text of an HTTP library's error may hold the address with a phone number in it
            stalled = isinstance(error, TimeoutError) and self._was_stalled(error, self._monotonic() - asked_at)
            reason = Reason.STALLED if stalled else _reason(error, begun=begun)
            raise UpstreamFault(reason, type(error).__name__) from None

    def _was_stalled(self, error: TimeoutError, seconds: float) -> bool:
        times = self._session.timeout
        most = times.connect if isinstance(error, aiohttp.ConnectionTimeoutError) else times.total
        return most is not None and seconds > most + OWN_DELAY_S


async def _answer(response: aiohttp.ClientResponse) -> Answer:
    if 300 <= response.status < 400:  # noqa: PLR2004 - the class of status codes
        raise UpstreamFault(Reason.REDIRECT, str(response.status))
    body = await _body(response)
    return Answer(response.status, response.headers.get("Retry-After", ""), body)


async def _body(response: aiohttp.ClientResponse) -> bytes:
    pieces, size = [], 0
    async for piece in response.content.iter_chunked(CHUNK_OCTETS):
        size += len(piece)
        if size > MOST_OCTETS:
            response.close()
            raise UpstreamFault(Reason.TOO_BIG)
        pieces.append(piece)
    raw = b"".join(pieces)
    return raw if response.headers.get("Content-Encoding", "identity") == "identity" else _inflated(raw)


def _inflated(raw: bytes) -> bytes:
    """Some systems compress although nobody asked; a bomb is never unpacked beyond the limit."""
    try:
        body = zlib.decompressobj(GZIP_OR_ZLIB).decompress(raw, MOST_OCTETS + 1)
    except zlib.error:
        raise UpstreamFault(Reason.BAD_HTTP, "unreadable content encoding") from None
    if len(body) > MOST_OCTETS:
        raise UpstreamFault(Reason.TOO_BIG)
    return body


def _reason(error: BaseException, *, begun: bool) -> Reason:
    reason = next((reason for kind, reason in FAULTS if isinstance(error, kind)), Reason.BAD_HTTP)
    return Reason.TRUNCATED if begun and reason is Reason.RESET else reason
