"""Turns at counters: whose they are, and that each person is told once when the turn is near."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BigInteger, Integer, LargeBinary, Text, or_, select, update

from bot.intent import DropTicket, KeepTicket, Write
from bot.model import Address, MessageId, Ticket
from bot.store import outbox, people
from bot.store.keys import from_micros, to_micros
from bot.store.port import Claimed, NewOutbound, WaitingTicket
from bot.store.schema import contact, ticket, ticket_is_of_today, ticket_is_waiting
from bot.store.statements import Plan, Row, Rows, Statement, adding, given, rows_of

_taken = given(
    id=BigInteger(),
    contact=LargeBinary(),
    reply_to=BigInteger(),
    unit_code=Text(),
    unit_name=Text(),
    number=Text(),
    source=Text(),
    route=Text(),
    taken_at=BigInteger(),
    valid_until=BigInteger(),
    state=Text(),
)
KEEP = Statement(_taken, adding(ticket, _taken))
_returned = given(home=LargeBinary(), unit_code=Text(), number=Text(), closed_at=BigInteger())
DROP = Statement(
    _returned,
    update(ticket)
    .where(
        ticket.c.contact.in_(
            select(contact.c.id)
            .where(or_(contact.c.id == _returned.c.home, contact.c.person == _returned.c.home))
            .correlate(_returned)
        ),
        ticket.c.unit_code == _returned.c.unit_code,
        ticket.c.number == _returned.c.number,
        ticket_is_of_today,
    )
    .values(state="returned", closed_at=_returned.c.closed_at),
)
_silenced = given(contact=LargeBinary())
SILENCE = Statement(
    _silenced,
    update(ticket).where(ticket.c.contact.in_(select(_silenced.c.contact)), ticket_is_waiting).values(state="quiet"),
)
_owner = given(contact=LargeBinary(), now=BigInteger())
OF_CONTACT = Statement(
    _owner,
    select(ticket.c.unit_code, ticket.c.unit_name, ticket.c.number, ticket.c.taken_at, ticket.c.state)
    .where(
        ticket.c.contact == select(_owner.c.contact).scalar_subquery(),
        ticket.c.valid_until > select(_owner.c.now).scalar_subquery(),
        ticket_is_of_today,
    )
    .order_by(ticket.c.id.desc()),
)
_wish = given(now=BigInteger(), after=BigInteger(), most=Integer())
_now = select(_wish.c.now).scalar_subquery()
EXPIRE = Statement(
    _wish,
    update(ticket).where(ticket_is_of_today, ticket.c.valid_until <= _now).values(state="past", closed_at=_now),
)
WAITING = Statement(
    _wish,
    select(
        *people.COLUMNS,
        ticket.c.id,
        ticket.c.reply_to,
        ticket.c.unit_code,
        ticket.c.unit_name,
        ticket.c.number,
        ticket.c.source,
        ticket.c.route,
        ticket.c.valid_until,
    )
    .join_from(ticket, contact, contact.c.id == ticket.c.contact)
    .where(ticket_is_waiting, ticket.c.id > select(_wish.c.after).scalar_subquery())
    .order_by(ticket.c.id)
    .limit(select(_wish.c.most).scalar_subquery()),
)
_ids = given(id=BigInteger())
STILL_WAITING = Statement(
    _ids,
    select(ticket.c.id).where(ticket.c.id.in_(select(_ids.c.id)), ticket_is_waiting).with_for_update(),
)
QUIET = Statement(_ids, update(ticket).where(ticket.c.id.in_(select(_ids.c.id))).values(state="quiet"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Whose tickets."""

    contact: bytes
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A wish for tickets whose holders are to be told."""

    now: datetime
    after: MessageId
    limit: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A ticket that nothing more is to be told of, with the notice that does so."""

    ticket: WaitingTicket
    outbound: NewOutbound | None
    receiver: tuple[bytes, bytes]
    """The account that it goes to and its sealed address."""
    at: datetime
    epoch: int


def kept_row(write: KeepTicket, key: MessageId, inbound: Claimed, at: datetime) -> Row:
    """The row of ``KEEP``."""
    return (
        key,
        inbound.contact.id,
        inbound.id,
        write.unit_code,
        write.unit_name,
        write.number,
        inbound.message.recipient,
        inbound.message.route,
        to_micros(at),
        to_micros(write.valid_until),
        "waiting" if write.tell_when_near else "quiet",
    )


def dropped_rows(writes: Sequence[Write], home: bytes, at: datetime) -> list[Row]:
    """The rows of ``DROP``: whichever account of the person took the ticket."""
    dropped = [write for write in writes if isinstance(write, DropTicket)]
    return [(home, write.unit_code, write.number, to_micros(at)) for write in dropped]


def of_contact(holder: Holder) -> Plan[list[Ticket]]:
    """The tickets of today, newest first, those given back too."""
    rows = yield from rows_of(OF_CONTACT, [(holder.contact, to_micros(holder.now))])
    return [
        Ticket(
            unit_code=unit_code,
            unit_name=unit_name,
            number=number,
            taken_at=from_micros(taken_at),
            is_open=state != "returned",
        )
        for unit_code, unit_name, number, taken_at, state in rows
    ]


def waiting(wishes: Sequence[Waiting]) -> Plan[list[Rows]]:
    """Rows of ``WAITING``; tickets of a day that is over are closed."""
    results: list[Rows] = []
    for wish in wishes:
        row = (to_micros(wish.now), wish.after, wish.limit)
        yield from rows_of(EXPIRE, [row])
        rows = yield from rows_of(WAITING, [row])
        results.append(rows)
    return results


def tell(told: Sequence[Told]) -> Plan[list[bool]]:
    """Write the notices; False for tickets that were told of, given back or silenced meanwhile."""
    results: list[bool] = []
    for item in told:
        done = yield from _tell(item)
        results.append(done)
    return results


def _tell(item: Told) -> Plan[bool]:
    receiver, _ = item.receiver
    yield from people.load_or_add([item.receiver], to_micros(item.at))
    still_waiting = yield from rows_of(STILL_WAITING, [(item.ticket.id,)])
    if not still_waiting:
        return False
    yield from rows_of(QUIET, [(item.ticket.id,)])
    if item.outbound is not None:
        yield from rows_of(people.TOUCH, [(receiver, to_micros(item.at))])
        started = [outbox.start_row(item.outbound, item.epoch, item.at)] if item.outbound.sending else []
        yield from outbox.write([outbox.new_row(item.outbound, receiver, item.epoch, item.at)], started)
    return True


def ticket_of(row: Row, address: Address) -> WaitingTicket:
    """What a row of ``WAITING`` says, the address opened by the caller."""
    key, reply_to, unit_code, unit_name, number, source, route, valid_until = row[people.WIDTH :]
    return WaitingTicket(
        id=MessageId(key),
        contact=people.contact_of(row, address),
        reply_to=MessageId(reply_to),
        unit_code=unit_code,
        unit_name=unit_name,
        number=number,
        source=source,
        route=route,
        valid_until=from_micros(valid_until),
    )
