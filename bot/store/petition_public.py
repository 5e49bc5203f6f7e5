"""Petitions that everybody may see: ids from a small index of those released, then the columns that are shown and no others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

import orjson
from sqlalchemy import BigInteger, Boolean, ColumnElement, Integer, Text, and_, case, func, select

from bot.petitions.record import OPEN, PetitionState
from bot.store.keys import from_micros, to_micros
from bot.store.port_public import DECIMALS, MOST_SKIPPED, CategoryFigures, PublicFilter, PublicPetition
from bot.store.schema_petitions import petition, petition_file, petition_is_shown
from bot.store.statements import Plan, Row, Rows, Statement, given, rows_of

PICTURES = frozenset({"image/jpeg", "image/png"})
MOST_VALUES = 50
"""Codes or fields in one question."""
LEAST_SATISFIED = 3
SHOWN = (
    petition.c.id,
    petition.c.code,
    petition.c.sent_at,
    petition.c.released_at,
    petition.c.more,
    petition.c.public_text,
    petition.c.category,
    petition.c.ward,
    petition.c.latitude,
    petition.c.longitude,
    petition.c.state,
    petition.c.answer,
    petition.c.answered_at,
    petition.c.answer_due,
)
HANDLED = frozenset({*OPEN, PetitionState.MERGED})
"""Somebody still has to answer, or will answer for it."""

_wish = given(
    codes=Text(),
    categories=Text(),
    is_open=Boolean(),
    sent_from=BigInteger(),
    sent_until=BigInteger(),
    most=Integer(),
    skipped=Integer(),
)


def _wished(name: str) -> "ColumnElement[object]":
    return select(_wish.c[name]).where(_wish.c.most.is_not(None)).scalar_subquery()


def _in(states: frozenset[PetitionState]) -> ColumnElement[bool]:
    return petition.c.state.in_(sorted(state.value for state in states))


_is_open = _in(OPEN)
FILTERS: Mapping[str, ColumnElement[bool]] = {
    "codes": petition.c.code.in_(select(_wish.c.codes).where(_wish.c.codes.is_not(None))),
    "categories": petition.c.category.in_(select(_wish.c.categories).where(_wish.c.categories.is_not(None))),
    "open": _is_open,
    "closed": ~_is_open,
    "sent_from": petition.c.sent_at >= _wished("sent_from"),
    "sent_until": petition.c.sent_at < _wished("sent_until"),
}


@lru_cache(64)
def _page_of(filters: frozenset[str]) -> Statement:
    found = select(petition.c.id).where(petition_is_shown, *(FILTERS[name] for name in sorted(filters)))
    page = found.order_by(petition.c.sent_at.desc(), petition.c.id.desc())
    return Statement(_wish, page.limit(_wished("most")).offset(_wished("skipped")))


_most = given(most=Integer())
LATELY = Statement(
    _most,
    select(*SHOWN)
    .where(petition_is_shown)
    .order_by(petition.c.released_at.desc(), petition.c.id.desc())
    .limit(select(_most.c.most).scalar_subquery()),
)
_ids = given(id=BigInteger())
BY_ID = Statement(
    _ids,
    select(*SHOWN)
    .where(petition.c.id.in_(select(_ids.c.id)), petition_is_shown)
    .order_by(petition.c.sent_at.desc(), petition.c.id.desc()),
)

_is_shown_picture = (
    petition_file.c.released,
    petition_file.c.media_type.in_(sorted(PICTURES)),
    petition_is_shown,
)
_with_petition = petition_file.join(petition, petition_file.c.petition == petition.c.id)
PICTURES_OF = Statement(
    _ids,
    select(petition_file.c.petition, petition_file.c.name)
    .select_from(_with_petition)
    .where(petition_file.c.petition.in_(select(_ids.c.id)), *_is_shown_picture)
    .order_by(petition_file.c.added_at, petition_file.c.name),
)
_name = given(name=Text())
PICTURE = Statement(
    _name,
    select(petition_file.c.name)
    .select_from(_with_petition)
    .where(petition_file.c.name == select(_name.c.name).scalar_subquery(), *_is_shown_picture),
)

_span = given(since=BigInteger(), until=BigInteger(), now=BigInteger())


def _of_span(name: str) -> "ColumnElement[object]":
    return select(_span.c[name]).scalar_subquery()


def _count(condition: ColumnElement[bool]) -> "ColumnElement[int]":
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


_is_answered = petition.c.answered_at.is_not(None)
_on_time = petition.c.answered_at <= petition.c.answer_due
_waits_late = and_(
    petition.c.answered_at.is_(None),
    _in(OPEN - {PetitionState.NEED_INFO}),
    petition.c.answer_due < _of_span("now"),
)
FIGURES = Statement(
    _span,
    select(
        petition.c.category,
        func.count().label("received"),
        _count(~_in(HANDLED)).label("processed"),
        _count(_is_answered).label("answered"),
        _count(and_(_is_answered, _on_time)).label("on_time"),
        _count(_waits_late).label("waits_late"),
        func.count(petition.c.score).label("rated"),
        _count(petition.c.score >= LEAST_SATISFIED).label("satisfied"),
    )
    .where(petition.c.sent_at >= _of_span("since"), petition.c.sent_at < _of_span("until"))
    .group_by(petition.c.category)
    .order_by(petition.c.category),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The petitions of which time, and as of when."""

    since: datetime
    until: datetime
    now: datetime


