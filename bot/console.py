"""The console: texts as if a person had written them, through the whole flow, for ``motcua say``."""

import asyncio
import secrets
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.channels import Limits, Receive, Slot
from bot.clock import Clock
from bot.model import Address, ChannelName, DeliveryReceipt, InboundMessage, OutboundMessage
from bot.store.port import Answers, InboundState, OutboundState, Store

ROUTE = "console"
LONGEST_TEXT = 2000
LOOK_SECONDS = 0.02
DECIDED = frozenset({InboundState.DONE, InboundState.PARKED})
UNDER_WAY = frozenset({OutboundState.READY, OutboundState.SENDING})


class _Room:
    """Room is never short on the console."""

    def release(self) -> None:
        """Nothing is held."""


class ConsoleRoute:
    """Takes every reply: whoever asked reads it in the store."""

    name = ROUTE
    channel = ChannelName.SMS
    charged = False
    limits = Limits(max_segments=3)

    def is_up(self) -> bool:
        """Always."""
        return True

    def on_room(self, callback: Callable[[], None]) -> None:
        """There is always room, so nobody needs to be told."""
        del callback

    def segments_of(self, text: str) -> int:
        """One, whatever the text."""
        del text
        return 1

    def reserve(self, message_to: str, segments: int) -> Slot | None:
        """Always a place."""
        del message_to, segments
        return _Room()

    async def send(self, message: OutboundMessage, slot: Slot) -> Sequence[str]:
        """Nothing leaves this machine."""
        del slot
        return (f"console-{message.id}",)


@dataclass(frozen=True, slots=True)
class Said:
    """What came of a text."""

    replies: tuple[str, ...]
    open: bool
    """The time was over before everything was decided and sent; what is missing comes later, unseen."""


class Console:
    """Says texts in the name of people and waits for what is replied."""

    def __init__(self, *, store: Store, receive: Receive, short_code: str, clock: Clock) -> None:
        self._store = store
        self._receive = receive
        self._short_code = short_code
        self._clock = clock

    async def say(self, sender: Address, text: str, seconds: float) -> Said:
        """The replies to *text*, as stored. Raises ``StoreRefused`` when the text could not be stored."""
        message = console_message(sender, text, self._short_code, self._clock)
        await self._receive.message(message)
        answers = await self._answers(message)
        for _ in range(int(seconds / LOOK_SECONDS)):
            if not is_open(answers):
                break
            await asyncio.sleep(LOOK_SECONDS)
            answers = await self._answers(message)
        return Said(tuple(reply.text for reply in answers.replies), is_open(answers))

    async def report(self, receipt: DeliveryReceipt) -> None:
        """Take a report that came on a road of its own. Raises ``StoreRefused``."""
        await self._receive.receipt(receipt)

    async def _answers(self, message: InboundMessage) -> Answers:
        return await self._store.answers(message.sender.channel, message.external_id or "")


def console_message(sender: Address, text: str, short_code: str, clock: Clock) -> InboundMessage:
    """A text as if *sender* had written it just now."""
    key = f"console:{secrets.token_hex(8)}"
    return InboundMessage(
        sender=sender,
        recipient=short_code,
        text=unicodedata.normalize("NFC", text)[:LONGEST_TEXT],
        received_at=clock.now(),
        route=ROUTE,
        content_hash=key.encode(),
        external_id=key,
    )


def is_open(answers: Answers) -> bool:
    """Whether more may come: the text is not decided yet, or a reply is not sent yet."""
    return answers.state not in DECIDED or any(reply.state in UNDER_WAY for reply in answers.replies)
