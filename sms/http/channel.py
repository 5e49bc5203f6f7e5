"""SMS through a provider that speaks HTTP, as a channel: one account with its hook, and itself as the route."""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence

from aiohttp import web

from bot.channels import Limits, Receive, Slot
from bot.clock import Clock
from bot.errors import NotSent, RecipientRefused, TemporarySendError
from bot.logs import Log
from bot.model import ChannelName, Charge, OutboundMessage
from bot.pacing import Pace, PacedSlot
from sms.http.caller import Caller
from sms.http.calls import Text, parts_of, written
from sms.http.receiver import Receiver
from sms.http.reply_key import ReplyKey
from sms.http.settings import HttpAccount
from sms.http.waiting import Given, Waiting
from sms.window import TokenBucket

REPLIES_AT_ONCE = 1000
NO_OPEN_REQUEST_SECONDS = 10.0
"""A provider whose request broke off asks again soon."""


class HttpSmsChannel:
    """One account at a provider: a channel with one route, itself."""

    channel = ChannelName.SMS

    def __init__(
        self,
        account: HttpAccount,
        *,
        epoch: int,
        short_codes: Sequence[str],
        clock: Clock,
        log: Log,
        listens: bool = True,
        sends: bool = True,
    ) -> None:
        """*listens* and *sends* tell which halves this process serves. Replies into responses need both in one process."""
        self.name = f"http:{account.name}"
        inbound, outbound = account.dialect.inbound, account.dialect.outbound
        self.limits = Limits(max_segments=outbound.max_parts if outbound else 1, accents=False)
        self.charged = account.mt_charged
        self._account = account
        self._clock = clock
        self._sends = sends
        self._waiting = Waiting(clock.monotonic)
        codes = [*account.short_codes, *(code for code in short_codes if code not in account.short_codes)]
        self._receiver = (
            Receiver(account, inbound, self._waiting, epoch=epoch, short_codes=codes, clock=clock, log=log)
            if inbound is not None and listens
            else None
        )
        self._pace = Pace(clock, at_once=REPLIES_AT_ONCE if account.answers_in_response else account.concurrency)
        # A provider that is not to be called now can still be answered.
        self._calls = Pace(clock, at_once=0) if account.answers_in_response else self._pace
        self._bucket = TokenBucket(account.rate, clock.monotonic())
        self._caller = Caller(account, self._calls) if outbound else None

    # The channel.

    @property
    def counts(self) -> Counter[str]:
        """What happened at the hook, by event."""
        return self._receiver.counts if self._receiver else Counter()

    def routes(self) -> Sequence["HttpSmsChannel"]:
        """The account itself, where this process sends."""
        return (self,) if self._sends else ()

    def hooks(self, receive: Receive) -> Sequence[web.RouteDef]:
        """The address that the provider calls, where this process listens."""
        return self._receiver.routes(receive) if self._receiver else ()

    async def run(self, receive: Receive) -> None:
        """There is no line to hold: the provider calls, and is called."""
        del receive
        await asyncio.Event().wait()

    async def drain(self) -> None:
        """Ask the provider to come later; close the connections to it."""
        if self._receiver is not None:
            self._receiver.is_draining = True
        if self._caller is not None:
            await self._caller.close()

    def health(self) -> dict[str, str]:
        """``up``, ``paused`` while nothing can be sent, or ``refused`` when the provider refuses the account."""
        if self._caller is not None and self._caller.is_refused:
            return {self.name: "refused"}
        return {self.name: "up" if self._calls.is_open() else "paused"}

    def open_sessions(self) -> frozenset[str]:
        """Requests without an id whose response went out."""
        return self._receiver.answered() if self._receiver else frozenset()

    # The route.

    def is_up(self) -> bool:
        """The provider takes texts, as far as we know."""
        return self._pace.is_open()

    def on_room(self, callback: Callable[[], None]) -> None:
        """Call *callback* when a place became free."""
        self._pace.on_room(callback)

    def segments_of(self, text: str) -> int:
        """How many segments are billed for the text."""
        outbound = self._account.dialect.outbound
        return parts_of(written(text, outbound)) if outbound else 1

    def reserve(self, message_to: str, segments: int) -> PacedSlot | None:
        """A place for one text, as concurrency and rate allow."""
        del message_to, segments
        now = self._clock.monotonic()
        if not self._bucket.take(1, now):
            asyncio.get_running_loop().call_later(self._bucket.wait(now), self._pace.has_room)
            return None
        slot = self._pace.reserve()
        if slot is None:
            self._bucket.give_back(1)
        return slot

    async def send(self, message: OutboundMessage, slot: Slot) -> Sequence[str]:
        """Into the response that waits for it, else by a call; the provider's ids."""
        try:
            key = ReplyKey.read(message.reply_key)
            if key is not None and self._account.answers_in_response:
                given = Given(self._as_written(message.text), str(message.id))
                if await self._waiting.give(key.waiter, given):
                    return [given.id]
            if self._caller is not None:
                return await self._call(self._caller, message, key)
            if key is None:
                raise RecipientRefused("this provider takes nothing but replies")
            raise TemporarySendError("no open request", retry_after=NO_OPEN_REQUEST_SECONDS)
        finally:
            slot.release()

    async def _call(self, caller: Caller, message: OutboundMessage, key: ReplyKey | None) -> Sequence[str]:
        if not self._account.answers_in_response:
            return await caller.send(self._text(message, key), message)
        if (busy := caller.busy()) is not None:
            raise busy
        try:
            return await caller.send(self._text(message, key), message)
        except NotSent as error:
            # The route stays up for responses, so the message must say itself when to come again.
            if (busy := caller.busy()) is None:
                raise
            raise busy from error

    def _as_written(self, text: str) -> str:
        outbound = self._account.dialect.outbound
        return written(text, outbound) if outbound else text

    def _text(self, message: OutboundMessage, key: ReplyKey | None) -> Text:
        outbound = self._account.dialect.outbound
        assert outbound is not None  # noqa: S101 - there is a caller
        charge = message.charge if key is not None else Charge.FREE
        return Text(
            id=str(message.id),
            to=message.to.id,
            short_code=message.source,
            text=message.text,
            message_type=getattr(outbound.message_types, charge.value),
            request_id=key.request_id if key is not None else "",
            keyword=key.keyword if key is not None else "",
            operator=key.operator if key is not None else "",
        )
