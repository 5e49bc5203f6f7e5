"""Taking back what dead processes left: nothing received is forgotten, nothing that may have left is sent again unflagged."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BigInteger, Integer, delete, exists, func, select, union, union_all, update

from bot.official_account import GrantState
from bot.store.keys import to_micros
from bot.store.port import InboundState, OutboundState
from bot.store.schema import (
    attempt,
    inbox,
    inbox_is_open,
    outbox,
    outbox_is_sending,
    process,
    zalo_token,
)
from bot.store.statements import Plan, Statement, given, rows_of
from bot.store.transitions import INBOUND_OF_DEAD_OWNER, OUTBOUND_OF_DEAD_OWNER

OWNER_DIED = "owner_died"

_dead = given(epoch=BigInteger(), now=BigInteger())
_epochs = select(_dead.c.epoch)
_now = select(func.max(_dead.c.now)).scalar_subquery()
TAKE_INBOUND = Statement(
    _dead,
    update(inbox)
    .where(inbox_is_open, inbox.c.state == InboundState.CLAIMED.value, inbox.c.owner.in_(_epochs))
    .values(state=INBOUND_OF_DEAD_OWNER[InboundState.CLAIMED].value),
)
CLOSE_ATTEMPTS = Statement(
    _dead,
    update(attempt)
    .where(
        attempt.c.outbox == outbox.c.id,
        attempt.c.number == outbox.c.tries,
        outbox_is_sending,
        outbox.c.owner.in_(_epochs),
    )
    .values(ended_at=_now, outcome=OutboundState.IN_DOUBT.value, error=OWNER_DIED),
)
TAKE_OUTBOUND = Statement(
    _dead,
    update(outbox)
    .where(outbox_is_sending, outbox.c.owner.in_(_epochs))
    .values(state=OUTBOUND_OF_DEAD_OWNER[OutboundState.SENDING].value, due=_now, error=OWNER_DIED),
)
SPEND_TOKENS = Statement(
    _dead,
    update(zalo_token)
    .where(zalo_token.c.state == GrantState.REFRESHING.value, zalo_token.c.owner.in_(_epochs))
    .values(state=GrantState.SPENT.value, owner=None),
)
"""Whether the provider took the old token nobody knows: it is never tried again."""
TOUCH = Statement(_dead, update(process).where(process.c.epoch.in_(_epochs)).values(expires_at=_now))
FORGET = Statement(_dead, delete(process).where(process.c.epoch.in_(_epochs)))
_any = given(ignored=Integer())
EPOCHS = Statement(_any, select(process.c.epoch))
_ownerless = union(
    select(inbox.c.owner).where(
        inbox_is_open,
        inbox.c.state == InboundState.CLAIMED.value,
        ~exists().where(process.c.epoch == inbox.c.owner),
    ),
    select(outbox.c.owner).where(outbox_is_sending, ~exists().where(process.c.epoch == outbox.c.owner)),
    select(zalo_token.c.owner).where(
        zalo_token.c.state == GrantState.REFRESHING.value, ~exists().where(process.c.epoch == zalo_token.c.owner)
    ),
)
OWNERLESS = Statement(_any, _ownerless.subquery().select())
NEWEST = Statement(_any, union_all(select(func.max(inbox.c.id)), select(func.max(outbox.c.id))).subquery().select())


@dataclass(frozen=True, slots=True, kw_only=True)
class Processes:
    """Some processes, and the time."""

    epochs: tuple[int, ...]
    now: datetime


def touch(alive: Sequence[Processes]) -> Plan[list[None]]:
    """Write something, to prove that it can be committed."""
    yield from rows_of(TOUCH, [(epoch, to_micros(item.now)) for item in alive for epoch in item.epochs])
    return [None for _ in alive]


def newest_id(_: None) -> Plan[int]:
    """The largest id in use; new ones go on after it, whatever the clock says."""
    rows = yield from rows_of(NEWEST, [(0,)])
    return max((row[0] for row in rows if row[0] is not None), default=0)


def known_epochs(_: None) -> Plan[list[int]]:
    """All processes that are registered."""
    rows = yield from rows_of(EPOCHS, [(0,)])
    return [row[0] for row in rows]


def ownerless(_: None) -> Plan[list[int]]:
    """Epochs that own rows but are no longer registered: they stored once more before they noticed that they were dead."""
    rows = yield from rows_of(OWNERLESS, [(0,)])
    return [row[0] for row in rows]


def recover(all_dead: Sequence[Processes]) -> Plan[list[None]]:
    """``claimed`` becomes ``received``, ``sending`` becomes ``in_doubt``, a renewal under way ``spent``; the epochs go."""
    for dead in all_dead:
        rows = [(epoch, to_micros(dead.now)) for epoch in dead.epochs]
        for statement in (TAKE_INBOUND, CLOSE_ATTEMPTS, TAKE_OUTBOUND, SPEND_TOKENS, FORGET):
            yield from rows_of(statement, rows)
    return [None for _ in all_dead]
