"""What the store promises about alerts to officers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bot.model import MessageId
from bot.petitions.record import TaskAlert
from bot.store.port import NewOutbound


class AlertState(StrEnum):
    """The life of an alert: open → sent → acked → resolved; any of them may be resolved at once."""

    OPEN = "open"
    """Nobody was told yet."""
    SENT = "sent"
    ACKED = "acked"
    """An officer takes care of it."""
    RESOLVED = "resolved"
    """There is nothing to do any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """An alert as it stands."""

    id: MessageId
    code: str
    """``A0017``: what officers type. Among alerts that are not resolved it names the newest."""
    alert: TaskAlert
    state: AlertState
    raised: int
    """How often."""
    raised_at: datetime
    """Last."""
    sent_at: datetime | None
    acked_at: datetime | None
    acked_by: int | None
    resolved_at: datetime | None


class AlertBook(Protocol):
    """Alerts are also raised with steps of petitions and changes of conversations."""

    async def raise_alerts(self, raised: Sequence[TaskAlert], at: datetime) -> None:
        """Raise them. One that was raised before for the same receiver and is not resolved is only counted and renewed."""
        ...

    async def unsent_alerts(self, limit: int) -> Sequence[Alert]:
        """Those of which nobody was told, oldest first."""
        ...

    async def send_alert(self, alert: Alert, notices: Sequence[NewOutbound], at: datetime) -> bool:
        """``sent``, with its messages; without any there was nobody to tell. False, and nothing is written, when it was sent or
        resolved meanwhile.
        """
        ...

    async def alert(self, code: str) -> Alert | None:
        """The newest one of this code that is not resolved, else the newest one."""
        ...

    async def acknowledge_alert(self, alert: MessageId, officer: int, at: datetime) -> bool:
        """An officer takes care of it. False when another one does already, or when it is resolved."""
        ...

    async def resolve_alerts(self, subject: str, at: datetime) -> None:
        """There is nothing to do about this petition or conversation any more."""
        ...

    async def alerts_of(self, subject: str) -> Sequence[Alert]:
        """Everything raised about a petition or conversation, newest first."""
        ...
