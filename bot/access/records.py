"""The nouns of access to the desk."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from bot.model import Destination
from bot.officers import Officer

IDLE_TIME = timedelta(minutes=30)
LONGEST_SESSION = timedelta(hours=12)
PROOF_TIME = timedelta(minutes=15)
"""How long a proof of who one is serves for dangerous acts."""


class Stage(StrEnum):
    """How far a session has come. Only ``FULL`` opens the desk."""

    CODE = "code"
    """The password was right; the one-time code is still missing."""
    PASSWORD = "password"  # noqa: S105 - the word of a stage
    """A first password has to be changed."""
    ENROL = "enrol"
    """One-time codes are required and this officer has none yet."""
    FULL = "full"


class CodePurpose(StrEnum):
    """What a one-time code of the desk is for."""

    LINK_CODE = "link_code"
    """Six digits, typed as ``LK 482913`` in the chat that is to be linked."""
    LINK_TOKEN = "link_token"  # noqa: S105 - the word of a purpose
    """128 bits in a deep link: does the same."""
    LINK_PHONE = "link_phone"
    """Six digits sent to the phone on record, typed into the desk."""
    SIGN_IN = "sign_in"
    """Six digits sent to the linked chat in place of a code of an authenticator."""
    SETUP = "setup"
    """Makes the first administrator."""
    PROOF = "proof"
    """128 bits in a link that a chat shows: what it begins is finished at the desk."""


CODE_LIFE: Mapping[CodePurpose, timedelta] = {
    CodePurpose.LINK_CODE: timedelta(minutes=10),
    CodePurpose.LINK_TOKEN: timedelta(minutes=10),
    CodePurpose.LINK_PHONE: timedelta(minutes=10),
    CodePurpose.SIGN_IN: timedelta(minutes=10),
    CodePurpose.SETUP: timedelta(hours=24),
    CodePurpose.PROOF: timedelta(minutes=15),
}
MOST_WRONG = 5
"""After so many wrong tries a code is dead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficerAccount:
    """An officer with what proves who it is."""

    officer: Officer
    password: str
    """Its argon2id hash; "" for one who only signs in by single sign-on."""
    password_is_temporary: bool = False
    """Given by somebody else: to be changed at the first sign-in."""
    totp_secret: str = ""
    """Base 32; "" without an authenticator."""
    totp_step: int = 0
    """The time step of the last code used: it and earlier ones are spent."""
    locked_at: datetime | None = None
    """By an administrator; the lock after wrong tries ends by itself."""
    signed_in_at: datetime | None = None
    signed_in_from: str = ""
    created_at: datetime
    version: int = 1
    """Grows with every change; a change names the version that it saw."""

    @property
    def is_usable(self) -> bool:
        """Neither locked nor gone."""
        return self.locked_at is None and self.officer.left_at is None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskSession:
    """One browser in which somebody has begun to sign in."""

    digest: bytes
    """Keyed hash of the random id that only the browser knows."""
    officer: int
    stage: Stage
    opened_at: datetime
    seen_at: datetime
    proven_at: datetime
    """When password and code were given last."""
    address: str
    before_at: datetime | None = None
    """The sign-in before this one, to be shown."""
    before_from: str = ""

    def is_over(self, now: datetime) -> bool:
        """Idle for too long, or too old."""
        return now - self.seen_at >= IDLE_TIME or now - self.opened_at >= LONGEST_SESSION

    def is_proven(self, now: datetime) -> bool:
        """Whether a dangerous act needs no new proof."""
        return now - self.proven_at < PROOF_TIME


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficerLink:
    """A chat account in which an officer is known."""

    officer: int
    destination: Destination
    since: datetime
    confirmed_at: datetime
    """Confirmed anew every 180 days."""
    citizen_since: datetime | None = None
    """Since when the officer writes there as a citizen; None: as an officer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """Something that somebody did at the desk. Holds no text of a citizen and no whole phone number."""

    at: datetime
    who: str
    """User name; "" for nobody known, ``system`` for the gateway, ``command line`` for its operator."""
    officer: int | None = None
    address: str = ""
    """From where."""
    action: str
    """A word of ``ACTIONS``."""
    subject: str = ""
    """What it was done to: a petition's code, a user name …"""
    data: Mapping[str, Any] = field(default_factory=dict)
    """JSON values: ``old`` and ``new`` for a change, ``reason`` for a look."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRow:
    """An entry as it stands in the log."""

    number: int
    entry: AuditEntry
    digest: bytes
    """Keyed hash over the digest before it and this entry."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainCheck:
    """What checking the chain of the log found."""

    rows: int
    broken_at: int | None = None
    """The first number that is not as it was written; None when all is well."""


ACTIONS = frozenset(
    {
        "sign_in",
        "sign_in_failed",
        "sign_out",
        "officer_added",
        "officer_changed",
        "officer_locked",
        "officer_unlocked",
        "officer_left",
        "password_changed",
        "password_reset",
        "totp_enrolled",
        "totp_removed",
        "chat_linked",
        "chat_unlinked",
        "proof_given",
        "setup",
        "viewed",
        "exported",
        "searched",
        "changed",
        "resent",
        "contact_seen",
        "dossier_seen",
        "log_checked",
    }
)
"""Every word that an entry's action can be: ``viewed`` personal data, ``changed`` master data (old → new) …"""
