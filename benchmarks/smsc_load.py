"""An operator's SMSC that sends texts as fast as they are answered, or at a fixed rate, and judges every answer.

It shares no code with the gateway. ``python -m benchmarks.smsc_load --count 1000 --window 100`` prints ``ready HOST:PORT``, then
``started`` when the warm-up is over, then its report as one line of JSON.
"""

import argparse
import asyncio
import contextlib
import json
import re
import struct
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from typing import cast

import uvloop

from benchmarks.upstream_stub import Expected, expected

HEADER = struct.Struct(">IIII")
BIND_TRANSCEIVER, SUBMIT_SM, DELIVER_SM, UNBIND, ENQUIRE_LINK, RESPONSE = 0x09, 0x04, 0x05, 0x06, 0x15, 0x80000000
UCS2, UDH = 8, 0x40
SHORT_CODE = b"8283"
PREFIXES = (b"8490", b"8491", b"8493", b"8497", b"8498")
TEXTS_PER_NUMBER = 4
"""Below the 15 an hour of one number."""
NUMBERS_PER_PLACE = 5
"""For each place in the window, so that nobody writes again before the own answer came: the gateway serves a person's texts in turn."""
TICK = 0.005
CODE = re.compile(r"H05\.\d+-\d{6}-\d+")
WORDS = {2: "da tiep nhan", 4: "dang xu ly", 9: "da co ket qua", 10: "da tra ket qua"}


@dataclass(frozen=True, slots=True)
class Plan:
    """What is sent."""

    count: int
    window: int = 10
    """Texts under way: sent and not answered yet."""
    rate: float = 0.0
    """Texts a second, whatever is answered; 0 = as the window allows."""
    warm_up: int = 0
    """Texts before those that count."""
    seconds: float = 60.0
    """Nothing is sent after so long."""
    late: float = 10.0
    """An answer that takes more seconds is missing; its place in the window is given to the next text."""
    day: date = field(default_factory=lambda: date.today() - timedelta(days=3))  # noqa: DTZ011 - the code's day, on this machine


@dataclass(slots=True)
class Report:
    """What came of it; times are from the text's last octet handed to the socket to the answer's arrival."""

    sent: int = 0
    right: int = 0
    wrong: int = 0
    missing: int = 0
    repeated: int = 0
    refused: int = 0
    """Texts that were not acknowledged with 0."""
    seconds: float = 0.0
    right_per_s: float = 0.0
    p50_ms: float = 0.0
    p95_ms: float = 0.0
    p99_ms: float = 0.0
    generator_cpu_s: float = 0.0
    wrong_example: str = ""


def is_right(text: str, code: str, wanted: Expected) -> bool:
    """Whether *text* tells the state of *code*, with the day that this state is told with."""
    day = {2: wanted.due, 4: wanted.due, 10: wanted.finished}.get(wanted.status)
    return code in text and WORDS[wanted.status] in text and (day is None or f"{day:%d/%m/%Y}" in text)


