"""E-mail as a channel: one route, out only."""

import asyncio
from collections.abc import Callable, Sequence

from adapters.email.delivery import Letter, deliver
from adapters.email.letters import Mark, compose, message_id
from adapters.email.settings import EmailSettings
from bot.channels import Limits, Receive, Slot
from bot.clock import Clock
from bot.errors import ChannelBusy, NotSent
from bot.model import ChannelName, OutboundMessage
from bot.pacing import Pace, PacedSlot

ROUTE = "email"


class EmailChannel:
    """The mail server: a channel with one route, itself."""

    channel = ChannelName.EMAIL
    name = ROUTE
    limits = Limits(max_segments=1, accents=True)
    charged = False

    def __init__(self, settings: EmailSettings, *, mark: Mark, clock: Clock, sends: bool = True) -> None:
        """*mark* is the store's keyed hash; *sends* tells whether this process is the one that sends."""
        self._settings = settings
        self._mark = mark
        self._sends = sends
        self._pace = Pace(clock, at_once=settings.concurrency)
        self._state = "up"

    # The channel.

    def routes(self) -> Sequence["EmailChannel"]:
        """The mail server, where this process sends."""
        return (self,) if self._sends else ()

    async def run(self, receive: Receive) -> None:
        """There is no line to hold."""
        del receive
        await asyncio.Event().wait()

    async def drain(self) -> None:
        """Every letter has a connection of its own, which ends with it."""

    def health(self) -> dict[str, str]:
        """``up``, ``down`` while the server is not reached, ``refused`` when it refuses us: somebody has to look."""
        return {self.name: self._state}

    def open_sessions(self) -> frozenset[str]:
        """Nothing comes in."""
        return frozenset()

    # The route.

    def is_up(self) -> bool:
        """No pause is running."""
        return self._pace.is_open()

    def on_room(self, callback: Callable[[], None]) -> None:
        """Call *callback* when a place became free."""
        self._pace.on_room(callback)

    def segments_of(self, text: str) -> int:
        """A letter is one, however long."""
        del text
        return 1

    def reserve(self, message_to: str, segments: int) -> PacedSlot | None:
        """A place for one letter."""
        del message_to, segments
        return self._pace.reserve()

    async def send(self, message: OutboundMessage, slot: Slot) -> Sequence[str]:
        """Hand the letter to the mail server; its Message-ID, by which a bounce names it."""
        try:
            named = message_id(message.id, self._settings, self._mark)
            octets = await asyncio.to_thread(compose, message, self._settings, self._mark)
            await deliver(
                Letter(to=message.to.id, octets=octets, message_id=named, attempts=message.attempts), self._settings
            )
        except NotSent as error:
            self._pauses("down", error.retry_after)
            raise
        except ChannelBusy as error:
            self._pauses("refused", error.retry_after)
            raise
        finally:
            slot.release()
        self._state = "up"
        return [named]

    def _pauses(self, state: str, seconds: float | None) -> None:
        self._state = state
        self._pace.pause(seconds or 1.0)
