"""What arrives, by webhook or by polling: stored first, then the pressed button is let go."""

import asyncio
from collections import Counter
from collections.abc import Callable, Coroutine
from typing import Any

from adapters.telegram.updates import Ignored, UpdateReader
from bot.channels import Receive

MOST_ANSWERS = 64
"""Buttons being let go at the same time; beyond it they stay busy for a few seconds, which harms nobody."""


class Arrivals:
    """The way in of one bot."""

    def __init__(
        self,
        reader: UpdateReader,
        counts: Counter[str],
        let_go: Callable[[str], Coroutine[Any, Any, None]],
    ) -> None:
        """*let_go* answers a callback query and never raises."""
        self._reader = reader
        self._counts = counts
        self._let_go = let_go
        self._answers: set[asyncio.Task[None]] = set()

    async def take(self, receive: Receive, update: Any) -> None:
        """Return once nothing of *update* can get lost. Raises ``Unreadable``, or ``StoreError`` when nothing was stored."""
        read = self._reader.read(update)
        if isinstance(read, Ignored):
            self._counts[f"ignored_{read.reason}"] += 1
        else:
            await receive.message(read.message)
            self._counts["updates"] += 1
        if read.callback_id and len(self._answers) < MOST_ANSWERS:
            task = asyncio.get_running_loop().create_task(self._let_go(read.callback_id))
            self._answers.add(task)
            task.add_done_callback(self._answers.discard)

    async def finish(self, seconds: float) -> None:
        """Wait for the buttons being let go."""
        if self._answers:
            await asyncio.wait(self._answers, timeout=seconds)
