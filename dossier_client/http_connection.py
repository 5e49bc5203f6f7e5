"""One HTTP/1.1 connection: one request at a time, one timer for all its limits. ``httptools`` reads the answers."""

import asyncio
from dataclasses import dataclass, field
from typing import cast

from httptools import HttpParserError, HttpParserUpgrade, HttpResponseParser

from dossier_client.faults import Reason, UpstreamFault
from dossier_client.settings import Timings

MOST_OCTETS = 1024 * 1024
"""Of a body."""
MOST_HEAD_OCTETS = 16 * 1024
OWN_DELAY_S = 0.5
"""A time-out noticed so much after its time says nothing about the other system: our own process stood still."""
FRAMING = frozenset({b"content-length", b"transfer-encoding"})
FIRST_FINAL_STATUS = 200


@dataclass(frozen=True, slots=True)
class RawAnswer:
    """A whole answer as it came."""

    status: int
    headers: dict[bytes, bytes] = field(repr=False)
    """Names in small letters."""
    body: bytes = field(repr=False)


class Connection(asyncio.Protocol):
    """Asks one request after the other. Whatever is not one whole answer to one request ends the connection."""

    def __init__(self, loop: asyncio.AbstractEventLoop, timings: Timings) -> None:
        self.lost: asyncio.Future[None] = loop.create_future()
        """Done when the connection is gone."""
        self.is_usable = False
        """Another request may be sent once there is an answer to the present one."""
        self._loop = loop
        self._timings = timings
        self._transport: asyncio.Transport | None = None
        self._parser = HttpResponseParser(self)
        self._answer: asyncio.Future[RawAnswer] | None = None
        self._headers: dict[bytes, bytes] = {}
        self._head_octets = 0
        self._has_head = False
        self._pieces: list[bytes] = []
        self._size = 0
        self._deadline = 0.0
        self._heard_at = 0.0
        self._timer: asyncio.TimerHandle | None = None

    async def ask(self, request: bytes, deadline: float) -> RawAnswer:
        """The answer to *request*, before *deadline* (the loop's time). Raises ``UpstreamFault``."""
        if self._transport is None or not self.is_usable:
            raise UpstreamFault(Reason.RESET)
        self._answer = self._loop.create_future()
        self._start_over()
        self._deadline, self._heard_at = deadline, self._loop.time()
        self._watch(min(deadline, self._heard_at + self._timings.read_s))
        self._transport.write(request)
        try:
            return await self._answer
        except (
            BaseException
        ):  # also when nobody waits any more: the answer must not be taken for that to the next request
            self.abort()
            raise
        finally:
            self._answer = None
            self._heard_at = self._loop.time()

    def abort(self) -> None:
        """Close at once."""
        self.is_usable = False
        if self._transport is not None:
            self._transport.abort()

    # What asyncio calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """TCP and TLS are up."""
        self._transport = cast("asyncio.Transport", transport)  # uvloop's own class is none, but does the same
        self.is_usable = True

    def data_received(self, data: bytes) -> None:
        """Octets of an answer; without a request they belong to nothing."""
        self._heard_at = self._loop.time()
        if self._answer is None:
            self.abort()
            return
        try:
            self._parser.feed_data(data)
        except (HttpParserError, HttpParserUpgrade):
            self._fail(Reason.BAD_HTTP)
        if not self._has_head:
            self._head_octets += len(data)
            if self._head_octets > MOST_HEAD_OCTETS:
                self._fail(Reason.BAD_HTTP)

    def connection_lost(self, exc: Exception | None) -> None:
        """An answer that tells no length ends with its connection; any other one is cut."""
        self.is_usable = False
        if self._timer is not None:
            self._timer.cancel()
        if not self._has_head:
            self._fail(Reason.RESET)
        elif exc is None and FRAMING.isdisjoint(self._headers):
            self._complete()
        else:
            self._fail(Reason.TRUNCATED)
        self.lost.set_result(None)

    # What the parser calls.

    def on_message_begin(self) -> None:
        """A second answer to one request: nobody knows what belongs to what."""
        if self._answer is None or self._answer.done():
            self.is_usable = False

    def on_header(self, name: bytes, value: bytes) -> None:
        """One line of the head, or of what follows a chunked body."""
        self._head_octets += len(name) + len(value)
        if self._head_octets > MOST_HEAD_OCTETS:
            raise ValueError("head too long")
        self._headers[name.lower()] = value

    def on_headers_complete(self) -> None:
        """The head is whole; that of an interim answer means nothing."""
        self._has_head = self._parser.get_status_code() >= FIRST_FINAL_STATUS

    def on_body(self, piece: bytes) -> None:
        """A piece of the body."""
        self._size += len(piece)
        if self._size > MOST_OCTETS:
            self._fail(Reason.TOO_BIG)
        else:
            self._pieces.append(piece)

    def on_message_complete(self) -> None:
        """The whole answer is there."""
        if self._has_head:
            self.is_usable = self.is_usable and self._parser.should_keep_alive()
            self._complete()
        else:
            self._headers = {}

    # Ends and times.

    def _start_over(self) -> None:
        self._headers = {}
        self._head_octets = 0
        self._has_head = False
        self._pieces = []
        self._size = 0

    def _complete(self) -> None:
        if self._answer is not None and not self._answer.done():
            body = self._pieces[0] if len(self._pieces) == 1 else b"".join(self._pieces)
            self._answer.set_result(RawAnswer(self._parser.get_status_code(), self._headers, body))

    def _fail(self, reason: Reason) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(UpstreamFault(reason))
        self.abort()

    def _watch(self, until: float) -> None:
        """Look at the times not later than *until*. Most answers come before: they need no timer of their own."""
        if self._timer is None or self._timer.when() > until:
            if self._timer is not None:
                self._timer.cancel()
            self._timer = self._loop.call_at(until, self._check)

    def _check(self) -> None:
        """Too long in all, too long silent, or too long without work."""
        self._timer = None
        if self._answer is None:
            until = self._heard_at + self._timings.idle_s
        else:
            until = min(self._deadline, self._heard_at + self._timings.read_s)
        late_by = self._loop.time() - until
        if late_by < 0:
            self._watch(until)
        else:
            self._fail(Reason.STALLED if late_by > OWN_DELAY_S else Reason.TIMEOUT)
