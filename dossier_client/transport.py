"""HTTP to one system: verified TLS, no redirect, no cookie, no proxy, every time and size bounded.

Whatever goes wrong becomes an ``UpstreamFault``; its text holds no address, header or body.
"""

import base64
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import orjson
import yarl

from dossier_client.connections import Connections, Origin
from dossier_client.faults import Reason, UpstreamFault
from dossier_client.http_connection import MOST_OCTETS
from dossier_client.reading import decode, looks_like_markup, sample

HEADERS = {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "motcua"}
GZIP_OR_ZLIB = 47
"""``wbits`` of zlib: the header says which."""
STATUSES = {400: Reason.REFUSED, 422: Reason.REFUSED, 401: Reason.UNAUTHORISED, 403: Reason.UNAUTHORISED}
OPENS_ANOTHER_LINE = re.compile(r"[\0\r\n]")


@dataclass(frozen=True, slots=True)
class Request:
    """What to ask; *path* begins with a slash, or is a whole address (the token endpoint)."""

    path: str
    method: str = "GET"
    json: Mapping[str, str | int | None] | None = field(default=None, repr=False)
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


class HttpTransport:
    """Asks one system over HTTP."""

    def __init__(self, connections: Connections, base_url: str) -> None:
        self._connections = connections
        self._base = _Place.of(base_url)

    async def send(self, request: Request, headers: Mapping[str, str]) -> Answer:
        """The answer, whatever its status but a redirect. Raises ``UpstreamFault``."""
        try:
            origin, octets = self._written(request, headers)
        except ValueError as error:
            raise UpstreamFault(Reason.BAD_HTTP, type(error).__name__) from None
        raw = await self._connections.ask(origin, octets, is_read=request.method == "GET")
        if 300 <= raw.status < 400:  # noqa: PLR2004 - the class of status codes
            raise UpstreamFault(Reason.REDIRECT, str(raw.status))
        is_plain = raw.headers.get(b"content-encoding", b"identity") == b"identity"
        retry_after = raw.headers.get(b"retry-after", b"").decode("latin-1")
        return Answer(raw.status, retry_after, raw.body if is_plain else _inflated(raw.body))

    def _written(self, request: Request, headers: Mapping[str, str]) -> tuple[Origin, bytes]:
        if request.path.startswith("/"):
            place, target = self._base, self._base.path + request.path
        else:
            place = _Place.of(request.path)
            target = place.path or "/"
        kind, body = _body(request)
        lines = [f"{request.method} {target} HTTP/1.1"]
        lines += [f"{name}: {value}" for name, value in (place.headers | kind | dict(headers)).items()]
        if OPENS_ANOTHER_LINE.search("".join(lines)):
            raise ValueError("a header that would be two")
        return place.origin, "\r\n".join((*lines, "", "")).encode() + body


@dataclass(frozen=True, slots=True)
class _Place:
    """A web address, taken apart."""

    origin: Origin
    path: str
    """With its query; "" for none."""
    headers: dict[str, str]
    """Those of every request that goes there."""

    @classmethod
    def of(cls, address: str) -> "_Place":
        url = yarl.URL(address.rstrip("/"), encoded=True)
        headers = {"Host": url.host_port_subcomponent or "", **HEADERS}
        if url.user is not None:
            signed = base64.b64encode(f"{url.user}:{url.password or ''}".encode()).decode()
            headers["Authorization"] = f"Basic {signed}"
        return cls(
            Origin(url.raw_host or "", url.port or 0, url.scheme == "https"), url.raw_path_qs.rstrip("/"), headers
        )


def _body(request: Request) -> tuple[dict[str, str], bytes]:
    if request.json is not None:
        kind, body = "application/json", orjson.dumps(request.json)
    elif request.form is not None:
        kind, body = "application/x-www-form-urlencoded", urlencode(request.form).encode()
    else:
        return ({} if request.method == "GET" else {"Content-Length": "0"}), b""
    return {"Content-Type": kind, "Content-Length": str(len(body))}, body


def _inflated(raw: bytes) -> bytes:
    """Some systems compress although nobody asked; a bomb is never unpacked beyond the limit."""
    try:
        body = zlib.decompressobj(GZIP_OR_ZLIB).decompress(raw, MOST_OCTETS + 1)
    except zlib.error:
        raise UpstreamFault(Reason.BAD_HTTP, "unreadable content encoding") from None
    if len(body) > MOST_OCTETS:
        raise UpstreamFault(Reason.TOO_BIG)
    return body
