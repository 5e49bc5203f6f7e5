"""One bind to an SMSC: it signs in, keeps the line alive, comes back by itself and says good-bye properly."""

import asyncio
import contextlib
import random
import ssl
import time
from collections.abc import Callable, Coroutine, Mapping
from functools import partial
from typing import Any, Protocol

from sms import pdu
from sms.backoff import BIND_REFUSALS, Backoff, Ended
from sms.link import Answer, Link, NoAnswer, NotWritten, Phase
from sms.pdu_build import BindName
from sms.settings import BindMode, SmppSettings
from sms.window import Pace, QueueFullShare, Window

OK = pdu.CommandStatus.ESME_ROK
THROTTLED = pdu.CommandStatus.ESME_RTHROTTLED
QUEUE_FULL = pdu.CommandStatus.ESME_RMSGQFUL
NOT_BOUND_FOR_THIS = pdu.CommandStatus.ESME_RINVBNDSTS
TRY_AGAIN = pdu.CommandStatus.ESME_RX_T_APPN
BIND_NAMES: Mapping[BindMode, BindName] = {BindMode.BOTH: "trx", BindMode.SEND: "tx", BindMode.RECEIVE: "rx"}
DRAIN_SECONDS = 3.0
ALARMS = frozenset({Ended.ALREADY_BOUND, Ended.CREDENTIALS})


class SessionHandler(Protocol):
    """What a session calls with what arrives on it."""

    async def on_message(self, message: pdu.ShortMessage, frame: bytes, session: str) -> int:
        """A deliver_sm or data_sm; the command_status to answer, once everything is stored."""
        ...

    async def on_unreadable(self, frame: bytes, session: str) -> int:
        """One whose body cannot be decoded; the command_status to answer."""
        ...

    def on_late(self, tag: object, answer: Answer) -> None:
        """An answer to a submit_sm that was given up."""
        ...

    def room_again(self) -> None:
        """The session came up, or has room again after it refused a place."""
        ...

    def noticed(self, event: str, **values: object) -> None:
        """Something to count and log; never holds a number, a text or a password."""
        ...


