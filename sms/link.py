"""One TCP connection to an SMSC: frames, sequence numbers, unanswered requests, keep-alive. It knows no reconnecting."""

import asyncio
from collections.abc import Callable
from enum import Enum, auto
from typing import NamedTuple, Protocol, cast

from sms import pdu
from sms.settings import Timing

HIGHEST_SEQUENCE = 0x7FFFFFFF
WRITE_LIMIT = 256 * 1024
LATE_REMEMBERED = 1000
RESPONSE_BIT = 0x80000000
TEXTS = frozenset({pdu.Command.DELIVER_SM, pdu.Command.DATA_SM})
NEVER_ANSWERED = frozenset({pdu.Command.ALERT_NOTIFICATION, pdu.Command.OUTBIND})
INVALID_LENGTH = pdu.CommandStatus.ESME_RINVCMDLEN
INVALID_COMMAND = pdu.CommandStatus.ESME_RINVCMDID
SYSTEM_ERROR = pdu.CommandStatus.ESME_RSYSERR


class Answer(NamedTuple):
    """What the peer said to a request of ours; generic_nack counts as an answer too."""

    status: int
    message_id: str = ""


class NotWritten(Exception):
    """The connection is gone or choked, and no octet of the request left."""


class NoAnswer(Exception):
    """The request was written, and no answer came: its outcome is unknown."""


class Phase(Enum):
    """The state of one connection."""

    CLOSED = auto()
    OPEN = auto()
    BOUND = auto()
    UNBINDING = auto()


class LinkOwner(Protocol):
    """What a link tells the one who opened it. All calls are quick and raise nothing."""

    def arrived(self, link: "Link", message: pdu.ShortMessage, frame: bytes) -> None:
        """deliver_sm or data_sm: answer it with ``Link.acknowledge``."""
        ...

    def unreadable(self, link: "Link", header: pdu.Header, frame: bytes) -> None:
        """A deliver_sm or data_sm whose body is broken: answer it too."""
        ...

    def late(self, tag: object, answer: Answer) -> None:
        """The answer to a request that was given up; *tag* is what came with the request."""
        ...

    def peer_unbinds(self, link: "Link") -> None:
        """The SMSC said good-bye and was answered."""
        ...

    def room(self) -> None:
        """Writing is possible again."""
        ...

    def noticed(self, event: str, **values: object) -> None:
        """Something to count, and perhaps to log."""
        ...


class _Request:
    """A request that waits for its answer."""

    __slots__ = ("answered_by", "deadline", "future", "tag")

    def __init__(self, future: "asyncio.Future[Answer]", answered_by: int, deadline: float, tag: object) -> None:
        self.future = future
        self.answered_by = answered_by
        self.deadline = deadline
        self.tag = tag


