"""What leaves: writing messages, taking them to a route, recording what became of the send."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BigInteger, Boolean, Integer, LargeBinary, Text, exists, false, select, update
from sqlalchemy.dialects.sqlite import insert

from bot.model import Address, MessageId, OutboundKind, OutboundMessage
from bot.store.extras import extras_of, extras_text
from bot.store.keys import from_micros, to_micros
from bot.store.port import NewOutbound, OutboundState
from bot.store.schema import attempt, contact, outbox, outbox_is_in_doubt, outbox_is_ready
from bot.store.statements import Plan, Row, Statement, adding, given, rows_of
from bot.store.transitions import may_send_again

_new = given(
    id=BigInteger(),
    contact=LargeBinary(),
    channel=Text(),
    source=Text(),
    route=Text(),
    text=Text(),
    kind=Text(),
    reply_to=BigInteger(),
    ordinal=Integer(),
    segments=Integer(),
    created_at=BigInteger(),
    expires_at=BigInteger(),
    possible_duplicate=Boolean(),
    state=Text(),
    owner=BigInteger(),
    due=BigInteger(),
    attempts=Integer(),
    tries=Integer(),
    extras=Text(),
)
ADD = Statement(
    _new,
    adding(outbox, _new).on_conflict_do_nothing(
        index_elements=["reply_to", "ordinal"], index_where=outbox.c.reply_to.is_not(None)
    ),
)
_started = given(outbox=BigInteger(), number=Integer(), owner=BigInteger(), started_at=BigInteger())
START = Statement(
    _started,
    insert(attempt).from_select(
        [item.name for item in _started.columns],
        select(*_started.columns).where(exists().where(outbox.c.id == _started.c.outbox)),
    ),
)

STATE_OF_NEW = (OutboundState.READY.value, OutboundState.SENDING.value)
"""By whether it leaves at once."""


def new_row(new: NewOutbound, person: bytes, epoch: int, at: datetime) -> Row:
    """The row of ``ADD``."""
    message = new.message
    sent = 1 if new.sending else 0
    return (
        message.id,
        person,
        str(message.to.channel),
        message.source,
        message.route,
        message.text,
        str(message.kind),
        message.reply_to,
        message.ordinal,
        message.segments,
        to_micros(message.created_at),
        to_micros(message.expires_at),
        message.possible_duplicate,
        STATE_OF_NEW[new.sending],
        epoch if new.sending else None,
        to_micros(at),
        sent,
        sent,
        extras_text(message),
    )


def start_row(new: NewOutbound, epoch: int, at: datetime) -> Row:
    """The row of ``START`` for a message that leaves at once."""
    return new.message.id, 1, epoch, to_micros(at)


def write(rows: Sequence[Row], started: Sequence[Row]) -> Plan[None]:
    """Insert messages, and the first attempt of those that leave at once. A reply that exists is not written again."""
    yield from rows_of(ADD, rows)
    yield from rows_of(START, started)


# --- taking


@dataclass(frozen=True, slots=True, kw_only=True)
class Take:
    """A route's wish for messages."""

    route: str
    limit: int
    now: datetime
    epoch: int
    in_doubt_before: datetime | None = None
    """Set: those in doubt since before then, to send once more; else those that are ready."""


