"""How far long work has come, for whoever waits at a terminal."""

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

LOOK_SECONDS = 0.2

Done = Callable[[], tuple[float, float | None]]
"""What is done, and of how much; None when nobody knows."""


@contextlib.asynccontextmanager
async def shown(words: str, done: Done, *, beside_output: bool = False) -> AsyncIterator[None]:
    """A bar on stderr while the body runs; nothing when stderr is no terminal.

    *beside_output*: the body writes on stdout, so the bar stays away when that is a terminal too.
    """
    from rich import console  # noqa: PLC0415 - slow to load, and most commands show no progress

    terminal = console.Console(stderr=True)
    if not terminal.is_terminal or (beside_output and sys.stdout.isatty()):
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
        line = bar.add_task(words, total=None)
        while True:
            so_far, total = done()
            bar.update(line, completed=so_far, total=total, description=words if total else f"{so_far} {words}")
            await asyncio.sleep(LOOK_SECONDS)


def size_of(path: Path) -> int:
    """Octets of a file; 0 when it is not there."""
    try:
        return path.stat().st_size
    except OSError:
        return 0
