"""How asking a one-stop system fails. Only the reason leaves this package: never a body, an address or a secret."""

from enum import StrEnum


class Reason(StrEnum):
    """Why there is no answer; each is counted apart."""

    DNS = "dns"
    CONNECT = "connect"
    TLS = "tls"
    RESET = "reset"
    """Closed before a header came."""
    TIMEOUT = "timeout"
    TRUNCATED = "truncated"
    BAD_HTTP = "bad_http"
    TOO_BIG = "too_big"
    REDIRECT = "redirect"
    STATUS = "status"
    REFUSED = "refused"
    """400 or 422: it does not take this code."""
    UNAUTHORISED = "unauthorised"
    NOT_JSON = "not_json"
    SHAPE = "shape"
    """JSON, but not what was asked for."""
    OTHER_DOSSIER = "other_dossier"
    """An answer for another code than the asked one."""
    BUSY = "busy"
    """Too many of our own calls are running and waiting."""
    DEADLINE = "deadline"
    """The time of the whole look-up is over."""
    STALLED = "stalled"
    """A time-out that we noticed much too late: this process stood still, and an answer may have been there."""
    OPEN = "open"
    """The breaker is open: nobody was asked."""


NEVER_REACHED = frozenset({Reason.DNS, Reason.CONNECT})
"""Asking once more is harmless and may help. A read that was reset was asked again already, on a new connection."""
NOT_ASKED = frozenset({Reason.BUSY, Reason.DEADLINE, Reason.STALLED, Reason.OPEN})
"""These say nothing about the other system."""
ABOUT_ONE_CODE = frozenset({Reason.OTHER_DOSSIER, Reason.REFUSED})
"""One bad row or one bad code, not a system that is down: otherwise whoever repeats that code would close the service for all."""


class UpstreamFault(Exception):
    """A one-stop system gave no usable answer."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(f"{reason.value}: {detail}" if detail else reason.value)
        self.reason = reason

    @property
    def is_failure(self) -> bool:
        """Whether the breaker counts it."""
        return self.reason not in NOT_ASKED | ABOUT_ONE_CODE