_wish = given(route=Text(), now=BigInteger(), before=BigInteger(), most=Integer())
_of_route = outbox.c.route == select(_wish.c.route).scalar_subquery()
_valid = outbox.c.expires_at > select(_wish.c.now).scalar_subquery()
_most = select(_wish.c.most).scalar_subquery()
EXPIRED = Statement(
    _wish,
    select(outbox.c.id)
    .where(outbox_is_ready, _of_route, ~_valid)
    .order_by(outbox.c.due, outbox.c.id)
    .limit(_most)
    .with_for_update(skip_locked=True),
)
READY = Statement(
    _wish,
    select(outbox.c.id)
    .where(outbox_is_ready, _of_route, _valid, outbox.c.due <= select(_wish.c.now).scalar_subquery())
    .order_by(outbox.c.due, outbox.c.id)
    .limit(_most)
    .with_for_update(skip_locked=True),
)
IN_DOUBT = Statement(
    _wish,
    select(outbox.c.id)
    .where(
        outbox_is_in_doubt,
        _of_route,
        _valid,
        outbox.c.due < select(_wish.c.before).scalar_subquery(),
        outbox.c.possible_duplicate == false(),
        outbox.c.kind.in_([kind.value for kind in OutboundKind if may_send_again(kind, possible_duplicate=False)]),
    )
    .order_by(outbox.c.due)
    .limit(_most)
    .with_for_update(skip_locked=True),
)
_over = given(now=BigInteger(), most=Integer())
OLD_DOUBTS = Statement(
    _over,
    select(outbox.c.id)
    .where(outbox_is_in_doubt, outbox.c.expires_at <= select(_over.c.now).scalar_subquery())
    .limit(select(_over.c.most).scalar_subquery())
    .with_for_update(skip_locked=True),
)
_ids = given(id=BigInteger())
EXPIRE = Statement(
    _ids,
    update(outbox).where(outbox.c.id.in_(select(_ids.c.id))).values(state=OutboundState.EXPIRED.value, error="expired"),
)
_taken = given(id=BigInteger(), epoch=BigInteger(), again=Boolean())
TAKE = Statement(
    _taken,
    update(outbox)
    .where(outbox.c.id == _taken.c.id)
    .values(
        state=OutboundState.SENDING.value,
        owner=_taken.c.epoch,
        attempts=outbox.c.attempts + 1,
        tries=outbox.c.tries + 1,
        possible_duplicate=outbox.c.possible_duplicate | _taken.c.again,
    ),
)
_begun = given(id=BigInteger(), started_at=BigInteger())
BEGIN = Statement(
    _begun,
    insert(attempt).from_select(
        ["outbox", "number", "owner", "started_at"],
        select(outbox.c.id, outbox.c.tries, outbox.c.owner, _begun.c.started_at).join_from(
            _begun, outbox, outbox.c.id == _begun.c.id
        ),
    ),
)
READ = Statement(
    _ids,
    select(
        contact.c.sealed,
        outbox.c.id,
        outbox.c.source,
        outbox.c.route,
        outbox.c.text,
        outbox.c.kind,
        outbox.c.reply_to,
        outbox.c.ordinal,
        outbox.c.segments,
        outbox.c.created_at,
        outbox.c.expires_at,
        outbox.c.possible_duplicate,
        outbox.c.due,
        outbox.c.attempts,
        outbox.c.extras,
    )
    .join_from(outbox, contact, contact.c.id == outbox.c.contact)
    .where(outbox.c.id.in_(select(_ids.c.id))),
)


def take(wishes: Sequence[Take]) -> Plan[list[list[Row]]]:
    """Messages of a route as ``READ`` gives them, now ``sending`` with an attempt; the longest due first."""
    results: list[list[Row]] = []
    for wish in wishes:
        again = wish.in_doubt_before is not None
        before = to_micros(wish.in_doubt_before or wish.now)
        row = (wish.route, to_micros(wish.now), before, wish.limit)
        if not again:
            expired = yield from rows_of(EXPIRED, [row])
            yield from rows_of(EXPIRE, [(key,) for (key,) in expired])
        found = yield from rows_of(IN_DOUBT if again else READY, [row])
        yield from rows_of(TAKE, [(key, wish.epoch, again) for (key,) in found])
        yield from rows_of(BEGIN, [(key, to_micros(wish.now)) for (key,) in found])
        rows = yield from rows_of(READ, [(key,) for (key,) in found])
        results.append(sorted(rows, key=lambda row: (row[12], row[1])))
    return results


@dataclass(frozen=True, slots=True, kw_only=True)
class OldDoubts:
    """A wish to end doubts that nobody can resolve in time."""

    now: datetime
    limit: int


def end_doubts(wishes: Sequence[OldDoubts]) -> Plan[list[int]]:
    """Rows in doubt past their validity become ``expired``; how many, for each wish."""
    results: list[int] = []
    for wish in wishes:
        found = yield from rows_of(OLD_DOUBTS, [(to_micros(wish.now), wish.limit)])
        yield from rows_of(EXPIRE, [(key,) for (key,) in found])
        results.append(len(found))
    return results


def message_of(row: Row, to: Address) -> OutboundMessage:
    """What a row of ``READ`` says, its address opened by the caller."""
    (
        _,
        key,
        source,
        route,
        text,
        kind,
        reply_to,
        ordinal,
        segments,
        created_at,
        expires_at,
        again,
        _,
        attempts,
        extras,
    ) = row
    found = extras_of(extras)
    return OutboundMessage(
        id=MessageId(key),
        to=to,
        source=source,
        route=route,
        text=text,
        kind=OutboundKind(kind),
        reply_to=reply_to,
        ordinal=ordinal,
        segments=segments,
        created_at=from_micros(created_at),
        expires_at=from_micros(expires_at),
        attempts=attempts,
        possible_duplicate=bool(again),
        buttons=found.buttons,
        template=found.template,
        reply_key=found.reply_key,
        charge=found.charge,
        letter=found.letter,
    )
