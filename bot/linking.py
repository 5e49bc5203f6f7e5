"""One person on several channels: the nouns of joining accounts, and of one-time codes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.model import Address, ChannelName, Destination, Language, MessageId

NUMBER_IDLE = timedelta(days=365)
"""A number that was silent for so long may have been given to somebody else."""
NUMBER_DEAD = 2
"""So may one to which so many messages in a row could not be delivered for good …"""
NUMBER_GIVEN_AGAIN = timedelta(days=30)
"""… but no operator gives it to somebody else sooner than that."""


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
    proved_at: datetime | None = None
    """When it last wrote, or was proved to be this person's in another way; None: never joined to another one."""
    failures: int = 0
    """Messages to it that failed for good since then."""
    is_chosen: bool = False
    """The person wants messages unasked to come here."""
    refuses: bool = False
    """No messages unasked."""
    is_reachable: bool = True

    def needs_new_proof(self, now: datetime) -> bool:
        """A number that may belong to somebody else by now: other accounts see nothing by it until it is proved again."""
        return self._was_silent(NUMBER_IDLE, now) or (self._is_number and self.failures >= NUMBER_DEAD)

    def may_have_a_new_holder(self, now: datetime) -> bool:
        """Who writes from this number may be somebody else than the person it was joined to."""
        is_dead = self.failures >= NUMBER_DEAD and self._was_silent(NUMBER_GIVEN_AGAIN, now)
        return is_dead or self._was_silent(NUMBER_IDLE, now)

    @property
    def _is_number(self) -> bool:
        return self.destination.address.channel is ChannelName.SMS

    def _was_silent(self, span: timedelta, now: datetime) -> bool:
        return self._is_number and self.proved_at is not None and now - self.proved_at >= span


def account_for_notices(members: Sequence[Member], asked_from: Address | None, now: datetime) -> Member | None:
    """Where a message unasked to the person of these accounts goes, whatever it tells; None: nowhere.

    To the account that was chosen with ``KENH``; else to the one *asked_from* which it was asked for; else to the one joined
    the longest. Accounts that cannot be reached, and numbers that may be somebody else's by now, are passed over. Who
    refuses messages on the one where they would come gets them nowhere else.
    """
    able = [member for member in members if member.is_reachable and not member.needs_new_proof(now)]
    chosen = next((member for member in able if member.is_chosen), None)
    asking = next((member for member in able if member.destination.address == asked_from), None)
    best = chosen or asking or next(iter(able), None)
    return None if best is None or best.refuses else best


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

    only_here: bool = False
    """Only what is kept of this account, which leaves the others of its person."""


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
