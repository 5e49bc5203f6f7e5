"""The devices of one person in the simulator: what was said on each, its ticks, and how it was understood."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from itertools import count

from bot.model import Button

MOST_LINES = 200
MOST_WAITING = 1000


class Device(StrEnum):
    """What the person holds."""

    PHONE = "phone"
    ZALO = "zalo"
    TELEGRAM = "telegram"


class Tick(StrEnum):
    """How far a message of the person came."""

    ON_THE_WAY = "on_the_way"
    STORED = "stored"
    """The gateway acknowledged it: it is saved."""
    ANSWERED = "answered"
    REFUSED = "refused"
    """The gateway took it not; the provider would send it again."""


@dataclass(slots=True)
class Line:
    """One message on a device."""

    id: int
    device: Device
    own: bool
    """The person wrote it."""
    text: str
    tick: Tick = Tick.ON_THE_WAY
    buttons: tuple[dict[str, str], ...] = ()
    trace: tuple[str, ...] = ()
    """How it was read, layer by layer."""


Send = Callable[[str, bool], Awaitable[bool]]
"""Takes a text, and whether it is the action of a button; tells whether the gateway acknowledged it."""
Trace = Callable[[str], Awaitable[tuple[str, ...]]]


@dataclass(slots=True)
class Devices:
    """All lines, and everybody who looks at them."""

    send: Mapping[Device, Send]
    trace: Trace
    lines: deque[Line] = field(default_factory=lambda: deque(maxlen=MOST_LINES))
    _ids: "count[int]" = field(default_factory=lambda: count(1))
    _watchers: set[asyncio.Queue[dict[str, object]]] = field(default_factory=set)

    async def say(self, device: Device, text: str, *, pressed: bool = False, label: str = "") -> None:
        """The person writes *text*, or presses a button of that action which shows *label*."""
        line = self._add(Line(next(self._ids), device, own=True, text=label or text))
        line.trace = await self.trace(text)
        taken = await self.send[device](text, pressed)
        if line.tick is Tick.ON_THE_WAY:
            line.tick = Tick.STORED if taken else Tick.REFUSED
        self._tell(line)

    def receive(self, device: Device, text: str, buttons: tuple[Button, ...] = ()) -> None:
        """The gateway's message arrived on a device: what was written there before is answered."""
        for line in self.lines:
            if line.device is device and line.own and line.tick in {Tick.ON_THE_WAY, Tick.STORED}:
                line.tick = Tick.ANSWERED
                self._tell(line)
        shown = tuple({"label": button.label, "action": button.action, "kind": button.kind.value} for button in buttons)
        self._add(Line(next(self._ids), device, own=False, text=text, tick=Tick.STORED, buttons=shown))

    async def watch(self) -> AsyncIterator[dict[str, object]]:
        """All lines so far, then each as it comes or changes; for ever."""
        queue: asyncio.Queue[dict[str, object]] = asyncio.Queue(MOST_WAITING)
        self._watchers.add(queue)
        try:
            for line in self.lines:
                yield asdict(line)
            while True:
                yield await queue.get()
        finally:
            self._watchers.discard(queue)

    def _add(self, line: Line) -> Line:
        self.lines.append(line)
        self._tell(line)
        return line

    def _tell(self, line: Line) -> None:
        for queue in self._watchers:
            if not queue.full():
                queue.put_nowait(asdict(line))
