"""A channel accepted a part after we had stopped waiting: the message is not in doubt any more, and is not sent again."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import BigInteger, select

from bot.model import LateResponse, ReceiptState
from bot.store.keys import receipt_key, to_micros
from bot.store.port import OutboundState
from bot.store.receipts import PARTS
from bot.store.results import ADD_PARTS, CLOSE, END, Early, early_receipts
from bot.store.schema import outbox
from bot.store.statements import Plan, Row, Statement, given, rows_of
from bot.store.transitions import state_after_receipt


@dataclass(frozen=True, slots=True, kw_only=True)
class Late:
    """A late response, and the process that got it."""

    response: LateResponse
    epoch: int


_mine = given(id=BigInteger(), epoch=BigInteger())
IN_DOUBT = Statement(
    _mine,
    select(outbox.c.id, outbox.c.tries, outbox.c.attempts, outbox.c.segments, outbox.c.route)
    .join_from(_mine, outbox, outbox.c.id == _mine.c.id)
    .where(outbox.c.owner == _mine.c.epoch, outbox.c.state == OutboundState.IN_DOUBT.value)
    .order_by(outbox.c.id)
    .with_for_update(of=outbox),
)


def record(lates: Sequence[Late]) -> Plan[list[bool]]:
    """Add the part; ``sent`` with the last one. False for messages of others, or no longer in doubt."""
    wanted = {(late.response.message, late.epoch) for late in lates}
    rows = yield from rows_of(IN_DOUBT, sorted(wanted))
    messages = {row[0]: row for row in rows}
    known = yield from rows_of(PARTS, [(key,) for key in messages])
    responses = [late.response for late in lates if late.response.message in messages]
    early = yield from early_receipts(
        (messages[response.message][4], response.provider_id, response.received_at) for response in responses
    )
    parts = {(row[0], row[1], row[2]): ReceiptState(row[3]) for row in known}
    added: dict[tuple[int, int, int], Row] = {}
    for response in responses:
        row = _part_row(response, messages[response.message], early)
        if row[:3] not in parts:
            parts[row[:3]], added[row[:3]] = ReceiptState(row[5]), row
    yield from rows_of(ADD_PARTS, list(added.values()))
    latest = {response.message: to_micros(response.received_at) for response in responses}
    complete = [
        (messages[key], states, at)
        for key, at in latest.items()
        if len(states := _states(messages[key], parts)) >= messages[key][3]
    ]
    yield from rows_of(END, [_end_row(row, states, at) for row, states, at in complete])
    yield from rows_of(CLOSE, [(row[0], row[1], at, OutboundState.SENT.value, None) for row, _, at in complete])
    return [late.response.message in messages for late in lates]


def _part_row(response: LateResponse, message: Row, early: Early) -> tuple[int, int, int, str, int, str]:
    key, tries, _, _, route = message
    state = early.get((route, response.provider_id), ReceiptState.UNKNOWN)
    return (
        key,
        tries,
        response.place,
        response.provider_id,
        receipt_key(response.provider_id, response.received_at),
        state.value,
    )


def _states(message: Row, parts: dict[tuple[int, int, int], ReceiptState]) -> list[ReceiptState]:
    return [state for (key, number, _), state in parts.items() if (key, number) == (message[0], message[1])]


def _end_row(message: Row, states: Sequence[ReceiptState], at: int) -> Row:
    key, _, attempts, segments, _ = message
    return key, state_after_receipt(OutboundState.SENT, states, segments).value, at, attempts, None
