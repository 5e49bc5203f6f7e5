"""Questions to the store that change nothing; on SQLite they run beside the writer."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BigInteger, Integer, LargeBinary, Text, and_, func, select
from sqlalchemy.sql.elements import ColumnElement

from bot.model import ChannelName
from bot.store import people
from bot.store.decisions import OWED
from bot.store.keys import from_micros, to_micros
from bot.store.port import Answered, Answers, Figures, InboundState, OutboundState
from bot.store.schema import (
    contact,
    inbox,
    inbox_is_open,
    inbox_is_parked,
    outbox,
    outbox_is_in_doubt,
    outbox_is_ready,
    promise_is_open,
    verification,
)
from bot.store.statements import Plan, Statement, given, rows_of


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnCodes:
    """Whose codes, since when."""

    contact: bytes
    since: datetime
    limit: int


_own = given(contact=LargeBinary())
OWN_CODES = Statement(
    _own,
    select(contact.c.codes).where(contact.c.id == select(_own.c.contact).scalar_subquery()),
)


def own_codes(wish: OwnCodes) -> Plan[list[str]]:
    """Codes found by a contact, newest first."""
    rows = yield from rows_of(OWN_CODES, [(wish.contact,)])
    since = to_micros(wish.since)
    return [code for row in rows for code, at in people.codes_of(row[0]) if at >= since][: wish.limit]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tries:
    """Whose tries, on which dossier, since when."""

    contact: bytes
    code: str
    since: datetime


_tries = given(contact=LargeBinary(), code=Text(), since=BigInteger())


def _count_tries(column: "ColumnElement[str] | ColumnElement[bytes]", name: str) -> "ColumnElement[int]":
    return (
        select(func.count())
        .select_from(verification)
        .where(
            column == select(_tries.c[name]).scalar_subquery(),
            verification.c.at >= select(_tries.c.since).scalar_subquery(),
        )
        .scalar_subquery()
    )


TRIES = Statement(
    _tries,
    select(
        _count_tries(verification.c.code, "code").label("on_code"),
        _count_tries(verification.c.contact, "contact").label("by_contact"),
    ),
)


def tries(wish: Tries) -> Plan[tuple[int, int]]:
    """How often this dossier was tried by anybody, and any by this contact."""
    rows = yield from rows_of(TRIES, [(wish.contact, wish.code, to_micros(wish.since))])
    return rows[0][0], rows[0][1]


def owed_codes(contact: bytes) -> Plan[list[str]]:
    """The codes whose late answer this contact waits for."""
    rows = yield from rows_of(OWED, [(contact,)])
    return [code for _, code in rows]


_any = given(ignored=Integer())


def _count(*conditions: ColumnElement[bool]) -> "ColumnElement[int]":
    return select(func.count()).where(*conditions).scalar_subquery()


_oldest = select(func.min(inbox.c.received_at)).where(inbox_is_open).scalar_subquery()
FIGURES = Statement(
    _any,
    select(
        _count(inbox_is_open).label("inbound_open"),
        _oldest.label("oldest"),
        _count(inbox_is_parked).label("parked"),
        _count(outbox_is_ready).label("ready"),
        _count(outbox_is_in_doubt).label("in_doubt"),
        _count(promise_is_open).label("promises"),
    ),
)


def figures(now: datetime) -> Plan[Figures]:
    """Counts over the rows that are still open: the partial indexes hold no others."""
    rows = yield from rows_of(FIGURES, [(0,)])
    inbound_open, oldest, parked, ready, in_doubt, promises = rows[0]
    age = 0.0 if oldest is None else max(0.0, (now - from_micros(oldest)).total_seconds())
    return Figures(
        inbound_open=inbound_open,
        oldest_open_seconds=age,
        parked=parked,
        outbound_ready=ready,
        in_doubt=in_doubt,
        promises_open=promises,
    )


DIRECT_ANSWERS = 10
"""Ordinals below it are direct answers, those from it on late ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message by the channel's own id."""

    channel: ChannelName
    external_id: str


_message = given(channel=Text(), external_id=Text())
ANSWERS = Statement(
    _message,
    select(inbox.c.state, outbox.c.text, outbox.c.state.label("reply_state"))
    .outerjoin_from(inbox, outbox, and_(outbox.c.reply_to == inbox.c.id, outbox.c.ordinal < DIRECT_ANSWERS))
    .where(
        inbox.c.channel == select(_message.c.channel).scalar_subquery(),
        inbox.c.external_id == select(_message.c.external_id).scalar_subquery(),
        inbox.c.dup_of.is_(None),
    )
    .order_by(outbox.c.ordinal),
)


def answers(wish: Message) -> Plan[Answers]:
    """What became of a message."""
    rows = yield from rows_of(ANSWERS, [(wish.channel.value, wish.external_id)])
    replies = tuple(Answered(text=text, state=OutboundState(state)) for _, text, state in rows if state is not None)
    return Answers(state=InboundState(rows[0][0]) if rows else None, replies=replies)
