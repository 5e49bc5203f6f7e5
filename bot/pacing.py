"""Sending over HTTP at a bounded pace: so many at a time, a pause when the provider asks for one."""

from collections.abc import Callable

from bot.clock import Clock


class PacedSlot:
    """One of the sends that may run at a time."""

    def __init__(self, give_back: Callable[[], None]) -> None:
        self._give_back: Callable[[], None] | None = give_back

    def release(self) -> None:
        """Give the room back; a second call changes nothing."""
        give_back, self._give_back = self._give_back, None
        if give_back:
            give_back()


class Pace:
    """The room of one route. A channel holds one and asks it in ``Route.reserve``; the send itself releases the slot."""

    def __init__(self, clock: Clock, *, at_once: int) -> None:
        self._clock = clock
        self._at_once = at_once
        self._running = 0
        self._paused_until = 0.0
        self._on_room: Callable[[], None] | None = None

    def on_room(self, callback: Callable[[], None]) -> None:
        """Call *callback* whenever a place became free."""
        self._on_room = callback

    def is_open(self) -> bool:
        """No pause is running."""
        return self._clock.monotonic() >= self._paused_until

    def reserve(self) -> PacedSlot | None:
        """A place, or None while all are taken or a pause runs."""
        if self._running >= self._at_once or not self.is_open():
            return None
        self._running += 1
        return PacedSlot(self._free)

    def pause(self, seconds: float) -> None:
        """The provider asked us to slow down: nothing leaves for so long."""
        self._paused_until = max(self._paused_until, self._clock.monotonic() + seconds)

    def left(self) -> float:
        """Seconds that a pause still runs."""
        return max(0.0, self._paused_until - self._clock.monotonic())

    def has_room(self) -> None:
        """Something else than a place became free (the line is up, a pause is over)."""
        if self._on_room:
            self._on_room()

    def _free(self) -> None:
        self._running -= 1
        self.has_room()
