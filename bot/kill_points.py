"""Named points where a fault test lets the process die: ``MOTCUA_KILL_AT=point[:n]`` ends it at the n-th arrival."""

import os
import threading

KILLED = 137
"""The exit code of a process that was killed with signal 9."""


class KillPoints:
    """Counts arrivals at one point; every other point costs one comparison."""

    def __init__(self, wish: str) -> None:
        self._name, _, times = wish.partition(":")
        self._left = int(times or 1)
        self._lock = threading.Lock()

    def reach(self, name: str) -> None:
        """Die here if the wish names this point, without any clean-up: as a crash or ``kill -9`` would."""
        if name != self._name:
            return
        with self._lock:
            self._left -= 1
            if self._left == 0:
                os._exit(KILLED)


reach = KillPoints(os.environ.get("MOTCUA_KILL_AT", "")).reach
