"""What became of a send: sent with the provider's ids, failed, in doubt."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import BigInteger, Integer, Text, func, select, update

from bot.errors import OwnerLost, RecipientRefused, Unreachable
from bot.model import OutboundMessage, ReceiptState
from bot.store.keys import receipt_key, to_micros
from bot.store.port import OutboundState, SendFailure
from bot.store.schema import attempt, contact, outbox, outbox_is_sending, outbox_part, receipt
from bot.store.schema_persons import account_link
from bot.store.statements import Plan, Row, Statement, adding, given, rows_of
from bot.store.transitions import EARLY_RECEIPT, settle, state_after_failure, state_after_receipt


class SendEnded(NamedTuple):
    """The outcome of one send."""

    message: OutboundMessage
    epoch: int
    at: datetime
    parts: tuple[str | None, ...]
    failure: SendFailure | None = None
    """None: sent."""


_mine = given(id=BigInteger(), epoch=BigInteger())
OWNED = Statement(
    _mine,
    select(outbox.c.id, outbox.c.attempts, outbox.c.tries)
    .join_from(_mine, outbox, outbox.c.id == _mine.c.id)
    .where(outbox.c.owner == _mine.c.epoch, outbox_is_sending)
    .order_by(outbox.c.id)
    .with_for_update(of=outbox),
)
_ended = given(id=BigInteger(), state=Text(), due=BigInteger(), attempts=Integer(), error=Text())
END = Statement(
    _ended,
    update(outbox)
    .where(outbox.c.id == _ended.c.id)
    .values({name: _ended.c[name] for name in ("state", "due", "attempts", "error")}),
)
_closed = given(outbox=BigInteger(), number=Integer(), ended_at=BigInteger(), outcome=Text(), error=Text())
CLOSE = Statement(
    _closed,
    update(attempt)
    .where(attempt.c.outbox == _closed.c.outbox, attempt.c.number == _closed.c.number)
    .values({name: _closed.c[name] for name in ("ended_at", "outcome", "error")}),
)
_part = given(
    outbox=BigInteger(),
    number=Integer(),
    place=Integer(),
    provider_id=Text(),
    receipt_key=BigInteger(),
    state=Text(),
)
ADD_PARTS = Statement(
    _part,
    adding(outbox_part, _part),
)
_named = given(route=Text(), provider_id=Text(), since=BigInteger())
EARLY = Statement(
    _named,
    select(receipt.c.route, receipt.c.provider_id, receipt.c.state)
    .join_from(_named, receipt, (receipt.c.route == _named.c.route) & (receipt.c.provider_id == _named.c.provider_id))
    .where(receipt.c.received_at > _named.c.since),
)

_lost = given(id=BigInteger(), at=BigInteger())
MARK = Statement(
    _lost,
    update(contact)
    .where(contact.c.id.in_(select(outbox.c.contact).join_from(_lost, outbox, outbox.c.id == _lost.c.id)))
    .values(unreachable_at=select(func.max(_lost.c.at)).scalar_subquery()),
)
"""Their receivers cannot be written to."""
_failed = given(id=BigInteger())
_failures_there = (
    select(func.count())
    .select_from(_failed.join(outbox, outbox.c.id == _failed.c.id))
    .where(outbox.c.contact == account_link.c.contact)
    .correlate(account_link)
    .scalar_subquery()
)
FAILED = Statement(
    _failed,
    update(account_link)
    .where(account_link.c.contact.in_(select(outbox.c.contact).join_from(_failed, outbox, outbox.c.id == _failed.c.id)))
    .values(failures=account_link.c.failures + _failures_there),
)
"""Messages to joined accounts that will never arrive."""
FOR_GOOD = frozenset({RecipientRefused.code, Unreachable.code})

EARLY_MICROSECONDS = EARLY_RECEIPT // timedelta(microseconds=1)
Ended = OwnerLost | None
Early = dict[tuple[str, str], ReceiptState]


def early_receipts(named: Iterable[tuple[str, str, datetime]]) -> Plan[Early]:
    """The best that receipts said of these parts (route, id, when it became known) before their ids were known."""
    wanted = [(route, part, to_micros(at) - EARLY_MICROSECONDS) for route, part, at in named]
    rows = yield from rows_of(EARLY, wanted)
    found: Early = {}
    for route, provider_id, state in rows:
        news = ReceiptState(state)
        found[route, provider_id] = settle(found.get((route, provider_id), news), news)
    return found


def end_sends(sends: Sequence[SendEnded]) -> Plan[list[Ended]]:
    """Store outcomes with the ids of the parts; receipts that came earlier are applied."""
    owned = yield from rows_of(OWNED, [(send.message.id, send.epoch) for send in sends])
    known = {row[0]: row for row in owned}
    receipts = yield from early_receipts(
        [(send.message.route, part, send.at) for send in sends for part in send.parts if part]
    )
    results: list[Ended] = []
    ended: list[_Outcome] = []
    for send in sends:
        row = known.pop(send.message.id, None)
        if row is not None:
            ended.append(_outcome(send, row, receipts))
            results.append(None)
        else:
            results.append(OwnerLost(f"outbox row {send.message.id}"))
    yield from rows_of(END, [outcome.row for outcome in ended])
    yield from rows_of(CLOSE, [outcome.attempt for outcome in ended])
    yield from rows_of(ADD_PARTS, [part for outcome in ended for part in outcome.parts])
    gone = [send for send in sends if send.failure is not None and send.failure.error == Unreachable.code]
    yield from rows_of(MARK, [(send.message.id, to_micros(send.at)) for send in gone])
    yield from rows_of(FAILED, [(send.message.id,) for send in sends if _never_arrives(send)])
    return results


def _never_arrives(send: SendEnded) -> bool:
    return send.failure is not None and send.failure.error in FOR_GOOD


class _Outcome(NamedTuple):
    row: Row
    attempt: Row
    parts: Sequence[Row]


def _outcome(send: SendEnded, stored: Row, early: Early) -> _Outcome:
    key, attempts, number = stored
    failure, at = send.failure, to_micros(send.at)
    states = {part: early.get((send.message.route, part), ReceiptState.UNKNOWN) for part in send.parts if part}
    if failure is None:
        wanted, used, due, error = OutboundState.SENT, attempts, at, None
        expected = len(states)
    else:
        used = attempts if failure.uses_attempt else attempts - 1
        wanted = state_after_failure(failure.state, used)
        due = at if failure.retry_at is None else to_micros(failure.retry_at)
        error = failure.error
        expected = send.message.segments
    settled = state_after_receipt(wanted, list(states.values()), expected) if early and states else wanted
    parts = [
        (key, number, index, part, receipt_key(part, send.at), str(states[part]))
        for index, part in enumerate(send.parts)
        if part
    ]
    return _Outcome((key, str(settled), due, used, error), (key, number, at, str(wanted), error), parts)