def released(wanted: PublicFilter) -> Plan[Sequence[PublicPetition]]:
    """One page, the newest first."""
    found = yield from rows_of(_page_of(_filters(wanted)), _rows(wanted))
    rows = yield from rows_of(BY_ID, [(key,) for (key,) in found])
    shown = yield from _with_pictures(rows)
    return shown


def lately(most: int) -> Plan[Sequence[PublicPetition]]:
    """Those released last."""
    rows = yield from rows_of(LATELY, [(most,)])
    shown = yield from _with_pictures(rows)
    return shown


def is_public_picture(name: str) -> Plan[bool]:
    """Whether everybody may see it."""
    rows = yield from rows_of(PICTURE, [(name,)])
    return bool(rows)


def figures(span: Span) -> Plan[Sequence[CategoryFigures]]:
    """One row for each field that has any."""
    rows = yield from rows_of(FIGURES, [(to_micros(span.since), to_micros(span.until), to_micros(span.now))])
    return [
        CategoryFigures(
            category=category,
            received=received,
            processed=processed,
            answered=answered,
            on_time=on_time,
            late=answered - on_time + waits_late,
            rated=rated,
            satisfied=satisfied,
        )
        for category, received, processed, answered, on_time, waits_late, rated, satisfied in rows
    ]


def _filters(wanted: PublicFilter) -> frozenset[str]:
    names = {name for name in ("codes", "categories") if getattr(wanted, name)}
    names |= {name for name in ("sent_from", "sent_until") if getattr(wanted, name) is not None}
    if wanted.is_open is not None:
        names.add("open" if wanted.is_open else "closed")
    return frozenset(names)


def _rows(wanted: PublicFilter) -> Rows:
    """The first row holds what is asked once, the others further codes and fields."""
    codes, categories = wanted.codes[:MOST_VALUES], wanted.categories[:MOST_VALUES]
    times = tuple(None if at is None else to_micros(at) for at in (wanted.sent_from, wanted.sent_until))
    rows: Rows = []
    for place in range(max(1, len(codes), len(categories))):
        values = (_at(codes, place), _at(categories, place))
        once = (None, *times, wanted.most, min(wanted.skipped, MOST_SKIPPED)) if not place else (None,) * 5
        rows.append((*values, *once))
    return rows


def _at(values: tuple[str, ...], place: int) -> str | None:
    return values[place] if place < len(values) else None


def _with_pictures(rows: Rows) -> Plan[list[PublicPetition]]:
    found: dict[int, list[str]] = {}
    for key, name in (yield from rows_of(PICTURES_OF, [(row[0],) for row in rows])):
        found.setdefault(key, []).append(name)
    return [_public(row, tuple(found.get(row[0], ()))) for row in rows]


def _public(row: Row, pictures: tuple[str, ...]) -> PublicPetition:
    _, code, sent, released_at, more, text, category, ward, latitude, longitude, state, answer, answered, due = row
    rest = orjson.loads(more)
    is_sent = state in {PetitionState.ANSWERED, PetitionState.CLOSED} and rest["closed_because"] != "no_information"
    return PublicPetition(
        code=code,
        sent_at=from_micros(sent),
        released_at=from_micros(released_at),
        changed_at=datetime.fromisoformat(rest["changed_at"]),
        text=text,
        category=category,
        ward=ward,
        latitude=_rounded(latitude),
        longitude=_rounded(longitude),
        state=PetitionState(state),
        answer=answer if is_sent else "",
        answered_at=from_micros(answered) if answered is not None and is_sent else None,
        answer_due=from_micros(due),
        pictures=pictures,
    )


def _rounded(degrees: float | None) -> float | None:
    return None if degrees is None else round(degrees, DECIMALS)
