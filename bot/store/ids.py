"""Ids made by us: 63 bits, growing with time, so that tables and their indexes grow only at their end."""

import threading
from datetime import datetime

from bot.clock import Clock
from bot.model import MessageId

BEGINNING = 1_704_067_200_000
"""2024-01-01 in milliseconds since 1970."""
MILLISECOND_BITS, PROCESS_BITS, COUNTER_BITS = 41, 10, 12
COUNTERS = 1 << COUNTER_BITS
SHIFT = PROCESS_BITS + COUNTER_BITS


def first_id_at(moment: datetime) -> int:
    """The smallest id that can have been made at this time; 0 for times before the beginning."""
    return max(0, _millisecond_of(moment)) << SHIFT


def _millisecond_of(moment: datetime) -> int:
    return int(moment.timestamp() * 1000) - BEGINNING


class Ids:
    """Milliseconds since 2024, the process, a counter. Never goes back when the clock does."""

    def __init__(self, clock: Clock, process: int, *, after: int = 0) -> None:
        """*after* is the largest id known: the clock may have been set back while we were down."""
        self._clock = clock
        self._process = (process % (1 << PROCESS_BITS)) << COUNTER_BITS
        self._millisecond = after >> SHIFT
        self._counter = COUNTERS
        self._lock = threading.Lock()

    def new(self) -> MessageId:
        """The next id; any thread may ask."""
        now = _millisecond_of(self._clock.now())
        with self._lock:
            if now > self._millisecond:
                self._millisecond, self._counter = now, 0
            elif self._counter >= COUNTERS:
                self._millisecond, self._counter = self._millisecond + 1, 0
            made = (self._millisecond << SHIFT) | self._process | self._counter
            self._counter += 1
        return MessageId(made)
