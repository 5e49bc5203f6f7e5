"""Finding room for messages before they are committed, so that most leave without another commit."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.channels import Slot
from bot.model import OutboundMessage
from bot.routing import Roads
from bot.sender import Sender
from bot.store.port import NewOutbound


@dataclass(frozen=True, slots=True)
class Prepared:
    """A message with or without a place on its route."""

    outbound: NewOutbound
    sender: Sender | None
    slot: Slot | None

    def go(self) -> None:
        """After the commit: send it, or tell the sender that a row waits."""
        if self.sender is None:
            return
        if self.slot is None:
            self.sender.has_backlog(self.outbound.message.to.id)
        else:
            self.sender.launch(self.outbound.message, self.slot)

    def give_back(self) -> None:
        """The commit failed: the place is free again."""
        if self.slot is not None:
            self.slot.release()


class Outgoing:
    """The senders of this process, by route. A role without routes has none, and every message is stored as ``ready``."""

    def __init__(self, senders: Mapping[str, Sender], roads: Roads | None = None) -> None:
        """*roads* decide where there are several; without them a message leaves by the route that it names."""
        self._senders = senders
        self._roads = roads or Roads((), senders)

    def prepare(self, message: OutboundMessage, *, wait: bool = False) -> Prepared:
        """Choose the road, and hold a place on it if there is one now; with *wait* it queues behind the others."""
        message = self._roads.chosen(message)
        sender = self._senders.get(message.route)
        if sender is None:
            return Prepared(NewOutbound(message=message, sending=False), None, None)
        segments = sender.route.segments_of(message.text)
        sized = replace(message, segments=segments) if segments != message.segments else message
        slot = None if wait else sender.reserve(message.to.id, segments)
        return Prepared(NewOutbound(message=sized, sending=slot is not None), sender, slot)
