"""By which road a text leaves: the one it answers on, else the cheapest that works."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from bot.model import ChannelName, OutboundKind, OutboundMessage

REPLIES = frozenset({OutboundKind.ANSWER, OutboundKind.LATE_ANSWER})


class Health(Protocol):
    """What is known of a road in this process."""

    def is_down(self) -> bool:
        """It has not worked for a while; not merely for the second that a new connection takes."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Road:
    """An account through which texts of ours leave."""

    route: str
    price_vnd: int = 0
    """What a segment costs us."""
    short_codes: frozenset[str] = frozenset()
    """The numbers that it sends from; none given: all."""
    takes_unasked: bool = True
    """It can send more than the answer to a request of its own."""
    charged: bool = False
    """Its texts cost the receiver money: nothing is moved to it."""


class Roads:
    """Chooses among the accounts for texts, before anything is stored: a stored text keeps its road."""

    def __init__(self, roads: Sequence[Road], health: Mapping[str, Health]) -> None:
        """*roads* in the order of the configuration, which decides between equal prices; *health* of those in this process."""
        self._roads = {road.route: road for road in roads}
        self._by_price = sorted(roads, key=lambda road: road.price_vnd)
        self._health = health

    def chosen(self, message: OutboundMessage) -> OutboundMessage:
        """The message with its road. Roads of other processes count as working; a reply that has to move takes one that is
        known to work before those.
        """
        if message.to.channel is not ChannelName.SMS or (message.route and message.route not in self._roads):
            return message
        if message.kind in REPLIES and self._can_answer(message):
            return message
        roads = [road for road in self._by_price if self._can_take(road, message)]
        if message.kind in REPLIES:
            roads.sort(key=lambda road: road.route not in self._health)
        road = next(iter(roads), None)
        if road is None or road.route == message.route:
            return message
        return replace(message, route=road.route, reply_key="")

    def _can_answer(self, message: OutboundMessage) -> bool:
        """The road that it names works, and takes it: one that only replies takes one reply to each request."""
        road = self._roads.get(message.route)
        return road is not None and not self._is_down(road.route) and (road.takes_unasked or message.reply_key != "")

    def _can_take(self, road: Road, message: OutboundMessage) -> bool:
        serves = not road.short_codes or message.source in road.short_codes
        return serves and road.takes_unasked and not road.charged and not self._is_down(road.route)

    def _is_down(self, route: str) -> bool:
        health = self._health.get(route)
        return health is not None and health.is_down()
