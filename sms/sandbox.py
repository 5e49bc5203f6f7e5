"""A small SMSC for the demo, for trying out and for tests: real SMPP 3.4 over TCP, phones made of function calls."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from typing import Any

from sms import encoding, pdu, segments
from sms.pdu_build import BindName

BINDS: Mapping[int, BindName] = {
    pdu.Command.BIND_RECEIVER: "rx",
    pdu.Command.BIND_TRANSMITTER: "tx",
    pdu.Command.BIND_TRANSCEIVER: "trx",
}
INVALID_COMMAND = pdu.CommandStatus.ESME_RINVCMDID
NOT_BOUND = pdu.CommandStatus.ESME_RINVBNDSTS
THROTTLED = pdu.CommandStatus.ESME_RTHROTTLED
WRONG_PASSWORD = pdu.CommandStatus.ESME_RINVPASWD
WRONG_SYSTEM_ID = pdu.CommandStatus.ESME_RINVSYSID
NOBODY_BOUND = pdu.CommandStatus.ESME_RX_T_APPN
ANSWER_SECONDS = 30.0

OnMessage = Callable[[str, str], None]
"""Called with the phone's number and the whole text that it received."""


@dataclass(slots=True)
class Faults:
    """What the SMSC does wrong; may be changed at any time."""

    throttle: bool = False
    """Refuse every submit_sm with 0x58."""
    reject: int = 0
    """Refuse every submit_sm with this status."""
    silent: bool = False
    """Answer nothing at all."""
    delay: float = 0.0
    """Seconds before a submit_sm is answered."""


@dataclass(slots=True)
class _Esme:
    """One connection."""

    writer: asyncio.StreamWriter
    mode: str = ""
    sequence: int = 0
    waiting: dict[int, "asyncio.Future[int]"] = field(default_factory=dict)
    parts: dict[tuple[str, int], dict[int, segments.Concatenation]] = field(default_factory=dict)

    def send(self, octets: bytes) -> None:
        if not self.writer.is_closing():
            self.writer.write(octets)

    def lost(self) -> None:
        for future in self.waiting.values():
            if not future.done():
                future.set_exception(ConnectionError("the gateway closed the connection"))


