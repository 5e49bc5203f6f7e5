"""Petitions to look at: those that may be the same matter, those whose clock has come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BigInteger, Float, Integer, LargeBinary, Text, and_, or_, select, union, update

from bot.petitions.record import Petition
from bot.store import alerts
from bot.store.keys import to_micros
from bot.store.petition_rows import COLUMNS, petition_id
from bot.store.schema_petitions import petition, petition_is_open
from bot.store.statements import Plan, Rows, Statement, given, rows_of

MOST_SIMILAR = 200
NEIGHBOURHOOD = 0.003
"""Degrees: 300 m and a little more."""

_like = given(
    id=BigInteger(),
    category=Text(),
    ward=Text(),
    latitude=Float(),
    longitude=Float(),
    person=LargeBinary(),
    since=BigInteger(),
)
_wanted = {column.name: select(column).scalar_subquery() for column in _like.columns}
_near = and_(
    *(
        petition.c[name].between(_wanted[name] - NEIGHBOURHOOD, _wanted[name] + NEIGHBOURHOOD)
        for name in ("latitude", "longitude")
    )
)
_recent = (petition_is_open, petition.c.id != _wanted["id"], petition.c.sent_at >= _wanted["since"])
_candidates = union(
    select(petition.c.id).where(
        petition.c.category == _wanted["category"],
        or_(and_(petition.c.ward != "", petition.c.ward == _wanted["ward"]), _near),
        *_recent,
    ),
    select(petition.c.id).where(petition.c.person.is_not(None), petition.c.person == _wanted["person"], *_recent),
).subquery("candidates")
SIMILAR = Statement(
    _like,
    select(*COLUMNS)
    .where(petition.c.id.in_(select(_candidates.c.id)))
    .order_by(petition.c.id.desc())
    .limit(MOST_SIMILAR),
)
_due = given(now=BigInteger(), after=BigInteger(), most=Integer())
_own_id = petition.c.id + 0
"""Not to be found by id: few have a clock that has come, and the index on it finds them."""
DUE = Statement(
    _due,
    select(*COLUMNS)
    .where(
        petition.c.clock_at.is_not(None),
        petition.c.clock_at <= select(_due.c.now).scalar_subquery(),
        _own_id > select(_due.c.after).scalar_subquery(),
    )
    .order_by(_own_id)
    .limit(select(_due.c.most).scalar_subquery()),
)
_codes = given(code=Text())
CLOCK = Statement(
    _codes,
    select(petition.c.version, petition.c.clock_at).where(petition.c.code.in_(select(_codes.c.code))).with_for_update(),
)
_next = given(code=Text(), clock_at=BigInteger())
LOOK = Statement(_next, update(petition).where(petition.c.code == _next.c.code).values(clock_at=_next.c.clock_at))


@dataclass(frozen=True, slots=True, kw_only=True)
class Similar:
    """Like which petition, sent since when."""

    petition: Petition
    since: datetime


def similar(wish: Similar) -> Plan[Rows]:
    """Candidates, newest first."""
    found = wish.petition
    row = (
        petition_id(found.code),
        found.category,
        found.place.ward,
        found.place.latitude,
        found.place.longitude,
        found.person,
        to_micros(wish.since),
    )
    rows = yield from rows_of(SIMILAR, [row])
    return rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """Whose clock has come, with ids after this one."""

    now: datetime
    after: int
    limit: int


def due(wish: Due) -> Plan[Rows]:
    """Petitions by id."""
    rows = yield from rows_of(DUE, [(to_micros(wish.now), wish.after, wish.limit)])
    return rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """The clock looked at a petition; when it looks again."""

    petition: Petition
    next_at: datetime | None
    alerts: Sequence[alerts.Raised]
    at: datetime


def look(looks: Sequence[Look]) -> Plan[list[bool]]:
    """Set the next look and raise alerts; False for petitions that changed or were looked at meanwhile."""
    results: list[bool] = []
    for item in looks:
        seen = item.petition
        stored = yield from rows_of(CLOCK, [(seen.code,)])
        is_same = [tuple(row) for row in stored] == [(seen.version, _micros(seen.clock_at))]
        if is_same:
            yield from rows_of(LOOK, [(seen.code, _micros(item.next_at))])
            yield from alerts.raise_all(item.alerts, item.at)
        results.append(is_same)
    return results


def _micros(moment: datetime | None) -> int | None:
    return None if moment is None else to_micros(moment)
