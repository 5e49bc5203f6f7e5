"""Telegram as a channel: one bot, messages both ways."""

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Sequence

from aiohttp import web
from telegram.error import BadRequest, ChatMigrated, TelegramError

from adapters.telegram.api import BotApi
from adapters.telegram.arrivals import Arrivals
from adapters.telegram.commands import offered
from adapters.telegram.failures import is_not_plain, send_error
from adapters.telegram.keeper import Keeper
from adapters.telegram.limiter import Limiter
from adapters.telegram.line import Line
from adapters.telegram.photos import TelegramPhotos
from adapters.telegram.polling import Poller
from adapters.telegram.request import TooFast
from adapters.telegram.settings import TelegramSettings
from adapters.telegram.texts import Keyboard, keyboard_of, parts_of
from adapters.telegram.updates import LARGEST_FILE, ROUTE, UpdateReader
from adapters.telegram.webhook import PATH, Webhook
from bot.channels import Limits, Receive, Slot
from bot.clock import Clock
from bot.errors import ChannelBusy, OutcomeUnknown, SendError
from bot.logs import Log
from bot.model import ChannelName, OutboundMessage
from bot.pacing import Pace, PacedSlot

MOST_BUTTONS = 5
LONGEST_WAIT_S = 1.5
"""A message waits so long for its chat's turn in its place; longer, and it gives the place back."""
FINISH_S = 2.0


class TelegramChannel:
    """One bot: a channel with one route, itself."""

    channel = ChannelName.TELEGRAM
    name = ROUTE
    charged = False
    limits = Limits(buttons=MOST_BUTTONS)

    def __init__(
        self,
        settings: TelegramSettings,
        *,
        sends: bool,
        receives: bool,
        built: frozenset[str],
        clock: Clock,
        log: Log,
        uniform: Callable[[float, float], float] = random.uniform,
    ) -> None:
        """Whether this process *sends*, *receives* or both; *built* are the keywords that its menu may offer."""
        self.counts: Counter[str] = Counter()
        """What happened, by event: ``ignored_…``, ``forged``, ``throttled`` …"""
        self._settings = settings
        self._sends, self._receives = sends, receives
        self._log = log
        self._pace = Pace(clock, at_once=settings.concurrent)
        self._limiter = Limiter(settings.rates, clock.monotonic)
        self._line = Line(self._pace.has_room)
        self._api = BotApi(settings, self._line)
        self._reader = UpdateReader(settings.bot_id, clock)
        self._arrivals = Arrivals(self._reader, self.counts, self._let_go)
        self._poller = Poller(self._api, self._line, self._arrivals, self.counts, log)
        self._keeper = Keeper(self._api, self._line, settings, offered(built) if receives else None, log, uniform)
        self.photos = TelegramPhotos(self._api)
        self.files = TelegramPhotos(self._api, LARGEST_FILE)
        """Of people who wrote to this bot."""
        self._timer: asyncio.TimerHandle | None = None
        self._draining = False

    # The channel.

    def routes(self) -> Sequence["TelegramChannel"]:
        """The bot itself, in a process that sends."""
        return (self,) if self._sends else ()

    def hooks(self, receive: Receive) -> Sequence[web.RouteDef]:
        """The webhook's address, unless we ask ourselves."""
        if not self._receives or not self._settings.webhook_url:
            return ()
        webhook = Webhook(self._settings.secret_token, self._arrivals, receive, self.counts, self._log)
        return (web.post(PATH, webhook.handle),)

    async def run(self, receive: Receive) -> None:
        """Keep the line up, and ask for updates when nobody calls us; until cancelled. Telegram's faults never end it."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._keeper.run(self._knows_name))
            if self._receives and not self._settings.webhook_url:
                tasks.create_task(self._poller.run(receive))

    async def drain(self) -> None:
        """Take nothing new; let the pressed buttons go; close."""
        self._draining = True
        await self._arrivals.finish(FINISH_S)
        await self._api.close()

    def health(self) -> dict[str, str]:
        """``up`` when messages come in and go out, else ``connecting``, ``down``, ``refused`` (the token), ``no_webhook``."""
        trouble = self._keeper.trouble
        return {self.name: trouble if self._line.is_up and trouble else self._line.state}

    def open_sessions(self) -> frozenset[str]:
        """None: nothing hangs on a connection."""
        return frozenset()

    # The route.

    def is_up(self) -> bool:
        """The Bot API answers."""
        return self._line.is_up

    def on_room(self, callback: Callable[[], None]) -> None:
        """Call *callback* when a place became free or the line came up."""
        self._pace.on_room(callback)

    def segments_of(self, text: str) -> int:
        """How many messages the text takes."""
        return len(parts_of(text))

    def reserve(self, message_to: str, segments: int) -> PacedSlot | None:
        """A place within the rate of all chats together; the turn of one chat is waited for when it is sent."""
        del message_to, segments
        if not self._line.is_up:
            return None
        if wait := self._limiter.wait():
            self._call_back_in(wait)
            return None
        slot = self._pace.reserve()
        if slot is not None:
            self._limiter.take()
        return slot

    async def send(self, message: OutboundMessage, slot: Slot) -> Sequence[str]:
        """Send the text, its buttons under the last part; Telegram's id of each part. Raises a ``SendError``."""
        ids: list[str] = []
        parts = parts_of(message.text)
        try:
            for number, part in enumerate(parts, start=1):
                keyboard = keyboard_of(message.buttons) if number == len(parts) else None
                ids.append(await self._send_part(message.to.id, part, keyboard))
        except SendError as error:
            raise _with_parts(error, ids) from None
        finally:
            slot.release()
        return ids

    async def _send_part(self, chat: str, text: str, keyboard: Keyboard | None) -> str:
        wait = self._limiter.wait_for(chat)
        if wait > LONGEST_WAIT_S:
            raise ChannelBusy("the chat's turn is later", retry_after=wait)
        self._limiter.take_for(chat)
        if wait:
            await asyncio.sleep(wait)
        try:
            return await self._deliver(chat, text, keyboard)
        except TooFast as error:
            self.counts["throttled"] += 1
            self._limiter.pause(chat, error.seconds)
            failure = send_error(error)
        except TelegramError as error:
            failure = send_error(error)
        raise failure

    async def _deliver(self, chat: str, text: str, keyboard: Keyboard | None) -> str:
        """Once more where it is certain that the first try sent nothing and why."""
        try:
            return await self._api.send(chat, text, keyboard)
        except ChatMigrated as moved:
            self.counts["migrated"] += 1
            return await self._api.send(str(moved.new_chat_id), text, keyboard)
        except BadRequest as error:
            if keyboard is None or not is_not_plain(error):
                raise
            self.counts["sent_plain"] += 1
            return await self._api.send(chat, text, None)

    def _call_back_in(self, seconds: float) -> None:
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(seconds, self._has_room)

    def _has_room(self) -> None:
        self._timer = None
        self._pace.has_room()

    async def _let_go(self, callback_id: str) -> None:
        """A button that stays busy, or was pressed too long ago, harms nobody."""
        if self._draining or not self._line.is_up:
            return
        try:
            await self._api.answer_button(callback_id)
        except TelegramError:
            self.counts["buttons_not_answered"] += 1

    def _knows_name(self, username: str) -> None:
        self._reader.username = username


def _with_parts(error: SendError, ids: Sequence[str]) -> SendError:
    """Once a part has left, the whole may go again only as a possible duplicate."""
    if not ids:
        return error
    parts = (*ids, None)
    if error.retry:
        return OutcomeUnknown(f"some parts left, then: {error}", parts=parts)
    return type(error)(str(error), parts=parts)
