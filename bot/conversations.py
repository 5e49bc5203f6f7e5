"""A person and an officer write to each other ("Gặp cán bộ"): what is kept of it. The words are messages like all others."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.model import Destination
from bot.petitions.record import TaskAlert


class ConversationState(StrEnum):
    """Its life: open → taken → closed; an officer may give it back."""

    OPEN = "open"
    """Nobody has taken it."""
    TAKEN = "taken"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """One of them as it stands."""

    code: str
    person: bytes
    """The home account of who asked; empty once erased."""
    answers_to: Destination | None
    """Where the officer's words go: the account that wrote last; None once erased."""
    agency: str
    """Code of the agency whose reception takes it."""
    dossier: str | None = None
    """Code of the dossier that it is about."""
    state: ConversationState = ConversationState.OPEN
    taken_by: int | None = None
    asked_at: datetime
    promised_at: datetime
    """Until when an answer was promised."""
    escalated_at: datetime | None = None
    """When the head was told because nobody had answered."""
    last_citizen_at: datetime
    last_officer_at: datetime | None = None
    clock_at: datetime | None = None
    """When the clock has to look at it next."""
    closed_at: datetime | None = None
    closed_because: str = ""
    """``officer``, ``called_back``, ``silence``, ``erased``."""
    version: int = 0
    """Counted by the store; 0: not kept yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepConversation:
    """A write of a decision: the conversation as it is from now on. Made anew when somebody else changed it meanwhile. While it runs
    each message of the person comes with one: that is how the message gets into the thread that officers see.
    """

    before: Conversation | None
    """None: a new one."""
    after: Conversation
    alerts: tuple[TaskAlert, ...] = ()