def texts(plan: Plan) -> Iterator[tuple[bytes, str]]:
    """Sender and code of each text: all codes differ, and a number comes again only after all others."""
    total = plan.count + plan.warm_up
    numbers = max(1, -(-total // TEXTS_PER_NUMBER), min(total, NUMBERS_PER_PLACE * plan.window))
    for index in range(total):
        number = index % numbers
        sender = PREFIXES[number % len(PREFIXES)] + b"%07d" % (1_000_000 + number * 37)
        yield sender, f"H05.{100 + index // 9000}-{plan.day:%y%m%d}-{index % 9000 + 1:04d}"


def deliver_sm(sequence: int, sender: bytes, text: bytes) -> bytes:
    """A plain text from a phone to the short number."""
    body = b"\0\1\1%b\0\0\1%b\0\0\0\0\0\0\0\0\0\0%c%b" % (sender, SHORT_CODE, len(text), text)
    return HEADER.pack(len(body) + HEADER.size, DELIVER_SM, 0, sequence) + body


def submitted(body: bytes) -> tuple[bytes, str]:
    """Destination and text of a ``submit_sm``."""
    source = body.index(b"\0") + 3
    destination = body.index(b"\0", source) + 3
    end = body.index(b"\0", destination)
    scheduled = body.index(b"\0", end + 4) + 1
    rest = body.index(b"\0", scheduled) + 1
    data_coding, length = body[rest + 2], body[rest + 4]
    octets = body[rest + 5 : rest + 5 + length]
    if body[end + 1] & UDH:
        octets = octets[octets[0] + 1 :]
    return body[destination:end], octets.decode("utf-16-be" if data_coding == UCS2 else "latin-1", "replace")


class Load:
    """Sends the plan over the first bound session and judges what comes back."""

    def __init__(self, plan: Plan) -> None:
        self.report = Report()
        self.started = asyncio.Event()
        self.ended = asyncio.Event()
        self._plan, self._texts = plan, texts(plan)
        self._session: Session | None = None
        self._is_bound = asyncio.Event()
        self._under_way: dict[tuple[bytes, str], tuple[float, bool]] = {}
        self._order: deque[tuple[float, tuple[bytes, str]]] = deque()
        self._done: set[tuple[bytes, str]] = set()
        self._latencies: list[float] = []
        self._taken = 0
        self._exhausted = False
        self._begun = self._cpu = self._last = 0.0

    async def bound(self) -> None:
        """Wait for the gateway, send everything, wait for the rest."""
        await self._is_bound.wait()
        begun = time.perf_counter()
        deadline = begun + self._plan.seconds
        self._begun, self._cpu = begun, time.process_time()
        if not self._plan.warm_up:
            self.started.set()
        while not (self._exhausted and not self._under_way):
            now = time.perf_counter()
            self._exhausted = self._exhausted or now > deadline
            self._give_up(now)
            self._send_due(now - begun)
            await asyncio.sleep(TICK)
        self.ended.set()

    def attach(self, session: "Session") -> None:
        """A session was bound; the latest one carries the texts."""
        self._session = session
        self._is_bound.set()

    def acknowledged(self, status: int) -> None:
        """A ``deliver_sm_resp``."""
        self.report.refused += bool(status)

    def answered(self, destination: bytes, text: str) -> None:
        """A ``submit_sm``: judge it."""
        found = CODE.search(text)
        key = destination, found[0] if found else ""
        began = self._under_way.pop(key, None)
        now = time.perf_counter()
        if began is None:
            self._unasked(key, text)
            return
        self._done.add(key)
        if began[1]:
            self._judge(key[1], text, now - began[0])
            self._last = now

    def refill(self) -> None:
        """Some answers came: fill their places in the window."""
        if not self._plan.rate:
            self._send(self._plan.window - len(self._under_way))

    def _unasked(self, key: tuple[bytes, str], text: str) -> None:
        if key in self._done:
            self.report.repeated += 1
        else:
            self.report.wrong += 1
            self.report.wrong_example = self.report.wrong_example or text

    def _judge(self, code: str, text: str, latency: float) -> None:
        if is_right(text, code, expected(code)):
            self.report.right += 1
            self._latencies.append(latency)
        else:
            self.report.wrong += 1
            self.report.wrong_example = self.report.wrong_example or text

    def _send_due(self, elapsed: float) -> None:
        if self._plan.rate:
            self._send(int(elapsed * self._plan.rate) - self._taken)
        else:
            self.refill()

    def _send(self, room: int) -> None:
        if room <= 0 or self._exhausted or self._session is None:
            return
        frames = []
        now = time.perf_counter()
        for _ in range(room):
            key = next(self._texts, None)
            if key is None:
                self._exhausted = True
                break
            frames.append(self._next(key, now))
        self._session.write(b"".join(frames))

    def _next(self, key: tuple[bytes, str], now: float) -> bytes:
        self._taken += 1
        counts = self._taken > self._plan.warm_up
        if counts and not self.report.sent:
            self._begun, self._cpu = now, time.process_time()
            self.started.set()
        self.report.sent += counts
        self._under_way[key] = now, counts
        self._order.append((now, key))
        return deliver_sm(self._taken, key[0], key[1].encode())

    def _give_up(self, now: float) -> None:
        while self._order and self._order[0][0] < now - self._plan.late:
            _, key = self._order.popleft()
            lost = self._under_way.pop(key, None)
            if lost and lost[1]:
                self.report.missing += 1

    def finish(self) -> Report:
        """The figures; what is still under way is missing."""
        report, ordered = self.report, sorted(self._latencies)
        report.missing += sum(counts for _, counts in self._under_way.values())
        report.seconds = round(max(self._last - self._begun, 1e-9), 3)
        report.right_per_s = round(report.right / report.seconds, 1) if report.right else 0.0
        report.p50_ms, report.p95_ms, report.p99_ms = (percentile(ordered, share) for share in (0.5, 0.95, 0.99))
        report.generator_cpu_s = round(time.process_time() - self._cpu, 3)
        return report


def percentile(ordered: list[float], share: float) -> float:
    """In milliseconds; 0 when there is nothing."""
    return round(ordered[min(int(len(ordered) * share), len(ordered) - 1)] * 1000, 2) if ordered else 0.0


class Session(asyncio.Protocol):
    """One SMPP session of the gateway; any system id and password will do."""

    def __init__(self, load: Load) -> None:
        self._load = load
        self._rest = b""
        self._ids = 0
        self._transport: asyncio.WriteTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way back."""
        self._transport = cast("asyncio.WriteTransport", transport)  # uvloop's transports do not inherit it

    def write(self, data: bytes) -> None:
        """Hand frames to the socket, unless it is gone."""
        if data and self._transport and not self._transport.is_closing():
            self._transport.write(data)

    def data_received(self, data: bytes) -> None:
        """Answer every frame that is complete, all at once; then look at the texts."""
        buffer, position = self._rest + data, 0
        responses, bodies = [], []
        while len(buffer) - position >= HEADER.size:
            length, command, status, sequence = HEADER.unpack_from(buffer, position)
            if len(buffer) - position < length:
                break
            if command == SUBMIT_SM:
                bodies.append(buffer[position + HEADER.size : position + length])
            responses.append(self._response(command, status, sequence))
            position += length
        self._rest = buffer[position:]
        self.write(b"".join(responses))
        for body in bodies:
            self._load.answered(*submitted(body))
        if bodies:
            self._load.refill()

    def _response(self, command: int, status: int, sequence: int) -> bytes:
        if command & RESPONSE:
            if command == RESPONSE | DELIVER_SM:
                self._load.acknowledged(status)
            return b""
        body = b""
        if command == SUBMIT_SM:
            self._ids += 1
            body = b"%x\0" % self._ids
        elif command == BIND_TRANSCEIVER:
            body = b"load\0"
            asyncio.get_running_loop().call_soon(self._load.attach, self)
        return HEADER.pack(HEADER.size + len(body), command | RESPONSE, 0, sequence) + body


async def serve(plan: Plan, port: int, wait: float) -> Report:
    """Listen, wait at most *wait* seconds for the gateway, and carry out the plan."""
    load = Load(plan)
    server = await asyncio.get_running_loop().create_server(lambda: Session(load), "127.0.0.1", port)
    print(f"ready 127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    work = asyncio.create_task(load.bound())
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(wait + plan.seconds + plan.late + 1):
            await load.started.wait()
            print("started", flush=True)
            await load.ended.wait()
    work.cancel()
    server.close()
    return load.finish()


def main() -> None:
    """Read the options, run, report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--window", type=int, default=10, help="texts under way")
    parser.add_argument("--rate", type=float, default=0.0, help="texts a second instead of a window")
    parser.add_argument("--warm-up", type=int, default=0, help="texts before those that count")
    parser.add_argument("--seconds", type=float, default=60.0, help="stop sending after so long")
    parser.add_argument("--wait", type=float, default=30.0, help="how long to wait for the gateway")
    options = parser.parse_args()
    plan = Plan(options.count, options.window, options.rate, options.warm_up, options.seconds)
    print(json.dumps(asdict(uvloop.run(serve(plan, options.port, options.wait)))), flush=True)


if __name__ == "__main__":
    main()
