"""Answering many lines at the same time, and writing the answers in the order of the lines."""

import asyncio
import sys
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from datetime import datetime

from bot.clock import Clock, FixedClock, SystemClock
from bot.logs import set_up
from bot.progress import shown
from bot.render import Renderer
from bot.settings import Settings
from bot.terminal import STANDARD_INPUT, lines_of
from bot.translate import office_of, upstreams_of
from bot.understand import LONGEST_LINE, LineReader
from bot.understanding.keywords import BUILT
from dossier_client.client import OneStopClient

MOST_AT_ONCE = 64
AHEAD = 4
"""So many times the lines at work may be read before the oldest of them is answered."""

Answer = Callable[[bytes], Awaitable[bytes]]


async def understand_all(settings: Settings, at: datetime | None) -> None:
    """Standard input to standard output. Raises ``OSError`` when nobody reads any more."""
    set_up("error")
    clock: Clock = FixedClock(at) if at else SystemClock()
    client = OneStopClient(upstreams_of(settings), clock.now)
    await client.start()
    office = office_of(settings)
    reader = LineReader(office=office, renderer=Renderer(office, BUILT), dossiers=client, clock=clock)
    lines = lines_of(STANDARD_INPUT, LONGEST_LINE)
    written = 0
    try:
        async with (
            shown("lines", lambda: (written, None), beside_output=True),
            aclosing(in_order(lines, reader.answer, at_once(settings))) as answers,
        ):
            async for answer in answers:
                sys.stdout.buffer.write(answer + b"\n")
                sys.stdout.buffer.flush()
                written += 1
    finally:
        await client.close()


def at_once(settings: Settings) -> int:
    """No more lines than the smallest system takes calls: one line has one call at a time, so none is turned away."""
    return min([MOST_AT_ONCE, *(section.max_concurrent for section in settings.upstreams)])


async def in_order(lines: AsyncIterator[bytes], answer: Answer, at_once: int) -> AsyncGenerator[bytes, None]:
    """The answer to each line, in the order of the lines, at most *at_once* at work; each is given as soon as it may be."""
    room = asyncio.Semaphore(at_once)
    answers: asyncio.Queue[asyncio.Task[bytes] | None] = asyncio.Queue(at_once * AHEAD)

    async def work(line: bytes) -> bytes:
        try:
            return await answer(line)
        finally:
            room.release()

    async def read() -> None:
        try:
            async for line in lines:
                await room.acquire()
                await answers.put(asyncio.create_task(work(line)))
        finally:
            await answers.put(None)

    reading = asyncio.create_task(read())
    try:
        while (task := await answers.get()) is not None:
            yield await task
        await reading
    finally:
        reading.cancel()
