"""SMS over SMPP as a channel: an operator's account with its binds, texts both ways."""

import asyncio
import random
from collections import Counter, OrderedDict
from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from hashlib import blake2b
from itertools import count

from bot.channels import Limits, Receive, Slot
from bot.clock import Clock
from bot.errors import ChannelBusy, NotSent, OutcomeUnknown, RecipientRefused, SendError
from bot.logs import Log
from bot.model import ChannelName, MessageId, OutboundMessage
from sms import encoding, pdu, receipts, segments
from sms.arrivals import Arrivals, Tag
from sms.inbound import Inbound
from sms.link import Answer, NoAnswer, NotWritten
from sms.outcomes import failure, is_unclear
from sms.session import OK, EsmeSession
from sms.settings import BIND_MODES, BindMode, SmppSettings

REGISTERED_DELIVERY = {"none": 0, "all": 1, "failed": 2}
UNCLEAR_REMEMBERED = 1000
ENCODED_REMEMBERED = 256
SHORTEST_VALIDITY, LONGEST_VALIDITY = 60, 7 * 86400

Ending = Answer | NoAnswer | NotWritten
"""How one submit_sm ended."""


class SmppSlot:
    """Room for one message on one bind."""

    __slots__ = ("_requests", "places", "session")

    def __init__(self, session: EsmeSession, places: int, requests: int) -> None:
        self.session = session
        self.places = places
        self._requests = requests

    def release(self) -> None:
        """Give the room back unused."""
        self.free(unused=True)

    def free(self, *, unused: bool) -> None:
        """Give the room back, once."""
        places, self.places = self.places, 0
        if places:
            self.session.release(places, self._requests if unused else 0)


