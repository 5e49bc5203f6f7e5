"""Rows to work on: taking waiting ones, giving them back."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import BigInteger, Integer, Text, exists, select, update

from bot.errors import OwnerLost
from bot.events import Event
from bot.model import Address, InboundMessage, MessageId
from bot.store import people
from bot.store.keys import from_micros
from bot.store.port import Claimed, InboundState
from bot.store.schema import contact, inbox, inbox_is_waiting
from bot.store.statements import Plan, Row, Statement, given, rows_of
from bot.store.transitions import state_after_release

_ids = given(id=BigInteger())
_most = given(most=Integer())
_earlier = inbox.alias("earlier")
WAITING = Statement(
    _most,
    select(inbox.c.id)
    .where(
        inbox_is_waiting,
        ~exists().where(
            _earlier.c.contact == inbox.c.contact,
            _earlier.c.state.in_([InboundState.RECEIVED.value, InboundState.CLAIMED.value]),
            _earlier.c.id < inbox.c.id,
        ),
    )
    .order_by(inbox.c.id)
    .limit(select(_most.c.most).scalar_subquery())
    .with_for_update(of=inbox, skip_locked=True),
)
_taken = given(id=BigInteger(), epoch=BigInteger())
TAKE = Statement(
    _taken,
    update(inbox)
    .where(inbox.c.id == _taken.c.id)
    .values(state=InboundState.CLAIMED.value, owner=_taken.c.epoch, attempts=inbox.c.attempts + 1),
)
MESSAGE_COLUMNS = (
    inbox.c.id,
    inbox.c.attempts,
    inbox.c.recipient,
    inbox.c.text,
    inbox.c.received_at,
    inbox.c.route,
    inbox.c.content_hash,
    inbox.c.external_id,
    inbox.c.session,
    inbox.c.raw,
    inbox.c.partial,
    inbox.c.event,
    inbox.c.reply_key,
)
READ = Statement(
    _ids,
    select(*people.COLUMNS, *MESSAGE_COLUMNS)
    .join_from(inbox, contact, contact.c.id == inbox.c.contact)
    .where(inbox.c.id.in_(select(_ids.c.id))),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A wish for rows to work on."""

    epoch: int
    limit: int


def claim(wishes: Sequence[Claim]) -> Plan[list[list[Row]]]:
    """Waiting rows as ``READ`` gives them, oldest first."""
    results: list[list[Row]] = []
    for wish in wishes:
        waiting = yield from rows_of(WAITING, [(wish.limit,)])
        yield from rows_of(TAKE, [(row[0], wish.epoch) for row in waiting])
        own = yield from rows_of(READ, [(row[0],) for row in waiting])
        rows = yield from people.with_homes(own)
        results.append(sorted(rows, key=lambda row: row[people.WIDTH]))
    return results


def claimed_of(row: Row, sender: Address, event: Event | None) -> Claimed:
    """What a row of ``READ`` says, the sender's address and the event opened by the caller."""
    person = people.contact_of(row, sender)
    (
        key,
        attempts,
        recipient,
        text,
        received_at,
        route,
        content_hash,
        external_id,
        session,
        raw,
        partial,
        _,
        reply_key,
    ) = row[people.WIDTH :]
    message = InboundMessage(
        sender=sender,
        recipient=recipient,
        text=text,
        received_at=from_micros(received_at),
        route=route,
        content_hash=bytes(content_hash),
        external_id=external_id,
        session=session,
        raw=bytes(raw),
        partial=bool(partial),
        event=event,
        reply_key=reply_key or "",
    )
    return Claimed(id=MessageId(key), message=message, contact=person, attempts=attempts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """A row whose handling failed."""

    id: MessageId
    epoch: int
    error: str


_mine = given(id=BigInteger(), epoch=BigInteger())
OWNED = Statement(
    _mine,
    select(inbox.c.id, inbox.c.attempts)
    .join_from(_mine, inbox, inbox.c.id == _mine.c.id)
    .where(inbox.c.owner == _mine.c.epoch, inbox.c.state == InboundState.CLAIMED.value)
    .with_for_update(of=inbox),
)
_released = given(id=BigInteger(), state=Text(), error=Text())
GIVE_BACK = Statement(
    _released,
    update(inbox)
    .where(inbox.c.id == _released.c.id)
    .values(state=_released.c.state, error=_released.c.error, owner=None),
)


def release(releases: Sequence[Release]) -> Plan[list[OwnerLost | None]]:
    """Back to ``received``, or ``parked`` when claimed too often."""
    owned = yield from rows_of(OWNED, [(item.id, item.epoch) for item in releases])
    claims = {row[0]: row[1] for row in owned}
    mine = [item for item in releases if item.id in claims]
    yield from rows_of(GIVE_BACK, [(item.id, state_after_release(claims[item.id]).value, item.error) for item in mine])
    return [None if item.id in claims else OwnerLost(f"inbox row {item.id}") for item in releases]
