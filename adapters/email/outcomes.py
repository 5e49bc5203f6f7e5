"""What a reply code of a mail server means for the letter (RFC 5321 §4.2, RFC 3463)."""

import re
from enum import Enum, auto

from bot.errors import ChannelBusy, NotSent, RecipientRefused, SendError, TemporarySendError, Unreachable

WAITS = (300.0, 1200.0, 3600.0)
"""After each refusal "for now": greylisting wants minutes."""
SERVER_SECONDS = 30.0
ACCOUNT_SECONDS = 60.0
CLOSING = 421
PERMANENT_FROM = 500
NO_SUCH_MAILBOX = frozenset({550, 551, 553})
_ENHANCED = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_OF_ADDRESS = re.compile(r"5\.1\.([0-6]|10)|5\.2\.1|5\.4\.4")
"""Bad mailbox or domain, moved, disabled, no way to it. Not 5.1.7 and 5.1.8, which blame the sender's address."""


class Stage(Enum):
    """How far the conversation with the server had come."""

    CONNECT = auto()
    SIGN_IN = auto()
    SENDER = auto()
    RECIPIENT = auto()
    LETTER = auto()


def enhanced(told: str) -> str:
    """The enhanced status code in what a server said, ``5.1.1``; "" when there is none."""
    found = _ENHANCED.search(told)
    return found[0] if found else ""


def is_broken(code: int, status: str) -> bool:
    """The address itself is bad and will stay so; not the letter, its sender, or a full mailbox."""
    if status:
        return _OF_ADDRESS.fullmatch(status) is not None
    return code in NO_SUCH_MAILBOX


def failure(stage: Stage, code: int, told: str, attempts: int) -> SendError:
    """The error for a reply code of 400 and more; *attempts* counts the sends so far."""
    status = enhanced(told)
    detail = f"the mail server says {code} {status}".rstrip()
    if code == CLOSING or (stage is Stage.CONNECT and code):
        return NotSent(detail, retry_after=SERVER_SECONDS)
    if stage is Stage.SIGN_IN or (stage is Stage.SENDER and code >= PERMANENT_FROM and not status.startswith("5.3.")):
        return ChannelBusy(detail, retry_after=ACCOUNT_SECONDS)
    if code < PERMANENT_FROM:
        return TemporarySendError(detail, retry_after=WAITS[min(attempts, len(WAITS)) - 1])
    if stage is Stage.RECIPIENT and is_broken(code, status):
        return Unreachable(detail)
    return RecipientRefused(detail)
