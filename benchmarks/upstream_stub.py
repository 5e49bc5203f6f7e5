"""A one-stop system that costs almost nothing: answers look-ups whose content follows from the code alone.

``python -m benchmarks.upstream_stub --port 0 --delay-ms 20`` prints ``ready http://HOST:PORT``; on SIGTERM it prints its own cost as JSON.
"""

import argparse
import asyncio
import json
import signal
import time
import zlib
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import cast

import uvloop

STATUSES = ((2, "Được tiếp nhận"), (4, "Đang xử lý"), (9, "Đã xử lý xong"), (10, "Đã trả kết quả"))
PATH = b"GET /api/v1/dossiers/"
END = b"\r\n\r\n"
BACKLOG = 1024
"""A gateway opens as many connections at once as it has look-ups under way; one that finds no place waits a second."""
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
NOT_FOUND = (
    b"HTTP/1.1 404 Not Found\r\nContent-Type: application/json\r\nContent-Length: 21\r\n\r\n" + b'{"error":"not_found"}'
)
BODY = (
    '{"code":"%%b","status":%d,"status_text":"%s","procedure":{"id":"2.000815","name":"Chứng thực bản sao từ bản chính"},'
    '"unit":{"code":"H05.112","name":"UBND phường Võ Cường","short_name":"UBND P. Vo Cuong","phone":"0222.3822111"},'
    '"contact_phones":[],"received_at":"%sT08:00:00+07:00","due_at":"%sT17:00:00+07:00","finished_at":%s,"returned_at":%s}'
)


@dataclass(frozen=True, slots=True)
class Expected:
    """What the stub says of a code."""

    status: int
    received: date
    due: date
    """10 to 59 days after receipt, so that a code of the last days is never late."""

    @property
    def finished(self) -> date | None:
        """The day after receipt, in states 9 and 10; returned on the same day."""
        return self.received + timedelta(days=1) if self.status >= 9 else None


def expected(code: str) -> Expected:
    """State and days as a pure function of the code: CRC-32 decides; the date of receipt is the code's."""
    return _of(*_key(code.encode()))


def _key(code: bytes) -> tuple[bytes, int, int]:
    drawn = zlib.crc32(code)
    return code.split(b"-", 2)[1], drawn & 3, 10 + (drawn >> 2) % 50


@lru_cache(maxsize=4096)
def _of(digits: bytes, state: int, days: int) -> Expected:
    received = date(2000 + int(digits[:2]), int(digits[2:4]), int(digits[4:6]))
    return Expected(STATUSES[state][0], received, received + timedelta(days=days))


@lru_cache(maxsize=4096)
def _template(digits: bytes, state: int, days: int) -> bytes:
    about = _of(digits, state, days)
    finished, returned = (
        f'"{about.finished}T{hour}:00:00+07:00"' if about.finished and about.status >= least else "null"
        for hour, least in (("09", 9), ("10", 10))
    )
    return (BODY % (*STATUSES[state], about.received, about.due, finished, returned)).encode()


def answer(code: bytes) -> bytes:
    """The whole HTTP answer to a look-up."""
    try:
        body = _template(*_key(code)) % code
    except (ValueError, IndexError):
        return NOT_FOUND
    return HEAD % len(body) + body


class Stub(asyncio.Protocol):
    """One connection; requests without bodies, kept alive."""

    requests = 0
    """Of all connections of this process."""

    def __init__(self, delay: float) -> None:
        self._delay = delay
        self._rest = b""
        self._transport: asyncio.WriteTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way back."""
        self._transport = cast("asyncio.WriteTransport", transport)  # uvloop's transports do not inherit it

    def data_received(self, data: bytes) -> None:
        """Answer every request that is complete."""
        *requests, self._rest = (self._rest + data).split(END)
        for request in requests:
            Stub.requests += 1
            line = request[: request.find(b"\r\n")] if b"\r\n" in request else request
            found = line[len(PATH) : line.rfind(b" ")] if line.startswith(PATH) else b""
            self._send(answer(found))

    def _send(self, data: bytes) -> None:
        if self._delay:
            asyncio.get_running_loop().call_later(self._delay, self._write, data)
        else:
            self._write(data)

    def _write(self, data: bytes) -> None:
        if self._transport and not self._transport.is_closing():
            self._transport.write(data)


async def serve(port: int, delay: float) -> None:
    """Serve until SIGTERM; prints where, and at the end what it cost."""
    loop, ended = asyncio.get_running_loop(), asyncio.Event()
    server = await loop.create_server(lambda: Stub(delay), "127.0.0.1", port, backlog=BACKLOG)
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)
    print(f"ready http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await ended.wait()
    server.close()
    print(json.dumps({"requests": Stub.requests, "cpu_s": round(time.process_time(), 3)}), flush=True)


def main() -> None:
    """Read the options and serve."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--delay-ms", type=float, default=0, help="wait before each answer")
    options = parser.parse_args()
    uvloop.run(serve(options.port, options.delay_ms / 1000))


if __name__ == "__main__":
    main()
