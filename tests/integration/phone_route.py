"""A route whose replies arrive on phones of the test."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence

from bot.channels import Slot
from bot.clock import Clock
from bot.console import ConsoleRoute, console_message
from bot.model import Address, ChannelName, InboundMessage, OutboundMessage


class PhoneRoute(ConsoleRoute):
    """Collects the replies to each number."""

    def __init__(self) -> None:
        self._replies: defaultdict[str, asyncio.Queue[str]] = defaultdict(asyncio.Queue)

    def message(self, sender: str, text: str, clock: Clock) -> InboundMessage:
        return console_message(Address(ChannelName.SMS, sender), text, "8283", clock)

    async def send(self, message: OutboundMessage, slot: Slot) -> Sequence[str]:
        self._replies[message.to.id].put_nowait(message.text)
        return await super().send(message, slot)

    async def replies(self, number: str, seconds: float) -> list[str]:
        """What a number received: waits for the first reply at most *seconds*, then takes what is there."""
        queue = self._replies[number]
        texts: list[str] = []
        try:
            async with asyncio.timeout(seconds):
                texts.append(await queue.get())
        except TimeoutError:
            return texts
        while not queue.empty():
            texts.append(queue.get_nowait())
        return texts
