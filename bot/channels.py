"""The port between the core and the roads: what a channel must do, and what it may call."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from aiohttp import web

from bot.model import (
    ChannelName,
    DeliveryReceipt,
    InboundMessage,
    InboundPart,
    LateRefusal,
    LateResponse,
    OutboundMessage,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What the renderer must respect."""

    max_segments: int = 1
    accents: bool = True
    buttons: int = 0


class Slot(Protocol):
    """Room for one message on a route, held from before the commit until the send."""

    def release(self) -> None:
        """Give the room back unused. A slot that was passed to ``send`` needs no release."""
        ...


class Receive(Protocol):
    """What a channel calls with what arrived. Each call returns once all is committed with a sync.

    Raises ``StoreRefused`` when nothing was stored; the channel then asks its peer to try again.
    """

    async def message(self, message: InboundMessage) -> None:
        """A whole message. A repeat is recognised and kept quiet; the caller acknowledges it all the same."""
        ...

    async def part(self, part: InboundPart) -> None:
        """One part of a long text."""
        ...

    async def receipt(self, receipt: DeliveryReceipt) -> None:
        """A delivery receipt, also for an id that we do not know (yet)."""
        ...

    async def late(self, response: LateResponse) -> None:
        """A part was accepted after its send had ended with ``OutcomeUnknown``."""
        ...

    async def late_refusal(self, refusal: LateRefusal) -> None:
        """A message, or one part of it, was refused after its send had ended with ``OutcomeUnknown``."""
        ...


class Route(Protocol):
    """One way to send: an SMPP account, an Official Account, a bot."""

    name: str
    channel: ChannelName
    limits: Limits
    charged: bool
    """Each message costs the receiver money: one in doubt is never sent again."""

    def is_up(self) -> bool:
        """Messages can leave now."""
        ...

    def on_room(self, callback: Callable[[], None]) -> None:
        """Call *callback* whenever a place became free or the route came up; it must be quick."""
        ...

    def segments_of(self, text: str) -> int:
        """How many segments the text takes on this route: what a slot must hold and what is billed."""
        ...

    def reserve(self, message_to: str, segments: int) -> Slot | None:
        """A free place for a message to this address id, or None. Never waits."""
        ...

    async def send(self, message: OutboundMessage, slot: Slot) -> Sequence[str]:
        """Send every part; the provider's id of each, in order. Raises a ``SendError``."""
        ...


class ConnectedChannel(Protocol):
    """A channel that holds its own line: SMPP, polling."""

    def routes(self) -> Sequence[Route]:
        """The routes it offers; they exist before the line is up."""
        ...

    async def run(self, receive: Receive) -> None:
        """Serve until cancelled; reconnect by itself."""
        ...

    async def drain(self) -> None:
        """Take nothing new, finish what is in hand, say good-bye to the peer; at most 8 s."""
        ...

    def health(self) -> dict[str, str]:
        """One word for each route: ``bound``, ``connecting`` …"""
        ...

    def open_sessions(self) -> frozenset[str]:
        """Session names of connections that are open now (``InboundMessage.session``)."""
        ...


class WebhookChannel(ConnectedChannel, Protocol):
    """A channel whose peer calls us over HTTP. It may hold a line besides, or run nothing at all."""

    @property
    def name(self) -> str:
        """What its counts are shown under."""
        ...

    @property
    def counts(self) -> Mapping[str, int]:
        """What happened, by event: words of the channel's own list."""
        ...

    def hooks(self, receive: Receive) -> Sequence[web.RouteDef]:
        """Its addresses. They answer only after *receive* returned: stored or repeat 200, store down 503, forged 401,
        of another account 403, unreadable 400, too big 413.
        """
        ...
