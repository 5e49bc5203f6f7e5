"""Conversations of the web chat, read for the browser that comes back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import BigInteger, Integer, LargeBinary, or_, select

from bot.events import Event
from bot.mailbox import Line
from bot.model import MessageId
from bot.store.extras import extras_of
from bot.store.keys import from_micros
from bot.store.port import OutboundState
from bot.store.schema import inbox, inbox_is_of_mailbox, outbox, outbox_is_of_mailbox
from bot.store.statements import Plan, Row, Rows, Statement, given, rows_of

_NEVER_TOLD = [state.value for state in (OutboundState.FAILED, OutboundState.EXPIRED, OutboundState.SUPPRESSED)]
_NOT_DELIVERED = [
    state.value for state in (OutboundState.READY, OutboundState.SENDING, OutboundState.SENT, OutboundState.IN_DOUBT)
]
_OURS = (outbox.c.contact, outbox.c.id, outbox.c.text, outbox.c.created_at, outbox.c.extras, inbox.c.external_id)
_wish = given(contact=LargeBinary(), after=BigInteger(), most=Integer())
_contact = select(_wish.c.contact).scalar_subquery()
_after = select(_wish.c.after).scalar_subquery()
_most = select(_wish.c.most).scalar_subquery()
OURS = Statement(
    _wish,
    select(*_OURS)
    .outerjoin_from(outbox, inbox, inbox.c.id == outbox.c.reply_to)
    .where(
        outbox.c.contact == _contact,
        outbox_is_of_mailbox,
        outbox.c.state.not_in(_NEVER_TOLD),
        or_(outbox.c.id > _after, outbox.c.state.in_(_NOT_DELIVERED)),
    )
    .order_by(outbox.c.id.desc())
    .limit(_most),
)
THEIRS = Statement(
    _wish,
    select(inbox.c.id, inbox.c.text, inbox.c.received_at, inbox.c.external_id, inbox.c.event)
    .where(inbox.c.contact == _contact, inbox_is_of_mailbox, inbox.c.id > _after, inbox.c.dup_of.is_(None))
    .order_by(inbox.c.id.desc())
    .limit(_most),
)
_present = given(contact=LargeBinary(), most=Integer())
UNDELIVERED = Statement(
    _present,
    select(*_OURS)
    .outerjoin_from(outbox, inbox, inbox.c.id == outbox.c.reply_to)
    .where(outbox.c.contact.in_(select(_present.c.contact)), outbox_is_of_mailbox, outbox.c.state.in_(_NOT_DELIVERED))
    .order_by(outbox.c.id)
    .limit(select(_present.c.most).limit(1).scalar_subquery()),
)
_named = given(contact=LargeBinary(), id=BigInteger())
WRITTEN_TO = Statement(
    _named,
    select(outbox.c.id).join_from(
        _named, outbox, (outbox.c.id == _named.c.id) & (outbox.c.contact == _named.c.contact)
    ),
)

OpenEvent = Callable[[bytes | None], Event | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """Whose lines, later than which, and how many."""

    contact: bytes
    after: int
    most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Present:
    """Who is connected."""

    contacts: tuple[bytes, ...]
    most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Lines that somebody claims to have been written to."""

    contact: bytes
    ids: tuple[MessageId, ...]


def lines(wish: Conversation) -> Plan[tuple[Rows, Rows]]:
    """The rows of ``OURS`` and ``THEIRS``."""
    row = (wish.contact, wish.after, wish.most)
    ours = yield from rows_of(OURS, [row])
    theirs = yield from rows_of(THEIRS, [row])
    return ours, theirs


def undelivered(wish: Present) -> Plan[Rows]:
    """The rows of ``UNDELIVERED``."""
    return (yield from rows_of(UNDELIVERED, [(contact, wish.most) for contact in wish.contacts]))


def written_to(wish: Named) -> Plan[frozenset[MessageId]]:
    """Those of the ids that are lines of ours to the contact."""
    rows = yield from rows_of(WRITTEN_TO, [(wish.contact, key) for key in wish.ids])
    return frozenset(MessageId(row[0]) for row in rows)


def newest(ours: Rows, theirs: Rows, most: int, opened: OpenEvent) -> Sequence[Line]:
    """Both ways, oldest first."""
    told = [ours_of(row) for row in ours] + [_theirs_of(row, opened) for row in theirs]
    return sorted(told, key=lambda line: line.id)[-most:]


def ours_of(row: Row) -> Line:
    """What a row of ``OURS`` or ``UNDELIVERED`` says."""
    _, key, text, created_at, extras, external_id = row
    return Line(
        id=MessageId(key),
        is_ours=True,
        text=text,
        at=from_micros(created_at),
        external_id=external_id or "",
        buttons=extras_of(extras).buttons,
    )


def _theirs_of(row: Row, opened: OpenEvent) -> Line:
    key, text, received_at, external_id, event = row
    return Line(
        id=MessageId(key),
        is_ours=False,
        text=text,
        at=from_micros(received_at),
        external_id=external_id or "",
        event=opened(event),
    )
