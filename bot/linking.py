"""One person on several channels: the nouns of joining accounts, and of one-time codes."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.model import Address, Destination, Language, MessageId


class CodePurpose(StrEnum):
    """What a one-time code is good for."""

    LINK = "link"
    """Joins the account that types it with the one that it was issued to."""
    ERASE = "erase"
    """Confirms that everything kept of a person is to be erased."""
    DATA = "data"
    """Opens a copy of everything kept of a person, once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One account of a person."""

    id: bytes
    destination: Destination
    language: Language
    since: datetime | None = None
    """When it was joined; None: never joined to another one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OneTimeCode:
    """A code that may still be used."""

    id: MessageId
    owner: Member
    """To whom it was issued."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeTries:
    """What was tried lately, for the limits."""

    issued: int
    """Codes issued to this person within the hour."""
    wrong: int
    """Wrong codes typed by this person within the hour."""
    wrong_anywhere: int
    """Wrong codes typed by anybody within ten minutes."""
    first_wrong_at: datetime | None = None
    """The oldest of ``wrong``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What is kept of a person, counted."""

    codes: int
    """Dossiers looked up."""
    tickets: int
    """Turns at counters taken today."""
    agreed_at: datetime | None = None
    """The first consent that still holds."""


@dataclass(frozen=True, slots=True)
class IssueCode:
    """A one-time code; only a keyed hash of it is kept."""

    purpose: CodePurpose
    code: str
    expires_at: datetime
    owner: Address | None = None
    """Whom it is sent to; None: the person who asked."""
    source: str = ""
    """The number or account of ours that writes to that owner."""


@dataclass(frozen=True, slots=True)
class RecordWrongCode:
    """This person typed a code that does not exist (any more)."""


@dataclass(frozen=True, slots=True)
class UseCode:
    """A code is spent. It can be spent once: when somebody else was quicker the whole decision is made anew."""

    code: MessageId


@dataclass(frozen=True, slots=True, kw_only=True)
class Join:
    """This account and another one are the same person from now on: they share history and questions."""

    other: Destination
    how: str
    """``code`` or ``phone``: what proved it."""


@dataclass(frozen=True, slots=True)
class Part:
    """This account stands alone again. What both did until now both keep."""


@dataclass(frozen=True, slots=True)
class StopEverywhere:
    """No messages unasked on any account of this person."""

    at: datetime


@dataclass(frozen=True, slots=True)
class RecordConsent:
    """The person agreed to something; which words were agreed to is kept."""

    purpose: str
    text: str
    """Id of the template that asked."""


@dataclass(frozen=True, slots=True)
class WithdrawConsents:
    """Nothing is agreed to any more."""


@dataclass(frozen=True, slots=True)
class Erase:
    """Everything kept of this person goes: at once what can be found by person, the rest within hours."""


@dataclass(frozen=True, slots=True)
class ChoosePush:
    """Messages unasked go to this account of the person."""


LinkingWrite = (
    IssueCode
    | RecordWrongCode
    | UseCode
    | Join
    | Part
    | RecordConsent
    | WithdrawConsents
    | Erase
    | ChoosePush
    | StopEverywhere
)
