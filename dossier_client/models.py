"""What the one-stop systems tell us, whatever their kind, and how a look-up can end."""

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Protocol

from dossier_client.phones import PhoneMarks


class Status(IntEnum):
    """The national list of dossier states (TrangThaiHoSo of the national public-service portal)."""

    NEWLY_REGISTERED = 1
    RECEIVED = 2
    NOT_ACCEPTED = 3
    IN_PROCESS = 4
    MORE_PAPERS = 5
    FEE_DUE = 6
    WITHDRAWN = 7
    STOPPED = 8
    RESULT_READY = 9
    RESULT_RETURNED = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """An agency or one of its desks."""

    code: str = ""
    name: str = ""
    short_name: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Procedure:
    """What was applied for."""

    id: str = ""
    name: str = ""
    sensitive: bool = False
    """Its name is not shown to an unverified asker."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """How the result is handed over."""

    method: str = "counter"
    """``counter``, ``post`` or ``online``."""
    place: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fee:
    """What must be paid, in VND."""

    amount: int
    paid: bool = False
    pay_url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrentStep:
    """Where in the work the dossier is."""

    name: str
    order: int | None = None
    total: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Apology:
    """The late letter of the agency."""

    issued_at: datetime | None = None
    new_due_at: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """One application (hồ sơ). Times are aware; whatever the source does not tell is None or empty.

    Personal fields that nobody is shown (identity number, address) are never kept.
    """

    code: str
    status: Status | None
    """None: the source's state is not on the national list; show ``status_text``."""
    status_text: str
    reference: str | None = None
    procedure: Procedure = Procedure()
    unit: Unit = Unit()
    holding_unit: Unit | None = None
    delivery: Delivery | None = None
    applicant: str | None = None
    contact_phones: frozenset[str] | PhoneMarks = frozenset()
    """E.164 digits without plus: who writes from one of them is verified. Those of a kept dossier can only be recognised."""
    received_at: datetime | None = None
    due_at: datetime | None = None
    extended_due_at: datetime | None = None
    finished_at: datetime | None = None
    returned_at: datetime | None = None
    step: CurrentStep | None = None
    fee: Fee | None = None
    missing_papers: tuple[str, ...] = ()
    reason: str | None = None
    apology: Apology | None = None
    updated_at: datetime | None = None
    handled_by: str = ""
    """What the source calls the officer who handled it: for ratings only, never told to citizens."""

    @property
    def promised_at(self) -> datetime | None:
        """The date to tell: the extended one wins over the first."""
        return self.extended_due_at or self.due_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step that a dossier took."""

    at: datetime | None
    name: str
    unit: Unit = Unit()
    status: Status | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A dossier, with the time at which the source said so."""

    dossier: Dossier
    fetched_at: datetime
    upstream: str
    stale: bool = False
    """The source is down; this is what it said at ``fetched_at``."""


@dataclass(frozen=True, slots=True)
class NotFound:
    """Every matching source answered that there is no such dossier."""


@dataclass(frozen=True, slots=True)
class OtherProvince:
    """No route leads to this head: the code belongs elsewhere."""

    head: str
    name: str
    """The province or ministry in Vietnamese; "" if the head is not on the list."""


@dataclass(frozen=True, slots=True)
class Unavailable:
    """A matching source did not answer and nothing is cached."""

    upstream: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenRating:
    """A citizen's opinion of how a dossier was handled."""

    id: str
    """The same one is stored once."""
    score: int
    """1 (very dissatisfied) to 5 (very satisfied)."""
    comment: str = ""
    channel: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """A system has it, perhaps since before."""


Lookup = Found | NotFound | OtherProvince | Unavailable


@dataclass(frozen=True, slots=True)
class History:
    """The steps of a dossier, oldest first."""

    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Verified:
    """Whether the asker knows the last four digits."""

    passed: bool


@dataclass(frozen=True, slots=True)
class OwnDossiers:
    """The dossiers of one phone, newest first, and whether every source could be asked."""

    dossiers: tuple[Dossier, ...]
    complete: bool = True


class Dossiers(Protocol):
    """What the intents ask of the one-stop systems. No call raises; each ends within 5 s."""

    async def find(self, code: str) -> Lookup:
        """One dossier by its canonical code or national reference."""
        ...

    async def history(self, code: str) -> History | NotFound | OtherProvince | Unavailable:
        """The steps of one dossier."""
        ...

    async def by_phone(self, phone: str) -> OwnDossiers | Unavailable:
        """The dossiers whose contact phone is this number (E.164 digits)."""
        ...

    async def verify(self, code: str, id_last4: str) -> Verified | NotFound | Unavailable:
        """Does the asker know the last four digits of the applicant's identity number?"""
        ...
