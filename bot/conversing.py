"""What happens to a conversation with an officer: asked for, answered, told to the head, closed. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from bot.calendar import WorkingCalendar
from bot.conversations import Conversation, ConversationState
from bot.model import Destination
from bot.petitions.record import Severity, TaskAlert

ANSWER_HOURS = 4.0
"""Working hours until somebody has to answer, and again until the head has to."""
SILENT_DAYS = 1
"""Working days without a word after which an answered conversation is over."""


class Due(StrEnum):
    """What time does to a conversation."""

    NOTHING = "nothing"
    TELL_HEAD = "tell_head"
    CLOSE = "close"


class ConversationRefused(StrEnum):
    """Why an officer's step was not taken."""

    TAKEN = "taken_by_other"
    NOT_TAKEN = "not_taken"
    CLOSED = "closed"
    EMPTY = "empty"
    TOO_LONG = "too_long"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Who asks for an officer, where, and about what."""

    code: str
    person: bytes
    here: Destination
    agency: str
    dossier: str | None
    phone: str = ""
    """To call back, masked, when one was typed."""


def asked(request: Request, now: datetime, calendar: WorkingCalendar) -> tuple[Conversation, TaskAlert]:
    """A new one, and who has to know."""
    promised = calendar.add_working_hours(now, ANSWER_HOURS)
    conversation = Conversation(
        code=request.code,
        person=request.person,
        answers_to=request.here,
        agency=request.agency,
        dossier=request.dossier,
        asked_at=now,
        promised_at=promised,
        last_citizen_at=now,
        clock_at=promised,
    )
    return conversation, alert(conversation, "asked", Severity.S3)


def heard(conversation: Conversation, here: Destination, now: datetime, calendar: WorkingCalendar) -> Conversation:
    """The person wrote again; answers go to the account that wrote last, and an answer is owed anew."""
    if _is_owed(conversation):
        return replace(conversation, answers_to=here, last_citizen_at=now)
    promised = calendar.add_working_hours(now, ANSWER_HOURS)
    return replace(
        conversation,
        answers_to=here,
        last_citizen_at=now,
        promised_at=promised,
        escalated_at=None,
        clock_at=promised,
    )


def taken(conversation: Conversation, officer: int) -> Conversation | ConversationRefused:
    """One officer answers from now on."""
    if conversation.state is ConversationState.CLOSED:
        return ConversationRefused.CLOSED
    if conversation.taken_by not in {None, officer}:
        return ConversationRefused.TAKEN
    return replace(conversation, state=ConversationState.TAKEN, taken_by=officer)


def given_back(conversation: Conversation, officer: int) -> Conversation | ConversationRefused:
    """Somebody else may take it."""
    if conversation.taken_by != officer:
        return ConversationRefused.NOT_TAKEN
    return replace(conversation, state=ConversationState.OPEN, taken_by=None)


def answered(
    conversation: Conversation, officer: int, now: datetime, calendar: WorkingCalendar
) -> Conversation | ConversationRefused:
    """An officer wrote, or called back: nothing is owed until the person writes again."""
    mine = taken(conversation, officer)
    if isinstance(mine, ConversationRefused):
        return mine
    return replace(mine, last_officer_at=now, clock_at=calendar.add_working_days(now, SILENT_DAYS))


def closed(conversation: Conversation, because: str, now: datetime) -> Conversation:
    """It is over."""
    return replace(conversation, state=ConversationState.CLOSED, closed_at=now, closed_because=because, clock_at=None)


def due(conversation: Conversation, now: datetime) -> Due:
    """What has to be done now."""
    if conversation.state is ConversationState.CLOSED or conversation.clock_at is None or conversation.clock_at > now:
        return Due.NOTHING
    return Due.TELL_HEAD if _is_owed(conversation) else Due.CLOSE


def told_to_head(
    conversation: Conversation, now: datetime, calendar: WorkingCalendar
) -> tuple[Conversation, TaskAlert]:
    """Nobody answered in time: the head has to, and the person is promised a new time."""
    promised = calendar.add_working_hours(now, ANSWER_HOURS)
    later = replace(conversation, escalated_at=now, promised_at=promised, clock_at=promised)
    return later, alert(later, f"unanswered:{now:%Y%m%d%H}", Severity.S2, to_lead=True)


def alert(conversation: Conversation, condition: str, severity: Severity, *, to_lead: bool = False) -> TaskAlert:
    """Who has to know of it."""
    return TaskAlert(
        severity=severity,
        source="conversation",
        subject=conversation.code,
        condition=condition,
        agency=conversation.agency,
        officer=None if to_lead else conversation.taken_by,
        to_lead=to_lead,
        values={"code": conversation.code},
    )


def _is_owed(conversation: Conversation) -> bool:
    """The person wrote after the officer."""
    return conversation.last_officer_at is None or conversation.last_officer_at < conversation.last_citizen_at
