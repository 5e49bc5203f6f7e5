"""Handing on what arrives on the binds of one account, and what is answered to the SMSC."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from typing import NamedTuple, assert_never

from bot.channels import Receive
from bot.errors import StoreRefused
from bot.logs import Log
from bot.model import DeliveryReceipt, InboundMessage, InboundPart, LateRefusal, LateResponse, MessageId
from sms import pdu, segments
from sms.inbound import Arrived, Inbound
from sms.link import Answer
from sms.outcomes import failure
from sms.session import OK, THROTTLED, TRY_AGAIN

WARNINGS = frozenset(
    {
        "bad_header",
        "broken_tlvs",
        "framing_lost",
        "late_response_broke",
        "malformed",
        "message_broke",
        "pdu_broke",
        "throttled",
        "two_texts",
        "unbound",
        "unreadable",
    }
)
INFORMATION = frozenset({"bound", "not_connected", "late_response"})


class Tag(NamedTuple):
    """Which part of which message a submit_sm carries."""

    message: MessageId
    place: int


class Arrivals:
    """What the sessions of one account call (``sms.session.SessionHandler``)."""

    def __init__(self, inbound: Inbound, route: str, log: Log) -> None:
        self.receive: Receive | None = None
        """Set while the channel runs; nothing is taken before."""
        self.counts: Counter[str] = Counter()
        """What happened, by event."""
        self._inbound = inbound
        self._route = route
        self._log = log
        self._callbacks: list[Callable[[], None]] = []
        self._tasks: set[asyncio.Task[int]] = set()

    def on_room(self, callback: Callable[[], None]) -> None:
        """Whom to tell that there is room."""
        self._callbacks.append(callback)

    async def on_message(self, message: pdu.ShortMessage, frame: bytes, session: str) -> int:
        """Status 0 once it is stored, or needs no storing; 0x64 when the store refused."""
        for event in _flaws(message):
            self.noticed(event)
        try:
            arrived = self._inbound.read(message, frame, session)
        except Exception as error:  # noqa: BLE001 - a fault in reading must not bring the same text back for ever
            self.noticed("unreadable", error=type(error).__name__)
            arrived = self._inbound.unreadable(frame, session)
        return await self._stored(arrived)

    async def on_unreadable(self, frame: bytes, session: str) -> int:
        """The frame is kept as it came."""
        return await self._stored(self._inbound.unreadable(frame, session))

    def on_late(self, tag: object, answer: Answer) -> None:
        """The message is in doubt already: accepted it need not be sent again, refused it did not leave."""
        assert isinstance(tag, Tag)  # noqa: S101 - the channel gives this tag to every submit_sm
        self.noticed("late_response", id=tag.message, status=answer.status)
        task = asyncio.get_running_loop().create_task(self._stored(self._late(tag, answer)))
        self._tasks.add(task)
        task.add_done_callback(self._late_ended)

    def _late(self, tag: Tag, answer: Answer) -> Arrived:
        if answer.status == OK:
            return self._inbound.late(*tag, answer.message_id)
        error = failure(answer.status, too_fast=answer.status == THROTTLED, paused_for=0.0, tried_before=False)
        return self._inbound.late_refusal(tag.message, error)

    def _late_ended(self, task: "asyncio.Task[int]") -> None:
        """Nobody waits for this task, so nobody else would tell that it broke; its message stays in doubt."""
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self.noticed("late_response_broke", error=type(error).__name__)

    def room_again(self) -> None:
        """Wake whoever wants to send."""
        for callback in self._callbacks:
            callback()

    def noticed(self, event: str, **values: object) -> None:
        """Count and log it."""
        self.counts[event] += 1
        if event == "bind_refused":
            tell = self._log.error if values.pop("alarm") else self._log.warning
        elif event in WARNINGS:
            tell = self._log.warning
        else:
            tell = self._log.info if event in INFORMATION else self._log.debug
        tell(f"smpp {event.replace('_', ' ')}", route=self._route, **values)

    async def _stored(self, arrived: Arrived) -> int:
        if self.receive is None:
            return TRY_AGAIN
        try:
            match arrived:
                case InboundMessage():
                    await self.receive.message(arrived)
                case InboundPart():
                    await self.receive.part(arrived)
                case DeliveryReceipt():
                    await self.receive.receipt(arrived)
                case LateResponse():
                    await self.receive.late(arrived)
                case LateRefusal():
                    await self.receive.late_refusal(arrived)
                case None:
                    self.counts["forgotten"] += 1
                case _:
                    assert_never(arrived)
        except StoreRefused:
            self.counts["store_refused"] += 1
            return TRY_AGAIN
        return OK


def _flaws(message: pdu.ShortMessage) -> Iterator[str]:
    """What is wrong with a message that is taken all the same."""
    if message.broken_tlvs:
        yield "broken_tlvs"
    if message.has_two_texts:
        yield "two_texts"
    if (message.has_udh or message.tlvs) and segments.read_user_data(message).problem is not None:
        yield "bad_header"
