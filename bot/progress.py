"""How far long work has come, for whoever waits at a terminal."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

LOOK_SECONDS = 0.2

Done = Callable[[], tuple[float, float]]
"""What is done, and of how much."""


@contextlib.asynccontextmanager
async def shown(words: str, done: Done) -> AsyncIterator[None]:
    """A bar on stderr while the body runs; nothing when stderr is no terminal."""
    from rich import console  # noqa: PLC0415 - slow to load, and most commands show no progress

    terminal = console.Console(stderr=True)
    if not terminal.is_terminal:
        yield
        return
    task = asyncio.create_task(_show(words, done, terminal))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _show(words: str, done: Done, terminal: "Console") -> None:
    from rich.progress import Progress  # noqa: PLC0415 - as above

    with Progress(console=terminal, transient=True) as bar:
        line = bar.add_task(words)
        while True:
            so_far, total = done()
            bar.update(line, completed=so_far, total=max(total, so_far))
            await asyncio.sleep(LOOK_SECONDS)


def size_of(path: Path) -> int:
    """Octets of a file; 0 when it is not there."""
    try:
        return path.stat().st_size
    except OSError:
        return 0
