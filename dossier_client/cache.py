"""A bounded memory of answers that knows how old each one is."""

from collections import OrderedDict
from collections.abc import Callable

ENTRY_OCTETS = 280
"""What one entry takes beside its code and its value: table, time, object headers. Measured on CPython 3.11."""


class AgedCache:
    """Packed values by code. Ages are monotonic seconds; when it is full, the oldest goes first.

    Values are octets: thousands of small objects would cost several times their size and be walked by every garbage collection.
    """

    def __init__(self, most_octets: int, monotonic: Callable[[], float]) -> None:
        """*most_octets* bounds what all entries take together in memory."""
        self._most_octets = most_octets
        self._monotonic = monotonic
        self._entries: OrderedDict[str, tuple[bytes, float]] = OrderedDict()
        self.octets = 0
        """What the entries take."""

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, code: str, max_age: float) -> bytes | None:
        """The value, when it is not older than *max_age* seconds."""
        entry = self._entries.get(code)
        if entry is None or self._monotonic() - entry[1] > max_age:
            return None
        return entry[0]

    def put(self, code: str, value: bytes) -> None:
        """Keep a value as of now."""
        self.drop(code)
        self._entries[code] = (value, self._monotonic())
        self.octets += _size(code, value)
        while self.octets > self._most_octets:
            oldest, (forgotten, _) = self._entries.popitem(last=False)
            self.octets -= _size(oldest, forgotten)

    def drop(self, code: str) -> None:
        """Forget it."""
        if entry := self._entries.pop(code, None):
            self.octets -= _size(code, entry[0])


def _size(code: str, value: bytes) -> int:
    return ENTRY_OCTETS + len(code) + len(value)
