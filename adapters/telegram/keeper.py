"""Looks after the line: who we are, where updates go, what the menu offers; again after every fault."""

import asyncio
from collections.abc import Callable, Sequence

from telegram.error import InvalidToken, TelegramError

from adapters.telegram.api import BotApi
from adapters.telegram.commands import MenuCommand
from adapters.telegram.line import Line
from adapters.telegram.settings import TelegramSettings
from bot.logs import Log

FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 60.0
LOOK_S = 60.0
MANY_PENDING = 100


class Keeper:
    """One task that never ends by a fault of Telegram's."""

    def __init__(
        self,
        api: BotApi,
        line: Line,
        settings: TelegramSettings,
        menu: Sequence[MenuCommand] | None,
        log: Log,
        uniform: Callable[[float, float], float],
    ) -> None:
        """*menu* is None in a process that does not receive: it changes nothing at Telegram."""
        self.trouble = ""
        """What does not work although the line is up: ``no_webhook``."""
        self._api = api
        self._line = line
        self._settings = settings
        self._menu = menu
        self._log = log
        self._uniform = uniform
        self._is_set_up = False
        self._told = ""
        """The last state that the log has."""

    async def run(self, on_name: Callable[[str], None]) -> None:
        """Until cancelled; *on_name* hears the bot's name each time the line comes up."""
        pause = FIRST_PAUSE_S
        while True:
            if not self._line.is_up and not await self._greet(on_name):
                await asyncio.sleep(self._uniform(pause / 2, pause))
                pause = min(pause * 2, LONGEST_PAUSE_S)
                continue
            pause = FIRST_PAUSE_S
            await self._look_after()
            await self._next_look()

    async def _greet(self, on_name: Callable[[str], None]) -> bool:
        try:
            name = await self._api.username()
        except TelegramError as error:
            self._tell(error)
            return False
        on_name(name)
        self._line.rises()
        self._told = self._line.state
        self._log.info("telegram is up", bot=name)
        return True

    def _tell(self, error: TelegramError) -> None:
        """Once for each way of being down."""
        if self._line.state == self._told:
            return
        self._told = self._line.state
        if isinstance(error, InvalidToken):
            self._log.error("telegram refuses the token: set telegram.token to the one that BotFather gave")
        else:
            self._log.warning("telegram does not answer", error=type(error).__name__)

    async def _look_after(self) -> None:
        """Tell Telegram once where updates go and what the menu is; then look whether it still holds."""
        if self._menu is None:
            return
        try:
            if not self._is_set_up:
                await self._set_up(self._menu)
            elif self._settings.webhook_url:
                await self._look_at_webhook()
        except TelegramError as error:
            if not self.trouble:
                self._log.error("telegram takes no webhook or menu from us", error=error.message)
            self.trouble = "no_webhook" if self._settings.webhook_url else "not_set_up"

    async def _set_up(self, menu: Sequence[MenuCommand]) -> None:
        if self._settings.webhook_url:
            await self._api.call_us()
        else:
            await self._api.we_ask()
        await self._api.offer(menu)
        self._is_set_up, self.trouble = True, ""

    async def _look_at_webhook(self) -> None:
        found = await self._api.webhook()
        if found.url != self._settings.webhook_url:
            self._log.warning("somebody else took the bot's webhook; it is set again")
            self._is_set_up = False
            await self._set_up(self._menu or ())
        elif found.pending_update_count > MANY_PENDING:
            self._log.warning("many updates wait at telegram", count=found.pending_update_count)

    async def _next_look(self) -> None:
        """Soon when something is not set up yet, at once when the line goes down."""
        seconds = LOOK_S if self._is_set_up or self._menu is None else FIRST_PAUSE_S * 5
        try:
            async with asyncio.timeout(seconds):
                await self._line.goes_down()
        except TimeoutError:
            return
