"""Time comes in by the constructor, so that tests can move it."""

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
"""UTC+7, no daylight saving: the zone of every date that a person reads."""


class Clock(Protocol):
    """Wall time for facts, monotonic time for timers."""

    def now(self) -> datetime:
        """Aware wall time in UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds that never jump."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Wall time in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds that never jump."""
        return time.monotonic()


class FixedClock:
    """A clock that moves only when told; for tests and ``--at``."""

    def __init__(self, at: datetime) -> None:
        self._at = at
        self._elapsed = 0.0

    def now(self) -> datetime:
        """The time it was set to, plus what it was advanced by."""
        return self._at

    def monotonic(self) -> float:
        """Seconds advanced so far."""
        return self._elapsed

    def advance(self, seconds: float) -> None:
        """Move both times forward."""
        self._at += timedelta(seconds=seconds)
        self._elapsed += seconds

    def jump(self, seconds: float) -> None:
        """Move wall time only, as a corrected system clock does."""
        self._at += timedelta(seconds=seconds)
