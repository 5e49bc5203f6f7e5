"""What Zalo's error codes mean for a message: one table for each service, beside nothing else.

https://docs.zaloplatforms.com/docs/OA/phu-luc/ma-loi and https://developers.zalo.me/docs/zbs-template-message/bang-ma-loi.
Errors come with HTTP 200; the number may be written as a text.
"""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from enum import Enum

from bot.clock import VIETNAM
from bot.errors import (
    ChannelBusy,
    NextChannel,
    OutcomeUnknown,
    RecipientRefused,
    SendError,
    TemporarySendError,
    Unreachable,
)

NIGHT_ENDS = time(6, 0)
HOUR = 3600.0
OPERATOR_SECONDS = 300.0


class Service(Enum):
    """Whose codes: they overlap and differ."""

    ACCOUNT = "account"
    """``/v3.0/oa/…``."""
    PHONE = "phone"
    """Templates to phone numbers: ``/message/template``."""


class Handling(Enum):
    """What to do next."""

    REFRESH = "refresh"
    """The access token is no longer good: renew it and try once more."""
    SLOW_DOWN = "slow_down"
    """Too many calls this minute."""
    RETRY = "retry"
    TOMORROW = "tomorrow"
    """The day's allowance is used up."""
    MORNING = "morning"
    """Not between 22:00 and 06:00."""
    LATER = "later"
    """This person gets no more for now."""
    NEXT_CHANNEL = "next_channel"
    """Not by this way: another may do."""
    UNREACHABLE = "unreachable"
    """This person cannot be reached here any more."""
    OPERATOR = "operator"
    """Nothing leaves until somebody puts the account in order."""
    PLAIN = "plain"
    """This kind of message is not supported: once more as plain text."""
    FAULT = "fault"
    """We did something wrong: never again like this."""


def _each(handling: Handling, *codes: int) -> dict[int, Handling]:
    return dict.fromkeys(codes, handling)


CODES: Mapping[Service, Mapping[int, Handling]] = {
    Service.ACCOUNT: {
        **_each(Handling.REFRESH, -216, -220, -124),
        **_each(Handling.SLOW_DOWN, -32),
        **_each(Handling.RETRY, -200),
        **_each(Handling.TOMORROW, -211),
        **_each(Handling.LATER, -218),
        **_each(Handling.MORNING, -234, -133),
        **_each(Handling.NEXT_CHANNEL, -217, -230, -231, -232, -249),
        **_each(Handling.UNREACHABLE, -213, -227, -244),
        **_each(
            Handling.OPERATOR,
            *(-204, -205, -209, -212, -219, -221, -223, -224, -235, -242, -248, -320, -321, -403),
            *(-115, -117, -120, -131, -135, -1351, -136, -137, -138, -146, -1241),
        ),
        **_each(Handling.TOMORROW, -144, -147),
        **_each(Handling.PLAIN, -201, -233),
        **_each(Handling.FAULT, -100, -210, -214, -240, -1121, -1122, -1124, -109, -132),
    },
    Service.PHONE: {
        **_each(Handling.REFRESH, -124, -216, -220),
        **_each(Handling.SLOW_DOWN, -32),
        **_each(Handling.RETRY, -100),
        **_each(Handling.TOMORROW, -144, -147),
        **_each(Handling.MORNING, -133),
        **_each(Handling.LATER, -1441, -1471, -1472),
        **_each(Handling.NEXT_CHANNEL, -110, -139, -140),
        **_each(Handling.UNREACHABLE, -108, -114, -118, -119, -141),
        **_each(
            Handling.OPERATOR,
            *(-101, -102, -103, -104, -105, -115, -117, -120, -125, -126, -127, -131, -135, -1351, -136, -137, -138),
            *(-146, -1241, -161, -162, -148, -149, -150),
        ),
        **_each(
            Handling.FAULT,
            *(-107, -109, -1091, -111, -112, -1121, -1122, -1124, -113, -1131, -1132, -116, -121, -122, -132),
        ),
    },
}
"""By code. One that is not here is permanent and told to an operator."""

ALARMING = frozenset({Handling.OPERATOR, Handling.FAULT})
"""What an operator must hear of; an unknown code too."""


def handling_of(service: Service, code: int) -> Handling | None:
    """What the table says; None for an unknown code."""
    return CODES[service].get(code)


def failure(service: Service, code: int, now: datetime) -> SendError:
    """The error for a message that was answered with *code*. ``REFRESH`` and ``PLAIN`` are for whoever has nothing left to try."""
    detail = f"Zalo {service.value} {code}"
    match handling_of(service, code):
        case Handling.SLOW_DOWN:
            return ChannelBusy(detail, retry_after=60.0 - now.second)
        case Handling.RETRY | Handling.REFRESH:
            return TemporarySendError(detail)
        case Handling.TOMORROW:
            return TemporarySendError(detail, retry_after=_until(now, time(0, 0)))
        case Handling.MORNING:
            return TemporarySendError(detail, retry_after=_until(now, NIGHT_ENDS))
        case Handling.LATER:
            return TemporarySendError(detail, retry_after=HOUR)
        case Handling.OPERATOR:
            return TemporarySendError(detail, retry_after=OPERATOR_SECONDS)
        case Handling.NEXT_CHANNEL:
            return NextChannel(detail)
        case Handling.UNREACHABLE:
            return Unreachable(detail)
        case Handling.PLAIN | Handling.FAULT | None:
            return RecipientRefused(detail)


def failure_of_status(status: int) -> SendError:
    """The error for an answer without a code of Zalo's: a gateway between us spoke."""
    if status == 429:  # noqa: PLR2004 - the status itself
        return ChannelBusy(f"HTTP {status}", retry_after=1.0)
    if status in {500, 503}:
        return TemporarySendError(f"HTTP {status}")
    return OutcomeUnknown(f"HTTP {status} without an answer of Zalo's")


def _until(now: datetime, at: time) -> float:
    """Seconds to the next time that clocks in Vietnam show *at*."""
    here = now.astimezone(VIETNAM)
    then = here.replace(hour=at.hour, minute=at.minute, second=0, microsecond=0)
    return ((then if then > here else then + timedelta(days=1)) - here).total_seconds()
