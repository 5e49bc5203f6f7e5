"""One-stop systems whose every octet a test writes by hand, and a client with time and chance in its hands."""

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any, Self

from bot.clock import FixedClock
from dossier_client.client import OneStopClient
from dossier_client.settings import Timings, UpstreamSettings

NOW = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
CODE = "000.00.15.H05-261120-0003"
OTHER_CODE = "000.00.15.H05-261120-0004"
DOSSIER: dict[str, Any] = {"code": CODE, "status": 4, "status_text": "Đang xử lý"}
SHORT = Timings(look_up_s=2.5, connect_s=0.5, read_s=0.5)

Reply = Callable[[str, asyncio.StreamWriter], Awaitable[None]]


def http(status: int, body: bytes, *headers: str, kind: str = "application/json") -> bytes:
    """A whole answer."""
    lines = [f"HTTP/1.1 {status} X", f"Content-Type: {kind}", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def as_json(value: object, status: int = 200, *headers: str) -> bytes:
    """A whole answer in JSON."""
    return http(status, json.dumps(value).encode(), *headers)


def sends(*answers: bytes) -> Reply:
    """One answer after the other; the last one again and again."""
    left = list(answers)

    async def reply(_: str, writer: asyncio.StreamWriter) -> None:
        writer.write(left.pop(0) if len(left) > 1 else left[0])
        await writer.drain()

    return reply


def closes_after(answer: bytes) -> Reply:
    """Writes these octets and closes."""

    async def reply(_: str, writer: asyncio.StreamWriter) -> None:
        writer.write(answer)
        await writer.drain()
        writer.close()

    return reply


async def hangs(_: str, writer: asyncio.StreamWriter) -> None:
    """Never answers."""
    await writer.wait_closed()


async def resets(_: str, writer: asyncio.StreamWriter) -> None:
    """Closes the connection without a word."""
    writer.transport.abort()


async def drips(_: str, writer: asyncio.StreamWriter) -> None:
    """Sends the headers, then an octet every 10 ms, for ever."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n")
    while not writer.is_closing():
        writer.write(b" ")
        await writer.drain()
        await asyncio.sleep(0.01)


def streams(octets: int) -> Reply:
    """Sends a body of that many octets, as long as somebody reads."""

    async def reply(_: str, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n")
        piece = b"x" * 65_536
        for _sent in range(0, octets, len(piece)):
            writer.write(b"10000\r\n" + piece + b"\r\n")
            await writer.drain()

    return reply


class RawUpstream:
    """Listens on loopback; ``reply`` can be changed at any time."""

    def __init__(self, reply: Reply, certificate: ssl.SSLContext | None = None) -> None:
        self.reply = reply
        self.requests: list[str] = []
        self._certificate = certificate
        self._closing = False
        self._talks: dict[asyncio.Task[None], asyncio.StreamWriter] = {}

    @property
    def url(self) -> str:
        """Where it listens."""
        port = self._server.sockets[0].getsockname()[1]
        return f"http{'s' if self._certificate else ''}://{'localhost' if self._certificate else '127.0.0.1'}:{port}"

    @property
    def paths(self) -> list[str]:
        """What was asked for, in order."""
        return [head.split(" ")[1] for head in self.requests]

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0, ssl=self._certificate)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        self._closing = True
        for talk, writer in list(self._talks.items()):
            talk.cancel()
            writer.transport.abort()
        await asyncio.gather(*self._talks, return_exceptions=True)
        for _turn in range(3):  # connections that were being accepted, and the loop's own closing of sockets
            await asyncio.sleep(0)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._closing:
            writer.transport.abort()
            return
        talk = asyncio.create_task(self._talk(reader, writer))
        self._talks[talk] = writer
        talk.add_done_callback(self._talks.pop)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while not writer.is_closing():
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                length = int(_header(head, "content-length") or 0)
                self.requests.append(head + (await reader.readexactly(length)).decode())
                await self.reply(self.requests[-1], writer)
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.transport.abort()


def _header(head: str, name: str) -> str:
    lines = dict(line.lower().split(": ", 1) for line in head.split("\r\n")[1:] if ": " in line)
    return lines.get(name, "")


@asynccontextmanager
async def client_of(
    *upstreams: UpstreamSettings, clock: FixedClock | None = None, timings: Timings = SHORT, **options: Any
) -> AsyncIterator[OneStopClient]:
    """A started client whose retries do not wait."""
    clock = clock or FixedClock(NOW)
    client = OneStopClient(upstreams, clock.now, clock.monotonic, chance=lambda: 0.0, timings=timings, **options)
    await client.start()
    try:
        yield client
    finally:
        await client.close()


@asynccontextmanager
async def asked(
    reply: Reply, clock: FixedClock | None = None, timings: Timings = SHORT, **settings: Any
) -> AsyncIterator[tuple[RawUpstream, OneStopClient]]:
    """One system ``one`` for the head H05 and the client that asks it."""
    async with RawUpstream(reply) as upstream:
        given: Mapping[str, Any] = {"name": "one", "heads": ("H05",), "timeout_s": 2.0} | settings
        async with client_of(UpstreamSettings(base_url=upstream.url, **given), clock=clock, timings=timings) as client:
            yield upstream, client
