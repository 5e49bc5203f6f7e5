"""How much officers have to do, and past petitions for a trial of routing rules."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import BigInteger, Integer, Text, case, func, or_, select

from bot.petitions.record import PetitionState
from bot.store.keys import to_micros
from bot.store.petition_rows import COLUMNS
from bot.store.port_petitions import OfficerLoad
from bot.store.schema_petitions import petition, petition_is_open
from bot.store.statements import Plan, Rows, Statement, given, rows_of

_wish = given(agency=Text(), now=BigInteger(), since=BigInteger())
_wished = {column.name: select(column).scalar_subquery() for column in _wish.columns}
_of_agency = or_(_wished["agency"] == "", petition.c.agency == _wished["agency"])
_is_late = (petition.c.state != PetitionState.NEED_INFO.value) & (petition.c.answer_due <= _wished["now"])
OPEN = Statement(
    _wish,
    select(
        petition.c.officer,
        func.count().label("open"),
        func.sum(case((_is_late, 1), else_=0)).label("late"),
    )
    .where(petition_is_open, petition.c.officer.is_not(None), _of_agency)
    .group_by(petition.c.officer),
)
_handler = petition.c.officer + 0
"""Not to be found by officer: the answers of some weeks are few among all that somebody ever handled."""
ANSWERED = Statement(
    _wish,
    select(
        _handler.label("officer"),
        func.count().label("answered"),
        func.sum(petition.c.answered_at - petition.c.sent_at).label("took"),
    )
    .where(
        petition.c.sent_at >= _wished["since"],
        petition.c.answered_at.is_not(None),
        _handler.is_not(None),
        _of_agency,
    )
    .group_by(_handler),
)
_sent = given(since=BigInteger(), until=BigInteger(), most=Integer())
SENT = Statement(
    _sent,
    select(*COLUMNS)
    .where(
        petition.c.sent_at >= select(_sent.c.since).scalar_subquery(),
        petition.c.sent_at < select(_sent.c.until).scalar_subquery(),
    )
    .order_by(petition.c.sent_at.desc())
    .limit(select(_sent.c.most).scalar_subquery()),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Loads:
    """Whose loads, as of when, and how far back answers count."""

    agency: str
    now: datetime
    since: datetime


def loads(wish: Loads) -> Plan[list[OfficerLoad]]:
    """Of everybody who has or had something to do, by officer."""
    row = (wish.agency, to_micros(wish.now), to_micros(wish.since))
    still_open = yield from rows_of(OPEN, [row])
    answered = yield from rows_of(ANSWERED, [row])
    to_do = {officer: (count, late) for officer, count, late in still_open}
    done = {officer: (count, took) for officer, count, took in answered}
    return [
        OfficerLoad(
            officer=officer,
            open=int(to_do.get(officer, (0, 0))[0]),
            late=int(to_do.get(officer, (0, 0))[1]),
            answered=int(done.get(officer, (0, 0))[0]),
            average=_average(*done[officer]) if officer in done else None,
        )
        for officer in sorted(to_do.keys() | done.keys())
    ]


def _average(count: int, took: int) -> timedelta:
    return timedelta(microseconds=int(took) // count)


def sent_between(wish: tuple[datetime, datetime, int]) -> Plan[Rows]:
    """Petitions sent from the first time on, before the second, newest first."""
    rows = yield from rows_of(SENT, [(to_micros(wish[0]), to_micros(wish[1]), wish[2])])
    return rows
