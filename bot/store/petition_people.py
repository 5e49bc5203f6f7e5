"""Whose petitions they are when accounts are joined and stand alone again."""

from sqlalchemy import LargeBinary, case, update

from bot.store.schema_petitions import petition
from bot.store.statements import Plan, Statement, given, rows_of

_moved = given(old=LargeBinary(), home=LargeBinary())
FOLLOW = Statement(_moved, update(petition).where(petition.c.person == _moved.c.old).values(person=_moved.c.home))
_left = given(old=LargeBinary(), account=LargeBinary(), home=LargeBinary())
SPLIT = Statement(
    _left,
    update(petition)
    .where(petition.c.person == _left.c.old)
    .values(person=case((petition.c.sender == _left.c.account, _left.c.account), else_=_left.c.home)),
)


def follow(old_home: bytes, home: bytes) -> Plan[None]:
    """All accounts of a person have another home."""
    yield from rows_of(FOLLOW, [(old_home, home)])


def split(account: bytes, old_home: bytes, home: bytes) -> Plan[None]:
    """An account that stands alone takes along what was sent from it; the rest stays with the others."""
    yield from rows_of(SPLIT, [(old_home, account, home)])
