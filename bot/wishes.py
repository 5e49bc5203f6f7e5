"""What people ask for beside the state of a dossier: shapes that ``bot.intent.Intent`` is made of."""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Something asked for, and what was named beside it. A dossier named is always answered with its state too."""

    codes: tuple[str, ...] = ()
    """Canonical dossier codes, in text order, at most 3."""
    petition_code: str | None = None
    """``PA26005442``"""


@dataclass(frozen=True, slots=True)
class Subscribe(Wish):
    """Tell me when these dossiers change. Without codes: the last one asked for."""


@dataclass(frozen=True, slots=True)
class Unsubscribe(Wish):
    """No more news of these dossiers."""


@dataclass(frozen=True, slots=True)
class ListFollowed(Wish):
    """Which dossiers do I follow?"""


class PetitionKind(StrEnum):
    """What a new petition is in law and in haste."""

    ORDINARY = "ordinary"
    COMPLAINT = "complaint"
    """Complaints and denunciations follow their own laws and are not taken by message (decree 20/2008/NĐ-CP)."""
    EMERGENCY = "emergency"
    """Danger now: the numbers of police, fire brigade and ambulance."""


@dataclass(frozen=True, slots=True)
class NewPetition(Wish):
    """Something is wrong or could be better."""

    kind: PetitionKind = PetitionKind.ORDINARY
    text: str = ""
    """As written, without the command; "" when only the command came. Never kept of a complaint."""
    name_hidden: bool = False
    commanded: bool = False
    """The person said by a command or by choosing that it is a petition; otherwise it is asked."""


@dataclass(frozen=True, slots=True)
class PetitionMeaning(Wish):
    """``KN`` may be a petition or a complaint in the sense of its law: which?"""

    text: str = ""


class PetitionAction(StrEnum):
    """What to do with a petition already sent, or in the making."""

    ADD = "add"
    REOPEN = "reopen"
    SUBMIT = "submit"


@dataclass(frozen=True, slots=True)
class PetitionStatus(Wish):
    """How does my petition stand? With an action: do this with it."""

    action: PetitionAction | None = None
    text: str = ""
    """What to add, or why to look again."""


class PetitionStep(StrEnum):
    """What else a person can do with a petition."""

    WRITE = "write"
    """Words that belong to the draft."""
    DROP = "drop"
    """Give the draft up."""
    LIST = "list"
    """Which are mine? While one is being written: what have I written?"""
    ANSWER = "answer"
    """The whole answer."""
    WITHDRAW = "withdraw"
    SETTLED = "settled"
    """The answer settles the matter."""
    HIDE_NAME = "hide_name"
    PUBLISH = "publish"
    CATEGORY = "category"
    """Another field, whose code is the text."""
    OTHER_MATTER = "other_matter"
    """Not the same as the petition that it was added to."""
    SPLIT = "split"
    """Each matter of the draft as a petition of its own."""
    TOGETHER = "together"
    """All matters of the draft as one petition."""
    ATTACH = "attach"
    """Photos sent before belong to it; without a code to a new one. The text holds their references, one in each line."""
    SKIP = "skip"
    """Nothing after all."""


@dataclass(frozen=True, slots=True)
class HandlePetition(Wish):
    """Do this with the petition named, or with the draft."""

    step: PetitionStep
    text: str = ""
    confirmed: bool = False
    """The person was asked."""


@dataclass(frozen=True, slots=True)
class Rate(Wish):
    """How satisfied the person is."""

    score: int | None = None
    """1 (very dissatisfied) to 5 (very satisfied); None when no such number was given."""
    comment: str = ""
    is_wrong: bool = False
    """Something stands in the place of the score that is none."""
    counter: str = ""
    """``3`` or ``H05.22-3``: the counter that is rated."""


@dataclass(frozen=True, slots=True)
class ExplainRating(Wish):
    """Why somebody is not satisfied, which we asked."""

    text: str = ""
    """"" when it is not told."""


class ProcedureFacet(StrEnum):
    """What about a procedure is asked."""

    DOCUMENTS = "documents"
    FEE = "fee"
    TIME = "time"
    WHERE = "where"
    HOW = "how"
    ONLINE = "online"
    FORM = "form"
    ELIGIBILITY = "eligibility"


@dataclass(frozen=True, slots=True)
class ProcedureQuestion(Wish):
    """How something is done at the administration."""

    question: str
    facet: ProcedureFacet = ProcedureFacet.HOW
    chosen: str | None = None
    """Code of the procedure when the person chose it by number."""


class OfficeFacet(StrEnum):
    """What about an office is asked."""

    HOURS = "hours"
    ADDRESS = "address"
    HOTLINE = "hotline"


@dataclass(frozen=True, slots=True)
class OfficeQuestion(Wish):
    """When, where and under which number an office is reached."""

    facet: OfficeFacet = OfficeFacet.HOURS
    place: str = ""
    """The question as written: the agency or ward stands somewhere in it."""
    agency: str | None = None
    """Code of the agency when the person chose it by number."""


class QueueAction(StrEnum):
    """What to do about a turn at the counter."""

    TAKE = "take"
    STATUS = "status"
    CANCEL = "cancel"
    CHANGE = "change"


@dataclass(frozen=True, slots=True)
class QueueTicket(Wish):
    """A turn at the counter."""

    action: QueueAction = QueueAction.STATUS
    place: str = ""
    """The text as written: the agency or ward, and the number drawn, stand somewhere in it."""
    agency: str | None = None
    """Code of the agency when the person chose it by number."""


@dataclass(frozen=True, slots=True)
class TalkToPerson(Wish):
    """An officer should write or call."""

    phone: str | None = None
    """The number to call back, canonical, when one was typed."""


@dataclass(frozen=True, slots=True)
class LinkOfficer(Wish):
    """Join (or part) this account and another one, of an officer or of a citizen."""

    token: str | None = None
    """Six digits, or the token of a deep link."""


@dataclass(frozen=True, slots=True)
class Unlink(Wish):
    """This account stands alone again."""

    confirmed: bool = False
    """The person was asked."""


@dataclass(frozen=True, slots=True)
class ChoosePushAccount(Wish):
    """Messages unasked come here from now on."""


class DataAction(StrEnum):
    """The rights of a person over the data kept of him or her."""

    ACCESS = "access"
    DELETE = "delete"
    CORRECT = "correct"
    WITHDRAW = "withdraw"


@dataclass(frozen=True, slots=True)
class DataRequest(Wish):
    """What is kept about me?"""

    action: DataAction = DataAction.ACCESS
    token: str | None = None
    """The code that confirms an erasure."""


@dataclass(frozen=True, slots=True)
class Despair(Wish):
    """Somebody may want to take his own life: who can be called now, and nothing else."""


@dataclass(frozen=True, slots=True)
class Insult(Wish):
    """Insults without a matter."""


@dataclass(frozen=True, slots=True)
class OutOfScope(Wish):
    """Nothing that an administration does, and chatter."""

    body: str | None = None
    """``court``, ``bank`` …: who else does it."""


ServedWish = (
    Subscribe
    | Unsubscribe
    | ListFollowed
    | NewPetition
    | PetitionMeaning
    | PetitionStatus
    | HandlePetition
    | Rate
    | ExplainRating
    | ProcedureQuestion
    | OfficeQuestion
    | QueueTicket
    | TalkToPerson
    | LinkOfficer
    | Unlink
    | ChoosePushAccount
    | DataRequest
    | Despair
    | Insult
    | OutOfScope
)
"""All of these but a change of language, which is granted at once."""
