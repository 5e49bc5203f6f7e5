"""What approved templates cost this month, shown among the metrics; the figures themselves are in the store."""

import asyncio

from bot.clock import VIETNAM, Clock
from bot.errors import StoreError
from bot.logs import Log
from bot.metrics import Metrics
from bot.official_account import AccountRecords

LOOK_SECONDS = 30.0


class TemplateCosts:
    """Looks now and then: another process may have sent too."""

    def __init__(self, records: AccountRecords, *, clock: Clock, metrics: Metrics, log: Log) -> None:
        self._records = records
        self._clock = clock
        self._metrics = metrics
        self._log = log

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            try:
                await self.look()
            except StoreError as error:
                self._log.warning("costs of templates not known", error=str(error))
            await asyncio.sleep(LOOK_SECONDS)

    async def look(self) -> None:
        """Set the gauges; with a new month they begin anew."""
        month = self._clock.now().astimezone(VIETNAM).strftime("%Y-%m")
        costs = await self._records.template_costs(month)
        self._metrics.template_cost.clear()
        for template, cost in costs.items():
            self._metrics.template_cost.labels(template).set(cost.cost_vnd)
