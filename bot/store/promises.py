"""Late answers that are owed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BigInteger, Integer, Text, func, select, update

from bot.intent import Write
from bot.model import Address, MessageId
from bot.store import outbox, people
from bot.store.decisions import VERIFICATIONS, kept_after, verification_rows
from bot.store.keys import from_micros, to_micros
from bot.store.port import NewOutbound, Promise
from bot.store.schema import contact, promise, promise_is_open
from bot.store.statements import Plan, Row, Rows, Statement, given, rows_of

PROMISE_COLUMNS = (
    promise.c.id,
    promise.c.reply_to,
    promise.c.ordinal,
    promise.c.code,
    promise.c.upstream,
    promise.c.source,
    promise.c.route,
    promise.c.asked_at,
    promise.c.valid_until,
)
_wish = given(upstream=Text(), now=BigInteger(), most=Integer(), since=BigInteger(), after=BigInteger())
_upstream = promise.c.upstream == select(_wish.c.upstream).scalar_subquery()
_now = select(_wish.c.now).scalar_subquery()
DUE = Statement(
    _wish,
    select(*people.COLUMNS, *PROMISE_COLUMNS)
    .join_from(promise, contact, contact.c.id == promise.c.contact)
    .where(
        promise_is_open,
        _upstream,
        promise.c.id > select(_wish.c.after).scalar_subquery(),
        promise.c.valid_until > _now,
        promise.c.asked_at >= select(_wish.c.since).scalar_subquery(),
    )
    .order_by(promise.c.id)
    .limit(select(_wish.c.most).scalar_subquery()),
)
EXPIRE = Statement(
    _wish,
    update(promise)
    .where(promise_is_open, _upstream, promise.c.valid_until <= _now)
    .values(state="expired", closed_at=_now),
)
_any = given(ignored=Integer())
OPEN = Statement(_any, select(promise.c.upstream, func.count()).where(promise_is_open).group_by(promise.c.upstream))
_ids = given(id=BigInteger())
STILL_OPEN = Statement(
    _ids, select(promise.c.id).where(promise.c.id.in_(select(_ids.c.id)), promise_is_open).with_for_update()
)
_closed = given(id=BigInteger(), state=Text(), closed_at=BigInteger())
CLOSE = Statement(
    _closed,
    update(promise).where(promise.c.id == _closed.c.id).values(state=_closed.c.state, closed_at=_closed.c.closed_at),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DuePromises:
    """A wish for what is owed."""

    upstream: str
    now: datetime
    limit: int
    asked_since: datetime | None = None
    after: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A promise to close, with its answer or as cancelled."""

    promise: Promise
    outbound: NewOutbound | None
    writes: tuple[Write, ...]
    ids: tuple[MessageId, ...]
    sealed: bytes
    at: datetime
    epoch: int


def due(wishes: Sequence[DuePromises]) -> Plan[list[Rows]]:
    """Open promises as ``DUE`` gives them, oldest first; those past their validity are closed."""
    results: list[Rows] = []
    for wish in wishes:
        since = to_micros(wish.asked_since) if wish.asked_since else 0
        row = (wish.upstream, to_micros(wish.now), wish.limit, since, wish.after)
        yield from rows_of(EXPIRE, [row])
        rows = yield from rows_of(DUE, [row])
        results.append(sorted(rows, key=lambda found: found[people.WIDTH]))
    return results


def keep(kept: Sequence[Kept]) -> Plan[list[bool]]:
    """Close promises; False for those closed meanwhile."""
    results: list[bool] = []
    for item in kept:
        done = yield from _keep(item)
        results.append(done)
    return results


def _keep(item: Kept) -> Plan[bool]:
    person = item.promise.contact
    locked = yield from people.load_or_add([(person.id, item.sealed)], to_micros(item.at))
    yield from rows_of(people.TOUCH, [(person.id, to_micros(item.at))])
    still_open = yield from rows_of(STILL_OPEN, [(item.promise.id,)])
    if not still_open:
        return False
    state = "cancelled" if item.outbound is None else "kept"
    yield from rows_of(CLOSE, [(item.promise.id, state, to_micros(item.at))])
    if item.outbound is not None:
        started = [outbox.start_row(item.outbound, item.epoch, item.at)] if item.outbound.sending else []
        yield from outbox.write([outbox.new_row(item.outbound, person.id, item.epoch, item.at)], started)
    if item.writes:
        row = yield from people.locked_home(locked[person.id])
        current = people.contact_of(row, person.address)
        yield from rows_of(people.KEEP, [kept_after(current, row[people.CODES], item.writes, item.at)])
        yield from rows_of(VERIFICATIONS, verification_rows(item.writes, item.ids, person.id, to_micros(item.at)))
    return True


def count_open(_: None) -> Plan[dict[str, int]]:
    """How many are owed, per upstream."""
    rows = yield from rows_of(OPEN, [(0,)])
    return {row[0]: row[1] for row in rows}


def promise_of(row: Row, address: Address) -> Promise:
    """What a row of ``DUE`` says, the address opened by the caller."""
    key, reply_to, ordinal, code, upstream, source, route, asked_at, valid_until = row[people.WIDTH :]
    return Promise(
        id=MessageId(key),
        contact=people.contact_of(row, address),
        reply_to=MessageId(reply_to),
        ordinal=ordinal,
        code=code,
        upstream=upstream,
        source=source,
        route=route,
        asked_at=from_micros(asked_at),
        valid_until=from_micros(valid_until),
    )
