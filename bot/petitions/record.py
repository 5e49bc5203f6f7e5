"""The nouns of a petition. The state is what its events made of it; the record is kept beside them so that lists are quick."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, NewType

from bot.model import ChannelName, Destination
from bot.officers import OfficerRole

PetitionId = NewType("PetitionId", int)


class PetitionState(StrEnum):
    """Where a petition stands. Late is computed, not a state; a draft is no petition yet (``Draft``)."""

    RECEIVED = "received"
    ASSIGNED = "assigned"
    IN_PROGRESS = "in_progress"
    NEED_INFO = "need_info"
    PENDING_APPROVAL = "pending_approval"
    ANSWERED = "answered"
    CLOSED = "closed"
    REJECTED = "rejected"
    FORWARDED = "forwarded"
    MERGED = "merged"
    WITHDRAWN = "withdrawn"
    SPAM = "spam"


OPEN = frozenset(
    {
        PetitionState.RECEIVED,
        PetitionState.ASSIGNED,
        PetitionState.IN_PROGRESS,
        PetitionState.NEED_INFO,
        PetitionState.PENDING_APPROVAL,
    }
)
"""States in which somebody has something to do."""


class Confidentiality(StrEnum):
    """Who may see whose petition it is; chosen by the sender."""

    PUBLIC = "public"
    """Redacted text, field, ward, state and answer on the public list, once an officer released it."""
    NOT_PUBLIC = "not_public"
    """Counted only; the officers who handle it see name and contact."""
    NAME_HIDDEN = "name_hidden"
    """The officers who handle it see "Người dân" and write through us; only the reception office sees the contact."""


class ActorKind(StrEnum):
    """Who did something."""

    CITIZEN = "citizen"
    SYSTEM = "system"
    OFFICER = "officer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who does something to a petition, with what decides whether he may."""

    kind: ActorKind
    officer: int | None = None
    name: str = ""
    """Of the officer; "" otherwise: what a citizen is called stands in no event."""
    role: OfficerRole | None = None
    agency: str = ""
    at_reception: bool = False
    channel: ChannelName | None = None
    """By which channel; None at the desk."""


