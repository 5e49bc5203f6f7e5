"""How much a channel over HTTP takes in and sends out: ``python -m benchmarks.channels [zalo …] [--quick]``.

One gateway (``bot serve``, SQLite, one process) with its workers running; this process plays the provider. In: genuine events
acknowledged after their commit. Out: answers that leave to a provider that takes 50 ms for each. The CPU is that of all threads.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import orjson
import uvloop

from adapters.telegram.stand_in import TOKEN, Call, StandIn
from adapters.telegram.stand_in_updates import Updates
from adapters.telegram.webhook import PATH, SECRET_HEADER
from adapters.zalo.settings import ZaloSettings
from adapters.zalo.signature import HEADER, sign
from adapters.zalo.stand_in import ZaloStandIn
from adapters.zalo.stand_in_events import Events
from adapters.zalo.webhook import secrets_of
from benchmarks.programs import line_of, program, usage

DELAY_S = 0.05
CONNECTIONS = 64
PATIENCE_S = 120.0
IN_TARGET, OUT_TARGET = 1000, 400
EVENTS, QUICK_EVENTS, WARM_UP = 12_000, 3000, 500
CONFIG = """data_dir = "{folder}/data"
[http]
port = 0
public_url = "https://gateway.example"
[limits]
enabled = false
{lines}"""
TITLE = f"{'channel':>10} | {'events':>6} {'in/s':>7} {'p99 ms':>7} | {'out/s':>7} {'lost':>5} {'twice':>5} | {'gw CPU s/1000':>13}"


class Load(ABC):
    """One channel: what its provider posts, and a stand-in that takes ``DELAY_S`` for each message."""

    name: str
    path: str
    headers: dict[str, str]

    @abstractmethod
    async def start(self) -> str:
        """Start the stand-in; the channel's lines of the configuration."""

    @abstractmethod
    async def stop(self) -> None:
        """Close it."""

    @abstractmethod
    def event(self, number: int) -> tuple[bytes, dict[str, str]]:
        """Body and headers of a genuine text of the person with this number."""

    @abstractmethod
    def taken(self) -> Sequence[tuple[str, float]]:
        """To whom a message went, and when, by the monotonic clock; in order."""


class Zalo(Load):
    """Signed events of an Official Account."""

    name, path = "zalo", "/hooks/zalo"

    def __init__(self) -> None:
        self._settings = ZaloSettings(
            app_id="1234567890123456789",
            app_secret="app-secret",  # noqa: S106 - of no app
            oa_id="1646843870823903717",
            oa_secret_keys=("oa-secret-key",),
        )
        self._events = Events(self._settings)
        self._stand_in = ZaloStandIn(self._settings, delay_s=DELAY_S)
        self._taken: list[tuple[str, float]] = []
        self._stand_in.on_sent = lambda sent: self._taken.append((sent.to, time.monotonic()))

    async def start(self) -> str:
        """See the base."""
        url = await self._stand_in.start()
        return (
            f'[zalo]\napp_id = "{self._settings.app_id}"\napp_secret = "{self._settings.app_secret}"\n'
            f'oa_id = "{self._settings.oa_id}"\noa_secret_key = "{self._settings.oa_secret_keys[0]}"\n'
            f'access_token = "access-0"\nrefresh_token = "refresh-0"\n'
            f'api_base_url = "{url}"\noauth_base_url = "{url}"\nzbs_base_url = "{url}"\n'
        )

    async def stop(self) -> None:
        """See the base."""
        await self._stand_in.stop()

    def event(self, number: int) -> tuple[bytes, dict[str, str]]:
        """See the base."""
        body = orjson.dumps(self._events.text(f"551018575826{number:07}", "TG", message_id=f"{number:020x}"))
        return body, {HEADER: sign(body, secrets_of(self._settings))}

    def taken(self) -> Sequence[tuple[str, float]]:
        """See the base."""
        return self._taken


class Telegram(Load):
    """Updates of a bot, without its rate: the stand-in sets none."""

    name, path = "telegram", PATH
    _secret = "secret-of-benchmarks"  # noqa: S105 - of no bot

    def __init__(self) -> None:
        self._stand_in = StandIn(keep=10)
        self._updates = Updates()
        self._taken: list[tuple[str, float]] = []

    async def start(self) -> str:
        """See the base."""
        await self._stand_in.start()
        self._stand_in.delay_s = DELAY_S
        self._stand_in.on_call = self._called
        return (
            f'[telegram]\ntoken = "{TOKEN}"\nsecret_token = "{self._secret}"\nrate = 0\n'
            f'base_url = "{self._stand_in.base_url}"\nbase_file_url = "{self._stand_in.base_file_url}"\n'
        )

    async def stop(self) -> None:
        """See the base."""
        await self._stand_in.close()

    def event(self, number: int) -> tuple[bytes, dict[str, str]]:
        """See the base."""
        return orjson.dumps(self._updates.text(5_400_000_000 + number, "TG")), {SECRET_HEADER: self._secret}

    def taken(self) -> Sequence[tuple[str, float]]:
        """See the base."""
        return self._taken

    def _called(self, call: Call) -> None:
        if call.method == "sendMessage":
            self._taken.append((call.chat, time.monotonic()))


