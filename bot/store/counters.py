"""Series of numbers: each is given once, some are never used."""

from sqlalchemy import BigInteger, Text, select, update

from bot.store.schema_petitions import counter
from bot.store.statements import Plan, Statement, adding, given, rows_of

_name = given(name=Text(), value=BigInteger())
START = Statement(_name, adding(counter, _name).on_conflict_do_nothing())
LAST = Statement(
    _name, select(counter.c.value).where(counter.c.name == select(_name.c.name).scalar_subquery()).with_for_update()
)
REACH = Statement(_name, update(counter).where(counter.c.name == _name.c.name).values(value=_name.c.value))


def take(series: str, count: int) -> Plan[int]:
    """Take the next *count* numbers of a series; the last of them."""
    yield from rows_of(START, [(series, 0)])
    ((value,),) = yield from rows_of(LAST, [(series, 0)])
    yield from rows_of(REACH, [(series, value + count)])
    return int(value + count)
