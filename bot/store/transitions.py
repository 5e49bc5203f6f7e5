"""The rules of the store without any SQL: which state follows which, what is a repeat, what a decision leaves behind."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, assert_never

from bot.conversations import KeepConversation
from bot.intent import (
    MOST_PROMISES,
    Ask,
    AskForRating,
    DropTicket,
    ForgetQuestion,
    KeepRating,
    KeepTicket,
    PromiseAnswer,
    RecordLookUp,
    RecordVerification,
    SetLanguage,
    SetOptOut,
    SetQuiet,
    SetUnreachable,
    Write,
)
from bot.linking import LinkingWrite
from bot.model import Contact, InboundPart, MessageId, OutboundKind, Question, ReceiptState
from bot.petitions.writes import PetitionWrite
from bot.store.port import InboundState, OutboundState

MAX_CLAIMS = 5
MAX_ATTEMPTS = 4
"""The first send and three more."""
REPEAT_ALWAYS = timedelta(seconds=30)
REPEAT_UNANSWERED = timedelta(seconds=120)
PART_REPEAT = timedelta(minutes=10)
PROMISE_VALID = timedelta(hours=24)
LATE_ORDINAL = 10
NEAR_ORDINAL = 20
"""Of the notice that a turn is near: to a message that took a ticket there is one, whatever happens."""
EARLY_RECEIPT = timedelta(minutes=10)
"""How long a receipt waits for the response that names its part; operators use their ids again."""
MOST_CODES = 20
CODES_KEPT = timedelta(days=90)
CODES_KEPT_MICROSECONDS = CODES_KEPT // timedelta(microseconds=1)

SETTINGS = (SetLanguage, SetOptOut, SetQuiet, SetUnreachable)
ABOUT_CODES = (RecordLookUp, PromiseAnswer)
"""Tuples: a union takes ``isinstance`` several times as long, and every decision is looked through."""

INBOUND_OF_DEAD_OWNER = {InboundState.CLAIMED: InboundState.RECEIVED}
OUTBOUND_OF_DEAD_OWNER = {OutboundState.SENDING: OutboundState.IN_DOUBT}
"""Never back to ``ready``: octets may have left."""


# --- what arrives


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """A stored message with the same content."""

    id: MessageId
    received_at: datetime
    session_open: bool
    """The connection it came on still stands, so our answer to the peer did arrive there."""


def is_repeat(received_at: datetime, earlier: Earlier, asked_at: datetime | None) -> bool:
    """Whether a message is the earlier one sent again by its peer. *asked_at*: our pending question to this person."""
    if asked_at is not None and asked_at > earlier.received_at:
        return False
    age = abs(received_at - earlier.received_at)
    return age < REPEAT_ALWAYS or (age < REPEAT_UNANSWERED and not earlier.session_open)


def session_epoch(session: str) -> int | None:
    """Which process held the connection of this name; None when it had none."""
    epoch, _, _ = session.partition(":")
    return int(epoch) if epoch.isdigit() else None


def session_is_open(session: str, own_epoch: int, own_sessions: Collection[str], live_epochs: Collection[int]) -> bool:
    """Whether the connection stands: ours are known, those of other living processes are believed to."""
    epoch = session_epoch(session)
    if epoch is None:
        return False
    if epoch == own_epoch:
        return session in own_sessions
    return epoch in live_epochs


def state_on_arrival(*, duplicate: bool, ignored: bool, claim: bool, person_busy: bool) -> InboundState:
    """Repeats and ignored messages are done at once; a person's earlier open message keeps the next one waiting."""
    if duplicate or ignored:
        return InboundState.DONE
    return InboundState.CLAIMED if claim and not person_busy else InboundState.RECEIVED


def state_after_release(claims: int) -> InboundState:
    """A message that broke its handling too often is set aside."""
    return InboundState.PARKED if claims >= MAX_CLAIMS else InboundState.RECEIVED


# --- parts of long texts


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedGroup:
    """What is known of a group with the key of a part that arrives."""

    id: MessageId
    opened_at: datetime
    finished: bool
    hashes: dict[int, bytes]
    """Content hash by index."""


def is_repeated_part(part: InboundPart, groups: Iterable[OpenedGroup]) -> bool:
    """Whether the same octets were stored at the same place a short while ago."""
    return any(group.hashes.get(part.index) == part.content_hash for group in _recent(part, groups))


def group_of_part(part: InboundPart, groups: Iterable[OpenedGroup]) -> MessageId | None:
    """The newest group that misses this part, finished or not; None: it opens a new one."""
    missing = [group for group in _recent(part, groups) if part.index not in group.hashes]
    return max((group.id for group in missing), default=None)


def _recent(part: InboundPart, groups: Iterable[OpenedGroup]) -> list[OpenedGroup]:
    return [group for group in groups if abs(part.received_at - group.opened_at) < PART_REPEAT]


