"""Conversations of people with officers: changed only as they were seen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import TypeAdapter
from sqlalchemy import BigInteger, Integer, LargeBinary, Text, case, null, or_, select, update

from bot.conversations import Conversation, ConversationState
from bot.errors import StoreError
from bot.model import Destination
from bot.store import alerts, counters, people
from bot.store.keys import from_micros, to_micros
from bot.store.petition_changes import Notices
from bot.store.petition_rows import Open, Seal
from bot.store.port_conversations import StaleConversation
from bot.store.schema_conversations import conversation, conversation_is_running
from bot.store.statements import Plan, Row, Rows, Statement, adding, given, rows_of

SERIES = "conversation"
TIMES = (
    "asked_at",
    "promised_at",
    "escalated_at",
    "last_citizen_at",
    "last_officer_at",
    "clock_at",
    "closed_at",
)
COLUMNS = tuple(conversation.columns)[1:]
"""What ``conversation_of`` reads, in its order."""
NAMES = tuple(column.name for column in COLUMNS)
_destination = TypeAdapter(Destination)

_row = given(**{column.name: column.type for column in conversation.columns})
_kept = adding(conversation, _row)
KEEP = Statement(
    _row,
    _kept.on_conflict_do_update(
        index_elements=["code"], set_={name: _kept.excluded[name] for name in NAMES if name not in {"code", "person"}}
    ),
)
_codes = given(code=Text())
SEEN = Statement(
    _codes,
    select(conversation.c.version)
    .where(conversation.c.code == select(_codes.c.code).scalar_subquery())
    .with_for_update(),
)
BY_CODE = Statement(_codes, select(*COLUMNS).where(conversation.c.code == select(_codes.c.code).scalar_subquery()))
_whose = given(person=LargeBinary())
_person = select(_whose.c.person).scalar_subquery()
OF_PERSON = Statement(
    _whose,
    select(*COLUMNS)
    .where(people.is_of(conversation.c.person, _person), conversation_is_running)
    .order_by(conversation.c.id.desc())
    .limit(1),
)
_wish = given(state=Text(), agency=Text(), taken_by=BigInteger(), most=Integer())
_wished = {column.name: select(column).scalar_subquery() for column in _wish.columns}
LISTS = {
    is_closed: Statement(
        _wish,
        select(*COLUMNS)
        .where(
            conversation.c.state == _wished["state"],
            or_(_wished["agency"] == "", conversation.c.agency == _wished["agency"]),
            or_(_wished["taken_by"].is_(None), conversation.c.taken_by == _wished["taken_by"]),
        )
        .order_by(conversation.c.asked_at.desc() if is_closed else conversation.c.asked_at)
        .limit(_wished["most"]),
    )
    for is_closed in (False, True)
}
_due = given(now=BigInteger(), most=Integer())
DUE = Statement(
    _due,
    select(*COLUMNS)
    .where(conversation.c.clock_at.is_not(None), conversation.c.clock_at <= select(_due.c.now).scalar_subquery())
    .order_by(conversation.c.clock_at)
    .limit(select(_due.c.most).scalar_subquery()),
)
_erased = given(person=LargeBinary(), at=BigInteger())
FORGET = Statement(
    _erased,
    update(conversation)
    .where(conversation.c.person == _erased.c.person)
    .values(
        person=null(),
        answers_to=b"",
        dossier=null(),
        clock_at=null(),
        closed_at=case((conversation_is_running, _erased.c.at), else_=conversation.c.closed_at),
        closed_because=case((conversation_is_running, "erased"), else_=conversation.c.closed_because),
        state=ConversationState.CLOSED.value,
        version=conversation.c.version + 1,
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A conversation as it is to be, made ready outside the writer."""

    code: str
    seen: int
    """The version that must be the stored one; 0: there must be none."""
    row: Row
    alerts: Sequence[alerts.Raised]
    ends: bool
    """Nothing has to be done about it any more."""


def step_of(
    key: int, before: Conversation | None, after: Conversation, seal: Seal, raised: Sequence[alerts.Raised]
) -> Step:
    """The step from one to the other."""
    seen = before.version if before else 0
    sealed = b"" if after.answers_to is None else seal(_destination.dump_json(after.answers_to))
    times = {name: _micros(getattr(after, name)) for name in TIMES}
    special = {"person": after.person or None, "answers_to": sealed, "version": seen + 1, "state": after.state.value}
    values = times | special
    row = tuple(values[name] if name in values else getattr(after, name) for name in NAMES)
    is_closed = after.state is ConversationState.CLOSED
    return Step(code=after.code, seen=seen, row=(key, *row), alerts=raised, ends=is_closed)


def is_current(step: Step) -> Plan[bool]:
    """Whether the step saw the stored version; the conversation stays locked."""
    stored = yield from rows_of(SEEN, [(step.code,)])
    return (stored[0][0] if stored else 0) == step.seen


def apply(step: Step, at: datetime) -> Plan[None]:
    """Store a step that is current."""
    yield from rows_of(KEEP, [step.row])
    if step.ends:
        yield from alerts.resolve([(step.code, None)], at)
    yield from alerts.raise_all(step.alerts, at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A step that no message asked for, with what is written to the person."""

    step: Step
    notices: Notices


def change(changes: Sequence[Change]) -> Plan[list[StoreError | None]]:
    """Store steps; ``StaleConversation`` for those that did not see the stored version."""
    results: list[StoreError | None] = []
    for item in changes:
        yield from item.notices.know_receivers()
        current = yield from is_current(item.step)
        if current:
            yield from apply(item.step, item.notices.at)
            yield from item.notices.write()
        results.append(None if current else StaleConversation(item.step.code))
    return results


def take_numbers(counts: Sequence[int]) -> Plan[list[int]]:
    """The next number of a conversation, for each."""
    numbers: list[int] = []
    for count in counts:
        number = yield from counters.take(SERIES, count)
        numbers.append(number)
    return numbers


def conversation_of(row: Row, opened: Open) -> Conversation:
    """The conversation in the values of ``COLUMNS``."""
    values = dict(zip(NAMES, row, strict=True))
    for name in TIMES:
        values[name] = None if values[name] is None else from_micros(values[name])
    sealed, person = bytes(values["answers_to"]), values["person"]
    values |= {
        "answers_to": _destination.validate_json(opened(sealed)) if sealed else None,
        "person": b"" if person is None else bytes(person),
        "state": ConversationState(values["state"]),
    }
    return Conversation(**values)


def by_code(code: str) -> Plan[Rows]:
    """The one with a code."""
    rows = yield from rows_of(BY_CODE, [(code,)])
    return rows


def of_person(person: bytes) -> Plan[Rows]:
    """The running one of a person."""
    rows = yield from rows_of(OF_PERSON, [(person,)])
    return rows


def in_state(wish: tuple[str, str, int | None, int]) -> Plan[Rows]:
    """State, agency, officer and how many."""
    rows = yield from rows_of(LISTS[wish[0] == ConversationState.CLOSED.value], [wish])
    return rows


def due(wish: tuple[int, int]) -> Plan[Rows]:
    """Since when, and how many."""
    rows = yield from rows_of(DUE, [wish])
    return rows


def _micros(moment: datetime | None) -> int | None:
    return None if moment is None else to_micros(moment)
