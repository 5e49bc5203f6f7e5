"""The connections to one system: made when needed, kept for the next request, the last used first."""

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Sequence
from typing import NamedTuple

from aiohappyeyeballs import AddrInfoType, start_connection

from dossier_client.faults import Reason, UpstreamFault
from dossier_client.http_connection import OWN_DELAY_S, Connection, RawAnswer
from dossier_client.settings import Timings

NEXT_ADDRESS_S = 0.25
"""How long one address of a name is tried before the next one too."""

Resolve = Callable[[str, int], Awaitable[Sequence[AddrInfoType]]]


class Origin(NamedTuple):
    """Where a request goes."""

    host: str
    port: int
    is_secure: bool


async def resolve(host: str, port: int) -> Sequence[AddrInfoType]:
    """As the machine does. Raises ``OSError``."""
    return await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)


class Connections:
    """To be made within a running loop. How many there are is up to the callers: each request under way has its own."""

    def __init__(self, ca_file: str, timeout_s: float, timings: Timings, resolve: Resolve) -> None:
        """*ca_file* as in the settings; *timeout_s* is the time of one request, connecting and asking once more included.

        Raises ``OSError`` when the file cannot be read.
        """
        self._loop = asyncio.get_running_loop()
        self._context = ssl.create_default_context(cafile=ca_file) if ca_file else None
        self._timeout_s = timeout_s
        self._timings = timings
        self._resolve = resolve
        self._idle: dict[Origin, list[Connection]] = {}
        self._all: set[Connection] = set()
        self._is_closed = False

    async def ask(self, origin: Origin, request: bytes, *, is_read: bool) -> RawAnswer:
        """The answer, whatever its status. Raises ``UpstreamFault``.

        A read whose connection was closed without a word is asked once more, on a new one: often it had been idle.
        """
        deadline = self._loop.time() + self._timeout_s
        try:
            return await self._ask(
                self._kept(origin) or await self._connect(origin, deadline), origin, request, deadline
            )
        except UpstreamFault as fault:
            if fault.reason is not Reason.RESET or not is_read:
                raise
        return await self._ask(await self._connect(origin, deadline), origin, request, deadline)

    async def close(self) -> None:
        """All of them, at once."""
        self._is_closed = True
        gone = [connection.lost for connection in self._all]
        for connection in list(self._all):
            connection.abort()
        if gone:
            await asyncio.wait(gone)

    async def _ask(self, connection: Connection, origin: Origin, request: bytes, deadline: float) -> RawAnswer:
        answer = await connection.ask(request, deadline)
        if connection.is_usable:
            self._idle.setdefault(origin, []).append(connection)
        else:
            connection.abort()
        return answer

    def _kept(self, origin: Origin) -> Connection | None:
        idle = self._idle.get(origin, [])
        while idle:
            connection = idle.pop()
            if connection.is_usable:
                return connection
        return None

    async def _connect(self, origin: Origin, deadline: float) -> Connection:
        until = min(deadline, self._loop.time() + self._timings.connect_s)
        try:
            async with asyncio.timeout_at(until):
                return await self._opened(origin)
        except TimeoutError:
            is_ours = self._loop.time() - until > OWN_DELAY_S
            raise UpstreamFault(Reason.STALLED if is_ours else Reason.CONNECT) from None
        except ssl.SSLError as error:
            raise UpstreamFault(Reason.TLS, type(error).__name__) from None
        except OSError as error:
            raise UpstreamFault(Reason.CONNECT, type(error).__name__) from None

    async def _opened(self, origin: Origin) -> Connection:
        try:
            addresses = await self._resolve(origin.host, origin.port)
        except OSError as error:
            raise UpstreamFault(Reason.DNS, type(error).__name__) from None
        reached = await start_connection(addresses, happy_eyeballs_delay=NEXT_ADDRESS_S, interleave=1)
        connection = Connection(self._loop, self._timings)
        await self._loop.create_connection(
            lambda: connection,
            sock=reached,
            ssl=self._verifying() if origin.is_secure else None,
            server_hostname=origin.host if origin.is_secure else None,
        )
        self._all.add(connection)
        connection.lost.add_done_callback(lambda _: self._forget(origin, connection))
        if self._is_closed:
            connection.abort()
        return connection

    def _verifying(self) -> ssl.SSLContext:
        """The machine's certificates take a megabyte: only for whom they are needed."""
        if self._context is None:
            self._context = ssl.create_default_context()
        return self._context

    def _forget(self, origin: Origin, connection: Connection) -> None:
        self._all.discard(connection)
        if connection in (idle := self._idle.get(origin, [])):
            idle.remove(connection)
