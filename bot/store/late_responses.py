"""What a channel said after we had stopped waiting: accepted, so not to be sent again, or refused, as if it had been in time."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import BigInteger, select

from bot.model import LateRefusal, LateResponse, ReceiptState
from bot.store.keys import receipt_key, to_micros
from bot.store.port import OutboundState
from bot.store.receipts import PARTS
from bot.store.results import ADD_PARTS, CLOSE, END, FAILED, FOR_GOOD, Early, early_receipts
from bot.store.schema import outbox
from bot.store.statements import Plan, Row, Statement, given, rows_of
from bot.store.transitions import state_after_failure, state_after_receipt


@dataclass(frozen=True, slots=True, kw_only=True)
class Late:
    """A late response, and the process that got it."""

    response: LateResponse
    epoch: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A late refusal, and the process that got it."""

    refusal: LateRefusal
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


def refuse(all_refused: Sequence[Refused]) -> Plan[list[bool]]:
    """End the doubt. False for messages of others, no longer in doubt, or of which a part may have left."""
    wanted = {(refused.refusal.message, refused.epoch) for refused in all_refused}
    rows = yield from rows_of(IN_DOUBT, sorted(wanted))
    messages = {row[0]: row for row in rows}
    ended: dict[int, tuple[Row, Row]] = {}
    results: list[bool] = []
    for refused in all_refused:
        message = messages.get(refused.refusal.message)
        settles = message is not None and (not refused.refusal.retry or message[3] == 1)
        if message is not None and settles:
            ended[message[0]] = _refused_rows(refused.refusal, message)
        results.append(settles)
    yield from rows_of(END, [row for row, _ in ended.values()])
    yield from rows_of(CLOSE, [attempt for _, attempt in ended.values()])
    yield from rows_of(FAILED, [(key,) for key, (row, _) in ended.items() if row[-1] in FOR_GOOD])
    return results


def _refused_rows(refusal: LateRefusal, message: Row) -> tuple[Row, Row]:
    key, tries, attempts, _, _ = message
    used = attempts if refusal.uses_attempt else attempts - 1
    wanted = OutboundState.READY if refusal.retry else OutboundState.FAILED
    state = state_after_failure(wanted, used)
    due = to_micros(refusal.received_at + refusal.retry_after)
    return (key, state.value, due, used, refusal.error), (
        key,
        tries,
        to_micros(refusal.received_at),
        wanted.value,
        refusal.error,
    )


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
