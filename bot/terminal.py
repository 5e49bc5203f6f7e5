"""Reading what a person or a program writes on standard input, without ever blocking the event loop."""

import asyncio
import os
import threading
from collections.abc import AsyncIterator

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
    chunks: asyncio.Queue[bytes] = asyncio.Queue(CHUNKS_AHEAD)

    def pump() -> None:
        chunk = b"?"
        while chunk:
            chunk = os.read(handle, CHUNK)
            if loop.is_closed():
                return
            asyncio.run_coroutine_threadsafe(chunks.put(chunk), loop).result()

    threading.Thread(target=pump, name="standard-input", daemon=True).start()
    while chunk := await chunks.get():
        yield chunk
