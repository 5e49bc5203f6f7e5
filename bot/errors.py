"""Errors that say what to do next. They are caught at the one place that acts on them."""

from typing import ClassVar


class MotcuaError(Exception):
    """Base of our own errors."""


class ConfigError(MotcuaError):
    """The configuration cannot be used; the text holds one line for each problem: key, rule, what was given."""


class StoreError(MotcuaError):
    """The store cannot do it."""


class StoreRefused(StoreError):
    """Nothing was stored (full disk, locked, overloaded, connection lost): ask the sender to try again later."""


class StoreLocked(StoreError):
    """Another process owns this SQLite file: end it, or give this one its own data_dir."""


class TurnLost(StoreError):
    """Somebody decided for this person meanwhile: load the contact and understand again."""


class OwnerLost(StoreError):
    """The row belongs to another process by now: drop the result."""


class StalePetition(StoreError):
    """Somebody took a step of this petition meanwhile: read it again and decide anew."""


class SendError(MotcuaError):
    """A channel could not take a message; the class says what to do next."""

    code: ClassVar[str] = "send_failed"
    retry: ClassVar[bool] = False
    uses_attempt: ClassVar[bool] = True

    def __init__(
        self, detail: str = "", *, retry_after: float | None = None, parts: tuple[str | None, ...] = ()
    ) -> None:
        """*parts* are the ids of the parts that did leave; None where a part has no id."""
        super().__init__(detail or self.__doc__)
        self.retry_after = retry_after
        self.parts = parts


class ChannelBusy(SendError):
    """The channel asked us to slow down (SMPP 0x58, HTTP 429): the same message again, no attempt used up."""

    code, retry, uses_attempt = "channel_busy", True, False


class NotSent(SendError):
    """No octet left this machine (route down, buffer not drained): send when the route is back, no attempt used up."""

    code, retry, uses_attempt = "not_sent", True, False


class TemporarySendError(SendError):
    """The provider says: try again later (SMPP 0x08, 0x64, 0x14)."""

    code, retry = "temporary", True


class RecipientRefused(SendError):
    """The provider will never take this message (bad number, blocked, unknown): failed for good."""

    code = "refused"


class Unreachable(RecipientRefused):
    """The person blocked us or is gone: failed for good, and nothing is sent unasked until the person writes again."""

    code = "unreachable"


class NextChannel(RecipientRefused):
    """Not by this channel, now or at all; the person may well be reached by another."""

    code = "next_channel"


class OutcomeUnknown(SendError):
    """The message may or may not have arrived (no response, connection lost): in doubt."""

    code = "in_doubt"
