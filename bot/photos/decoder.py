"""Reading a photo in a process of its own, so that no picture can hurt the gateway: few at a time, each limited."""

import asyncio
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

import orjson

import bot
from bot.photos.child import LOOKED, NO_PHOTO
from bot.photos.contents import MOST_CODES, Symbol
from dossier_client.codes import parse

AT_ONCE = 2
SECONDS = 6.0
"""Of wall-clock time, on a machine with much else to do; the process may use one of processor time."""
MOST_ANSWER = 64 * 1024


class Look(StrEnum):
    """How looking at a photo ended."""

    LOOKED = "looked"
    NO_PHOTO = "no_photo"
    """Another kind of file, broken, or too many pixels."""
    BROKE = "broke"
    """It needed more time or memory than a photo may, or its process fell or did not start."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What was found in a photo."""

    look: Look
    symbols: tuple[Symbol, ...] = ()

    @property
    def codes(self) -> tuple[str, ...]:
        """The dossier codes, at most three."""
        return tuple(dict.fromkeys(code for symbol in self.symbols for code in symbol.codes))[:MOST_CODES]


class Decoder:
    """Looks at photos. Who calls while so many are looked at waits."""

    def __init__(self, at_once: int = AT_ONCE, seconds: float = SECONDS) -> None:
        self._places = asyncio.Semaphore(at_once)
        self._seconds = seconds

    async def look(self, octets: bytes, today: date) -> Seen:
        """The bar codes of a file that somebody sent. Never raises, whatever the file is."""
        async with self._places:
            try:
                process = await _started(today)
            except OSError:
                return Seen(Look.BROKE)
            try:
                async with asyncio.timeout(self._seconds):
                    answer = await _asked(process, octets)
                    return _seen(await process.wait(), answer, today)
            except TimeoutError:
                return Seen(Look.BROKE)
            finally:
                await _ended(process)


async def _started(today: date) -> Process:
    """Without our environment, which may hold secrets, and outside the terminal's group of processes."""
    command = (sys.executable, "-B", "-P", "-m", "bot.photos.child", today.isoformat())
    home = {"PYTHONPATH": str(Path(bot.__file__).parent.parent)}
    return await asyncio.create_subprocess_exec(
        *command, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env=home, start_new_session=True
    )


async def _asked(process: Process, octets: bytes) -> bytes:
    assert process.stdin and process.stdout  # noqa: S101, PT018 - both are pipes: the type does not know
    with suppress(ConnectionError):
        process.stdin.write(octets)
        await process.stdin.drain()
    process.stdin.close()
    answer = bytearray()
    while len(answer) <= MOST_ANSWER and (more := await process.stdout.read(MOST_ANSWER)):
        answer += more
    return bytes(answer)


async def _ended(process: Process) -> None:
    if process.returncode is None:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


def _seen(exit_code: int, answer: bytes, today: date) -> Seen:
    if exit_code == NO_PHOTO:
        return Seen(Look.NO_PHOTO)
    if exit_code != LOOKED or len(answer) > MOST_ANSWER:
        return Seen(Look.BROKE)
    try:
        return Seen(Look.LOOKED, tuple(_symbols(answer, today)))
    except (ValueError, TypeError):
        return Seen(Look.BROKE)


def _symbols(answer: bytes, today: date) -> Iterator[Symbol]:
    """Codes are read once more here: whatever a picture made of that process, nothing else comes out of it."""
    for symbology, length, codes in orjson.loads(answer):
        yield Symbol(str(symbology), int(length), tuple(code for code in codes if parse(code, today)))
