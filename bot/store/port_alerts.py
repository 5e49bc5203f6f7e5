"""What the store promises about alerts to officers."""

from enum import StrEnum


class AlertState(StrEnum):
    """The life of an alert: open → sent → acked → resolved; any of them may be resolved at once."""

    OPEN = "open"
    """Nobody was told yet."""
    SENT = "sent"
    ACKED = "acked"
    """An officer takes care of it."""
    RESOLVED = "resolved"
    """There is nothing to do any more."""
