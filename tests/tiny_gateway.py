"""The least that can stand where the gateway stands, to try the benchmarks' stand-ins: ``python -m tests.tiny_gateway serve --config FILE``."""

import asyncio
import struct
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import aiohttp
import uvloop

from benchmarks.smsc_load import BIND_TRANSCEIVER, DELIVER_SM, HEADER, RESPONSE, SUBMIT_SM
from benchmarks.upstream_stub import expected

SENTENCES = {2: "da tiep nhan ngay 10/06/2026 tai X, hen {due}", 4: "X dang xu ly, hen {due}", 9: "da co ket qua"}


def sentence(code: str) -> str:
    about = expected(code)
    finished = f"da tra ket qua ngay {about.finished:%d/%m/%Y}" if about.finished else ""
    return f"HS {code}: " + SENTENCES.get(about.status, finished).format(due=f"{about.due:%d/%m/%Y}")


def submit_sm(sequence: int, destination: bytes, octets: bytes, *, esm_class: int = 0, data_coding: int = 0) -> bytes:
    """With a validity, as gateways send it."""
    tail = (
        struct.pack("BBB", esm_class, 0, 0)
        + b"\x00000000010000000R\0"
        + struct.pack("BBBBB", 0, 0, data_coding, 0, len(octets))
    )
    body = b"\0\0\x018283\0\1\1" + destination + b"\0" + tail + octets
    return HEADER.pack(HEADER.size + len(body), SUBMIT_SM, 0, sequence) + body


Answer = Callable[[str], list[str]]


class Gateway(asyncio.Protocol):
    """Acknowledges each text and answers with what *answer* makes of its code."""

    def __init__(self, answer: Answer, acknowledgement: int = 0) -> None:
        self._answer, self._acknowledgement = answer, acknowledgement
        self._rest = b""
        self._transport: asyncio.WriteTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.WriteTransport", transport)  # uvloop's transports do not inherit it
        body = b"gw\0pw\0\0\x34\1\0\0"
        self._transport.write(HEADER.pack(HEADER.size + len(body), BIND_TRANSCEIVER, 0, 1) + body)

    def data_received(self, data: bytes) -> None:
        self._rest += data
        while len(self._rest) >= HEADER.size:
            length, command, _, sequence = HEADER.unpack_from(self._rest)
            if len(self._rest) < length:
                return
            body, self._rest = self._rest[HEADER.size : length], self._rest[length:]
            if command == DELIVER_SM:
                self._take(sequence, body)

    def _take(self, sequence: int, body: bytes) -> None:
        assert self._transport
        sender, code = body[3 : body.index(b"\0", 3)], body[body.index(b"H05") :].decode()
        status = self._acknowledgement
        self._transport.write(HEADER.pack(HEADER.size + 1, DELIVER_SM | RESPONSE, status, sequence) + b"\0")
        for text in self._answer(code):
            self._transport.write(submit_sm(sequence, sender, text.encode()))


class AskingGateway(Gateway):
    """Asks the upstream before it answers."""

    def __init__(self, http: aiohttp.ClientSession) -> None:
        super().__init__(lambda _: [])
        self._http = http
        self._tasks: set[asyncio.Task[None]] = set()

    def _take(self, sequence: int, body: bytes) -> None:
        super()._take(sequence, body)
        task = asyncio.create_task(self._ask(sequence, body[3 : body.index(b"\0", 3)], body[body.index(b"H05") :]))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _ask(self, sequence: int, sender: bytes, code: bytes) -> None:
        async with self._http.get(f"/api/v1/dossiers/{code.decode()}") as answer:
            dossier = await answer.json()
        assert self._transport
        self._transport.write(submit_sm(sequence, sender, sentence(dossier["code"]).encode()))


async def serve(settings: dict[str, Any]) -> None:
    """Until terminated."""
    account = settings["sms"]["smpp"][0]
    print("ready http://127.0.0.1:1", flush=True)  # noqa: T201 - what a program prints when it is ready
    async with aiohttp.ClientSession(settings["upstreams"][0]["base_url"]) as http:
        loop = asyncio.get_running_loop()
        await loop.create_connection(lambda: AskingGateway(http), account["host"], account["port"])
        await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(serve(tomllib.loads(Path(sys.argv[-1]).read_text())))
