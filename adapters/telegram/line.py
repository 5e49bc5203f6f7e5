"""Whether the Bot API can be used: a breaker of the channel's own, so that its faults cost nobody else anything."""

import asyncio
from collections.abc import Callable

from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, InvalidToken, NetworkError, TelegramError

from adapters.telegram.request import TooFast

FAILURES_IN_A_ROW = 3
ANSWERED = (BadRequest, Forbidden, ChatMigrated, Conflict, TooFast)
"""Refusals of one call by an API that works."""


class Line:
    """``connecting`` until the API answered for the first time, ``up`` while it does, ``down`` or ``refused`` when not."""

    def __init__(self, on_up: Callable[[], None]) -> None:
        """*on_up* is called whenever the line comes up; it must be quick."""
        self.state = "connecting"
        self._on_up = on_up
        self._in_a_row = 0
        self._is_down = asyncio.Event()
        self._is_up = asyncio.Event()
        self._is_down.set()

    @property
    def is_up(self) -> bool:
        """Calls may be made."""
        return self.state == "up"

    async def comes_up(self) -> None:
        """Return when calls may be made."""
        await self._is_up.wait()

    async def goes_down(self) -> None:
        """Return when somebody has to look whether the API is back."""
        await self._is_down.wait()

    def rises(self) -> None:
        """The API answered who we are."""
        self._in_a_row = 0
        self.state = "up"
        self._is_down.clear()
        self._is_up.set()
        self._on_up()

    def note(self, error: TelegramError | None) -> None:
        """How a call ended. A status 5xx brings the line down at once: what is sent meanwhile would be in doubt."""
        if error is None or isinstance(error, ANSWERED):
            self._in_a_row = 0
        elif isinstance(error, InvalidToken):
            self._falls("refused")
        else:
            self._in_a_row += 1
            if not self.is_up or type(error) is NetworkError or self._in_a_row >= FAILURES_IN_A_ROW:
                self._falls("down")

    def _falls(self, state: str) -> None:
        self.state = state
        self._is_up.clear()
        self._is_down.set()
