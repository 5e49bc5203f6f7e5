"""What the tests of a session share: quick timing, a recording handler, a session that runs."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from itertools import count
from typing import Any

from sms import pdu
from sms.link import Answer
from sms.session import EsmeSession
from sms.settings import BindMode, SmppSettings, Timing

QUICK = Timing(
    idle=30, idle_answer=0.05, response=5, connect=2, unbind=0.5, reconnect_base=0.01, reconnect_cap=0.04, pause=0.05
)
WAIT_SECONDS = 60
SHORTEST_LOOK, LONGEST_LOOK = 0.001, 0.03
SETTINGS = SmppSettings(name="telco", host="127.0.0.1", port=0, system_id="gw", password="pw", timing=QUICK)


class RecordingHandler:
    """Keeps what a session tells; answers with *status*, or raises *error*, once *gate* is open."""

    def __init__(self) -> None:
        self.messages: asyncio.Queue[pdu.ShortMessage] = asyncio.Queue()
        self.unreadable: list[bytes] = []
        self.late: asyncio.Queue[tuple[object, Answer]] = asyncio.Queue()
        self.events: list[tuple[str, dict[str, Any]]] = []
        self.room = asyncio.Event()
        self.gate = asyncio.Event()
        self.gate.set()
        self.status = 0
        self.error: Exception | None = None
        self._news = asyncio.Event()

    async def on_message(self, message: pdu.ShortMessage, frame: bytes, session: str) -> int:
        assert frame
        assert session
        self.messages.put_nowait(message)
        await self.gate.wait()
        if self.error is not None:
            raise self.error
        return self.status

    async def on_unreadable(self, frame: bytes, session: str) -> int:
        assert session
        self.unreadable.append(frame)
        return self.status

    def on_late(self, tag: object, answer: Answer) -> None:
        self.late.put_nowait((tag, answer))

    def room_again(self) -> None:
        self.room.set()

    def noticed(self, event: str, **values: object) -> None:
        self.events.append((event, values))
        self._news.set()

    async def until(self, event: str) -> dict[str, Any]:
        """Wait until the session noticed this."""
        async with asyncio.timeout(WAIT_SECONDS):
            while True:
                for name, values in self.events:
                    if name == event:
                        return values
                self._news.clear()
                await self._news.wait()

    def count(self, event: str) -> int:
        return sum(name == event for name, _ in self.events)


@contextlib.asynccontextmanager
async def running(
    handler: RecordingHandler, port: int, *, mode: BindMode = BindMode.BOTH, **changes: Any
) -> AsyncIterator[EsmeSession]:
    """A session on its way to *port*."""
    names = count(1)
    session = EsmeSession(
        replace(SETTINGS, port=port, **changes),
        mode,
        handler,
        lambda: f"1:{next(names)}",
        uniform=lambda _low, high: high,
    )
    task = asyncio.create_task(session.run())
    try:
        yield session
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        await asyncio.sleep(0)


async def until(condition: Callable[[], bool]) -> None:
    """Let the loop turn until something is so, looking ever less often: a look may cost as much as what is looked for.
    Fails after a time that is long also for a busy machine."""
    end = asyncio.get_running_loop().time() + WAIT_SECONDS
    pause = SHORTEST_LOOK
    while asyncio.get_running_loop().time() < end:
        if condition():
            return
        await asyncio.sleep(pause)
        pause = min(pause * 1.3, LONGEST_LOOK)
    raise AssertionError("never so")
