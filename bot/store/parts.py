"""Parts of long texts, each stored on its own; the rows are the whole state, so a restart forgets nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BigInteger, Integer, LargeBinary, Text, func, or_, select

from bot.model import Address, InboundPart, MessageId, PartGroup
from bot.store import people
from bot.store.keys import from_micros, to_micros
from bot.store.schema import contact, group_is_open, inbox_part, part_group
from bot.store.statements import Plan, Row, Rows, Statement, adding, given, rows_of
from bot.store.transitions import OpenedGroup, group_of_part, is_repeated_part


@dataclass(frozen=True, slots=True, kw_only=True)
class PartArrival:
    """A part to save; *id* names its group if it opens one."""

    id: MessageId
    part: InboundPart
    contact: bytes
    sealed: bytes


_contacts = given(contact=LargeBinary())
GROUPS = Statement(
    _contacts,
    select(
        part_group.c.id,
        part_group.c.contact,
        part_group.c.recipient,
        part_group.c.route,
        part_group.c.method,
        part_group.c.reference,
        part_group.c.total,
        part_group.c.opened_at,
        part_group.c.inbox,
    ).where(part_group.c.contact.in_(select(_contacts.c.contact))),
)
_ids = given(id=BigInteger())
HASHES = Statement(
    _ids,
    select(inbox_part.c.part_group, inbox_part.c.place, inbox_part.c.content_hash).where(
        inbox_part.c.part_group.in_(select(_ids.c.id))
    ),
)
_opened = given(
    id=BigInteger(),
    contact=LargeBinary(),
    recipient=Text(),
    route=Text(),
    method=Text(),
    reference=Integer(),
    total=Integer(),
    opened_at=BigInteger(),
)
OPEN = Statement(_opened, adding(part_group, _opened))
_part = given(
    part_group=BigInteger(),
    place=Integer(),
    octets=LargeBinary(),
    data_coding=Integer(),
    content_hash=LargeBinary(),
    received_at=BigInteger(),
    session=Text(),
)
ADD = Statement(_part, adding(inbox_part, _part))
READ = Statement(
    _ids,
    select(
        part_group.c.id,
        contact.c.sealed,
        part_group.c.recipient,
        part_group.c.route,
        part_group.c.method,
        part_group.c.reference,
        part_group.c.total,
        part_group.c.opened_at,
        inbox_part.c.place,
        inbox_part.c.octets,
        inbox_part.c.data_coding,
        inbox_part.c.content_hash,
        inbox_part.c.received_at,
        inbox_part.c.session,
    )
    .join_from(part_group, contact, contact.c.id == part_group.c.contact)
    .join(inbox_part, inbox_part.c.part_group == part_group.c.id)
    .where(part_group.c.id.in_(select(_ids.c.id))),
)
_due = given(before=BigInteger(), most=Integer())
_stored = select(func.count()).where(inbox_part.c.part_group == part_group.c.id).scalar_subquery()
DUE = Statement(
    _due,
    select(part_group.c.id)
    .where(
        group_is_open,
        or_(part_group.c.opened_at < select(_due.c.before).scalar_subquery(), _stored >= part_group.c.total),
    )
    .order_by(part_group.c.id)
    .limit(select(_due.c.most).scalar_subquery()),
)


def save_parts(arrivals: Sequence[PartArrival]) -> Plan[list[Rows]]:
    """For each part: the rows of its group (as ``READ`` gives them) when this part completed it, else none.
    Parts come one by one; long texts are rare.
    """
    yield from people.load_or_add(
        ((arrival.contact, arrival.sealed) for arrival in arrivals),
        max(to_micros(arrival.part.received_at) for arrival in arrivals),
    )
    results: list[Rows] = []
    for arrival in arrivals:
        rows = yield from _save_part(arrival)
        results.append(rows)
    return results


def _save_part(arrival: PartArrival) -> Plan[Rows]:
    part = arrival.part
    candidates = yield from rows_of(GROUPS, [(arrival.contact,)])
    same = [row for row in candidates if tuple(row[2:7]) == _key(part)]
    hashes = yield from rows_of(HASHES, [(row[0],) for row in same])
    groups = [_opened_group(row, hashes) for row in same]
    if is_repeated_part(part, groups):
        return []
    target = group_of_part(part, groups)
    if target is None:
        target = arrival.id
        yield from rows_of(OPEN, [(target, arrival.contact, *_key(part), to_micros(part.received_at))])
        groups.append(OpenedGroup(id=target, opened_at=part.received_at, finished=False, hashes={}))
    yield from rows_of(ADD, [_part_row(target, part)])
    group = next(group for group in groups if group.id == target)
    if group.finished or len(group.hashes) + 1 < part.total:
        return []
    complete = yield from rows_of(READ, [(target,)])
    return complete


def _key(part: InboundPart) -> tuple[str, str, str, int, int]:
    return part.recipient, part.route, part.method, part.reference, part.total


def _opened_group(row: Row, hashes: Rows) -> OpenedGroup:
    return OpenedGroup(
        id=row[0],
        opened_at=from_micros(row[7]),
        finished=row[8] is not None,
        hashes={index: bytes(content_hash) for group, index, content_hash in hashes if group == row[0]},
    )


def _part_row(group: MessageId, part: InboundPart) -> Row:
    return (
        group,
        part.index,
        part.octets,
        part.data_coding,
        part.content_hash,
        to_micros(part.received_at),
        part.session,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class DueGroups:
    """A wish for groups that are complete, or were opened long ago."""

    opened_before: datetime
    limit: int


def due(wish: DueGroups) -> Plan[Rows]:
    """The rows of groups to join now, as ``READ`` gives them."""
    ids = yield from rows_of(DUE, [(to_micros(wish.opened_before), wish.limit)])
    rows = yield from rows_of(READ, ids)
    return rows


def group_of(rows: Sequence[Row], sender: Address) -> PartGroup:
    """The group in rows of ``READ``, the sender's address opened by the caller."""
    key, _, recipient, route, _, _, total, opened_at = rows[0][:8]
    return PartGroup(
        id=MessageId(key),
        sender=sender,
        recipient=recipient,
        route=route,
        total=total,
        parts=tuple(_part_of(row, sender) for row in sorted(rows, key=lambda row: row[8])),
        opened_at=from_micros(opened_at),
    )


def _part_of(row: Row, sender: Address) -> InboundPart:
    _, _, recipient, route, method, reference, total, _, index, octets, data_coding, content_hash, received_at, name = (
        row
    )
    return InboundPart(
        sender=sender,
        recipient=recipient,
        route=route,
        method=method,
        reference=reference,
        total=total,
        index=index,
        octets=bytes(octets),
        data_coding=data_coding,
        content_hash=bytes(content_hash),
        received_at=from_micros(received_at),
        session=name,
    )
