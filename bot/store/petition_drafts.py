"""Drafts of petitions: one for each person, sealed whole."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BigInteger, Integer, LargeBinary, and_, delete, false, null, or_, select, update

from bot.petitions.record import StoredFile
from bot.store.keys import to_micros
from bot.store.petition_rows import file_rows
from bot.store.petitions import ATTACH
from bot.store.schema import contact
from bot.store.schema_petitions import petition_draft, petition_file
from bot.store.statements import Plan, Row, Rows, Statement, adding, given, rows_of

_row = given(**{column.name: column.type for column in petition_draft.columns})
_kept = adding(petition_draft, _row)
KEEP = Statement(
    _row,
    _kept.on_conflict_do_update(
        index_elements=["person"],
        set_={name: _kept.excluded[name] for name in ("sealed", "opened_at", "changed_at", "reminded_at", "is_offer")},
    ),
)
_home = given(home=LargeBinary())
_wanted = select(_home.c.home).scalar_subquery()
NEWEST = Statement(
    _home,
    select(petition_draft.c.person, petition_draft.c.sealed, petition_draft.c.changed_at)
    .where(
        petition_draft.c.person.in_(
            select(contact.c.id).where(or_(contact.c.id == _wanted, contact.c.person == _wanted))
        )
    )
    .order_by(petition_draft.c.changed_at.desc())
    .limit(1),
)
"""Two accounts that were joined may each have one: the other comes up when this one is done with."""
_person = given(person=LargeBinary())
_whose = select(_person.c.person)
DROP = Statement(_person, delete(petition_draft).where(petition_draft.c.person.in_(_whose)))
LOOSEN = Statement(
    _person,
    update(petition_file)
    .where(petition_file.c.petition.is_(None), petition_file.c.person.in_(_whose))
    .values(person=null()),
)
LOCK = Statement(
    _person, select(petition_draft.c.changed_at).where(petition_draft.c.person.in_(_whose)).with_for_update()
)
_due = given(untouched=BigInteger(), forgotten=BigInteger(), most=Integer())
DUE = Statement(
    _due,
    select(petition_draft.c.person, petition_draft.c.sealed)
    .where(
        or_(
            petition_draft.c.changed_at <= select(_due.c.forgotten).scalar_subquery(),
            and_(
                petition_draft.c.changed_at <= select(_due.c.untouched).scalar_subquery(),
                petition_draft.c.reminded_at.is_(None),
                petition_draft.c.is_offer == false(),
            ),
        )
    )
    .order_by(petition_draft.c.changed_at)
    .limit(select(_due.c.most).scalar_subquery()),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftStep:
    """A draft to keep, or, without a row, to drop."""

    row: Row | None
    files: Sequence[StoredFile] = ()


def apply(home: bytes, step: DraftStep, at: datetime) -> Plan[None]:
    """Keep or drop what this person is writing."""
    found = yield from rows_of(NEWEST, [(home,)])
    key = bytes(found[0][0]) if found else home
    yield from put(key, step.row)
    yield from rows_of(ATTACH, file_rows(step.files, petition=None, person=key, at=at))


def put(person: bytes, row: Row | None) -> Plan[None]:
    """Keep this draft of a person, or none."""
    if row is None:
        yield from drop([person])
    else:
        yield from rows_of(KEEP, [(person, *row[1:])])


def drop(people: Sequence[bytes]) -> Plan[None]:
    """Drop these people's drafts; files that came into no petition are needed by nothing any more."""
    keys = [(key,) for key in people]
    yield from rows_of(DROP, keys)
    yield from rows_of(LOOSEN, keys)


def newest(home: bytes) -> Plan[bytes | None]:
    """The sealed draft of a person."""
    found = yield from rows_of(NEWEST, [(home,)])
    return bytes(found[0][1]) if found else None


@dataclass(frozen=True, slots=True, kw_only=True)
class DueDrafts:
    """A wish for drafts that were not touched since then."""

    remind: datetime
    delete: datetime
    limit: int


def due(wish: DueDrafts) -> Plan[Rows]:
    """The people and their sealed drafts, the longest untouched first."""
    rows = yield from rows_of(DUE, [(to_micros(wish.remind), to_micros(wish.delete), wish.limit)])
    return rows


def is_still(person: bytes, changed_at: datetime) -> Plan[bool]:
    """Whether a person's draft is the one that was changed last at this time; it stays locked."""
    found = yield from rows_of(LOCK, [(person,)])
    return [row[0] for row in found] == [to_micros(changed_at)]
