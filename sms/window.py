"""How much may be sent on one bind: a window of unanswered requests, a rate, and less of it when the SMSC complains.

Nothing here waits; whoever is refused asks ``wait`` when to come again.
"""

from collections import deque

RECENT = 50
RECENT_AT_LEAST = 10
QUEUE_FULL_SHARE = 0.2
BURST_SECONDS = 0.1
CUT = 0.5
REGAIN_PER_SECOND = 0.1
SLOWEST = 1.0


class TokenBucket:
    """Lets *rate* requests pass per second; 0 lets all pass. Times are monotonic seconds, handed in."""

    def __init__(self, rate: float, now: float) -> None:
        self.rate = rate
        self._tokens = self._room()
        self._at = now

    def take(self, count: int, now: float) -> bool:
        """Take *count* if anything is there. A message of several parts may overdraw, and the next one waits longer."""
        if not self.rate:
            return True
        self._fill(now)
        if self._tokens < 1:
            return False
        self._tokens -= count
        return True

    def give_back(self, count: int) -> None:
        """Tokens that were taken for nothing."""
        self._tokens = min(self._room(), self._tokens + count)

    def wait(self, now: float) -> float:
        """Seconds until the next ``take`` can succeed."""
        if not self.rate:
            return 0.0
        self._fill(now)
        return max(0.0, (1 - self._tokens) / self.rate)

    def set_rate(self, rate: float, now: float) -> None:
        """Another rate from now on."""
        self._fill(now)
        self.rate = rate
        self._tokens = min(self._room(), self._tokens)

    def _fill(self, now: float) -> None:
        self._tokens = min(self._room(), self._tokens + (now - self._at) * self.rate)
        self._at = now

    def _room(self) -> float:
        return max(1.0, self.rate * BURST_SECONDS)


class Pace:
    """The rate of one bind: halved when the SMSC throttles (0x58), plus a tenth of the agreed rate for each quiet second.

    Without an agreed rate the one that was running when the SMSC first complained stands in for it, and after growing
    to its double the limit goes away again.
    """

    def __init__(self, rate: float, pause: float, now: float) -> None:
        self._agreed = rate
        self._pause = pause
        self._bucket = TokenBucket(rate, now)
        self._reference = rate
        self._paused_until = now
        self._grown_at = now
        self._taken: deque[tuple[float, int]] = deque(maxlen=RECENT)

    @property
    def rate(self) -> float:
        """Requests per second allowed now; 0 is unlimited."""
        return self._bucket.rate

    def paused_for(self, now: float) -> float:
        """Seconds during which nothing may be sent."""
        return max(0.0, self._paused_until - now)

    def take(self, count: int, now: float) -> bool:
        """Whether *count* requests may go now."""
        if now < self._paused_until:
            return False
        if self._bucket.rate:
            self._grow(now)
        if not self._bucket.take(count, now):
            return False
        if not self._agreed:
            self._taken.append((now, count))
        return True

    def give_back(self, count: int) -> None:
        """Requests that were not sent after all."""
        self._bucket.give_back(count)

    def wait(self, now: float) -> float:
        """Seconds until ``take`` can succeed."""
        return max(self.paused_for(now), self._bucket.wait(now))

    def throttled(self, now: float) -> None:
        """The SMSC said that we are too fast. Several answers to one burst count once."""
        if now < self._paused_until:
            return
        self._paused_until = self._grown_at = now + self._pause
        if not self._reference:
            self._reference = max(SLOWEST, self._observed(now))
        current = self._bucket.rate or self._reference
        self._bucket.set_rate(max(min(SLOWEST, self._reference), current * CUT), now)

    def _grow(self, now: float) -> None:
        elapsed = now - self._grown_at
        if elapsed <= 0:
            return
        self._grown_at = now
        rate = self._bucket.rate + elapsed * REGAIN_PER_SECOND * self._reference
        if self._agreed:
            rate = min(rate, self._agreed)
        elif rate >= 2 * self._reference:
            rate = self._reference = 0.0
        if rate != self._bucket.rate:
            self._bucket.set_rate(rate, now)

    def _observed(self, now: float) -> float:
        """Requests per second over the last ones, at most a second back."""
        fresh = [(at, count) for at, count in self._taken if now - at <= 1]
        if not fresh:
            return 0.0
        return sum(count for _, count in fresh) / max(now - fresh[0][0], BURST_SECONDS)


class QueueFullShare:
    """Tells when "queue full" (0x14) is about us rather than about one phone: more than a fifth of recent responses."""

    def __init__(self) -> None:
        self._recent: deque[bool] = deque(maxlen=RECENT)
        self._full = 0

    def note(self, *, full: bool) -> bool:
        """Remember one response; True when the share is too high."""
        if len(self._recent) == RECENT:
            self._full -= self._recent[0]
        self._recent.append(full)
        self._full += full
        return len(self._recent) >= RECENT_AT_LEAST and self._full > QUEUE_FULL_SHARE * len(self._recent)


class Window:
    """Places for unanswered requests on one bind."""

    def __init__(self, places: int) -> None:
        self._places = places
        self._held = 0

    @property
    def held(self) -> int:
        """Places in use."""
        return self._held

    def hold(self, count: int) -> int:
        """Hold *count* places (all of them for a message larger than the window); 0 when there is no room."""
        wanted = min(count, self._places)
        if self._held + wanted > self._places:
            return 0
        self._held += wanted
        return wanted

    def free(self, count: int) -> None:
        """Give places back."""
        self._held -= count
