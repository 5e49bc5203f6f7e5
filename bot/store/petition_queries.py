"""What is asked about single petitions; changes nothing."""

from dataclasses import dataclass

from sqlalchemy import Integer, LargeBinary, Text, or_, select

from bot.store.petition_rows import COLUMNS
from bot.store.schema import contact
from bot.store.schema_petitions import petition, petition_event, petition_file
from bot.store.statements import Plan, Rows, Statement, given, rows_of

_code = given(code=Text())
_wanted = select(_code.c.code).scalar_subquery()
_key = select(petition.c.id).where(petition.c.code == _wanted).scalar_subquery()
BY_CODE = Statement(_code, select(*COLUMNS).where(petition.c.code == _wanted))
IN_CASE = Statement(_code, select(*COLUMNS).where(petition.c.case_code == _wanted).order_by(petition.c.id))
EVENTS = Statement(
    _code,
    select(*list(petition_event.columns)[2:])
    .where(petition_event.c.petition == _key)
    .order_by(petition_event.c.version),
)
FILES = Statement(
    _code,
    select(
        petition_file.c.name,
        petition_file.c.media_type,
        petition_file.c.octets,
        petition_file.c.by_officer,
        petition_file.c.released,
    )
    .where(petition_file.c.petition == _key)
    .order_by(petition_file.c.added_at, petition_file.c.name),
)
_whose = given(person=LargeBinary(), most=Integer())
_person = select(_whose.c.person).scalar_subquery()
_home = select(contact.c.person).where(contact.c.id == _person, contact.c.person.is_not(None)).scalar_subquery()
OF_PERSON = Statement(
    _whose,
    select(*COLUMNS)
    .where(or_(petition.c.person == _person, petition.c.person == _home))
    .order_by(petition.c.id.desc())
    .limit(select(_whose.c.most).scalar_subquery()),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Of:
    """Whose petitions, and how many."""

    person: bytes
    limit: int


def by_code(code: str) -> Plan[Rows]:
    """The petition with a code."""
    rows = yield from rows_of(BY_CODE, [(code,)])
    return rows


def of_person(wish: Of) -> Plan[Rows]:
    """Those of a person, newest first."""
    rows = yield from rows_of(OF_PERSON, [(wish.person, wish.limit)])
    return rows


def in_case(code: str) -> Plan[Rows]:
    """Those merged into this one."""
    rows = yield from rows_of(IN_CASE, [(code,)])
    return rows


def events_of(code: str) -> Plan[Rows]:
    """The events of a petition, oldest first."""
    rows = yield from rows_of(EVENTS, [(code,)])
    return rows


def files_of(code: str) -> Plan[Rows]:
    """The files of a petition, oldest first."""
    rows = yield from rows_of(FILES, [(code,)])
    return rows
