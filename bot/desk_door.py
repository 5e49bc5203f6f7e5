"""Where people come to the officers' desk: it is built when somebody first does, and costs no memory before."""

import asyncio
import secrets
from collections.abc import Coroutine, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from aiohttp import web

from bot.access.records import CodePurpose
from bot.clock import Clock
from bot.control import Arguments, Command
from bot.errors import StoreError
from bot.logs import Log
from bot.petition_parts import PetitionParts
from bot.privacy import Keyring
from bot.settings import Settings
from bot.store.base import PlanStore
from bot.store.officer_book import OfficerBook

if TYPE_CHECKING:
    from bot.desk_parts import DeskParts

TIDY_SECONDS = 15 * 60.0
COMMANDS = ("officer_add", "officer_list", "officer_change", "officer_check_log")


class DeskDoor:
    """The desk of one process. What must be done without visitors is done here."""

    def __init__(
        self, settings: Settings, store: PlanStore, keyring: Keyring, clock: Clock, log: Log, petitions: PetitionParts
    ) -> None:
        self._given = settings, store, keyring, clock, log, petitions
        self._texts = petitions.texts
        self._public_url = settings.http.public_url
        self._log = log
        self._book = OfficerBook(store, keyring, clock)
        self._building = asyncio.Lock()
        self._inside: tuple[DeskParts, web.UrlDispatcher] | None = None

    def routes(self) -> list[web.RouteDef]:
        """Everything under ``/desk``."""
        return [web.route("*", path, self._lead) for path in ("/desk", "/desk/{rest:.*}")]

    def commands(self) -> Mapping[str, Command]:
        """What the command line may ask of the desk."""
        return {name: partial(self._command, name) for name in COMMANDS}

    def works(self, address: str) -> list[Coroutine[Any, Any, None]]:
        """What runs as long as the process serves the web at *address*."""
        return [self._keep_house(address), self._texts.run()]

    async def parts(self) -> "DeskParts":
        """What is behind the door, built now if it was not yet."""
        return (await self._open())[0]

    async def _open(self) -> "tuple[DeskParts, web.UrlDispatcher]":
        async with self._building:
            if self._inside is None:
                self._inside = await asyncio.to_thread(self._built)  # 0.3 s in which everybody else is served
            return self._inside

    def _built(self) -> "tuple[DeskParts, web.UrlDispatcher]":
        from bot.desk_parts import DeskParts  # noqa: PLC0415 - 4 MiB that only offices with officers at a desk pay

        parts, inside = DeskParts(*self._given), web.UrlDispatcher()
        inside.add_routes(parts.routes())
        return parts, inside

    async def _lead(self, request: web.Request) -> web.StreamResponse:
        _, inside = await self._open()
        found = await inside.resolve(request)
        request.match_info.update(found)
        return await found.handler(request)

    async def _command(self, name: str, arguments: Arguments) -> dict[str, Any]:
        return await (await self.parts()).commands()[name](arguments)

    async def _offer_setup(self, address: str) -> None:
        """While there is no officer: one line of the log with the link that makes the administrator."""
        token = secrets.token_urlsafe(32)
        if await self._book.count() or not await self._book.issue_code(CodePurpose.SETUP, 0, token):
            return
        place = self._public_url or address
        self._log.warning("no officer yet: open this link within a day, once", link=f"{place}/desk/setup/{token}")

    async def _keep_house(self, address: str) -> None:
        offered = False
        while True:
            try:
                if not offered:
                    await self._offer_setup(address)
                    offered = True
                await self._book.tidy()
            except StoreError as error:
                self._log.warning("the desk is not tidied now", error=str(error))
            await asyncio.sleep(TIDY_SECONDS)
