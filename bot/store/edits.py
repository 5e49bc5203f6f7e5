"""Messages that were edited: an edit takes the place of one that waits, and is told from one that was answered."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import LargeBinary, Text, and_, select, update

from bot.model import Charge, Original
from bot.store.extras import extras_of
from bot.store.keys import from_micros
from bot.store.port import InboundState
from bot.store.schema import inbox, inbox_is_of_telegram, inbox_is_waiting, outbox
from bot.store.statements import Plan, Row, Statement, given, rows_of

_edited = given(contact=LargeBinary(), reply_key=Text())
_same_message = (inbox_is_of_telegram, inbox.c.reply_key == _edited.c.reply_key, inbox.c.contact == _edited.c.contact)
REPLACE = Statement(
    _edited,
    update(inbox).where(*_same_message, inbox_is_waiting).values(state=InboundState.DONE.value, ignored="edited"),
)
_named = select(_edited.c.reply_key).scalar_subquery()
_whose = select(_edited.c.contact).scalar_subquery()
ORIGINAL = Statement(
    _edited,
    select(inbox.c.text, outbox.c.created_at, outbox.c.extras)
    .outerjoin_from(inbox, outbox, and_(outbox.c.reply_to == inbox.c.id, outbox.c.ordinal == 0))
    .where(
        inbox_is_of_telegram,
        inbox.c.reply_key == _named,
        inbox.c.contact == _whose,
        inbox.c.state == InboundState.DONE.value,
        inbox.c.dup_of.is_(None),
    )
    .order_by(inbox.c.id.desc())
    .limit(1),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A message of an account by the channel's own name of it."""

    contact: bytes
    reply_key: str


def replace_waiting(edits: Sequence[Row]) -> Plan[None]:
    """Nobody has read these yet: their edits, which arrive now, are read instead."""
    yield from rows_of(REPLACE, edits)


def original(named: Named) -> Plan[Original | None]:
    """What became of the message before it was edited just now."""
    rows = yield from rows_of(ORIGINAL, [(named.contact, named.reply_key)])
    if not rows:
        return None
    text, answered_at, extras = rows[0]
    is_answered = answered_at is not None and extras_of(extras).charge is Charge.ANSWERED
    return Original(text=text, answered_at=from_micros(answered_at) if is_answered else None)
