"""Delivery receipts: matched with the part they name, or kept aside until that part is known."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import BigInteger, Integer, Text, delete, func, select, update

from bot.model import DeliveryReceipt, ReceiptState
from bot.store.keys import from_micros, receipt_keys, to_micros
from bot.store.port import OutboundState
from bot.store.results import FAILED, MARK
from bot.store.schema import outbox, outbox_part, receipt
from bot.store.statements import Plan, Row, Statement, adding, given, rows_of
from bot.store.transitions import settle, state_after_receipt


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """A receipt with an id for each form of the provider's id, in case it is kept aside."""

    receipt: DeliveryReceipt
    ids: tuple[int, ...]


PartKey = tuple[int, int, int]
"""Message, number of the try, index of the part."""

_keys = given(key=BigInteger())
FIND = Statement(
    _keys,
    select(outbox_part.c.outbox, outbox_part.c.number, outbox_part.c.place, outbox_part.c.provider_id, outbox.c.route)
    .join_from(outbox_part, outbox, outbox.c.id == outbox_part.c.outbox)
    .where(outbox_part.c.receipt_key.in_(select(_keys.c.key))),
)
_ids = given(id=BigInteger())
MESSAGES = Statement(
    _ids,
    select(outbox.c.id, outbox.c.state, outbox.c.segments, outbox.c.tries)
    .where(outbox.c.id.in_(select(_ids.c.id)))
    .order_by(outbox.c.id)
    .with_for_update(),
)
PARTS = Statement(
    _ids,
    select(outbox_part.c.outbox, outbox_part.c.number, outbox_part.c.place, outbox_part.c.state).where(
        outbox_part.c.outbox.in_(select(_ids.c.id))
    ),
)
_part = given(outbox=BigInteger(), number=Integer(), place=Integer(), state=Text(), error=Text())
MOVE_PART = Statement(
    _part,
    update(outbox_part)
    .where(
        outbox_part.c.outbox == _part.c.outbox,
        outbox_part.c.number == _part.c.number,
        outbox_part.c.place == _part.c.place,
    )
    .values(state=_part.c.state, error=_part.c.error),
)
_message = given(id=BigInteger(), state=Text())
MOVE_MESSAGE = Statement(_message, update(outbox).where(outbox.c.id == _message.c.id).values(state=_message.c.state))
_aside = given(id=BigInteger(), route=Text(), provider_id=Text(), state=Text(), error=Text(), received_at=BigInteger())
KEEP_ASIDE = Statement(_aside, adding(receipt, _aside))
_after = given(after=BigInteger())
MOST_ASIDE = 1000
ASIDE = Statement(
    _after,
    select(*receipt.columns)
    .where(receipt.c.id > select(func.max(_after.c.after)).scalar_subquery())
    .order_by(receipt.c.id)
    .limit(MOST_ASIDE),
)
DROP = Statement(_ids, delete(receipt).where(receipt.c.id.in_(select(_ids.c.id))))


class _Board:
    """The parts and messages that a group of receipts touches, moved forward one receipt after the other."""

    def __init__(self, messages: Sequence[Row], parts: Sequence[Row]) -> None:
        self.messages = {row[0]: row for row in messages}
        self.states = {row[0]: OutboundState(row[1]) for row in messages}
        self.parts: dict[PartKey, ReceiptState] = {(row[0], row[1], row[2]): ReceiptState(row[3]) for row in parts}
        self.moved_parts: dict[PartKey, str] = {}
        self.moved_messages: set[int] = set()

    def apply(self, part: PartKey, news: DeliveryReceipt) -> None:
        """Move a part, and its message with it."""
        known = self.parts[part]
        self.parts[part] = settle(known, news.state)
        if self.parts[part] is known:
            return
        self.moved_parts[part] = news.error
        key, number, _ = part
        _, _, segments, tries = self.messages[key]
        siblings = [state for (message, tried, _), state in self.parts.items() if (message, tried) == (key, number)]
        complete = self.states[key] is not OutboundState.IN_DOUBT and number == tries
        before = self.states[key]
        self.states[key] = state_after_receipt(before, siblings, len(siblings) if complete else segments)
        if self.states[key] is not before:
            self.moved_messages.add(key)


def record(news: Sequence[News]) -> Plan[list[bool]]:
    """Apply receipts; False for those kept aside."""
    results = yield from _apply(news)
    aside = [row for item, matched in zip(news, results, strict=True) if not matched for row in _aside_rows(item)]
    yield from rows_of(KEEP_ASIDE, aside)
    return results


def rematch(afters: Sequence[int]) -> Plan[list[int]]:
    """Try again with receipts kept aside after that id; how many found their part.

    On PostgreSQL a receipt and the result of its send may be stored at the same moment by two processes, and neither sees
    the other.
    """
    rows = yield from rows_of(ASIDE, [(after,) for after in afters])
    news = [_news_of(row) for row in rows]
    results = yield from _apply(news)
    matched = [(item.ids[0],) for item, found in zip(news, results, strict=True) if found]
    yield from rows_of(DROP, matched)
    return [len(matched) for _ in afters]


def _news_of(row: Row) -> News:
    key, route, provider_id, state, error, received_at = row
    receipt = DeliveryReceipt(
        route=route,
        provider_ids=(provider_id,),
        state=ReceiptState(state),
        error=error,
        received_at=from_micros(received_at),
    )
    return News(receipt=receipt, ids=(key,))


def _apply(news: Sequence[News]) -> Plan[list[bool]]:
    """Move the parts and messages that receipts name; False for those that name none."""
    keys = {(key,) for item in news for key in _search_keys(item.receipt)}
    found = yield from rows_of(FIND, list(keys))
    named: dict[tuple[str, str], PartKey] = {}
    for key, number, index, provider_id, route in sorted(found, key=tuple):
        named[route, provider_id] = (key, number, index)
    touched = [(key,) for key in sorted({part[0] for part in named.values()})]
    messages = yield from rows_of(MESSAGES, touched)
    parts = yield from rows_of(PARTS, touched)
    board = _Board(messages, parts)
    results: list[bool] = []
    lost: list[Row] = []
    for item in news:
        part = _part_of(item.receipt, named)
        results.append(part is not None)
        if part is not None:
            board.apply(part, item.receipt)
        if part is not None and item.receipt.unreachable:
            lost.append((part[0], to_micros(item.receipt.received_at)))
    yield from rows_of(MARK, lost)
    yield from rows_of(
        MOVE_PART, [(*part, board.parts[part].value, error) for part, error in board.moved_parts.items()]
    )
    undelivered = [key for key in board.moved_messages if board.states[key] is OutboundState.UNDELIVERED]
    yield from rows_of(FAILED, [(key,) for key in sorted(undelivered)])
    yield from rows_of(MOVE_MESSAGE, [(key, board.states[key].value) for key in sorted(board.moved_messages)])
    return results


def _search_keys(news: DeliveryReceipt) -> list[int]:
    return [key for form in news.provider_ids for key in receipt_keys(form, news.received_at)]


def _part_of(news: DeliveryReceipt, named: dict[tuple[str, str], PartKey]) -> PartKey | None:
    """The part that the best form of the id names."""
    return next((named[news.route, form] for form in news.provider_ids if (news.route, form) in named), None)


def _aside_rows(item: News) -> list[Row]:
    news = item.receipt
    return [
        (key, news.route, form, news.state.value, news.error, to_micros(news.received_at))
        for key, form in zip(item.ids, news.provider_ids, strict=True)
    ]
