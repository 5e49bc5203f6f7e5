"""An operator that runs by itself: takes every bind, answers what is submitted, delivers texts, keeps what happened and when."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any, NamedTuple

from tests.smsc import DATA_SM, DELIVER_SM, ENQUIRE_LINK, RESPONSE, SUBMIT_SM, UNBIND, Frame, Peer, deliver_sm, frame
from tests.smsc import RawSmsc as Smsc
from tests.smsc import raw_smsc as smsc_of_octets

WAIT = 15.0
ACKNOWLEDGEMENTS = (DELIVER_SM | RESPONSE, DATA_SM | RESPONSE)


class Submitted(NamedTuple):
    """One submit_sm."""

    at: float
    to: str
    text: str
    """Read as ASCII: answers by SMS have no accents."""
    status: int
    """What it was answered with."""


Judge = Callable[[str, str], int]
"""The status for a text to a number."""


def accept(_to: str, _text: str) -> int:
    return 0


class Operator:
    """The side of the operator over real TCP."""

    def __init__(self, smsc: Smsc, judge: Judge = accept) -> None:
        self.judge = judge
        self.accept: Callable[[Peer, Frame, str], None] = Peer.accept
        """Called with the submit_sm and the id it may get; a test may do it its own way."""
        self.submitted: list[Submitted] = []
        self.port = smsc.port
        self._smsc = smsc
        self._peers: list[Peer] = []
        self._news = asyncio.Event()
        self._sequence = 0
        self._others: list[int] = []
        self._waiting: dict[int, tuple[Peer, asyncio.Future[int]]] = {}

    async def run(self) -> None:
        """Serve every bind, until cancelled."""
        async with asyncio.TaskGroup() as binds:
            while True:
                with contextlib.suppress(TimeoutError):
                    peer = await self._smsc.bound()
                    self._peers.append(peer)
                    self._news.set()
                    binds.create_task(self._serve(peer))

    async def bound(self, binds: int = 1) -> list[Peer]:
        """The gateway is signed in that often."""
        await self.until(lambda: len(self._peers) >= binds)
        return self._peers

    async def deliver(self, source: str, octets: bytes, *, bind: int = 0, **options: Any) -> int:
        """Deliver a text; the status of its deliver_sm_resp. Raises ``ConnectionError`` when the line breaks before."""
        peer = (await self.bound(bind + 1))[bind]
        self._sequence += 1
        future: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._waiting[self._sequence] = peer, future
        peer.send(deliver_sm(self._sequence, source, octets, **options))
        async with asyncio.timeout(WAIT):
            return await future

    async def acknowledged(self, count: int) -> list[int]:
        """The statuses for what a test sent past ``deliver``, once there are *count*."""
        await self.until(lambda: len(self._others) >= count)
        return self._others

    def texts_to(self, number: str) -> list[str]:
        """What a phone received."""
        return [one.text for one in self.submitted if one.to == number and not one.status]

    async def until(self, condition: Callable[[], bool], seconds: float = WAIT) -> None:
        """Wait until what was submitted makes it so."""
        async with asyncio.timeout(seconds):
            while not condition():
                self._news.clear()
                await self._news.wait()

    async def answers(self, number: str, count: int = 1, seconds: float = WAIT) -> Sequence[str]:
        """The texts to a phone, once there are *count*."""
        await self.until(lambda: len(self.texts_to(number)) >= count, seconds)
        return self.texts_to(number)

    async def _serve(self, peer: Peer) -> None:
        try:
            while True:
                with contextlib.suppress(TimeoutError):
                    self._take(peer, await peer.read())
        except (asyncio.IncompleteReadError, ConnectionError):
            self._lost(peer)

    def _lost(self, peer: Peer) -> None:
        self._peers.remove(peer)
        for sequence, (where, future) in list(self._waiting.items()):
            if where is peer:
                del self._waiting[sequence]
                future.set_exception(ConnectionError("the line broke"))

    def _take(self, peer: Peer, got: Frame) -> None:
        if got.command == SUBMIT_SM:
            self._submit(peer, got)
        elif got.command in ACKNOWLEDGEMENTS:
            self._acknowledged(got)
        elif got.command in (ENQUIRE_LINK, UNBIND):
            peer.send(frame(got.command | RESPONSE, got.sequence))

    def _acknowledged(self, got: Frame) -> None:
        if got.sequence in self._waiting:
            self._waiting.pop(got.sequence)[1].set_result(got.status)
        else:
            self._others.append(got.status)
            self._news.set()

    def _submit(self, peer: Peer, got: Frame) -> None:
        to, octets = read_submit(got.body)
        text = octets.decode("ascii")
        status = self.judge(to, text)
        self.submitted.append(Submitted(time.monotonic(), to, text, status))
        if status:
            peer.reject(got, status)
        else:
            self.accept(peer, got, f"{len(self.submitted):x}")
        self._news.set()


def read_submit(body: bytes) -> tuple[str, bytes]:
    """Destination and user data of a submit_sm, by the standard alone."""
    at = body.index(0) + 3
    at = body.index(0, at) + 3
    end = body.index(0, at)
    to, at = body[at:end].decode(), end + 4
    at = body.index(0, at) + 1
    at = body.index(0, at) + 1
    length = body[at + 4]
    return to, body[at + 5 : at + 5 + length]


@contextlib.asynccontextmanager
async def operator(judge: Judge = accept) -> AsyncIterator[Operator]:
    """An operator that listens."""
    async with smsc_of_octets() as smsc:
        one = Operator(smsc, judge)
        running = asyncio.create_task(one.run())
        try:
            yield one
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
