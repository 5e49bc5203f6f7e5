"""Who may send no petitions for a while: each step of the ladder with its reason, who gave it, its end."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import BigInteger, LargeBinary, case, select, update

from bot.petitions.abuse import Mute, MuteStep
from bot.store import audit, people
from bot.store.keys import from_micros, to_micros
from bot.store.port_master import GivenMute
from bot.store.schema_master import mute
from bot.store.statements import Plan, Row, Rows, Statement, adding, given, rows_of

_row = given(**{column.name: column.type for column in mute.columns})
GIVE = Statement(_row, adding(mute, _row))
_whose = given(person=LargeBinary())
_person = select(_whose.c.person).scalar_subquery()
OF_PERSON = Statement(
    _whose,
    select(mute).where(people.is_of(mute.c.person, _person)).order_by(mute.c.id),
)
"""Of all accounts of a person."""
_at = given(now=BigInteger())
RUNNING = Statement(
    _at,
    select(mute)
    .where(mute.c.until > select(_at.c.now).scalar_subquery(), mute.c.lifted_at.is_(None))
    .order_by(mute.c.id.desc()),
)
_changed = given(id=BigInteger(), confirmed_by=BigInteger(), lifted_at=BigInteger())
CHANGE = Statement(
    _changed,
    update(mute)
    .where(mute.c.id == _changed.c.id)
    .values(
        confirmed_by=case((mute.c.confirmed_by.is_(None), _changed.c.confirmed_by), else_=mute.c.confirmed_by),
        lifted_at=case((mute.c.lifted_at.is_(None), _changed.c.lifted_at), else_=mute.c.lifted_at),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A step to give, or to change, with its entry of the audit log."""

    given: Row | None = None
    changed: Row | None = None
    log: audit.Record


def change(changes: Sequence[Change]) -> Plan[list[None]]:
    """Give steps, confirm or lift them; what was confirmed or lifted before stays so."""
    for item in changes:
        yield from rows_of(GIVE, [] if item.given is None else [item.given])
        yield from rows_of(CHANGE, [] if item.changed is None else [item.changed])
        yield from audit.append(item.log)
    return [None] * len(changes)


def of_person(person: bytes) -> Plan[Rows]:
    """All that a person was given, oldest first."""
    rows = yield from rows_of(OF_PERSON, [(person,)])
    return rows


def running(now: int) -> Plan[Rows]:
    """Those that have not ended, newest first."""
    rows = yield from rows_of(RUNNING, [(now,)])
    return rows


def row_of(key: int, found: Mute) -> Row:
    """The values of the table."""
    lifted_at = None if found.lifted_at is None else to_micros(found.lifted_at)
    times = to_micros(found.given_at), to_micros(found.until)
    return key, found.person, found.step.value, found.reason, found.given_by, *times, found.confirmed_by, lifted_at


def mute_of(row: Row) -> GivenMute:
    """The step in a row of the table."""
    key, person, step, reason, given_by, given_at, until, confirmed_by, lifted_at = row
    found = Mute(
        person=bytes(person),
        step=MuteStep(step),
        reason=reason,
        given_by=given_by,
        given_at=from_micros(given_at),
        until=from_micros(until),
        confirmed_by=confirmed_by,
        lifted_at=None if lifted_at is None else from_micros(lifted_at),
    )
    return GivenMute(id=key, mute=found)