class Link(asyncio.Protocol):
    """Both directions of one connection. PDUs written in one turn of the loop leave in one write."""

    def __init__(self, name: str, owner: LinkOwner, timing: Timing, loop: asyncio.AbstractEventLoop) -> None:
        self.name = name
        self.phase = Phase.CLOSED
        self.lost: asyncio.Future[str] = loop.create_future()
        """Done when the connection ended; the reason in a few words."""
        self._owner = owner
        self._timing = timing
        self._loop = loop
        self._transport: asyncio.Transport | None = None
        self._frames = pdu.FrameReader()
        self._sequence = 0
        self._requests: dict[int, _Request] = {}
        self._late: dict[int, object] = {}
        self._out: list[bytes] = []
        self._unwritten: list[int] = []
        self._choked = False
        self._heard_at = 0.0
        self._asked_at: float | None = None
        self._watch: asyncio.TimerHandle | None = None
        self._sweep: asyncio.TimerHandle | None = None
        self._reason = "closed by the peer"

    # What asyncio calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The TCP connection (and TLS) is up."""
        self._transport = cast("asyncio.Transport", transport)  # uvloop's own class is none, but does the same
        self._transport.set_write_buffer_limits(high=WRITE_LIMIT)
        self.phase = Phase.OPEN
        self._heard_at = self._loop.time()
        self._watch = self._loop.call_later(self._timing.idle, self._check_idle)

    def data_received(self, data: bytes) -> None:
        """Octets came; any are a sign of life."""
        self._heard_at = self._loop.time()
        self._asked_at = None
        try:
            frames, is_lost = self._frames.feed(data), False
        except pdu.FramingLost as error:
            frames, is_lost = error.frames, True
        for frame in frames:
            self._take(frame)
        if is_lost:
            self._framing_lost()

    def pause_writing(self) -> None:
        """The peer does not read: take nothing from it either until it does."""
        self._choked = True
        if self._transport is not None:
            self._transport.pause_reading()

    def resume_writing(self) -> None:
        """The peer reads again."""
        self._choked = False
        if self._transport is not None:
            self._transport.resume_reading()
        self._owner.room()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing comes or goes any more: whoever waits is told whether their request had left."""
        self.phase = Phase.CLOSED
        for timer in (self._watch, self._sweep):
            if timer is not None:
                timer.cancel()
        unwritten = set(self._unwritten)
        self._out.clear()
        requests, self._requests = self._requests, {}
        for sequence, request in requests.items():
            if not request.future.done():
                gone = NotWritten() if sequence in unwritten else NoAnswer("connection lost")
                request.future.set_exception(gone)
        if not self.lost.done():
            self.lost.set_result(type(exc).__name__ if exc is not None else self._reason)

    # What the session calls.

    def pending(self) -> "list[asyncio.Future[Answer]]":
        """Requests of ours without an answer."""
        return [request.future for request in self._requests.values()]

    @property
    def is_choked(self) -> bool:
        """The peer does not read what we wrote."""
        return self._choked

    def request(self, build: Callable[[int], bytes], tag: object = None) -> "asyncio.Future[Answer]":
        """Send a request; the future ends with its answer, or with ``NotWritten`` or ``NoAnswer``."""
        future: asyncio.Future[Answer] = self._loop.create_future()
        if self.phase is Phase.CLOSED or self._choked:
            future.set_exception(NotWritten())
            return future
        sequence = self._next_sequence()
        frame = build(sequence)
        self.send(frame)
        deadline = self._loop.time() + self._timing.response
        answered_by = pdu.read_header(frame).command_id | RESPONSE_BIT
        self._requests[sequence] = _Request(future, answered_by, deadline, tag)
        self._unwritten.append(sequence)
        if self._sweep is None:
            self._sweep = self._loop.call_at(deadline, self._give_up_old)
        return future

    def acknowledge(self, header: pdu.Header, status: int) -> None:
        """Answer a deliver_sm or data_sm."""
        respond = pdu.deliver_sm_resp if header.command_id == pdu.Command.DELIVER_SM else pdu.data_sm_resp
        self.send(respond(header.sequence, status))

    def send(self, octets: bytes) -> None:
        """Write with everything else of this turn of the loop; silently nothing when the connection is gone."""
        if self.phase is Phase.CLOSED:
            return
        if not self._out:
            self._loop.call_soon(self._flush)
        self._out.append(octets)

    def close(self, reason: str) -> None:
        """Write what is left, then close. A peer that reads no more keeps the connection open until it is found silent."""
        self._reason = reason
        self._flush()
        self._leave()
        if self._transport is not None:
            self._transport.close()

    def abort(self, reason: str) -> None:
        """Close at once; for peers that do not read."""
        self._reason = reason
        self._leave()
        if self._transport is not None:
            self._transport.abort()

    def _leave(self) -> None:
        """No new request may be written from now on: it could not be answered."""
        if self.phase is not Phase.CLOSED:
            self.phase = Phase.UNBINDING

    def _flush(self) -> None:
        if self._out and self._transport is not None and self.phase is not Phase.CLOSED:
            octets = self._out[0] if len(self._out) == 1 else b"".join(self._out)
            self._out.clear()
            self._unwritten.clear()
            self._transport.write(octets)

    def _next_sequence(self) -> int:
        while True:
            self._sequence = self._sequence % HIGHEST_SEQUENCE + 1
            if self._sequence not in self._requests:
                return self._sequence

    # What the peer sends.

    def _take(self, frame: bytes) -> None:
        """One PDU; whatever is wrong with it, the session goes on."""
        try:
            message = pdu.decode(frame)
        except pdu.MalformedBody as error:
            self._malformed(error.header, frame)
            return
        try:
            self._dispatch(message, frame)
        except Exception as error:  # noqa: BLE001 - one bad PDU must never end the session
            self._owner.noticed("pdu_broke", error=type(error).__name__)
            self._refuse(message.header, SYSTEM_ERROR)

    def _dispatch(self, message: pdu.Pdu, frame: bytes) -> None:
        header = message.header
        match message:
            case pdu.SubmitResponse():
                self._answered(header, message.message_id)
            case pdu.ShortMessage() if header.command_id in TEXTS:
                self._owner.arrived(self, message, frame)
            case pdu.EnquireLink():
                self.send(pdu.enquire_link_resp(header.sequence))
            case pdu.Response() if header.command_id == pdu.Command.ENQUIRE_LINK_RESP:
                pass
            case pdu.BindResponse() | pdu.Response():
                self._answered(header)
            case pdu.GenericNack():
                self._nacked(header)
            case pdu.Unbind():
                self.send(pdu.unbind_resp(header.sequence))
                self.phase = Phase.UNBINDING
                self._owner.peer_unbinds(self)
            case pdu.Outbind() | pdu.AlertNotification():
                self._owner.noticed("ignored_pdu", command_id=header.command_id)
            case _:
                self._refuse(header, INVALID_COMMAND)

    def _answered(self, header: pdu.Header, message_id: str = "") -> None:
        """A response of another kind than the request with its number is no answer to it."""
        sequence, answer = header.sequence, Answer(header.status, message_id)
        request = self._requests.get(sequence)
        if request is not None and request.answered_by == header.command_id:
            self._end(sequence, answer)
        elif sequence in self._late and header.command_id == pdu.Command.SUBMIT_SM_RESP:
            self._owner.late(self._late.pop(sequence), answer)
        else:
            self._owner.noticed("stray_response")

    def _end(self, sequence: int, answer: Answer) -> None:
        request = self._requests.pop(sequence)
        if not request.future.done():
            request.future.set_result(answer)

    def _nacked(self, header: pdu.Header) -> None:
        self._owner.noticed("nacked", status=header.status)
        if header.sequence in self._requests:
            self._end(header.sequence, Answer(header.status or SYSTEM_ERROR))
        if header.status == INVALID_LENGTH:
            self.close("the peer lost our framing")

    def _malformed(self, header: pdu.Header, frame: bytes) -> None:
        self._owner.noticed("malformed", command_id=header.command_id)
        if header.command_id in TEXTS:
            self._owner.unreadable(self, header, frame)
        elif header.command_id & RESPONSE_BIT:
            self._answered(header)
        else:
            self._refuse(header, SYSTEM_ERROR)

    def _refuse(self, header: pdu.Header, status: int) -> None:
        """generic_nack for a request; a response, an outbind or an alert is never answered."""
        self._owner.noticed("unexpected_pdu", command_id=header.command_id)
        if not header.command_id & RESPONSE_BIT and header.command_id not in NEVER_ANSWERED:
            self.send(pdu.generic_nack(header.sequence, status))

    def _framing_lost(self) -> None:
        self._owner.noticed("framing_lost")
        self.send(pdu.generic_nack(0, INVALID_LENGTH))
        self.close("framing lost")

    # Timers.

    def _check_idle(self) -> None:
        """Ask for life after T1 of silence; no octet T2 after asking means that the peer is dead."""
        now = self._loop.time()
        if self._asked_at is not None:
            self.abort("silent peer")
            return
        quiet = now - self._heard_at
        wait = self._timing.idle - quiet
        if wait <= 0:
            self._asked_at = now
            self.send(pdu.enquire_link(self._next_sequence()))
            wait = self._timing.idle_answer
        self._watch = self._loop.call_later(wait, self._check_idle)

    def _give_up_old(self) -> None:
        """Requests wait equally long, so the oldest are first."""
        now = self._loop.time()
        self._sweep = None
        for sequence, request in list(self._requests.items()):
            if request.deadline > now:
                self._sweep = self._loop.call_at(request.deadline, self._give_up_old)
                return
            del self._requests[sequence]
            self._remember_late(sequence, request.tag)
            if not request.future.done():
                request.future.set_exception(NoAnswer("no response in time"))

    def _remember_late(self, sequence: int, tag: object) -> None:
        if len(self._late) >= LATE_REMEMBERED:
            del self._late[next(iter(self._late))]
        self._late[sequence] = tag