LOADS: dict[str, type[Load]] = {load.name: load for load in (Telegram, Zalo)}


@dataclass(frozen=True, slots=True)
class Figures:
    """One line of the table."""

    name: str
    events: int
    in_per_s: float
    p99_ms: float
    out_per_s: float
    lost: int
    twice: int
    cpu_s: float

    def line(self) -> str:
        """As ``TITLE`` heads it."""
        return (
            f"{self.name:>10} | {self.events:>6} {self.in_per_s:>7.0f} {self.p99_ms:>7.1f} | {self.out_per_s:>7.0f}"
            f" {self.lost:>5} {self.twice:>5} | {self.cpu_s * 1000 / self.events:>13.2f}"
        )


class Poster:
    """Posts prepared requests over connections that stay open; the cheapest client there is."""

    def __init__(self, host: str, port: int, requests: list[bytes]) -> None:
        self._host, self._port = host, port
        self._requests = iter(requests)
        self.seconds: list[float] = []
        """From written to acknowledged, of each."""
        self.took = 0.0
        self.refused = 0

    async def run(self) -> None:
        """Return when all were acknowledged."""
        began = time.monotonic()
        async with asyncio.TaskGroup() as tasks:
            for _ in range(CONNECTIONS):
                tasks.create_task(self._post_all())
        self.took = time.monotonic() - began

    async def _post_all(self) -> None:
        reader, writer = await asyncio.open_connection(self._host, self._port)
        for request in self._requests:
            began = time.monotonic()
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            self.seconds.append(time.monotonic() - began)
            self.refused += not head.startswith(b"HTTP/1.1 2")
            length = next((line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), b":0")
            await reader.readexactly(int(length.partition(b":")[2]))
        writer.close()


async def measure(load: Load, events: int, folder: Path) -> Figures:
    """Start everything, post all events at once, wait until all are answered."""
    lines = await load.start()
    config = folder / "motcua.toml"
    config.write_text(CONFIG.format(folder=folder, lines=lines), encoding="utf-8")
    try:
        async with program("bot", "serve", "--config", str(config), log=folder / "log") as (gateway, output):
            host, _, port = (await line_of(output, "ready http://")).rpartition(":")
            await _post(load, range(WARM_UP), host, int(port))
            await _answered(load, WARM_UP)
            before = usage(gateway.pid)
            poster = await _post(load, range(WARM_UP, WARM_UP + events), host, int(port))
            await _answered(load, WARM_UP + events)
            cpu_s = usage(gateway.pid).cpu_s - before.cpu_s
    finally:
        await load.stop()
    return _figures(load, events, poster, cpu_s)


async def _post(load: Load, numbers: range, host: str, port: int) -> Poster:
    poster = Poster(host, port, [_request(load, number) for number in numbers])
    await poster.run()
    return poster


def _request(load: Load, number: int) -> bytes:
    body, headers = load.event(number)
    head = {"Host": "gateway", "Content-Type": "application/json", "Content-Length": str(len(body)), **headers}
    lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
    return f"POST {load.path} HTTP/1.1\r\n{lines}\r\n".encode() + body


async def _answered(load: Load, count: int) -> None:
    """Until so many people have an answer, or none came for a while."""
    until = time.monotonic() + PATIENCE_S
    while len({person for person, _ in load.taken()}) < count and time.monotonic() < until:  # noqa: ASYNC110 - the provider's side is only looked at
        await asyncio.sleep(0.2)


def _figures(load: Load, events: int, poster: Poster, cpu_s: float) -> Figures:
    later = load.taken()[WARM_UP:]
    people = [person for person, _ in later]
    spent = later[-1][1] - later[0][1] if len(later) > 1 else 1.0
    return Figures(
        name=load.name,
        events=events,
        in_per_s=(len(poster.seconds) - poster.refused) / poster.took,
        p99_ms=sorted(poster.seconds)[int(len(poster.seconds) * 0.99)] * 1000,
        out_per_s=len(later) / spent,
        lost=events - len(set(people)),
        twice=len(people) - len(set(people)),
        cpu_s=cpu_s,
    )


def main() -> int:
    """The table; exit code 1 when an answer was lost or sent twice."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("channels", nargs="*", choices=[*LOADS, []], help="all by default")
    parser.add_argument("--quick", action="store_true", help="fewer events: figures are rough")
    options = parser.parse_args()
    events = QUICK_EVENTS if options.quick else EVENTS
    print(f"targets: in >= {IN_TARGET}/s, out >= {OUT_TARGET}/s\n{TITLE}", flush=True)
    failed = False
    for name in options.channels or LOADS:
        with tempfile.TemporaryDirectory() as folder:
            figures = uvloop.run(measure(LOADS[name](), events, Path(folder)))
        print(figures.line(), flush=True)
        failed |= bool(figures.lost or figures.twice)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
