"""What can be done to a petition. One shape for each event of the table in ``transitions.py``."""

from dataclasses import dataclass
from datetime import datetime

from bot.model import Destination
from bot.petitions.record import Confidentiality, Draft, StoredFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Submit:
    """The draft becomes a petition."""

    draft: Draft
    code: str
    person: bytes
    """The home account of the sender."""
    category: str
    dossier: str | None = None
    """Code of the dossier that it is about."""
    agency: str = ""
    """Set by a routing rule: then it is assigned at once."""
    on_behalf: bool = False
    """Written down by the reception office for somebody at the phone or counter."""
    is_abusive: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Assign:
    """To an agency, and an officer there if one is named."""

    agency: str
    officer: int | None = None
    category: str = ""
    """"" keeps it."""
    by_rule: bool = False


@dataclass(frozen=True, slots=True)
class Accept:
    """An officer takes it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnToReception:
    """Not ours: back to be sorted."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """To another agency of the province."""

    agency: str
    officer: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskCitizen:
    """A question; the answer clock stands still meanwhile."""

    question: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AddInformation:
    """The citizen adds something, in any state: it always reaches an officer."""

    text: str
    files: tuple[StoredFile, ...] = ()
    told_at: tuple[Destination, ...] = ()


@dataclass(frozen=True, slots=True)
class RemindCitizen:
    """The question is still open a working day before its limit."""


@dataclass(frozen=True, slots=True)
class LimitPassed:
    """The citizen did not answer in time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Extend:
    """More time, once."""

    until: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class TellLate:
    """The citizen is told that the answer is late, with an apology."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeAnswer:
    """An answer that the lead has to approve."""

    text: str
    summary: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnProposal:
    """The lead wants it otherwise."""

    comment: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SendAnswer:
    """The answer goes out; to everybody whose petition was merged into this one too."""

    text: str
    summary: str
    files: tuple[StoredFile, ...] = ()
    despite_personal_data: str = ""
    """The reason to send although the check found personal data; "" when it found none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Close:
    """Satisfied, or nothing was said for five working days."""

    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rated:
    """The citizen's score of the answer."""

    score: int
    settled: bool | None = None
    """What was said to "does this settle the matter?"; None when not asked or "partly"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopen:
    """Not settled."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reject:
    """Not accepted, for a reason of the list."""

    reason: str
    """Key of ``REASONS`` in ``bot.petitions.rejections``."""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Disagree:
    """The citizen disagrees with a rejection: once, another reviewer looks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forward:
    """To a body outside the province."""

    body: str
    number: str = ""
    """The other system's number; may be added later by the same command."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """Into the case of another petition."""

    case: str


@dataclass(frozen=True, slots=True)
class Unmerge:
    """A matter of its own after all."""


@dataclass(frozen=True, slots=True)
class Withdraw:
    """The citizen takes it back."""


@dataclass(frozen=True, slots=True)
class MarkSpam:
    """First person: proposed; another person confirms."""


@dataclass(frozen=True, slots=True)
class RestoreSpam:
    """It was none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddNote:
    """For officers only; the state stays."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Recategorise:
    """Another field; the due date told stays."""

    category: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """Show it to the public, with this redacted text."""

    public_text: str
    """"" takes it back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetConfidentiality:
    """The sender chose again."""

    confidentiality: Confidentiality


Command = (
    Submit
    | Assign
    | Accept
    | ReturnToReception
    | Transfer
    | AskCitizen
    | AddInformation
    | RemindCitizen
    | LimitPassed
    | Extend
    | TellLate
    | ProposeAnswer
    | ReturnProposal
    | SendAnswer
    | Close
    | Rated
    | Reopen
    | Reject
    | Disagree
    | Forward
    | Merge
    | Unmerge
    | Withdraw
    | MarkSpam
    | RestoreSpam
    | AddNote
    | Recategorise
    | Release
    | SetConfidentiality
)
"""All of these."""
