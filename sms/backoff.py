"""When to connect again after a connection ended or a bind was refused."""

from collections.abc import Callable
from enum import Enum, auto

from sms.settings import Timing

ALREADY_BOUND = 0x05
WRONG_PASSWORD = 0x0E
WRONG_SYSTEM_ID = 0x0F
ALREADY_BOUND_DELAYS = (1.0, 2.0, 4.0, 8.0)
FIRST_MINUTE = 60.0
LARGEST_POWER = 16


class Ended(Enum):
    """How the last connection ended."""

    LOST = auto()
    """No TCP, connection lost, silent peer, or a bind refused for a reason that may pass."""
    UNBOUND = auto()
    """The SMSC said good-bye: usually maintenance."""
    ALREADY_BOUND = auto()
    """Usually our own old session, which the SMSC has not given up yet."""
    CREDENTIALS = auto()
    """System id or password: an operator must act."""


BIND_REFUSALS = {
    ALREADY_BOUND: Ended.ALREADY_BOUND,
    WRONG_PASSWORD: Ended.CREDENTIALS,
    WRONG_SYSTEM_ID: Ended.CREDENTIALS,
}
"""What a status of bind_resp means for the next attempt; any other is ``LOST``."""


class Backoff:
    """The delays of one bind. Each bind has its own, so that they do not come back in one burst."""

    def __init__(self, timing: Timing, uniform: Callable[[float, float], float]) -> None:
        """*uniform* draws a number between two, as ``random.uniform`` does."""
        self._timing = timing
        self._uniform = uniform
        self._failures = 0
        self._refused_since: float | None = None
        self._refusals = 0

    def delay(self, ended: Ended, *, bound_for: float, now: float) -> float:
        """Seconds to wait before the next attempt; *bound_for* is how long the last session was bound."""
        if bound_for >= self._timing.steady:
            self._failures = 0
        if ended is not Ended.ALREADY_BOUND:
            self._refused_since, self._refusals = None, 0
        match ended:
            case Ended.CREDENTIALS:
                return self._uniform(1.0, 1.5) * self._timing.reconnect_cap
            case Ended.ALREADY_BOUND:
                return self._after_already_bound(now)
            case Ended.UNBOUND:
                return max(self._next(), self._timing.unbind * self._uniform(0.5, 1.0))
            case Ended.LOST:
                return self._next()

    def _next(self) -> float:
        grown = self._timing.reconnect_base * 2.0 ** min(self._failures, LARGEST_POWER)
        self._failures += 1
        return min(self._timing.reconnect_cap, grown) * self._uniform(0.5, 1.0)

    def _after_already_bound(self, now: float) -> float:
        if self._refused_since is None:
            self._refused_since = now
        if now - self._refused_since >= FIRST_MINUTE:
            return self._timing.reconnect_cap
        step = ALREADY_BOUND_DELAYS[min(self._refusals, len(ALREADY_BOUND_DELAYS) - 1)]
        self._refusals += 1
        return step * self._timing.reconnect_base
