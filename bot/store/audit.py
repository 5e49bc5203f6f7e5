"""The audit log: appended in the transaction of what it tells of, each row chained to the one before."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import orjson
from sqlalchemy import BigInteger, ColumnElement, Integer, LargeBinary, Text, delete, func, or_, select, update

from bot.access.records import AuditEntry, AuditRow, ChainCheck
from bot.privacy import Keyring
from bot.store.keys import from_micros, to_micros
from bot.store.schema_officers import audit, audit_head
from bot.store.statements import Plan, Row, Statement, adding, given, rows_of

Digest = Callable[[bytes], bytes]
"""The keyed hash: whoever can write to the database still cannot write a chain that holds."""


def chained_with(keyring: Keyring) -> Digest:
    """What chains the rows of the log under this key."""
    return lambda content: keyring.digest(b"audit|" + content)


HEAD = 1
BEGINNING = b""
CHECKED_AT_ONCE = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """Entries to append, and what chains them."""

    entries: tuple[AuditEntry, ...]
    digest: Digest


_head = given(id=Integer(), number=BigInteger(), digest=LargeBinary())
START = Statement(_head, adding(audit_head, _head).on_conflict_do_nothing())
LOCK = Statement(
    _head, select(audit_head.c.number, audit_head.c.digest).where(audit_head.c.id == HEAD).with_for_update()
)
MOVE = Statement(
    _head,
    update(audit_head).where(audit_head.c.id == _head.c.id).values(number=_head.c.number, digest=_head.c.digest),
)
_row = given(
    number=BigInteger(),
    at=BigInteger(),
    officer=BigInteger(),
    who=Text(),
    address=Text(),
    action=Text(),
    subject=Text(),
    data=Text(),
    previous=LargeBinary(),
    digest=LargeBinary(),
)
ADD = Statement(_row, adding(audit, _row))
COLUMNS = tuple(audit.c[column.name] for column in _row.columns)


def record(records: Sequence[Record]) -> Plan[list[None]]:
    """Append entries that belong to no other change."""
    for item in records:
        yield from append(item)
    return [None] * len(records)


def append(item: Record) -> Plan[None]:
    """To be the last step of a plan: the end of the chain stays locked until the commit."""
    if not item.entries:
        return
    number, digest = yield from lock()
    rows: list[Row] = []
    for entry in item.entries:
        number, previous = number + 1, digest
        content = _content(number, entry)
        digest = item.digest(_chained(previous, content))
        rows.append((*content, previous, digest))
    yield from rows_of(ADD, rows)
    yield from rows_of(MOVE, [(HEAD, number, digest)])


def lock() -> Plan[tuple[int, bytes]]:
    """The end of the chain, for nobody else until the commit."""
    yield from rows_of(START, [(HEAD, 0, BEGINNING)])
    ((number, digest),) = yield from rows_of(LOCK, [(HEAD, 0, BEGINNING)])
    return number, bytes(digest)


def _content(number: int, entry: AuditEntry) -> Row:
    data = orjson.dumps(dict(entry.data), option=orjson.OPT_SORT_KEYS).decode()
    address, subject = entry.address, entry.subject
    return number, to_micros(entry.at), entry.officer, entry.who, address, entry.action, subject, data


def _chained(previous: bytes, content: Row) -> bytes:
    return previous + orjson.dumps(list(content))


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditWish:
    """Which rows of the log, newest first. Empty fields filter nothing."""

    before: int | None = None
    """Only lower numbers; None: from the newest."""
    action: str = ""
    officer: int | None = None
    subject: str = ""
    since: datetime | None = None
    until: datetime | None = None
    limit: int = 50


_wish = given(
    before=BigInteger(),
    action=Text(),
    officer=BigInteger(),
    subject=Text(),
    since=BigInteger(),
    until=BigInteger(),
    most=Integer(),
)


def _fits(name: str) -> ColumnElement[bool]:
    wanted = select(_wish.c[name]).scalar_subquery()
    return or_(wanted == "", audit.c[name] == wanted)


_officer = select(_wish.c.officer).scalar_subquery()
NEWEST = Statement(
    _wish,
    select(*COLUMNS)
    .where(
        audit.c.number < select(_wish.c.before).scalar_subquery(),
        audit.c.at >= select(_wish.c.since).scalar_subquery(),
        audit.c.at < select(_wish.c.until).scalar_subquery(),
        _fits("action"),
        _fits("subject"),
        or_(_officer == 0, audit.c.officer == _officer),
    )
    .order_by(audit.c.number.desc())
    .limit(select(_wish.c.most).scalar_subquery()),
)
_after = given(after=BigInteger(), most=Integer())
NEXT = Statement(
    _after,
    select(*COLUMNS)
    .where(audit.c.number > select(_after.c.after).scalar_subquery())
    .order_by(audit.c.number)
    .limit(select(_after.c.most).scalar_subquery()),
)
END = Statement(_after, select(audit_head.c.number, audit_head.c.digest).where(audit_head.c.id == HEAD))
_old = given(before=BigInteger())
PURGE = Statement(_old, delete(audit).where(audit.c.at < select(func.min(_old.c.before)).scalar_subquery()))
FAR = 1 << 62


def newest(wish: AuditWish) -> Plan[list[AuditRow]]:
    """Rows of the log, newest first."""
    since = 0 if wish.since is None else to_micros(wish.since)
    until = FAR if wish.until is None else to_micros(wish.until)
    row = (wish.before or FAR, wish.action, wish.officer or 0, wish.subject, since, until, wish.limit)
    rows = yield from rows_of(NEWEST, [row])
    return [_row_of(found) for found in rows]


@dataclass(frozen=True, slots=True, kw_only=True)
class Checking:
    """How far a check of the chain has come."""

    digest: Digest
    after: int = 0
    previous: bytes | None = None
    """None: at the first row that is kept; what was before it has been purged."""


def check(at: Checking) -> Plan["Checking | ChainCheck"]:
    """Check some rows: how to go on, or what was found."""
    head = yield from rows_of(END, [(0, 0)])  # first: rows that are appended meanwhile lie behind it
    end, end_digest = (head[0][0], bytes(head[0][1])) if head else (0, BEGINNING)
    rows = yield from rows_of(NEXT, [(at.after, CHECKED_AT_ONCE)])
    number, previous = at.after, at.previous
    for row in rows:
        if previous is not None and row[0] != number + 1:
            return ChainCheck(rows=number, broken_at=number + 1)
        before, digest = bytes(row[8]), bytes(row[9])
        chained = (
            before == (before if previous is None else previous) and at.digest(_chained(before, row[:8])) == digest
        )
        if not chained or (row[0] == end and digest != end_digest):
            return ChainCheck(rows=number, broken_at=row[0])
        number, previous = row[0], digest
    if len(rows) == CHECKED_AT_ONCE:
        return Checking(digest=at.digest, after=number, previous=previous)
    return ChainCheck(rows=number, broken_at=number + 1 if end > number else None)


def purge(ages: Sequence[datetime]) -> Plan[list[None]]:
    """Drop rows that are older than their time to keep."""
    yield from rows_of(PURGE, [(to_micros(before),) for before in ages])
    return [None] * len(ages)


def _row_of(row: Row) -> AuditRow:
    number, at, officer, who, address, action, subject, data, _, digest = row
    entry = AuditEntry(
        at=from_micros(at),
        who=who,
        officer=officer,
        address=address,
        action=action,
        subject=subject,
        data=orjson.loads(data),
    )
    return AuditRow(number=number, entry=entry, digest=bytes(digest))
