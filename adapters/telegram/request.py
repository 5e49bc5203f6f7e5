"""HTTP to the Bot API for ``telegram.Bot``: aiohttp instead of httpx, which loses half its speed in its own pool.

The bot's token is a part of every address, and errors of HTTP libraries may quote addresses. So no such error leaves
this module: it becomes one of ours, in fixed words, without a cause.
"""

from typing import Any

import aiohttp
import orjson
import yarl
from telegram._utils.types import ODVInput
from telegram.error import NetworkError, TelegramError
from telegram.request import BaseRequest, RequestData

from adapters.telegram.settings import TelegramSettings

MOST_OCTETS = 20_000_000
"""Telegram hands out no larger file; a hundred updates are far smaller."""
CHUNK_OCTETS = 65_536
TOO_MANY_REQUESTS = 429
KEEP_ALIVE_S = 30.0
NEVER_WRITTEN = (
    aiohttp.ConnectionTimeoutError,
    aiohttp.ClientConnectorError,
    aiohttp.ClientHttpProxyError,
    aiohttp.InvalidURL,
)


class NothingWritten(NetworkError):
    """No octet of the request left: the same again does no harm."""


class AnswerUnknown(NetworkError):
    """The request was written, or a part of it, and no answer could be read."""


class TooFast(TelegramError):
    """Status 429. The library's own class tells the seconds only together with a warning."""

    def __init__(self, seconds: float) -> None:
        """*seconds* to wait, as the server says."""
        super().__init__("too many requests")
        self.seconds = seconds


class AiohttpRequest(BaseRequest):
    """The way of one bot to the Bot API; connections are opened with the first call."""

    __slots__ = ("_connections", "_is_closed", "_session", "_settings")

    def __init__(self, settings: TelegramSettings, *, connections: int) -> None:
        """*connections* at the same time, at most."""
        self._settings = settings
        self._connections = connections
        self._session: aiohttp.ClientSession | None = None
        self._is_closed = False

    @property
    def read_timeout(self) -> float:
        """Seconds without an octet of the answer."""
        return self._settings.read_timeout_s

    async def initialize(self) -> None:
        """Nothing to do before the first call."""

    async def shutdown(self) -> None:
        """Close all connections; a later call fails."""
        self._is_closed = True
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        write_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        connect_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        pool_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Status and body. Raises ``NothingWritten``, ``AnswerUnknown`` or ``TooFast``."""
        del write_timeout, connect_timeout, pool_timeout
        if self._is_closed:
            raise NothingWritten("closed")
        read_s = read_timeout if isinstance(read_timeout, int | float) else self.read_timeout
        fields = request_data.json_parameters if request_data is not None else None
        try:
            status, body = await self._ask(url, method, fields, read_s)
        except (aiohttp.ClientError, OSError, ValueError) as error:
            kind = NothingWritten if isinstance(error, NEVER_WRITTEN) else AnswerUnknown
            failure = kind(type(error).__name__)
        else:
            if status == TOO_MANY_REQUESTS:
                raise TooFast(_seconds(body))
            return status, body
        raise failure  # here, not above: raised while another is handled, it would carry that one along

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The answer. Raises ``TelegramError``; the library would write what it cannot read into the log."""
        try:
            value = orjson.loads(payload)
        except ValueError:
            value = None
        if not isinstance(value, dict):
            raise TelegramError("Invalid server response")
        return value

    async def _ask(self, url: str, method: str, fields: dict[str, str] | None, read_s: float) -> tuple[int, bytes]:
        timeout = aiohttp.ClientTimeout(total=None, connect=self._settings.connect_timeout_s, sock_read=read_s)
        async with self._opened().request(
            method,
            yarl.URL(url, encoded=True),
            data=fields,
            timeout=timeout,
            proxy=self._settings.proxy or None,
            allow_redirects=False,
        ) as response:
            return response.status, await _body(response)

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            connector = aiohttp.TCPConnector(limit=self._connections, keepalive_timeout=KEEP_ALIVE_S)
            self._session = aiohttp.ClientSession(
                connector=connector, cookie_jar=aiohttp.DummyCookieJar(), trust_env=False
            )
        return self._session


async def _body(response: aiohttp.ClientResponse) -> bytes:
    pieces, size = [], 0
    async for piece in response.content.iter_chunked(CHUNK_OCTETS):
        size += len(piece)
        if size > MOST_OCTETS:
            response.close()
            raise ValueError("too big")
        pieces.append(piece)
    return b"".join(pieces)


def _seconds(body: bytes) -> float:
    """What the server asks for; a second when it does not say."""
    try:
        return max(0.0, float(orjson.loads(body)["parameters"]["retry_after"]))
    except (ValueError, KeyError, TypeError):
        return 1.0
