"""The console: a route that keeps what it is given, for ``motcua say``."""

import asyncio
import hashlib
import itertools
from collections import defaultdict
from collections.abc import Callable, Sequence

from bot.channels import Limits, Slot
from bot.clock import Clock
from bot.model import Address, ChannelName, InboundMessage, OutboundMessage


class _Room:
    """Room is never short on the console."""

    def release(self) -> None:
        """Nothing is held."""


class ConsoleRoute:
    """Collects the replies to each address."""

    charged = False
    limits = Limits(max_segments=3)

    def __init__(self, channel: ChannelName) -> None:
        self.name = f"console:{channel.value}"
        self.channel = channel
        self._replies: defaultdict[str, asyncio.Queue[str]] = defaultdict(asyncio.Queue)
        self._numbers = itertools.count(1)

    def is_up(self) -> bool:
        """Always."""
        return True

    def on_room(self, callback: Callable[[], None]) -> None:
        """There is always room, so nobody needs to be told."""
        del callback

    def segments_of(self, text: str) -> int:
        """One, whatever the text."""
        del text
        return 1

    def reserve(self, message_to: str, segments: int) -> Slot | None:
        """Always a place."""
        del message_to, segments
        return _Room()

    async def send(self, message: OutboundMessage, slot: Slot) -> Sequence[str]:
        """Keep the text for ``reply_to``."""
        del slot
        self._replies[message.to.id].put_nowait(message.text)
        return (f"console-{next(self._numbers)}",)

    async def replies(self, address_id: str, seconds: float) -> list[str]:
        """What was sent to an address: waits for the first reply at most *seconds*, then takes what is there."""
        queue = self._replies[address_id]
        texts: list[str] = []
        try:
            async with asyncio.timeout(seconds):
                texts.append(await queue.get())
        except TimeoutError:
            return texts
        while not queue.empty():
            texts.append(queue.get_nowait())
        return texts

    def message(self, sender: str, text: str, short_code: str, clock: Clock) -> InboundMessage:
        """A text as if *sender* had written it on this channel just now."""
        number = f"{clock.now().timestamp()}:{next(self._numbers)}"
        return InboundMessage(
            sender=Address(self.channel, sender),
            recipient=short_code,
            text=text,
            received_at=clock.now(),
            route=self.name,
            content_hash=hashlib.sha256(number.encode()).digest(),
            external_id=f"console:{number}",
        )
