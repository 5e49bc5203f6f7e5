"""What a channel calls with what arrived: store it, then hand it on. Nothing is acknowledged before it is stored."""

from collections.abc import Callable

from bot.channels import Receive
from bot.errors import StoreRefused
from bot.logs import Log
from bot.metrics import Metrics
from bot.model import DeliveryReceipt, InboundMessage, InboundPart, LateRefusal, LateResponse, PartGroup
from bot.store.port import Saved, Store
from bot.worker import Worker

Join = Callable[[PartGroup], InboundMessage]


class Intake(Receive):
    """The way in. Without a worker in this process, rows are left for another one."""

    def __init__(self, *, store: Store, worker: Worker | None, join: Join, metrics: Metrics, log: Log) -> None:
        self._store = store
        self._worker = worker
        self._join = join
        self._metrics = metrics
        self._log = log

    async def message(self, message: InboundMessage) -> None:
        """Store a message and go on with it in memory."""
        try:
            saved = await self._store.save_inbound(message, claim=self._may_claim())
        except StoreRefused:
            self._metrics.refused.inc()
            raise
        self._hand_on(message, saved)

    async def part(self, part: InboundPart) -> None:
        """Store a part; the last one completes its message."""
        try:
            group = await self._store.save_part(part)
        except StoreRefused:
            self._metrics.refused.inc()
            raise
        self._metrics.received.labels(part.sender.channel.value, "part").inc()
        if group is not None:
            await self.group(group)

    async def group(self, group: PartGroup) -> None:
        """Join a group that is complete or given up. Its parts are stored, so a refusal here costs nothing: the sweep comes again."""
        message = self._join(group)
        try:
            saved = await self._store.finish_group(group.id, message, claim=self._may_claim())
        except StoreRefused as error:
            self._log.warning("long text not joined yet", id=group.id, error=str(error))
            return
        self._hand_on(message, saved)

    async def receipt(self, receipt: DeliveryReceipt) -> None:
        """Store what became of a message of ours."""
        await self._store.record_receipt(receipt)
        self._metrics.receipts.labels(receipt.route, receipt.state.value).inc()

    async def late(self, response: LateResponse) -> None:
        """A message in doubt had left after all: it is not sent again."""
        if not await self._store.record_late(response):
            self._log.info("late response comes too late", id=response.message)

    async def late_refusal(self, refusal: LateRefusal) -> None:
        """A message in doubt had not left: failed, or to be sent as if for the first time."""
        if not await self._store.record_late_refusal(refusal):
            self._log.info("late refusal changes nothing", id=refusal.message)

    def _may_claim(self) -> bool:
        return self._worker is not None and self._worker.has_room()

    def _hand_on(self, message: InboundMessage, saved: Saved) -> None:
        kind = "repeat" if saved.duplicate_of is not None else "ignored" if message.ignored else "message"
        self._metrics.received.labels(message.sender.channel.value, kind).inc()
        if kind != "message":
            self._log.info(
                "received", id=saved.id, channel=message.sender.channel.value, kind=kind, reason=message.ignored
            )
        elif self._worker is None:
            return
        elif saved.claimed is not None:
            self._worker.offer(saved.claimed)
        else:
            self._worker.has_backlog()
