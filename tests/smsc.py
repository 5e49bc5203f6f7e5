"""An SMSC made of octets: it shares no code with the gateway, and does wrong whatever a test wants done wrong."""

import asyncio
import contextlib
import ssl
import struct
from collections.abc import AsyncIterator, Sequence
from typing import NamedTuple

HEADER = struct.Struct(">IIII")
BIND_RECEIVER, BIND_TRANSMITTER, BIND_TRANSCEIVER = 1, 2, 9
SUBMIT_SM, DELIVER_SM, UNBIND, ENQUIRE_LINK, DATA_SM = 4, 5, 6, 0x15, 0x103
GENERIC_NACK, RESPONSE = 0x80000000, 0x80000000
BINDS = (BIND_RECEIVER, BIND_TRANSMITTER, BIND_TRANSCEIVER)
WAIT = 30.0


class Frame(NamedTuple):
    command: int
    status: int
    sequence: int
    body: bytes


def frame(command: int, sequence: int, status: int = 0, body: bytes = b"") -> bytes:
    return HEADER.pack(HEADER.size + len(body), command, status, sequence) + body


def deliver_sm(
    sequence: int,
    source: str,
    octets: bytes,
    *,
    destination: str = "8283",
    esm_class: int = 0,
    data_coding: int = 0,
    tlvs: Sequence[tuple[int, bytes]] = (),
) -> bytes:
    body = (
        b"\0\1\1" + source.encode() + b"\0\0\1" + destination.encode() + b"\0" + bytes((esm_class, 0, 0)) + b"\0\0"
        b"\0\0" + bytes((data_coding, 0, len(octets))) + octets
    )
    return frame(
        DELIVER_SM,
        sequence,
        body=body + b"".join(struct.pack(">HH", tag, len(value)) + value for tag, value in tlvs),
    )


class Peer:
    """One ESME that connected."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self.bind = Frame(0, 0, 0, b"")

    def send(self, *octets: bytes) -> None:
        self._writer.write(b"".join(octets))

    async def read(self) -> Frame:
        async with asyncio.timeout(WAIT):
            length, command, status, sequence = HEADER.unpack(await self._reader.readexactly(HEADER.size))
            return Frame(command, status, sequence, await self._reader.readexactly(length - HEADER.size))

    async def expect(self, command: int) -> Frame:
        """The next frame, which must be this one; enquire_link is answered on the way."""
        while (got := await self.read()).command == ENQUIRE_LINK != command:
            self.send(frame(ENQUIRE_LINK | RESPONSE, got.sequence))
        assert got.command == command, got
        return got

    async def submitted(self) -> Frame:
        return await self.expect(SUBMIT_SM)

    async def next_submit(self) -> Frame | None:
        """The next submit_sm, or None when there was none for a while."""
        with contextlib.suppress(TimeoutError):
            return await self.submitted()
        return None

    def accept(self, submit: Frame, message_id: str) -> None:
        self.send(frame(SUBMIT_SM | RESPONSE, submit.sequence, body=message_id.encode() + b"\0"))

    def reject(self, submit: Frame, status: int) -> None:
        self.send(frame(SUBMIT_SM | RESPONSE, submit.sequence, status))

    async def acknowledged(self) -> Frame:
        return await self.expect(DELIVER_SM | RESPONSE)

    async def gone(self) -> None:
        """The ESME closed the connection; what it still said is skipped."""
        async with asyncio.timeout(WAIT):
            with contextlib.suppress(ConnectionError):
                await self._reader.read(-1)

    def drop(self) -> None:
        self._writer.transport.abort()

    async def hang_up(self) -> None:
        """Close after everything was written; nothing more is read."""
        self._writer.close()
        with contextlib.suppress(ConnectionError):
            await self._writer.wait_closed()

    def stop_reading(self) -> None:
        transport = self._writer.transport
        assert isinstance(transport, asyncio.Transport)
        transport.pause_reading()


class RawSmsc:
    """Takes binds with the given statuses, then with 0."""

    def __init__(self, statuses: Sequence[int] = ()) -> None:
        self._statuses = list(statuses)
        self._bound: asyncio.Queue[Peer] = asyncio.Queue()
        self._peers: list[Peer] = []
        self.binds = 0
        self.port = 0

    async def bound(self) -> Peer:
        """The next ESME that signed in."""
        async with asyncio.timeout(WAIT):
            return await self._bound.get()

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        peer = Peer(reader, writer)
        self._peers.append(peer)
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError, TimeoutError):
            peer.bind = await peer.read()
            self.binds += 1
            status = self._statuses.pop(0) if self._statuses else 0
            peer.send(frame(peer.bind.command | RESPONSE, peer.bind.sequence, status, b"" if status else b"SMSC\0"))
            if not status:
                self._bound.put_nowait(peer)

    def drop_all(self) -> None:
        for peer in self._peers:
            peer.drop()


@contextlib.asynccontextmanager
async def raw_smsc(statuses: Sequence[int] = (), *, context: ssl.SSLContext | None = None) -> AsyncIterator[RawSmsc]:
    smsc = RawSmsc(statuses)
    server = await asyncio.start_server(smsc.connected, "127.0.0.1", 0, ssl=context)
    smsc.port = server.sockets[0].getsockname()[1]
    try:
        yield smsc
    finally:
        server.close()
        for _ in range(5):  # one that was being accepted comes a turn later
            await asyncio.sleep(0)
            smsc.drop_all()