CITIZEN = Actor(kind=ActorKind.CITIZEN)
SYSTEM = Actor(kind=ActorKind.SYSTEM)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where something is."""

    ward: str = ""
    text: str = ""
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Petition:
    """One petition as it stands."""

    id: PetitionId = PetitionId(0)
    """0 until the store has kept it for the first time: the store gives it."""
    code: str
    """``PA26005442``: two digits of the year, the number of the year, a Damm check digit."""
    person: bytes
    """The home account of who sent it; empty once erased."""
    told_at: tuple[Destination, ...]
    """Every account that took part in it, in that order: what is answered goes to each."""
    channel: ChannelName
    """The channel of the first text."""
    sent_at: datetime
    text: str
    public_text: str = ""
    """Redacted by an officer; shown in public only with ``released_at``."""
    released_at: datetime | None = None
    category: str
    """``MT``, ``GT`` …"""
    place: Place = Place()
    confidentiality: Confidentiality = Confidentiality.NOT_PUBLIC
    is_emergency: bool = False
    is_abusive: bool = False
    dossier: str | None = None
    """Code of the dossier that it is about."""
    agency: str = ""
    """Code of the agency that handles it; "" while it is at the reception office."""
    officer: int | None = None
    state: PetitionState = PetitionState.RECEIVED
    state_since: datetime
    changed_at: datetime
    """When the last event happened."""
    clock_at: datetime | None = None
    """When the clock has to look at it next; None: nothing is due any more."""
    days: int
    """Working days of the answer time, as they were when it was sent."""
    classify_due: datetime
    accept_due: datetime | None = None
    answer_due: datetime
    """As told to the citizen; moved only by a pause, an extension or a reopening."""
    question: str = ""
    """What the citizen was asked last."""
    question_due: datetime | None = None
    question_reminded_at: datetime | None = None
    """When the citizen was reminded of the question."""
    paused_at: datetime | None = None
    """Since when the answer clock stands still, waiting for the citizen."""
    returns: int = 0
    extensions: int = 0
    reopenings: int = 0
    answer: str = ""
    """Also while it waits for approval."""
    summary: str = ""
    """At most 36 characters without accents, for SMS."""
    answered_at: datetime | None = None
    reopen_until: datetime | None = None
    """Until when it may be reopened, as told to the citizen."""
    late_told_at: datetime | None = None
    """When the citizen was told that the answer is late; once for each promise."""
    score: int | None = None
    closed_at: datetime | None = None
    closed_because: str = ""
    """``answered``, ``no_reply``, ``no_information``, or the reason of a rejection."""
    rejected_by: int | None = None
    """The officer who did not accept it: another one looks when the citizen disagrees."""
    disagreements: int = 0
    spam_proposed_by: int | None = None
    """The officer who takes it for spam; a second one confirms."""
    case: str | None = None
    """Code of the petition into which it was merged."""
    forwarded_to: str = ""
    forwarded_number: str = ""
    """The number that the other system gave it."""
    files: int = 0
    version: int = 1
    """Grows with every event; a change names the version that it saw."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PetitionEvent:
    """One thing that happened. Appended, never changed; only an erasure empties its texts."""

    at: datetime
    actor: Actor
    name: str
    """``submit``, ``assign`` …: the word of the command."""
    before: PetitionState | None
    after: PetitionState
    data: Mapping[str, Any] = field(default_factory=dict)
    """What belongs to it: texts, agencies, dates as ISO 8601. JSON values only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """A photo, video or document that belongs to a draft or petition; the bytes are sealed in the data directory."""

    name: str
    """Our own random name."""
    media_type: str
    """Found by content: ``image/jpeg``, ``image/png``, ``video/mp4``, ``application/pdf``."""
    octets: int
    by_officer: bool = False
    released: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A petition in the making, one for each person."""

    texts: tuple[str, ...] = ()
    files: tuple[StoredFile, ...] = ()
    place: Place = Place()
    confidentiality: Confidentiality = Confidentiality.NOT_PUBLIC
    is_emergency: bool = False
    told_at: tuple[Destination, ...] = ()
    opened_at: datetime
    changed_at: datetime
    reminded_at: datetime | None = None
    is_offer: bool = False
    """A long text that may be meant as a petition: only kept until the person says so."""

    @property
    def text(self) -> str:
        """All texts in order."""
        return "\n".join(self.texts)


class Severity(StrEnum):
    """How urgent an alert to officers is."""

    S1 = "S1"
    S2 = "S2"
    S3 = "S3"
    S4 = "S4"


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskAlert:
    """Something an officer must know. Whoever is no longer right when it is delivered is replaced by who is."""

    severity: Severity
    source: str
    """``pa``, ``pa_near``, ``pa_late``, ``pa_reply``, ``rating``, ``conversation``."""
    subject: str
    """Code of the petition or conversation."""
    condition: str
    """With source, subject and receiver the dedupe key: ``assigned``, ``due``, ``reply`` …"""
    agency: str
    officer: int | None = None
    """None: the lead with *to_lead*, else everybody of the agency who sorts or handles."""
    to_lead: bool = False
    values: Mapping[str, str] = field(default_factory=dict)
    """For the template ``al.<source>``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the citizen is told of a change: a template of the catalogue and its unformatted values."""

    template: str
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class PetitionChange:
    """One step of a petition, decided and not yet stored."""

    before: Petition | None
    """None: new. Its version must still be the stored one, else the step is refused as stale."""
    after: Petition
    event: PetitionEvent
    told: tuple[Told, ...] = ()
    alerts: tuple[TaskAlert, ...] = ()
    files: tuple[StoredFile, ...] = ()
    """Those that come with this step."""
    also: tuple["PetitionChange", ...] = ()
    """Steps of other petitions that happen with it: the answers of merged ones."""
