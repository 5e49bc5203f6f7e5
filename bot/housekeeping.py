"""What must happen from time to time: long texts given up waiting for, epochs kept alive, history purged, gauges set."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

from bot.clock import Clock
from bot.errors import StoreError
from bot.logs import Log
from bot.metrics import Metrics
from bot.pipeline import Intake
from bot.store.port import Store

GROUPS_AT_ONCE = 100
RENEW_SECONDS = 5.0
FIGURES_SECONDS = 5.0
DOUBTS_SECONDS = 60.0
SWEEP_SECONDS = 3600.0
ERASE_SECONDS = 600.0
ERASE_SLICE = 1000
SWEEP_SLICE = 200
SLICE_PAUSE = 0.05
OLD_MESSAGE_SECONDS = 30


class Housekeeping:
    """The timers of one process. A failed round is logged and tried again at the next."""

    def __init__(
        self, *, store: Store, intake: Intake, clock: Clock, metrics: Metrics, log: Log, reassembly_timeout: timedelta
    ) -> None:
        self._store = store
        self._intake = intake
        self._clock = clock
        self._metrics = metrics
        self._log = log
        self._reassembly_timeout = reassembly_timeout

    async def run(self) -> None:
        """All timers, until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._every(1.0, self.join_groups))
            tasks.create_task(self._every(RENEW_SECONDS, self._store.renew))
            tasks.create_task(self._every(FIGURES_SECONDS, self.measure))
            tasks.create_task(self._every(DOUBTS_SECONDS, self.end_doubts))
            tasks.create_task(self._every(SWEEP_SECONDS, self.sweep))
            tasks.create_task(self._every(ERASE_SECONDS, self.erase))

    async def join_groups(self) -> None:
        """Answer long texts whose missing part did not come, and those that a restart left complete."""
        before = self._clock.now() - self._reassembly_timeout
        for group in await self._store.due_groups(before, GROUPS_AT_ONCE):
            try:
                await self._intake.group(group)
            except Exception as error:  # noqa: BLE001 - one long text must not keep the others waiting
                self._log.error("long text not joined", id=group.id, error=type(error).__name__)

    async def end_doubts(self) -> None:
        """A message whose arrival nobody can tell any more is given up with its validity."""
        while ended := await self._store.expire_in_doubt(self._clock.now(), SWEEP_SLICE):
            self._log.info("doubts ended", rows=ended)
            await asyncio.sleep(SLICE_PAUSE)

    async def sweep(self) -> None:
        """Purge old history in small slices, so that nobody waits behind it."""
        purged = 0
        while slice_size := await self._store.sweep(self._clock.now(), SWEEP_SLICE):
            purged += slice_size
            await asyncio.sleep(SLICE_PAUSE)
        if purged:
            self._log.info("history purged", rows=purged)

    async def erase(self) -> None:
        """Go on with erasing the history of people who asked for it."""
        slices = 0
        while await self._store.erase(self._clock.now(), ERASE_SLICE):
            slices += 1
            await asyncio.sleep(SLICE_PAUSE)
        if slices:
            self._log.info("history of people erased", slices=slices)

    async def measure(self) -> None:
        """Set the gauges, and raise the alarm that matters most."""
        figures = await self._store.figures(self._clock.now())
        self._metrics.open.set(figures.inbound_open)
        self._metrics.oldest.set(figures.oldest_open_seconds)
        self._metrics.in_doubt.set(figures.in_doubt)
        self._metrics.promises.set(figures.promises_open)
        if figures.oldest_open_seconds > OLD_MESSAGE_SECONDS:
            self._log.error(
                "a message waits too long", seconds=round(figures.oldest_open_seconds), open=figures.inbound_open
            )

    async def _every(self, seconds: float, work: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                await work()
            except StoreError as error:
                self._log.warning("housekeeping waits", work=work.__name__, error=str(error))
            except Exception as error:  # noqa: BLE001 - a fault in one chore must not end the process
                self._log.error("housekeeping broke", work=work.__name__, error=repr(error))
            await asyncio.sleep(seconds)