class SandboxSmsc:
    """An SMSC that delivers texts to whoever is bound, and hands answers to *on_message*."""

    def __init__(
        self,
        *,
        system_id: str,
        password: str,
        on_message: OnMessage = lambda _number, _text: None,
        receipts: bool = False,
    ) -> None:
        """With *receipts* every accepted text that asks for one is confirmed as delivered."""
        self.faults = Faults()
        self._credentials = (system_id, password)
        self._on_message = on_message
        self._receipts = receipts
        self._server: asyncio.Server | None = None
        self._esmes: list[_Esme] = []
        self._news = asyncio.Event()
        self._ids = count(1)
        self._references = segments.References()
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self, host: str, port: int) -> int:
        """Listen; the port, which was chosen by the system when *port* is 0."""
        self._server = await asyncio.start_server(self._serve, host, port)
        listening: int = self._server.sockets[0].getsockname()[1]
        return listening

    async def close(self) -> None:
        """Stop listening and close every connection."""
        if self._server is not None:
            self._server.close()
        for task in self._tasks:
            task.cancel()
        self.drop()

    def drop(self) -> None:
        """Cut all connections, as a broken line does."""
        for esme in self._esmes:
            esme.writer.transport.abort()

    @property
    def is_bound(self) -> bool:
        """Somebody who takes texts is bound."""
        return self._receiver() is not None

    async def wait_bound(self, seconds: float) -> None:
        """Until somebody who takes texts is bound. Raises ``TimeoutError``."""
        async with asyncio.timeout(seconds):
            while not self.is_bound:
                self._news.clear()
                await self._news.wait()

    async def deliver(self, sender: str, recipient: str, text: str) -> int:
        """Text the gateway from a phone, in as many parts as it takes; 0, or the first status that was not.

        0x64 when nobody is bound. Raises ``TimeoutError`` or ``ConnectionError`` when the gateway does not answer.
        """
        esme = self._receiver()
        if esme is None:
            return NOBODY_BOUND
        data_coding, octets, _units = encoding.choose(text, accents=True)
        reference = partial(self._references.next, sender, recipient)
        futures = [
            self._request(
                esme, sender, recipient, data_coding=data_coding, esm_class=part.esm_class, octets=part.short_message
            )
            for part in segments.split(octets, data_coding, "udh8", reference)
        ]
        async with asyncio.timeout(ANSWER_SECONDS):
            statuses = await asyncio.gather(*futures)
        return next((status for status in statuses if status), 0)

    def _receiver(self) -> _Esme | None:
        return next((esme for esme in self._esmes if esme.mode in ("rx", "trx")), None)

    def _request(
        self, esme: _Esme, source: str, destination: str, *, data_coding: int = 0, esm_class: int = 0, octets: bytes
    ) -> "asyncio.Future[int]":
        esme.sequence += 1
        esme.waiting[esme.sequence] = future = asyncio.get_running_loop().create_future()
        esme.send(
            pdu.deliver_sm(
                esme.sequence,
                source=source,
                source_ton=1,
                source_npi=1,
                destination=destination,
                dest_ton=0,
                dest_npi=1,
                esm_class=esm_class,
                data_coding=data_coding,
                short_message=octets,
            )
        )
        return future

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        esme = _Esme(writer)
        frames = pdu.FrameReader()
        self._esmes.append(esme)
        try:
            while data := await reader.read(65536):
                for frame in frames.feed(data):
                    if not self.faults.silent:
                        self._take(esme, frame)
        except (ConnectionError, pdu.FramingLost):
            pass
        finally:
            self._esmes.remove(esme)
            esme.lost()
            writer.close()

    def _take(self, esme: _Esme, frame: bytes) -> None:
        try:
            message = pdu.decode(frame)
        except pdu.MalformedBody as error:
            esme.send(pdu.generic_nack(error.header.sequence, INVALID_COMMAND))
            return
        header = message.header
        match message:
            case pdu.ShortMessage() if header.command_id == pdu.Command.SUBMIT_SM:
                self._later(self._submitted(esme, message))
            case pdu.EnquireLink():
                esme.send(pdu.enquire_link_resp(header.sequence))
            case pdu.Unbind():
                esme.send(pdu.unbind_resp(header.sequence))
                esme.writer.close()
            case pdu.Response() | pdu.GenericNack():
                future = esme.waiting.pop(header.sequence, None)
                if future is not None and not future.done():
                    future.set_result(header.status)
            case pdu.BindRequest():
                self._bind(esme, message)
            case _:
                esme.send(pdu.generic_nack(header.sequence, INVALID_COMMAND))

    def _bind(self, esme: _Esme, request: pdu.BindRequest) -> None:
        mode = BINDS[request.header.command_id]
        status = 0
        if request.system_id != self._credentials[0]:
            status = WRONG_SYSTEM_ID
        elif request.password != self._credentials[1]:
            status = WRONG_PASSWORD
        esme.send(pdu.bind_resp(mode, request.header.sequence, status, "sandbox"))
        if not status:
            esme.mode = mode
            self._news.set()

    async def _submitted(self, esme: _Esme, message: pdu.ShortMessage) -> None:
        faults = self.faults
        if faults.delay:
            await asyncio.sleep(faults.delay)
        status = (THROTTLED if faults.throttle else faults.reject) if esme.mode in ("tx", "trx") else NOT_BOUND
        message_id = "" if status else f"{next(self._ids):08x}"
        esme.send(pdu.submit_sm_resp(message.header.sequence, message_id, status))
        if status:
            return
        if self._receipts and message.registered_delivery & 1:
            self._confirm(message, message_id)
        text = self._text(esme, message)
        if text is not None:
            self._on_message(message.destination, text)

    def _text(self, esme: _Esme, message: pdu.ShortMessage) -> str | None:
        """The whole text, once its last part is there."""
        part = segments.read_concatenation(message)
        if part is None:
            return encoding.decode_text(message.short_message, message.data_coding, "gsm0338") or ""
        key = (message.destination, part.reference)
        parts = esme.parts.setdefault(key, {})
        parts[part.index] = part
        if len(parts) < part.total:
            return None
        del esme.parts[key]
        octets = b"".join(parts[index].octets for index in sorted(parts))
        return encoding.decode_text(octets, message.data_coding, "gsm0338") or ""

    def _confirm(self, message: pdu.ShortMessage, message_id: str) -> None:
        receiver = self._receiver()
        if receiver is not None:
            text = f"id:{message_id} sub:001 dlvrd:001 submit date:2601010000 done date:2601010000 stat:DELIVRD err:000 text:"
            self._request(receiver, message.destination, message.source, esm_class=0x04, octets=text.encode())

    def _later(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
