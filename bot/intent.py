"""What a message means (Intent) and what we make of it (Outcome). ``match`` must cover every intent."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.conversations import KeepConversation
from bot.events import Event
from bot.linking import LinkingWrite, Member
from bot.model import Language, Question
from bot.petitions.record import TaskAlert
from bot.petitions.writes import PetitionWrite
from bot.wishes import ServedWish, Wish


class LookUpFacet(StrEnum):
    """What about a dossier is asked in particular; its state tells both."""

    PREDICT = "predict"
    """When will it be done?"""
    PAPERS = "papers"
    """What is missing?"""


@dataclass(frozen=True, slots=True)
class LookUpDossier:
    """The state of one to three dossiers. Without codes: the last one this person asked for."""

    codes: tuple[str, ...] = ()
    """Canonical codes, in text order, at most 3."""
    id_last4: str | None = None
    """Last four digits of the applicant's identity number, typed after a single code."""
    more: bool = False
    """The text held more than 3 codes."""
    facet: LookUpFacet | None = None
    in_a_sentence: bool = False
    """Asked in free words: without any code the person is asked for it."""


@dataclass(frozen=True, slots=True)
class LookUpLog:
    """The steps a dossier took (``NK <mã>``). Without a code: of the last one asked for."""

    code: str | None = None


@dataclass(frozen=True, slots=True)
class MalformedCode:
    """Something meant as a code that fits no shape."""

    typed: str
    problem: str
    """Key of the hint: ``date``, ``too_short``, ``too_long``, ``no_head``, ``sequence_missing``, ``not_a_code`` …"""


@dataclass(frozen=True, slots=True)
class MyDossiers:
    """The dossiers whose contact phone is the sender's."""


@dataclass(frozen=True, slots=True)
class AskForHelp:
    """What can I do here?"""

    missing_code: bool = False
    """A command came without the code it needs."""


@dataclass(frozen=True, slots=True)
class StopNotices:
    """No more proactive messages."""

    confirmed: bool = True
    """False: ask once before doing it (``DUNG``)."""
    everywhere: bool = False
    """On all joined accounts."""


@dataclass(frozen=True, slots=True)
class ResumeNotices:
    """Proactive messages again."""

    confirmed: bool = True
    """False: ask once before doing it."""
    or_petition: bool = False
    """``MO LAI``: from who never refused messages it is about a petition."""


@dataclass(frozen=True, slots=True)
class SwitchLanguage(Wish):
    """Speak this language from now on."""

    language: Language


@dataclass(frozen=True, slots=True)
class Greeting:
    """Hello, /start."""


@dataclass(frozen=True, slots=True)
class Thanks:
    """Courtesy: not answered by SMS."""


@dataclass(frozen=True, slots=True)
class SuggestCommand:
    """A mistyped command: ask whether this one is meant."""

    keyword: str
    """As a person should type it, for instance ``HS``."""


@dataclass(frozen=True, slots=True)
class ChooseMeaning:
    """``TC`` with other words: refuse messages, or look something up?"""


@dataclass(frozen=True, slots=True)
class ChooseIntent:
    """Not sure: ask which of these is meant."""

    options: "tuple[Intent, ...]"
    """One or two, likeliest first."""
    text: str
    """What was written: the chosen intent is read from it again."""


@dataclass(frozen=True, slots=True)
class Happened:
    """Something was done that no text stands for."""

    event: Event


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """Nothing we know."""

    text: str = field(default="", compare=False)
    """As written: a long one may be meant as a petition."""


Intent = (
    LookUpDossier
    | LookUpLog
    | MalformedCode
    | MyDossiers
    | AskForHelp
    | StopNotices
    | ResumeNotices
    | SwitchLanguage
    | Greeting
    | Thanks
    | SuggestCommand
    | ChooseMeaning
    | ChooseIntent
    | Happened
    | NotUnderstood
    | ServedWish
)


@dataclass(frozen=True, slots=True)
class Reply:
    """One message, mostly to the asker: a template id of the catalogue (``st.4``) and its values, unformatted."""

    template: str
    values: dict[str, Any]
    late_prefix_at: datetime | None = None
    """Set on a late answer: when the person asked."""
    to: Member | None = None
    """Set when it goes to another account than the asker's."""
    once: bool = False
    """It holds a one-time code: never sent twice."""


@dataclass(frozen=True, slots=True)
class SetLanguage:
    """Remember the person's language."""

    language: Language


@dataclass(frozen=True, slots=True)
class SetOptOut:
    """Remember that the person wants, or no longer wants, to be left alone."""

    at: datetime | None


@dataclass(frozen=True, slots=True)
class SetQuiet:
    """An officer answers this person by hand until then."""

    until: datetime | None


@dataclass(frozen=True, slots=True)
class SetUnreachable:
    """Since then the person cannot be written to; None: can again."""

    at: datetime | None


@dataclass(frozen=True, slots=True)
class Ask:
    """Wait for the answer to this question; it replaces an older one."""

    question: Question


@dataclass(frozen=True, slots=True)
class ForgetQuestion:
    """The pending question was answered."""


@dataclass(frozen=True, slots=True)
class RecordLookUp:
    """This person asked for this dossier: for limits, for "my own", for the last code."""

    code: str
    found: bool


@dataclass(frozen=True, slots=True)
class RecordVerification:
    """This person tried the last four digits on this dossier; the digits are never stored."""

    code: str
    passed: bool


MOST_PROMISES = 3
"""Late answers that are owed to one person at a time."""


@dataclass(frozen=True, slots=True)
class PromiseAnswer:
    """The upstream was down: answer this code as soon as it is back, within 24 hours."""

    code: str
    upstream: str
    asked_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepTicket:
    """This person took a turn at a counter."""

    unit_code: str
    unit_name: str
    number: str
    valid_until: datetime
    tell_when_near: bool
    """False: the turn is near already, or the person wants no messages."""


@dataclass(frozen=True, slots=True)
class DropTicket:
    """This person gave the turn back."""

    unit_code: str
    number: str


class RatingSubject(StrEnum):
    """What people rate."""

    COUNTER = "counter"
    """The service at a counter, by its code at the agency."""
    DOSSIER = "dossier"
    """How a dossier was handled, by its code."""
    PETITION = "petition"
    """The answer to a petition, by its code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskForRating:
    """This person is asked for an opinion with the reply."""

    subject: RatingSubject
    reference: str
    agency: str
    handled_by: str = ""
    """Who is rated by it: an officer's id here, or what the one-stop system calls its officer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepRating:
    """This person's opinion; it replaces one of the same thing that was given within 24 hours."""

    subject: RatingSubject
    reference: str
    """Which counter, dossier or petition it is."""
    agency: str
    """The code of the agency that answers for it."""
    score: int
    """1 (very dissatisfied) to 5 (very satisfied)."""
    note: str = ""
    handled_by: str = ""
    """As in ``AskForRating``."""
    alerts: tuple[TaskAlert, ...] = ()
    """Who has to know of it."""


Write = (
    SetLanguage
    | SetOptOut
    | SetQuiet
    | SetUnreachable
    | Ask
    | ForgetQuestion
    | RecordLookUp
    | RecordVerification
    | PromiseAnswer
    | KeepTicket
    | DropTicket
    | AskForRating
    | KeepRating
    | LinkingWrite
    | PetitionWrite
    | KeepConversation
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is decided: replies to send and things to remember. Nothing is written or sent before it is stored whole."""

    replies: tuple[Reply, ...] = ()
    writes: tuple[Write, ...] = ()
