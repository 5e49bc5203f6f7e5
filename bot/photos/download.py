"""Fetching a photo from a link that somebody else wrote: only from known hosts, never from inside our network."""

import asyncio
import socket
from dataclasses import dataclass, field

from aiohttp import AddrInfoType, ClientError, ClientResponse, ClientSession, DummyCookieJar, TCPConnector
from yarl import URL

from bot.photos.addresses import is_allowed
from bot.photos.source import MOST_OCTETS, PhotoUnavailable, Unavailable

MOST_REDIRECTS = 3
CHUNK = 64 * 1024
LOCAL_HOSTS = frozenset({"127.0.0.1", "::1", "localhost"})
REDIRECTS = frozenset({301, 302, 303, 307, 308})
OK, GONE = 200, frozenset({403, 404, 410})


@dataclass(frozen=True, slots=True, kw_only=True)
class DownloadRules:
    """What may be fetched."""

    hosts: tuple[str, ...]
    """Each with all names below it: ``zdn.vn`` allows ``photo.talk.zdn.vn``."""
    loopback: bool = False
    """Also from this machine, over plain HTTP and any port: for stand-ins."""
    seconds: float = 8.0
    most_octets: int = MOST_OCTETS


class Download:
    """Fetches photos by links."""

    def __init__(self, rules: DownloadRules) -> None:
        self._rules = rules

    async def fetch(self, link: str) -> bytes:
        """What the link leads to, not looked into. Raises ``PhotoUnavailable``."""
        sockets = _Sockets(loopback=self._rules.loopback)
        try:
            async with asyncio.timeout(self._rules.seconds), sockets.session() as session:
                return await self._follow(session, URL(link))
        except TimeoutError as error:
            raise PhotoUnavailable(Unavailable.SLOW) from error
        except (ClientError, OSError, ValueError):
            reason = Unavailable.NOT_ALLOWED if sockets.refused else Unavailable.UNREACHABLE
            raise PhotoUnavailable(reason) from None  # the cause names the link

    async def _follow(self, session: ClientSession, url: URL) -> bytes:
        for _ in range(1 + MOST_REDIRECTS):
            if not self._may_ask(url):
                break
            async with session.get(url, allow_redirects=False) as response:
                if response.status not in REDIRECTS:
                    return await self._body(response)
                url = url.join(URL(response.headers.get("Location", "")))
        raise PhotoUnavailable(Unavailable.NOT_ALLOWED)

    def _may_ask(self, url: URL) -> bool:
        host = url.host or ""
        if url.user is not None or url.password is not None:
            return False
        if self._rules.loopback and host in LOCAL_HOSTS:
            return url.scheme in {"http", "https"}
        is_known = any(host == known or host.endswith(f".{known}") for known in self._rules.hosts)
        return is_known and url.scheme == "https" and url.is_default_port()

    async def _body(self, response: ClientResponse) -> bytes:
        if response.status != OK:
            raise PhotoUnavailable(Unavailable.GONE if response.status in GONE else Unavailable.UNREACHABLE)
        if (response.content_length or 0) > self._rules.most_octets:
            raise PhotoUnavailable(Unavailable.TOO_BIG)
        body = bytearray()
        async for chunk in response.content.iter_chunked(CHUNK):
            body += chunk
            if len(body) > self._rules.most_octets:
                raise PhotoUnavailable(Unavailable.TOO_BIG)
        return bytes(body)


@dataclass(slots=True)
class _Sockets:
    """Opens connections, each only to an address that was checked: nothing is resolved a second time after the check."""

    loopback: bool
    refused: bool = field(default=False, init=False)

    def session(self) -> ClientSession:
        # Nothing is unpacked on the way in: a small body that swells is not a photo.
        return ClientSession(
            connector=TCPConnector(socket_factory=self._open),
            cookie_jar=DummyCookieJar(),
            auto_decompress=False,
            headers={"Accept": "image/*", "Accept-Encoding": "identity"},
        )

    def _open(self, found: AddrInfoType) -> socket.socket:
        family, kind, protocol, _, address = found
        if not is_allowed(str(address[0]), loopback=self.loopback):
            self.refused = True
            raise OSError("no photo may come from this address")
        opened = socket.socket(family, kind, protocol)
        opened.setblocking(False)
        return opened
