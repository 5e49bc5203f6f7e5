"""Files of petitions: which are shown to the public, which are needed by nothing any more."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Boolean, Integer, Text, delete, select, update

from bot.store.schema_petitions import petition, petition_file
from bot.store.statements import Plan, Statement, given, rows_of

_marked = given(code=Text(), name=Text(), released=Boolean())
MARK = Statement(
    _marked,
    update(petition_file)
    .where(
        petition_file.c.name == _marked.c.name,
        petition_file.c.petition == select(petition.c.id).where(petition.c.code == _marked.c.code).scalar_subquery(),
    )
    .values(released=_marked.c.released),
)
_most = given(most=Integer())
UNUSED = Statement(
    _most,
    select(petition_file.c.name)
    .where(petition_file.c.petition.is_(None), petition_file.c.person.is_(None))
    .limit(select(_most.c.most).scalar_subquery()),
)
_names = given(name=Text())
KNOWN = Statement(_names, select(petition_file.c.name).where(petition_file.c.name.in_(select(_names.c.name))))
FORGET = Statement(
    _names,
    delete(petition_file).where(
        petition_file.c.name.in_(select(_names.c.name)),
        petition_file.c.petition.is_(None),
        petition_file.c.person.is_(None),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """Files of a petition to show to the public, or not to."""

    code: str
    names: Sequence[str]
    released: bool


def mark(marks: Sequence[Marks]) -> Plan[list[None]]:
    """Show files to the public, or not."""
    for item in marks:
        yield from rows_of(MARK, [(item.code, name, item.released) for name in item.names])
    return [None] * len(marks)


def unused(most: int) -> Plan[list[str]]:
    """Names of files whose octets may go."""
    rows = yield from rows_of(UNUSED, [(most,)])
    return [name for (name,) in rows]


def known(names: Sequence[str]) -> Plan[frozenset[str]]:
    """Those of *names* that anything knows of."""
    rows = yield from rows_of(KNOWN, [(name,) for name in names])
    return frozenset(name for (name,) in rows)


def forget(names: Sequence[Sequence[str]]) -> Plan[list[None]]:
    """Their octets are gone."""
    for some in names:
        yield from rows_of(FORGET, [(name,) for name in some])
    return [None] * len(names)
