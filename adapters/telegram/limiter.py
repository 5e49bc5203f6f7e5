"""Not talking faster than Telegram allows: all together, to one person, to one group."""

from collections.abc import Callable

from adapters.telegram.settings import Rates

BURST = 3
"""Messages in a row to one chat: an answer of several parts goes out at once."""
MOST_CHATS = 10_000
CHATS_OF_A_GENERAL_PAUSE = 3
"""So many chats refused within one pause: the bot as a whole is too fast."""


class Rhythm:
    """So many a second, after a burst; who comes too early is told how long to wait."""

    __slots__ = ("_allowance", "_interval", "_next")

    def __init__(self, interval: float, burst: int) -> None:
        """One every *interval* seconds; 0 is no limit."""
        self._interval = interval
        self._allowance = interval * (burst - 1)
        self._next = 0.0

    def wait(self, now: float) -> float:
        """Seconds until the next one may go."""
        return max(0.0, self._next - self._allowance - now)

    def take(self, now: float) -> None:
        """One goes now."""
        self._next = max(self._next, now) + self._interval

    def is_rested(self, now: float) -> bool:
        """Nothing is remembered that matters."""
        return self._next <= now


class Limiter:
    """The rates of one bot, and the pauses that Telegram asked for."""

    def __init__(self, rates: Rates, monotonic: Callable[[], float]) -> None:
        self._rates = rates
        self._monotonic = monotonic
        per_second = max(1, int(rates.overall))
        self._overall = Rhythm(1 / rates.overall if rates.overall else 0.0, per_second)
        self._chats: dict[str, Rhythm] = {}
        self._paused: dict[str, float] = {}
        self._all_paused_until = 0.0

    def wait(self) -> float:
        """Seconds until anything may go, whatever the chat."""
        now = self._monotonic()
        return max(self._overall.wait(now), self._all_paused_until - now)

    def take(self) -> None:
        """One message of the overall rate is spoken for."""
        self._overall.take(self._monotonic())

    def wait_for(self, chat: str) -> float:
        """Seconds until this chat may get its next message."""
        now = self._monotonic()
        rhythm = self._chats.get(chat)
        own = rhythm.wait(now) if rhythm is not None else 0.0
        return max(own, self._paused.get(chat, 0.0) - now, self._all_paused_until - now)

    def take_for(self, chat: str) -> None:
        """A message to this chat goes now."""
        now = self._monotonic()
        rhythm = self._chats.get(chat)
        if rhythm is None:
            self._forget(now)
            rhythm = self._chats[chat] = self._rhythm_of(chat)
        rhythm.take(now)

    def pause(self, chat: str, seconds: float) -> None:
        """Telegram refused a message to this chat as too early: others go on, unless it refuses several."""
        now = self._monotonic()
        self._paused = {key: until for key, until in self._paused.items() if until > now}
        self._paused[chat] = now + seconds
        if len(self._paused) >= CHATS_OF_A_GENERAL_PAUSE:
            self._all_paused_until = max(self._all_paused_until, now + seconds)

    def _rhythm_of(self, chat: str) -> Rhythm:
        """Ids of groups are negative."""
        if chat.startswith("-"):
            return Rhythm(60 / self._rates.group if self._rates.group else 0.0, max(1, int(self._rates.group)))
        return Rhythm(1 / self._rates.chat if self._rates.chat else 0.0, BURST)

    def _forget(self, now: float) -> None:
        if len(self._chats) >= MOST_CHATS:
            self._chats = {chat: rhythm for chat, rhythm in self._chats.items() if not rhythm.is_rested(now)}
