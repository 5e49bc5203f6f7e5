"""An Official Account as a channel: events in over HTTP, messages out over Zalo's API."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence

from aiohttp import web

from adapters.zalo import bodies
from adapters.zalo.checkup import Checkup
from adapters.zalo.client import Client, new_session
from adapters.zalo.courier import Courier
from adapters.zalo.events import PHONE_ROUTE, ROUTE
from adapters.zalo.oauth import OAuth
from adapters.zalo.settings import ZaloSettings
from adapters.zalo.tokens import Tokens
from adapters.zalo.webhook import Webhook
from bot.channels import Limits, Receive, Route, Slot
from bot.clock import Clock
from bot.errors import ChannelBusy, NotSent, SendError
from bot.logs import Log
from bot.model import ChannelName, OutboundMessage
from bot.official_account import AccountRecords
from bot.pacing import Pace, PacedSlot

FINISH_SECONDS = 8.0
UNCONNECTED_SECONDS = (1.0, 2.0, 4.0, 8.0, 15.0)
"""How long nothing is tried after Zalo could not be reached so many times in a row."""
TROUBLED_SECONDS = 60.0
MOST_PAGES = 5
Deliver = Callable[[OutboundMessage], Awaitable[Sequence[str]]]


class ZaloRoute:
    """One way out of the account: to people who wrote to it, or to phone numbers."""

    def __init__(
        self,
        name: str,
        channel: ChannelName,
        courier: Courier,
        deliver: Deliver,
        *,
        tokens: Tokens,
        pace: Pace,
        charged: bool,
    ) -> None:
        self.name = name
        self.channel = channel
        self.charged = charged
        self.limits = Limits(
            max_segments=MOST_PAGES, accents=True, buttons=bodies.MOST_BUTTONS if courier.shows_buttons else 0
        )
        self._courier = courier
        self._deliver = deliver
        self._tokens = tokens
        self._pace = pace
        self._unconnected = 0

    def is_up(self) -> bool:
        """There is a token that works, and Zalo has not asked for a pause."""
        return self._tokens.is_good() and self._pace.is_open()

    def on_room(self, callback: Callable[[], None]) -> None:
        """See the port."""
        self._pace.on_room(callback)

    def segments_of(self, text: str) -> int:
        """Messages of at most 2,000 characters."""
        return max(1, len(bodies.pages(text)))

    def reserve(self, message_to: str, segments: int) -> Slot | None:
        """One of the calls that may run at a time; the pages of a text go one after the other."""
        del message_to, segments
        return self._pace.reserve() if self._tokens.is_good() else None

    async def send(self, message: OutboundMessage, slot: Slot) -> Sequence[str]:
        """Zalo's id of each part. Raises a ``SendError``."""
        assert isinstance(slot, PacedSlot)  # noqa: S101 - a route is only ever given its own slots
        try:
            ids = await self._deliver(message)
        except SendError as error:
            self._slow_down(error)
            raise
        else:
            self._unconnected = 0
            return ids
        finally:
            slot.release()

    def _slow_down(self, error: SendError) -> None:
        if isinstance(error, ChannelBusy):
            self._pace.pause(error.retry_after or 1.0)
        elif isinstance(error, NotSent) and self._tokens.is_good():
            self._pace.pause(UNCONNECTED_SECONDS[min(self._unconnected, len(UNCONNECTED_SECONDS) - 1)])
            self._unconnected += 1
        elif self._courier.trouble:
            self._pace.pause(TROUBLED_SECONDS)


class ZaloChannel:
    """The account, with its hook and its routes."""

    def __init__(self, settings: ZaloSettings, *, records: AccountRecords, sends: bool, clock: Clock, log: Log) -> None:
        """*sends*: this process takes messages to Zalo. Must be made where an event loop runs."""
        self._settings = settings
        self._log = log
        self.name = ROUTE
        self.counts: Counter[str] = Counter()
        """What happened, by event: ``event``, ``probe``, ``forged``, ``ignored_echo``, ``sent_template`` …"""
        self._session = new_session(settings.concurrency)
        self._tokens = Tokens(settings, records, OAuth(settings, self._session, clock), clock, log)
        self._webhook = Webhook(settings, records, clock, log, self.counts)
        client = Client(settings, self._session, self._tokens, clock)
        self._courier = Courier(settings, client, records, clock, log, self.counts)
        self._checkup = Checkup(settings, client, self._tokens, log)
        self._paces = [Pace(clock, at_once=settings.concurrency) for _ in range(2)]
        self._routes = self._make_routes() if sends and not settings.connecting else ()
        self._tokens.on_change = self._tell_room

    def _make_routes(self) -> Sequence[ZaloRoute]:
        courier = self._courier
        people = ZaloRoute(
            ROUTE, ChannelName.ZALO, courier, courier.to_person, tokens=self._tokens, pace=self._paces[0], charged=False
        )
        if not self._settings.templates_by_phone:
            return (people,)
        phones = ZaloRoute(
            PHONE_ROUTE,
            ChannelName.SMS,
            courier,
            courier.to_phone,
            tokens=self._tokens,
            pace=self._paces[1],
            charged=True,
        )
        return (people, phones)

    def _tell_room(self) -> None:
        for pace in self._paces:
            pace.has_room()

    def hooks(self, receive: Receive) -> Sequence[web.RouteDef]:
        """``/hooks/zalo``, and the file that proves the domain."""
        return self._webhook.routes(receive)

    def routes(self) -> Sequence[Route]:
        """To people, and to phone numbers where templates may go there."""
        return self._routes

    async def run(self, receive: Receive) -> None:
        """Keep the tokens good until cancelled; with the first good one, look whether the account is in order."""
        del receive
        try:
            if self._settings.connecting:
                await asyncio.Event().wait()
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._tokens.run())
                tasks.create_task(self._checkup.run())
        finally:
            await self.close()

    async def drain(self) -> None:
        """Finish what is being written, and a renewal under way: it cannot be repeated."""
        try:
            async with asyncio.timeout(FINISH_SECONDS):
                await self._webhook.drain()
                await self._tokens.finish()
        except TimeoutError:
            self._log.error("a renewal of the Zalo tokens did not end in time")

    async def close(self) -> None:
        """Close the connections."""
        await self._session.close()

    def health(self) -> dict[str, str]:
        """``up``, ``re-authorise``, ``renewing``, ``starting``, ``declined -224`` or ``connecting``."""
        if self._settings.connecting:
            return {ROUTE: "connecting"}
        if self._tokens.state == "up" and self._courier.trouble:
            return {ROUTE: f"declined {self._courier.trouble}"}
        return {ROUTE: self._tokens.state}

    def open_sessions(self) -> frozenset[str]:
        """None: nothing of ours depends on a connection."""
        return frozenset()
