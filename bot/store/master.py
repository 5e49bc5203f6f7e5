"""Master data in the store: items are replaced only as they were seen, and each edit counts the whole."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Integer, Text, select

from bot.store import audit, counters
from bot.store.schema_master import master_item
from bot.store.schema_petitions import counter
from bot.store.statements import Plan, Row, Rows, Statement, adding, given, rows_of

SERIES, NUMBERS = "master", "master_item"
_columns = tuple(master_item.columns)
_row = given(**{column.name: column.type for column in _columns})
_put = adding(master_item, _row)
PUT = Statement(
    _row,
    _put.on_conflict_do_update(
        index_elements=["kind", "key"],
        set_={name: _put.excluded[name] for name in ("body", "is_gone", "version", "updated_by", "updated_at")},
    ),
)
_named = given(kind=Text(), key=Text())
SEEN = Statement(
    _named,
    select(master_item.c.version, master_item.c.is_gone)
    .where(
        master_item.c.kind == select(_named.c.kind).scalar_subquery(),
        master_item.c.key == select(_named.c.key).scalar_subquery(),
    )
    .with_for_update(),
)
_nothing = given(ignored=Integer())
ALL = Statement(_nothing, select(*_columns).order_by(master_item.c.kind, master_item.c.place, master_item.c.key))
VERSION = Statement(_nothing, select(counter.c.value).where(counter.c.name == SERIES))


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """An item as it is to be."""

    row: Row
    """The values of the table; ``place`` and ``version`` are made here."""
    seen: int
    log: audit.Record


def edit(edits: Sequence[Edit]) -> Plan[list[bool]]:
    """Replace, add or remove items; False for those that somebody edited meanwhile."""
    results: list[bool] = []
    for item in edits:
        done = yield from _edit(item)
        results.append(done)
    return results


def _edit(item: Edit) -> Plan[bool]:
    kind, key, body, _, is_gone, _, by, at = item.row
    place = yield from counters.take(SERIES, 1)
    stored = yield from rows_of(SEEN, [(kind, key)])
    version, was_gone = stored[0] if stored else (0, False)
    if item.seen != (0 if was_gone else version):
        return False
    yield from rows_of(PUT, [(kind, key, body, place, is_gone, version + 1, by, at)])
    yield from audit.append(item.log)
    return True


def take_numbers(counts: Sequence[int]) -> Plan[list[int]]:
    """Ids for new items; the last of each."""
    numbers: list[int] = []
    for count in counts:
        number = yield from counters.take(NUMBERS, count)
        numbers.append(number)
    return numbers


def everything(_: None) -> Plan[Rows]:
    """All rows, those that are gone too, by kind in their order."""
    rows = yield from rows_of(ALL, [(0,)])
    return rows


def version_of_all(_: None) -> Plan[int]:
    """Grows with every edit."""
    rows = yield from rows_of(VERSION, [(0,)])
    return int(rows[0][0]) if rows else 0
