"""A bounded memory of answers that knows how old each one is."""

from collections.abc import Callable
from typing import Generic, TypeVar

Value = TypeVar("Value")


class AgedCache(Generic[Value]):
    """Values by code. Ages are monotonic seconds; the oldest goes first when it is full."""

    def __init__(self, most: int, monotonic: Callable[[], float]) -> None:
        self._most = most
        self._monotonic = monotonic
        self._entries: dict[str, tuple[Value, float]] = {}

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, code: str, max_age: float) -> Value | None:
        """The value, when it is not older than *max_age* seconds."""
        entry = self._entries.get(code)
        if entry is None or self._monotonic() - entry[1] > max_age:
            return None
        return entry[0]

    def put(self, code: str, value: Value) -> None:
        """Keep a value as of now."""
        self._entries.pop(code, None)
        self._entries[code] = (value, self._monotonic())
        if len(self._entries) > self._most:
            del self._entries[next(iter(self._entries))]

    def drop(self, code: str) -> None:
        """Forget it."""
        self._entries.pop(code, None)
