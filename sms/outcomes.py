"""What a command_status in submit_sm_resp means for the message (SMPP 3.4 §5.1.3)."""

from bot.errors import ChannelBusy, RecipientRefused, SendError, TemporarySendError

QUEUE_FULL_SECONDS = 60.0
ONCE_MORE_SECONDS = 30.0

TEMPORARY: dict[int, float | None] = {
    0x04: None,  # not bound for sending: the session binds again meanwhile
    0x08: None,  # system error
    0x14: QUEUE_FULL_SECONDS,  # the queue of this phone is full
    0x64: None,  # temporary application error
    0xFE: None,  # delivery failure
}
"""Try again later; after the sender's usual waits where no seconds are given."""

PERMANENT = frozenset(
    {
        0x01,  # message length
        0x0A,  # source address
        0x0B,  # destination address
        0x43,  # esm_class
        0x61,  # schedule
        0x62,  # validity period
        0x66,  # rejected
    }
)
"""Never again. Any other status, 0x45 among them, is tried once more before it counts as permanent."""


def failure(status: int, *, too_fast: bool, paused_for: float, tried_before: bool) -> SendError:
    """The error for a refused message; *tried_before* tells that it was refused with an unclear status already."""
    detail = f"SMPP status 0x{status:02X}"
    if too_fast:
        return ChannelBusy(detail, retry_after=max(paused_for, 0.1))
    if status in TEMPORARY:
        return TemporarySendError(detail, retry_after=TEMPORARY[status])
    if status in PERMANENT or tried_before:
        return RecipientRefused(detail)
    return TemporarySendError(detail, retry_after=ONCE_MORE_SECONDS)


def is_unclear(status: int) -> bool:
    """Neither known as temporary nor as permanent."""
    return status not in TEMPORARY and status not in PERMANENT
