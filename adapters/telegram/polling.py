"""We ask Telegram: for places that nobody can call from outside, and for trying out."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from typing import Any

from telegram.error import Conflict, TelegramError

from adapters.telegram.api import BotApi
from adapters.telegram.arrivals import Arrivals
from adapters.telegram.line import Line
from adapters.telegram.updates import Unreadable
from bot.channels import Receive
from bot.errors import StoreError
from bot.logs import Log

PAUSE_S, LONGEST_PAUSE_S = 1.0, 30.0


class Poller:
    """Asks for updates for ever; what is confirmed is stored."""

    def __init__(self, api: BotApi, line: Line, arrivals: Arrivals, counts: Counter[str], log: Log) -> None:
        self._api = api
        self._line = line
        self._arrivals = arrivals
        self._counts = counts
        self._log = log
        self._offset: int | None = None

    async def run(self, receive: Receive) -> None:
        """Until cancelled."""
        pause = PAUSE_S
        while True:
            await self._line.comes_up()
            if await self._round(receive):
                pause = PAUSE_S
            else:
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE_S)

    async def _round(self, receive: Receive) -> bool:
        """Ask once and store what came; False when it is better to wait a little."""
        try:
            updates = await self._api.updates(self._offset)
        except Conflict:
            self._counts["conflict"] += 1
            self._log.error("another program asks for the same bot's updates, or it has a webhook")
            return False
        except TelegramError as error:
            self._counts["polls_failed"] += 1
            self._log.warning("telegram not asked", error=type(error).__name__)
            return False
        if not updates:
            self._offset = None  # all is confirmed; after a quiet week the next number may be a smaller one
        return await self._store(updates, receive)

    async def _store(self, updates: Sequence[Any], receive: Receive) -> bool:
        """All in one group of the store; the offset moves past those that are stored, in order.

        Whatever else happens, the rest of the gateway goes on: the same updates are asked for again.
        """
        endings = await asyncio.gather(
            *(self._arrivals.take(receive, update) for update in updates), return_exceptions=True
        )
        for update, ending in zip(updates, endings, strict=True):
            match ending:
                case None:
                    self._offset = update["update_id"] + 1
                case Unreadable():
                    self._counts["unreadable"] += 1
                case StoreError():
                    self._counts["not_stored"] += 1
                    return False
                case _:
                    self._counts["broken"] += 1
                    self._log.error("update not taken", error=type(ending).__name__)
                    return False
        return True
