"""A TCP line to a PostgreSQL server that can be cut around a commit, frozen, or taken away."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from enum import Enum
from pathlib import Path

QUERY_COMMIT = b"COMMIT\0"


class Cut(Enum):
    """What happens to the next commit."""

    NOT = "goes through"
    BEFORE = "the server never gets it"
    AFTER = "the server does it, nobody is told"


class Proxy:
    """Between clients on a port and a server on a Unix socket."""

    def __init__(self, socket: Path) -> None:
        self._socket = socket
        self._writers: set[asyncio.StreamWriter] = set()
        self._handlers: set[asyncio.Task[None]] = set()
        self._flowing = asyncio.Event()
        self._flowing.set()
        self.port = 0
        self.cut = Cut.NOT
        self.cuts = 0
        self.away = False
        """New connections are refused; set also by a cut when *away_after_cut*."""
        self.away_after_cut = False

    def url(self, database: str) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"

    def freeze(self) -> None:
        """Nothing goes through, nothing is closed."""
        self._flowing.clear()

    def thaw(self) -> None:
        self._flowing.set()

    def drop_all(self) -> None:
        for writer in self._writers:
            writer.transport.abort()

    async def end(self) -> None:
        self.away = True
        self.thaw()
        self.drop_all()
        if self._handlers:
            await asyncio.wait(self._handlers)

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        handler = asyncio.create_task(self._connected(reader, writer))
        self._handlers.add(handler)
        handler.add_done_callback(self._handlers.discard)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.away:
            writer.transport.abort()
            return
        to_reader, to_writer = await asyncio.open_unix_connection(str(self._socket))
        self._writers |= {writer, to_writer}
        ends = [
            asyncio.create_task(self._carry(reader, to_writer, requests=True)),
            asyncio.create_task(self._carry(to_reader, writer, requests=False)),
        ]
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        for end, way in zip(ends, (writer, to_writer), strict=True):
            end.cancel()
            way.transport.abort()
        await asyncio.gather(*ends, return_exceptions=True)
        self._writers -= {writer, to_writer}

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, requests: bool) -> None:
        with contextlib.suppress(ConnectionError):
            while octets := await reader.read(65536):
                await self._flowing.wait()
                if requests and self.cut is not Cut.NOT and octets.endswith(QUERY_COMMIT):
                    await self._cut(writer, octets)
                    return
                writer.write(octets)
                await writer.drain()

    async def _cut(self, writer: asyncio.StreamWriter, octets: bytes) -> None:
        if self.cut is Cut.AFTER:
            writer.write(octets)
            await writer.drain()
        self.cut, self.cuts, self.away = Cut.NOT, self.cuts + 1, self.away_after_cut


@contextlib.asynccontextmanager
async def proxy_to(socket: Path) -> AsyncIterator[Proxy]:
    proxy = Proxy(socket)
    server = await asyncio.start_server(proxy.connected, "127.0.0.1", 0)
    proxy.port = server.sockets[0].getsockname()[1]
    try:
        yield proxy
    finally:
        server.close()
        await proxy.end()
