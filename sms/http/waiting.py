"""Requests of providers whose response is still open: the reply goes into it when it is ready in time."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

REMEMBERED_SECONDS = 600.0
MOST_REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class Given:
    """The reply to one request."""

    text: str
    id: str


@dataclass(slots=True, eq=False)
class Waiter:
    """One open response."""

    reply: "asyncio.Future[Given | None]" = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    """None: a later request asks for the same."""
    written: "asyncio.Future[bool]" = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    """Whether the response with the reply went out."""


class Waiting:
    """The open responses of one account, by the provider's id of the text; and the replies of the last ten minutes, for
    a provider that asks again because it did not get them.
    """

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._open: dict[str, Waiter] = {}
        self._given: OrderedDict[str, tuple[float, Given]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._open)

    def given(self, key: str) -> Given | None:
        """The reply that this request had before."""
        at, reply = self._given.get(key, (float("-inf"), None))
        return reply if self._monotonic() - at <= REMEMBERED_SECONDS else None

    def open(self, key: str) -> Waiter:
        """Wait for the reply to *key*. An older response that still waits for it is given up: its provider asks anew."""
        before = self._open.pop(key, None)
        if before is not None:
            before.reply.set_result(None)
            self._settle(before, written=False)
        waiter = Waiter()
        self._open[key] = waiter
        return waiter

    async def reply(self, key: str, waiter: Waiter, seconds: float) -> Given | None:
        """The reply when it comes in time. Afterwards this response takes none any more."""
        try:
            async with asyncio.timeout(seconds):
                return await asyncio.shield(waiter.reply)
        except TimeoutError:
            return None
        finally:
            if self._open.get(key) is waiter:
                del self._open[key]

    def close(self, key: str, waiter: Waiter, *, written: bool) -> None:
        """The response went out, or did not."""
        if self._open.get(key) is waiter:
            del self._open[key]
        if written and waiter.reply.done() and (given := waiter.reply.result()) is not None:
            self._remember(key, given)
        self._settle(waiter, written=written)

    async def give(self, key: str, given: Given) -> bool:
        """Put the reply into its open response; False when there is none, or when it could not be written."""
        waiter = self._open.pop(key, None)
        if waiter is None or waiter.reply.done():
            return False
        waiter.reply.set_result(given)
        return await asyncio.shield(waiter.written)

    def _remember(self, key: str, given: Given) -> None:
        self._given[key] = (self._monotonic(), given)
        self._given.move_to_end(key)
        while len(self._given) > MOST_REMEMBERED:
            self._given.popitem(last=False)

    def _settle(self, waiter: Waiter, *, written: bool) -> None:
        if not waiter.written.done():
            waiter.written.set_result(written)
