"""The thread of a person as the desk shows it: which messages belong to it, what they say, what became of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import BigInteger, Boolean, Integer, LargeBinary, delete, select

from bot.model import ChannelName, MessageId, OutboundKind
from bot.store import people
from bot.store.keys import from_micros
from bot.store.port import OutboundState
from bot.store.port_conversations import ThreadLine
from bot.store.schema import inbox, outbox
from bot.store.schema_conversations import thread_line
from bot.store.statements import Plan, Row, Statement, adding, given, rows_of

_line = given(id=BigInteger(), contact=LargeBinary(), is_theirs=Boolean())
ADD = Statement(_line, adding(thread_line, _line).on_conflict_do_nothing())
_people = given(contact=LargeBinary())
FORGET = Statement(_people, delete(thread_line).where(thread_line.c.contact.in_(select(_people.c.contact))))
_wish = given(person=LargeBinary(), before=BigInteger(), most=Integer())
_person = select(_wish.c.person).scalar_subquery()
_earlier = (
    people.is_of(thread_line.c.contact, _person),
    thread_line.c.id < select(_wish.c.before).scalar_subquery(),
)
_most = select(_wish.c.most).scalar_subquery()
THEIRS = Statement(
    _wish,
    select(inbox.c.id, inbox.c.received_at, inbox.c.channel, inbox.c.text)
    .join_from(thread_line, inbox, inbox.c.id == thread_line.c.id)
    .where(*_earlier)
    .order_by(thread_line.c.id.desc())
    .limit(_most),
)
OURS = Statement(
    _wish,
    select(outbox.c.id, outbox.c.created_at, outbox.c.channel, outbox.c.text, outbox.c.state, outbox.c.kind)
    .join_from(thread_line, outbox, outbox.c.id == thread_line.c.id)
    .where(*_earlier)
    .order_by(thread_line.c.id.desc())
    .limit(_most),
)
NEWEST = (1 << 63) - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """Whose lines, how many, before which."""

    person: bytes
    limit: int
    before: int | None


def lines(wish: Thread) -> Plan[list[ThreadLine]]:
    """The newest ones, oldest first."""
    row = (wish.person, NEWEST if wish.before is None else wish.before, wish.limit)
    theirs = yield from rows_of(THEIRS, [row])
    ours = yield from rows_of(OURS, [row])
    found = sorted([*map(_theirs, theirs), *map(_ours, ours)], key=lambda line: line.id)
    return found[-wish.limit :]


def add(shown: Sequence[tuple[int, bytes, bool]]) -> Plan[None]:
    """These messages belong to the threads of these accounts; true for those that people wrote."""
    yield from rows_of(ADD, shown)


def _theirs(row: Row) -> ThreadLine:
    key, at, channel, text = row
    return ThreadLine(id=MessageId(key), at=from_micros(at), channel=ChannelName(channel), text=text, state=None)


def _ours(row: Row) -> ThreadLine:
    key, at, channel, text, state, kind = row
    return ThreadLine(
        id=MessageId(key),
        at=from_micros(at),
        channel=ChannelName(channel),
        text=text,
        state=OutboundState(state),
        kind=OutboundKind(kind),
    )
