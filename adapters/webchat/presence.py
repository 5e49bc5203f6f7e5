"""The browsers that are connected now, and the lines that each of them is still to be told."""

import asyncio
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from bot.mailbox import Line
from bot.model import Address, MessageId

REMEMBERED = 1000
MOST_WAITING = 500
MOST_OF_ONE = 8
"""Connections of one session: some pages side by side."""


class TooMany(Exception):
    """No further connection is taken."""


class Subscription:
    """One connection: each line is told to it once."""

    def __init__(self, address: Address) -> None:
        self.address = address
        self._waiting: list[Line] = []
        self._told: OrderedDict[MessageId, None] = OrderedDict()
        self._news = asyncio.Event()
        self.is_over = False
        """The connection is to end: the gateway stops, or the browser is too slow; it comes back and asks the store."""

    def offer(self, lines: Iterable[Line]) -> None:
        """Lines to tell; those told before are left out."""
        for line in lines:
            if line.id not in self._told:
                self._told[line.id] = None
                self._waiting.append(line)
        while len(self._told) > REMEMBERED:
            self._told.popitem(last=False)
        if len(self._waiting) > MOST_WAITING:
            self.end()
        if self._waiting:
            self._news.set()

    def end(self) -> None:
        """Wake whoever waits: nothing more comes."""
        self.is_over = True
        self._news.set()

    async def lines(self, seconds: float) -> Sequence[Line]:
        """What is to be told now, in order; empty after so many seconds, or when it is over."""
        try:
            async with asyncio.timeout(seconds):
                await self._news.wait()
        except TimeoutError:
            return ()
        self._news.clear()
        waiting, self._waiting = self._waiting, []
        return sorted(waiting, key=lambda line: line.id)


class Presence:
    """All connections of this process."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._count = 0
        self._of: dict[Address, list[Subscription]] = {}
        self._is_closed = False

    @property
    def count(self) -> int:
        """Connections that are open now."""
        return self._count

    @property
    def addresses(self) -> Sequence[Address]:
        """Who is there now."""
        return tuple(self._of)

    def is_here(self, address: Address) -> bool:
        """A page of this session is connected."""
        return address in self._of

    @contextmanager
    def present(self, address: Address) -> Iterator[Subscription]:
        """As long as a connection lasts. Raises ``TooMany``."""
        mine = self._of.get(address, [])
        if self._is_closed or self._count >= self._most or len(mine) >= MOST_OF_ONE:
            raise TooMany
        subscription = Subscription(address)
        self._of.setdefault(address, mine).append(subscription)
        self._count += 1
        try:
            yield subscription
        finally:
            self._count -= 1
            mine.remove(subscription)
            if not mine:
                del self._of[address]

    def offer(self, address: Address, lines: Sequence[Line]) -> None:
        """Tell every connection of a session; nobody there is no loss, the store has the lines."""
        for subscription in self._of.get(address, ()):
            subscription.offer(lines)

    def leave(self, address: Address) -> None:
        """The session is given up: its connections end."""
        for subscription in self._of.get(address, ()):
            subscription.end()

    def close(self) -> None:
        """Take no more connections; end those that are there."""
        self._is_closed = True
        for address in self._of:
            self.leave(address)
