"""The Bot API as the channel uses it: every call ends in a result or a ``TelegramError`` that tells no token."""

from collections.abc import Awaitable, Sequence
from typing import Any, TypeVar
from urllib.parse import urlencode

import orjson
from telegram import Bot, BotCommand, WebhookInfo
from telegram.error import BadRequest, InvalidToken, TelegramError

from adapters.telegram.commands import MenuCommand
from adapters.telegram.line import Line
from adapters.telegram.request import AiohttpRequest, AnswerUnknown
from adapters.telegram.settings import TelegramSettings
from adapters.telegram.texts import Keyboard
from adapters.telegram.updates import ALLOWED

Result = TypeVar("Result")

OTHER_CALLS = 8
"""Connections beside those of the sends."""
NO_PREVIEW = {"link_preview_options": {"is_disabled": True}}
HOOK_CONNECTIONS = 40


class BotApi:
    """One bot's calls."""

    def __init__(self, settings: TelegramSettings, line: Line) -> None:
        """No call is made yet."""
        self._settings = settings
        self._line = line
        self._calls = AiohttpRequest(settings, connections=settings.concurrent + OTHER_CALLS)
        self._polls = AiohttpRequest(settings, connections=2)
        # Not ``initialize``: its error quotes the token. Nor is the bot ever logged: its text form holds it.
        self._bot = Bot(
            settings.token,
            base_url=settings.base_url,
            base_file_url=settings.base_file_url,
            request=self._calls,
            get_updates_request=self._polls,
        )

    async def close(self) -> None:
        """Close all connections; calls under way fail."""
        await self._polls.shutdown()
        await self._calls.shutdown()

    async def username(self) -> str:
        """The bot's name without @: the cheapest question that shows whether the API answers."""
        return (await self._told(self._bot.get_me())).username or ""

    async def send(self, chat: str, text: str, keyboard: Keyboard | None) -> str:
        """Send one message; its id."""
        extras = NO_PREVIEW if keyboard is None else NO_PREVIEW | {"reply_markup": keyboard}
        sent = await self._told(self._bot.send_message(int(chat), text, api_kwargs=extras))
        return str(sent.message_id)

    async def answer_button(self, callback_id: str) -> None:
        """Take the busy mark from a pressed button."""
        await self._told(self._bot.answer_callback_query(callback_id))

    async def updates(self, offset: int | None) -> Sequence[Any]:
        """Wait for updates, at most ``poll_s``; *offset* confirms everything before it.

        As JSON: the library's own call fails as a whole, for ever, when it cannot read one of them.
        """
        poll = self._settings.poll_s
        query = {"timeout": f"{poll:g}", "allowed_updates": orjson.dumps(ALLOWED).decode()}
        if offset is not None:
            query["offset"] = str(offset)
        found = await self._told(
            self._polls.post(
                f"{self._bot.base_url}/getUpdates?{urlencode(query)}",
                read_timeout=poll + self._settings.read_timeout_s,
            )
        )
        return found if isinstance(found, list) else []

    async def call_us(self) -> None:
        """Have updates sent to our webhook; those that wait are kept."""
        await self._told(
            self._bot.set_webhook(
                self._settings.webhook_url,
                allowed_updates=ALLOWED,
                max_connections=HOOK_CONNECTIONS,
                secret_token=self._settings.secret_token,
            )
        )

    async def we_ask(self) -> None:
        """No webhook: updates are kept until we ask for them."""
        await self._told(self._bot.delete_webhook())

    async def webhook(self) -> WebhookInfo:
        """What Telegram knows of our webhook."""
        return await self._told(self._bot.get_webhook_info())

    async def offer(self, commands: Sequence[MenuCommand]) -> None:
        """The bot's menu: Vietnamese, and English for whose telephone speaks it."""
        vietnamese = [BotCommand(command.name, command.vietnamese) for command in commands]
        english = [BotCommand(command.name, command.english) for command in commands]
        await self._told(self._bot.set_my_commands(vietnamese))
        await self._told(self._bot.set_my_commands(english, language_code="en"))

    async def file(self, file_id: str, most_octets: int) -> bytes | None:
        """A file that a person sent; None when it is larger."""
        found = await self._told(self._bot.get_file(file_id))
        if (found.file_size or 0) > most_octets:
            return None
        try:
            octets = await found.download_as_bytearray()
        except InvalidToken:  # status 404 of a file says nothing about the token
            octets = None
        if octets is None:
            raise BadRequest("the file is gone")
        return bytes(octets) if len(octets) <= most_octets else None

    async def _told(self, work: Awaitable[Result]) -> Result:
        """The result, and the line hears how it went."""
        try:
            result = await work
        except TelegramError as error:
            self._line.note(error)
            raise
        except (KeyError, TypeError, ValueError, AttributeError, RuntimeError):  # JSON of another shape than the API's
            failure = AnswerUnknown("answer not understood")
        else:
            self._line.note(None)
            return result
        self._line.note(failure)
        raise failure
