"""The web chat as a channel. What is stored in the outbox is the mailbox; sending only wakes the browser that is there."""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from aiohttp import web

from adapters.webchat.arrivals import ROUTE, Arrivals
from adapters.webchat.guard import Guard
from adapters.webchat.pages import Pages
from adapters.webchat.posts import Photos, Posts
from adapters.webchat.presence import Presence
from adapters.webchat.settings import WebChatSettings
from adapters.webchat.streams import Streams
from adapters.webchat.taking import Taking
from bot.channels import Limits, Receive, Route, Slot
from bot.clock import Clock
from bot.errors import StoreError
from bot.logs import Log
from bot.mailbox import Mailbox
from bot.model import Address, ChannelName, OutboundMessage

LOOK_SECONDS = 1.0
"""How long a line may wait that another process took to its route."""
MOST_AT_ONCE = 500
BASES = ("/webchat", "/webchat/kiosk/{counter}")
"""The chat, and each kiosk below its own address."""


class Always:
    """There is always room: a line needs nobody to take it."""

    def release(self) -> None:
        """Nothing was held."""


class WebChatChannel:
    """Chat pages and kiosks: a channel with one route, itself."""

    name = ROUTE
    channel = ChannelName.WEBCHAT
    limits = Limits(max_segments=1, accents=True, buttons=5)
    charged = False

    def __init__(
        self, settings: WebChatSettings, *, mailbox: Mailbox, clock: Clock, log: Log, photos: Photos | None = None
    ) -> None:
        """Without *photos* none are offered."""
        self._settings = settings
        self._mailbox = mailbox
        self._clock = clock
        self._log = log
        self._photos = photos
        self._presence = Presence(settings.most_connections)
        self._counts: Counter[str] = Counter()

    # The channel.

    @property
    def counts(self) -> Mapping[str, int]:
        """Requests refused: ``no_session``, ``other_origin``, ``too_fast``, ``too_many_sessions``, ``floods``; and ``connected``, the browsers here now."""
        return self._counts | {"connected": self._presence.count}

    def hooks(self, receive: Receive) -> Sequence[web.RouteDef]:
        """Everything below ``/webchat``."""
        guard = Guard(self._settings, self._clock.monotonic, self._counts)
        taking = Taking(Arrivals(receive, self._mailbox, self._clock))
        streams = Streams(taking=taking, mailbox=self._mailbox, guard=guard, presence=self._presence)
        posts = Posts(taking=taking, guard=guard, photos=self._photos)
        pages = Pages(self._settings, guard, self._presence, photos=self._photos is not None)
        talk = [hook for base in BASES for part in (streams, posts) for hook in part.hooks(base)]
        return [*pages.hooks(), *talk]

    def routes(self) -> Sequence[Route]:
        """Itself."""
        return (self,)

    async def run(self, receive: Receive) -> None:
        """Look for lines that another process sent to browsers which are connected here; until cancelled."""
        del receive
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            try:
                await self._look(*self._presence.addresses)
            except StoreError as error:
                self._log.warning("mailboxes not read", error=str(error))

    async def _look(self, *addresses: Address) -> None:
        """The stored row is the line: it is told as it will be read again."""
        for address, lines in (await self._mailbox.undelivered(addresses, MOST_AT_ONCE)).items():
            self._presence.offer(address, lines)

    async def drain(self) -> None:
        """Browsers are sent away; they come back and ask the store."""
        self._presence.close()

    def health(self) -> dict[str, str]:
        """As long as the process lives."""
        return {self.name: "up"}

    def open_sessions(self) -> frozenset[str]:
        """Browsers repeat by id, never by connection."""
        return frozenset()

    # The route.

    def is_up(self) -> bool:
        """Always: what is stored is sent."""
        return True

    def on_room(self, callback: Callable[[], None]) -> None:
        """Room never runs out, so nobody waits for it."""

    def segments_of(self, text: str) -> int:
        """A line is one, however long."""
        del text
        return 1

    def reserve(self, message_to: str, segments: int) -> Slot | None:
        """Always."""
        del message_to, segments
        return Always()

    async def send(self, message: OutboundMessage, slot: Slot) -> Sequence[str]:
        """Wake the browser if it is here. It acknowledges by the line's id, which is our own."""
        del slot
        if self._presence.is_here(message.to):
            try:
                await self._look(message.to)
            except StoreError as error:
                self._log.warning("mailbox not read", id=message.id, error=str(error))
        return (str(message.id),)