# --- what is decided


def question_after(asked: Question | None, writes: Sequence[Write]) -> Question | None:
    """What we wait for an answer to after a decision."""
    for write in writes:
        if isinstance(write, Ask):
            asked = write.question
        elif isinstance(write, ForgetQuestion):
            asked = None
    return asked


def settings_after(contact: Contact, writes: Sequence[Write]) -> Contact:
    """A contact after a decision with what each account has for itself."""
    changes: dict[str, Any] = {}
    for write in writes:
        changes |= _settings(write)
    return replace(contact, **changes)


def _settings(write: Write) -> dict[str, Any]:
    if isinstance(write, LinkingWrite | PetitionWrite | KeepConversation):
        return {}
    match write:
        case SetLanguage(language):
            return {"language": language}
        case SetOptOut(opted_out_at):
            return {"opted_out_at": opted_out_at}
        case SetQuiet(until):
            return {"quiet_until": until}
        case SetUnreachable(unreachable_at):
            return {"unreachable_at": unreachable_at}
        case Ask() | ForgetQuestion() | RecordLookUp() | RecordVerification() | PromiseAnswer():
            return {}
        case KeepTicket() | DropTicket() | AskForRating() | KeepRating():
            return {}
        case _:
            assert_never(write)


def sets(writes: Sequence[Write]) -> bool:
    """Whether something changes that each account has for itself."""
    return any(isinstance(write, SETTINGS) for write in writes)


KnownCode = tuple[str, int]
"""A code that a person looked up and that exists, with the time in microseconds."""


def known_codes(known: Sequence[KnownCode], writes: Sequence[Write], at: int) -> list[KnownCode]:
    """What is remembered after a decision, newest first: each code once, not too many, none for too long."""
    found = [write.code for write in writes if isinstance(write, RecordLookUp) and write.found]
    newest = dict.fromkeys(reversed(found), at)
    since = at - CODES_KEPT_MICROSECONDS
    older = {code: then for code, then in known if code not in newest and then >= since}
    return list((newest | older).items())[:MOST_CODES]


def codes_of(writes: Sequence[Write]) -> list[str]:
    """The codes that a message was about, each once, in order."""
    return list(dict.fromkeys([write.code for write in writes if isinstance(write, ABOUT_CODES)]))


def opts_out(writes: Sequence[Write]) -> bool:
    """Whether the person wants to be left alone from now on: then nothing is owed any more."""
    return any(isinstance(write, SetOptOut) and write.at is not None for write in writes)


def promises_to_make(writes: Sequence[Write], owed: Collection[str]) -> list[tuple[int, PromiseAnswer]]:
    """The new promises with their ordinals: one open for a code, at most three for a person."""
    wanted = [write for write in writes if isinstance(write, PromiseAnswer)]
    made: list[tuple[int, PromiseAnswer]] = []
    codes = set(owed)
    for place, write in enumerate(wanted):
        if write.code not in codes and len(codes) < MOST_PROMISES:
            codes.add(write.code)
            made.append((LATE_ORDINAL + place, write))
    return made


# --- what leaves


def state_after_failure(wanted: OutboundState, attempts: int) -> OutboundState:
    """A message waits for another send only while it has attempts left."""
    if wanted is OutboundState.READY and attempts >= MAX_ATTEMPTS:
        return OutboundState.FAILED
    return wanted


def may_send_again(kind: OutboundKind, *, possible_duplicate: bool) -> bool:
    """Whether a message in doubt may be sent once more: never a one-time code, and nothing a third time."""
    return kind is not OutboundKind.ONE_TIME_CODE and not possible_duplicate


RANK = {ReceiptState.UNKNOWN: 0, ReceiptState.ACCEPTED: 1, ReceiptState.FAILED: 2, ReceiptState.DELIVERED: 3}


def settle(known: ReceiptState, news: ReceiptState) -> ReceiptState:
    """Receipts arrive late and out of order; a part's state never moves backwards."""
    return news if RANK[news] > RANK[known] else known


RECEIVABLE = frozenset({OutboundState.SENT, OutboundState.IN_DOUBT, OutboundState.UNDELIVERED, OutboundState.EXPIRED})
"""Those of which parts may be on a phone; what expired unsent has no part that a receipt could name."""


def state_after_receipt(known: OutboundState, parts: Sequence[ReceiptState], expected: int) -> OutboundState:
    """The state of a message whose parts are in these states: delivered with its last part, undelivered with one lost."""
    if known not in RECEIVABLE:
        return known
    if len(parts) >= expected and parts.count(ReceiptState.DELIVERED) == len(parts):
        return OutboundState.DELIVERED
    if ReceiptState.FAILED in parts:
        return OutboundState.UNDELIVERED
    return known