class SmppChannel:
    """One SMPP account: a channel with one route, itself."""

    channel = ChannelName.SMS

    def __init__(
        self,
        settings: SmppSettings,
        *,
        epoch: int,
        short_codes: Sequence[str],
        clock: Clock,
        log: Log,
        uniform: Callable[[float, float], float] = random.uniform,
    ) -> None:
        """*epoch* is the store's; it makes the names of connections unique over processes."""
        self.name = f"smpp:{settings.name}"
        self.limits = Limits(max_segments=1, accents=False)
        self.charged = settings.mt_charged
        self._settings = settings
        self._clock = clock
        self._references = segments.References()
        # A text is measured before the commit and written after it: encoded once for both.
        self._encode = lru_cache(ENCODED_REMEMBERED)(
            partial(encoding.choose, accents=self.limits.accents, alphabet=settings.default_alphabet)
        )
        self._unclear: OrderedDict[MessageId, None] = OrderedDict()
        self._arrivals = Arrivals(Inbound(settings, self.name, short_codes, clock), self.name, log)
        numbers = count(1)
        self._sessions = [
            EsmeSession(
                settings,
                mode,
                self._arrivals,
                lambda: f"{epoch}:{settings.name}.{next(numbers)}",
                uniform=uniform,
                monotonic=clock.monotonic,
            )
            for _ in range(settings.binds)
            for mode in BIND_MODES[settings.bind_mode]
        ]
        self._senders = [session for session in self._sessions if session.mode is not BindMode.RECEIVE]

    # The channel.

    @property
    def counts(self) -> Counter[str]:
        """What happened on the binds, by event: ``malformed``, ``throttled``, ``late_response`` …"""
        return self._arrivals.counts

    def routes(self) -> Sequence["SmppChannel"]:
        """The account itself."""
        return (self,)

    async def run(self, receive: Receive) -> None:
        """Hold all binds until cancelled or drained."""
        self._arrivals.receive = receive
        async with asyncio.TaskGroup() as tasks:
            for session in self._sessions:
                tasks.create_task(session.run())

    async def drain(self) -> None:
        """Take nothing new, finish what is in hand, unbind."""
        await asyncio.gather(*(session.drain() for session in self._sessions))

    def health(self) -> dict[str, str]:
        """By account: ``bound`` when texts come in and go out, else ``refused``, ``connecting`` or ``closed``."""
        modes = {session.mode for session in self._sessions if session.is_bound}
        states = {session.state for session in self._sessions}
        if BindMode.BOTH in modes or modes == {BindMode.SEND, BindMode.RECEIVE}:
            word = "bound"
        elif states == {"closed"}:
            word = "closed"
        else:
            word = "refused" if "refused" in states else "connecting"
        return {self._settings.name: word}

    def open_sessions(self) -> frozenset[str]:
        """Names of the connections that are bound now."""
        return frozenset(session.name for session in self._sessions if session.name is not None)

    # The route.

    def is_up(self) -> bool:
        """A bind may send."""
        return any(session.can_send for session in self._senders)

    def on_room(self, callback: Callable[[], None]) -> None:
        """Call *callback* when the route came up, or has room again after it refused a place."""
        self._arrivals.on_room(callback)

    def segments_of(self, text: str) -> int:
        """How many submit_sm the text takes."""
        return segments.count(*self._encode(text), self._settings.concatenation)

    def reserve(self, message_to: str, segments: int) -> SmppSlot | None:
        """Room on the bind that this person's texts take while it is up, so that they stay in order."""
        session = self._bind_of(message_to)
        if session is None:
            return None
        places = session.reserve(segments)
        return SmppSlot(session, places, segments) if places else None

    async def send(self, message: OutboundMessage, slot: Slot) -> Sequence[str]:
        """Send all segments in order on the slot's bind; the operator's id of each, in canonical writing."""
        assert isinstance(slot, SmppSlot)  # noqa: S101 - a route is only ever given its own slots
        written = False
        try:
            if pause := slot.session.paused_for():
                raise ChannelBusy(retry_after=pause)
            submits = self._submits(message)
            written = True
            endings = await self._write(slot, submits, message.id)
        except ValueError as error:
            raise RecipientRefused(f"cannot be written as submit_sm: {error}") from error
        finally:
            slot.free(unused=not written)
        return self._judge(message, slot.session, endings)

    def _bind_of(self, address_id: str) -> EsmeSession | None:
        """Rendezvous hashing: when a bind goes away, only its own people move."""
        if len(self._senders) == 1:
            return self._senders[0]
        weights = [
            (blake2b(f"{address_id}/{place}".encode(), digest_size=8).digest(), place)
            for place, session in enumerate(self._senders)
            if session.can_send
        ]
        return self._senders[max(weights)[1]] if weights else None

    def _submits(self, message: OutboundMessage) -> list[Callable[[int], bytes]]:
        settings = self._settings
        data_coding, octets, _units = self._encode(message.text)
        common = partial(
            pdu.submit_sm,
            source=message.source,
            source_ton=settings.source_ton,
            source_npi=settings.source_npi,
            destination=message.to.id,
            dest_ton=settings.dest_ton,
            dest_npi=settings.dest_npi,
            data_coding=data_coding,
            registered_delivery=REGISTERED_DELIVERY[settings.receipts],
            validity_period=self._validity(message),
        )
        return [
            partial(
                common,
                esm_class=part.esm_class,
                short_message=part.short_message,
                tlvs=(*part.tlvs, *settings.extra_tlvs),
            )
            for part in segments.split(
                octets,
                data_coding,
                settings.concatenation,
                partial(self._references.next, message.source, message.to.id),
            )
        ]

    def _validity(self, message: OutboundMessage) -> str:
        """Relative time, YYMMDDhhmmss: a stale status is worse than none."""
        left = int((message.expires_at - self._clock.now()).total_seconds())
        days, rest = divmod(min(max(left, SHORTEST_VALIDITY), LONGEST_VALIDITY), 86400)
        return f"0000{days:02}{rest // 3600:02}{rest // 60 % 60:02}{rest % 60:02}000R"

    async def _write(
        self, slot: SmppSlot, submits: Sequence[Callable[[int], bytes]], message: MessageId
    ) -> list[Ending]:
        """One after the other, never more unanswered than the slot holds."""
        futures: list[asyncio.Future[Answer]] = []
        endings: list[Ending] = []
        for place, build in enumerate(submits):
            if place >= slot.places:
                endings.append(await _ending(futures[place - slot.places]))
            try:
                futures.append(slot.session.submit(build, Tag(message, place)))
            except NotWritten as error:
                endings += [await _ending(future) for future in futures[len(endings) :]]
                return [*endings, *[error] * (len(submits) - place)]
        return endings + [await _ending(future) for future in futures[len(endings) :]]

    def _judge(self, message: OutboundMessage, session: EsmeSession, endings: Sequence[Ending]) -> Sequence[str]:
        answers = [ending for ending in endings if isinstance(ending, Answer)]
        too_fast = [answer for answer in answers if session.is_too_fast(answer.status)]
        id_format = self._settings.dlr_id_format
        parts = tuple(
            receipts.canonical_id(ending.message_id, id_format)
            if isinstance(ending, Answer) and ending.status == OK
            else None
            for ending in endings
        )
        ids = [part for part in parts if part is not None]
        if len(ids) == len(endings):
            self._unclear.pop(message.id, None)
            return ids
        raise self._error(message, session, endings, parts, too_fast=bool(too_fast))

    def _error(
        self,
        message: OutboundMessage,
        session: EsmeSession,
        endings: Sequence[Ending],
        parts: tuple[str | None, ...],
        *,
        too_fast: bool,
    ) -> SendError:
        """The part that went worst decides; once a part has left, the whole may be sent again only as a possible duplicate."""
        refused = next((ending.status for ending in endings if isinstance(ending, Answer) and ending.status), None)
        if any(isinstance(ending, NoAnswer) for ending in endings):
            return OutcomeUnknown("no response to submit_sm", parts=parts)
        if refused is None:
            error: SendError = NotSent()
        else:
            before = message.id in self._unclear
            error = failure(refused, too_fast=too_fast, paused_for=session.paused_for(), tried_before=before)
            self._remember(message.id, unclear=is_unclear(refused) and not before)
        if any(part is not None for part in parts):
            return (
                OutcomeUnknown(f"some parts left, then: {error}", parts=parts)
                if error.retry
                else type(error)(str(error), parts=parts)
            )
        return error

    def _remember(self, message: MessageId, *, unclear: bool) -> None:
        if unclear:
            self._unclear[message] = None
            if len(self._unclear) > UNCLEAR_REMEMBERED:
                self._unclear.popitem(last=False)
        else:
            self._unclear.pop(message, None)


async def _ending(future: "asyncio.Future[Answer]") -> Ending:
    try:
        return await future
    except (NoAnswer, NotWritten) as error:
        return error
