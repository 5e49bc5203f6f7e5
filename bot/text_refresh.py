"""Keeps the texts of one process as the desk has approved them."""

import asyncio

from bot.errors import StoreError
from bot.logs import Log
from bot.render import Renderer
from bot.store.master_book import MasterBook
from bot.text_edits import TextEdit, used_of

LOOK_SECONDS = 5.0


class TextRefresh:
    """Looks every five seconds whether something was edited; what an officer approves here counts at once."""

    def __init__(self, master: MasterBook, log: Log) -> None:
        self._master = master
        self._log = log
        self._renderers: list[Renderer] = []
        self._seen = -1

    def serve(self, renderer: Renderer) -> None:
        """This renderer too says what was approved."""
        self._renderers.append(renderer)
        self._seen = -1

    async def look(self) -> None:
        """Take over what was edited since the last look. Raises ``StoreError``."""
        version = await self._master.version()
        if version == self._seen:
            return
        used = used_of(tuple(edited.item for edited in await self._master.items(TextEdit)))
        for renderer in self._renderers:
            renderer.edit(used)
        self._seen = version

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            try:
                await self.look()
            except StoreError as error:
                self._log.warning("texts are not looked at now", error=str(error))
            await asyncio.sleep(LOOK_SECONDS)
