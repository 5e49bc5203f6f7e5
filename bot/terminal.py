"""Reading what a person or a program writes on standard input, without ever blocking the event loop."""

import asyncio
import contextlib
import os
import signal
import sys
import threading
from collections.abc import AsyncIterator, Iterator

STANDARD_INPUT = 0
LONGEST_TYPED = 64 * 1024
CHUNK = 65_536
CHUNKS_AHEAD = 4


async def lines_of(handle: int, longest: int) -> AsyncIterator[bytes]:
    """The lines of an open file, pipe or terminal, without their line feed, as soon as they are whole.

    A line of more than *longest* octets comes cut to one octet more than that.
    """
    line = b""
    async for chunk in _chunks(handle):
        *whole, rest = chunk.split(b"\n")
        for part in whole:
            yield (line + part[: longest + 1])[: longest + 1]
            line = b""
        line = (line + rest[: longest + 1])[: longest + 1]
    if line:
        yield line


async def _chunks(handle: int) -> AsyncIterator[bytes]:
    """Read in a thread that may be left behind: a read from a terminal cannot be called off.

    It reads the handle itself, because Python's own buffer may not be held by a thread when the program ends.
    """
    loop = asyncio.get_running_loop()
    chunks: asyncio.Queue[bytes] = asyncio.Queue()
    room = threading.Semaphore(CHUNKS_AHEAD)

    def pump() -> None:
        chunk = b"?"
        while chunk and room.acquire():
            try:
                chunk = os.read(handle, CHUNK)
            except OSError:  # closed, or a terminal that is gone
                chunk = b""
            with contextlib.suppress(RuntimeError):  # the loop has ended: nobody wants it any more
                loop.call_soon_threadsafe(chunks.put_nowait, chunk)

    threading.Thread(target=pump, name="standard-input", daemon=True).start()
    while chunk := await chunks.get():
        room.release()
        yield chunk


@contextlib.contextmanager
def told_to_end() -> Iterator[asyncio.Event]:
    """Set by SIGINT (Ctrl-C) or SIGTERM, so that what is under way can be ended in order."""
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, ended.set)
    try:
        yield ended
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)


async def typed(prompt: str, ended: asyncio.Event) -> AsyncIterator[str]:
    """What a person types, line by line, until the end of the input or until *ended* is set."""
    lines = lines_of(STANDARD_INPUT, LONGEST_TYPED)
    ending = asyncio.create_task(ended.wait())
    while True:
        sys.stdout.write(prompt)
        sys.stdout.flush()
        line = asyncio.create_task(_next(lines))
        await asyncio.wait([line, ending], return_when=asyncio.FIRST_COMPLETED)
        if not line.done() or line.result() is None:
            break
        yield (line.result() or b"").decode("utf-8", "replace").strip()
    line.cancel()
    ending.cancel()
    sys.stdout.write("\n")


async def _next(lines: AsyncIterator[bytes]) -> bytes | None:
    return await anext(lines, None)