class EsmeSession:
    """One bind. ``run`` serves until cancelled or drained; ``reserve`` and ``submit`` send on it."""

    def __init__(
        self,
        settings: SmppSettings,
        mode: BindMode,
        handler: SessionHandler,
        names: Callable[[], str],
        *,
        uniform: Callable[[float, float], float] = random.uniform,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """*names* gives every connection a name of its own."""
        self._settings = settings
        self._timing = settings.timing
        self.mode = mode
        self._handler = handler
        self._names = names
        self._monotonic = monotonic
        self._backoff = Backoff(settings.timing, uniform)
        self._window = Window(settings.window)
        self._pace = Pace(settings.rate, settings.timing.pause, monotonic())
        self._queue_full = QueueFullShare()
        self._link: Link | None = None
        self._ended = Ended.LOST
        self._bound_at: float | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._in_hand = 0
        self._starved = False
        self._wake: asyncio.TimerHandle | None = None
        self._stop = asyncio.Event()
        self.state = "connecting"
        """``connecting``, ``bound``, ``refused`` or ``closed``."""

    @property
    def name(self) -> str | None:
        """The name of the connection that is bound now."""
        return self._link.name if self._link is not None and self.is_bound else None

    @property
    def is_bound(self) -> bool:
        """Signed in, and neither side said good-bye."""
        return self._link is not None and self._link.phase is Phase.BOUND

    @property
    def can_send(self) -> bool:
        """submit_sm may leave on this bind now."""
        return self.is_bound and self.mode is not BindMode.RECEIVE and not self._stop.is_set()

    @property
    def rate(self) -> float:
        """submit_sm per second allowed now; 0 is unlimited."""
        return self._pace.rate

    # Sending.

    def reserve(self, count: int) -> int:
        """Hold places for *count* requests; how many to give back with ``release``, 0 when there is no room now."""
        if not self.can_send or self._link is None or self._link.is_choked:
            self._starved = True
            return 0
        places = self._window.hold(count)
        if not places:
            self._starved = True
            return 0
        now = self._monotonic()
        if not self._pace.take(count, now):
            self._window.free(places)
            self._wake_in(self._pace.wait(now))
            return 0
        return places

    def release(self, places: int, unused: int = 0) -> None:
        """Give places back; *unused* requests were never written."""
        self._window.free(places)
        if unused:
            self._pace.give_back(unused)
        if self._starved:
            self._starved = False
            self._handler.room_again()

    def paused_for(self) -> float:
        """Seconds for which the SMSC wants to be left alone."""
        return self._pace.paused_for(self._monotonic())

    def submit(self, build: Callable[[int], bytes], tag: object) -> "asyncio.Future[Answer]":
        """Write a submit_sm. The future ends with its answer or ``NoAnswer``. Raises ``NotWritten`` at once when it cannot leave."""
        if self._link is None or not self.is_bound:
            raise NotWritten
        return self._link.request(build, tag)

    def is_too_fast(self, status: int) -> bool:
        """Note a submit_sm_resp; True when it says that we send too fast, and the bind pauses."""
        crowded = self._queue_full.note(full=status == QUEUE_FULL)
        if status == THROTTLED or (status == QUEUE_FULL and crowded):
            if not self.paused_for():
                self._handler.noticed("throttled", status=status)
            self._pace.throttled(self._monotonic())
            return True
        if status == NOT_BOUND_FOR_THIS and self._link is not None:
            self._link.close("not bound for sending")
        return False

    def _wake_in(self, seconds: float) -> None:
        if self._wake is None:
            self._wake = asyncio.get_running_loop().call_later(seconds, self._woken)

    def _woken(self) -> None:
        self._wake = None
        self._handler.room_again()

    # The life of the bind.

    async def run(self) -> None:
        """Connect, serve, come back; until cancelled or drained."""
        try:
            while not self._stop.is_set():
                self._ended, self._bound_at = Ended.LOST, None
                await self._serve()
                bound_for = self._monotonic() - self._bound_at if self._bound_at is not None else 0.0
                delay = self._backoff.delay(self._ended, bound_for=bound_for, now=self._monotonic())
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(delay):
                        await self._stop.wait()
        finally:
            self._shut()

    async def drain(self) -> None:
        """Take nothing new, finish what is in hand, unbind; 8 s at most with the usual timing."""
        self._stop.set()
        link = self._link
        if link is None:
            return
        if link.phase is Phase.BOUND:
            waiting: set[asyncio.Future[Any]] = {*self._tasks, *link.pending()}
            if waiting:
                await asyncio.wait(waiting, timeout=DRAIN_SECONDS)
            link.phase = Phase.UNBINDING
            with contextlib.suppress(NotWritten, NoAnswer, TimeoutError):
                async with asyncio.timeout(self._timing.unbind):
                    await link.request(pdu.unbind)
        link.close("unbound by us")

    def _shut(self) -> None:
        self.state = "closed"
        if self._wake is not None:
            self._wake.cancel()
        for task in self._tasks:
            task.cancel()
        if self._link is not None:
            self._link.abort("stopped")

    async def _serve(self) -> None:
        """One connection from its start to its end."""
        try:
            async with asyncio.timeout(self._timing.connect):
                link = await self._connect()
                status = (await link.request(self._bind)).status
        except (OSError, NotWritten, NoAnswer) as error:
            self.state = "connecting"
            self._handler.noticed("not_connected", reason=type(error).__name__)
            self._drop("bind not answered")
            return
        except ValueError as error:  # a setting does not fit its field: nothing to try until an operator acts
            self._ended, self.state = Ended.CREDENTIALS, "refused"
            self._handler.noticed("bind_refused", reason=str(error), alarm=True)
            self._drop("bind cannot be written")
            return
        if status != OK:
            self._refused(status)
            return
        link.phase = Phase.BOUND
        self._bound_at = self._monotonic()
        self.state = "bound"
        self._handler.noticed("bound", session=link.name, mode=self.mode.value)
        self._handler.room_again()
        reason = await link.lost
        self._link = None
        self.state = "connecting"
        self._handler.noticed("unbound", session=link.name, reason=reason)

    async def _connect(self) -> Link:
        loop = asyncio.get_running_loop()
        self._link = link = Link(self._names(), self, self._timing, loop)
        context = ssl.create_default_context(cafile=self._settings.ca_file or None) if self._settings.tls else None
        await loop.create_connection(lambda: link, self._settings.host, self._settings.port, ssl=context)
        return link

    def _bind(self, sequence: int) -> bytes:
        settings = self._settings
        return pdu.bind(
            BIND_NAMES[self.mode],
            sequence,
            system_id=settings.system_id,
            password=settings.password,
            system_type=settings.system_type,
            addr_ton=settings.addr_ton,
            addr_npi=settings.addr_npi,
            address_range=settings.address_range,
        )

    def _refused(self, status: int) -> None:
        self._ended = BIND_REFUSALS.get(status, Ended.LOST)
        self.state = "refused"
        self._handler.noticed("bind_refused", status=status, alarm=self._ended in ALARMS)
        self._drop("bind refused")

    def _drop(self, reason: str) -> None:
        if self._link is not None:
            self._link.abort(reason)
        self._link = None

    # What the link tells.

    def arrived(self, link: Link, message: pdu.ShortMessage, frame: bytes) -> None:
        """A text or a receipt: store it, then answer. Over the high-water mark, or on the way out, it must come again."""
        if self._has_no_hand_free(link):
            link.acknowledge(message.header, TRY_AGAIN)
        else:
            self._take(link, message.header, partial(self._handler.on_message, message, frame, link.name))

    def unreadable(self, link: Link, header: pdu.Header, frame: bytes) -> None:
        """A broken body is kept as it came, then answered like any other."""
        if self._has_no_hand_free(link):
            link.acknowledge(header, TRY_AGAIN)
        else:
            self._take(link, header, partial(self._handler.on_unreadable, frame, link.name))

    def late(self, tag: object, answer: Answer) -> None:
        """The answer to a request that was given up."""
        self._handler.on_late(tag, answer)

    def peer_unbinds(self, link: Link) -> None:
        """Wait a little for own answers, then close; the SMSC is usually being serviced."""
        self._ended = Ended.UNBOUND
        self._keep(asyncio.get_running_loop().create_task(self._leave(link)))

    def room(self) -> None:
        """The peer reads again."""
        if self._starved:
            self._starved = False
            self._handler.room_again()

    def noticed(self, event: str, **values: object) -> None:
        """Passed on."""
        self._handler.noticed(event, **values)

    def _has_no_hand_free(self, link: Link) -> bool:
        if self._in_hand < self._settings.high_water and not self._stop.is_set():
            return False
        self._handler.noticed("refused_message", session=link.name)
        return True

    def _take(self, link: Link, header: pdu.Header, store: Callable[[], Coroutine[Any, Any, int]]) -> None:
        self._in_hand += 1
        self._keep(asyncio.get_running_loop().create_task(self._store(link, header, store)))

    async def _store(self, link: Link, header: pdu.Header, store: Callable[[], Coroutine[Any, Any, int]]) -> None:
        try:
            status = await store()
        except Exception as error:  # noqa: BLE001 - whatever broke, nothing is known to be stored: the SMSC must send it again
            self._handler.noticed("message_broke", error=type(error).__name__)
            status = TRY_AGAIN
        finally:
            self._in_hand -= 1
        link.acknowledge(header, status)

    async def _leave(self, link: Link) -> None:
        own = asyncio.current_task()
        waiting: list[asyncio.Future[Any]] = [*link.pending()]
        waiting += [task for task in self._tasks if task is not own]
        if waiting:
            await asyncio.wait(waiting, timeout=self._timing.unbind)
        link.close("unbound by the peer")

    def _keep(self, task: "asyncio.Task[None]") -> None:
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
