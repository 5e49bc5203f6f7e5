"""How fast one browser, and one network address, may write."""

from collections import OrderedDict, deque
from collections.abc import Callable, Sequence
from math import ceil

WINDOW_SECONDS, HOUR_SECONDS = 60.0, 3600.0
MOST_KEYS = 20_000


class Rates:
    """A sliding minute for each key; the keys that were quiet for longest are forgotten first."""

    def __init__(self, per_minute: int, monotonic: Callable[[], float], *, most_keys: int = MOST_KEYS) -> None:
        self._most = per_minute
        self._monotonic = monotonic
        self._most_keys = most_keys
        self._seen: OrderedDict[str, deque[float]] = OrderedDict()

    def wait(self, keys: Sequence[str]) -> int:
        """0: one more is allowed, and counted for every key. Else the seconds until it may be tried again."""
        now = self._monotonic()
        windows = [self._window(key, now) for key in keys]
        waits = [window[0] + WINDOW_SECONDS - now for window in windows if len(window) >= self._most]
        if waits:
            return max(1, ceil(max(waits)))
        for window in windows:
            window.append(now)
        return 0

    def _window(self, key: str, now: float) -> "deque[float]":
        window = self._seen.setdefault(key, deque())
        self._seen.move_to_end(key)
        while window and window[0] <= now - WINDOW_SECONDS:
            window.popleft()
        if len(self._seen) > self._most_keys:
            self._seen.popitem(last=False)
        return window


class Newcomers:
    """How many browser sessions of one network address write within an hour. Limits of what one person may ask count by
    session; whoever throws sessions away to ask for more is stopped here.
    """

    def __init__(self, per_hour: int, monotonic: Callable[[], float], *, most_clients: int = MOST_KEYS) -> None:
        self._most = per_hour
        self._monotonic = monotonic
        self._most_clients = most_clients
        self._seen: OrderedDict[str, OrderedDict[str, float]] = OrderedDict()

    def wait(self, client: str, session: str) -> int:
        """0: this session may write from there. Else the seconds until another one may."""
        now = self._monotonic()
        sessions = self._seen.setdefault(client, OrderedDict())
        self._seen.move_to_end(client)
        if len(self._seen) > self._most_clients:
            self._seen.popitem(last=False)
        while sessions and next(iter(sessions.values())) <= now - HOUR_SECONDS:
            sessions.popitem(last=False)
        if session not in sessions and len(sessions) >= self._most:
            return max(1, ceil(next(iter(sessions.values())) + HOUR_SECONDS - now))
        sessions.setdefault(session, now)
        return 0
