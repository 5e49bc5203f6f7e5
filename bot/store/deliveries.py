"""The log of messages as the desk shows it: newest first, by what they have in common; and sending one again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BigInteger, ColumnElement, Integer, LargeBinary, Table, Text, and_, func, literal, or_, select

from bot.model import MessageId, OutboundKind
from bot.store import audit, outbox
from bot.store.ids import first_id_at
from bot.store.keys import to_micros
from bot.store.port import OutboundState
from bot.store.schema import attempt, contact, inbox, outbox_part
from bot.store.schema import outbox as sent
from bot.store.statements import Plan, Row, Rows, Statement, given, rows_of

OVER = frozenset({OutboundState.FAILED, OutboundState.EXPIRED, OutboundState.UNDELIVERED})
"""Only what certainly did not arrive is sent again."""
FAR = 1 << 62
MOST_COUNTED = 20_000
"""Of a busy day the newest are counted: a page is not worth a second of reading."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryWish:
    """Which messages, of one direction. Empty fields filter nothing."""

    since: datetime
    until: datetime
    channel: str = ""
    state: str = ""
    kind: str = ""
    contact: bytes = b""
    before: int | None = None
    limit: int = 50


_wish = given(
    after=BigInteger(),
    before=BigInteger(),
    channel=Text(),
    state=Text(),
    kind=Text(),
    contact=LargeBinary(),
    most=Integer(),
)


def _given(name: str) -> ColumnElement[object]:
    return select(_wish.c[name]).scalar_subquery()


def _wanted(table: Table, *names: str) -> ColumnElement[bool]:
    fits = [or_(_given(name) == "", table.c[name] == _given(name)) for name in names]
    whose = or_(_given("contact").is_(None), table.c.contact == _given("contact"))
    return and_(table.c.id >= _given("after"), table.c.id < _given("before"), whose, *fits)


SENT_COLUMNS = (
    sent.c.id,
    sent.c.channel,
    contact.c.sealed,
    sent.c.state,
    sent.c.kind,
    sent.c.route,
    sent.c.segments,
    sent.c.tries,
    sent.c.error,
    sent.c.created_at,
    sent.c.possible_duplicate,
)
SENT = Statement(
    _wish,
    select(*SENT_COLUMNS)
    .outerjoin_from(sent, contact, contact.c.id == sent.c.contact)
    .where(_wanted(sent, "channel", "state", "kind"))
    .order_by(sent.c.id.desc())
    .limit(_given("most")),
)
RECEIVED = Statement(
    _wish,
    select(
        inbox.c.id,
        inbox.c.channel,
        contact.c.sealed,
        inbox.c.state,
        inbox.c.route,
        inbox.c.attempts,
        inbox.c.error,
        inbox.c.received_at,
        inbox.c.dup_of,
        inbox.c.codes,
    )
    .outerjoin_from(inbox, contact, contact.c.id == inbox.c.contact)
    .where(_wanted(inbox, "channel", "state"))
    .order_by(inbox.c.id.desc())
    .limit(_given("most")),
)
_newest = (
    select(sent.c.state, sent.c.segments)
    .where(_wanted(sent, "channel", "kind"))
    .order_by(sent.c.id.desc())
    .limit(MOST_COUNTED)
    .subquery("newest")
)
TOTALS = Statement(
    _wish,
    select(_newest.c.state, func.count(), func.sum(_newest.c.segments))
    .group_by(_newest.c.state)
    .order_by(_newest.c.state),
)
_about = given(code=Text(), after=BigInteger(), most=Integer())
_asked = (
    select(inbox.c.id, inbox.c.codes)
    .where(inbox.c.id >= select(_about.c.after).scalar_subquery(), inbox.c.codes != "")
    .order_by(inbox.c.id.desc())
    .limit(MOST_COUNTED)
    .subquery("asked")
)
ABOUT = Statement(
    _about,
    select(*SENT_COLUMNS)
    .join_from(_asked, sent, sent.c.reply_to == _asked.c.id)
    .outerjoin(contact, contact.c.id == sent.c.contact)
    .where(literal(",").concat(_asked.c.codes).concat(",").contains(select(_about.c.code).scalar_subquery()))
    .order_by(sent.c.id.desc())
    .limit(select(_about.c.most).scalar_subquery()),
)
"""What was answered to the newest messages that name a dossier. Not by an index: one on codes would be written at random places."""
_id = given(id=BigInteger())
_ids = select(_id.c.id)
ATTEMPTS = Statement(
    _id,
    select(attempt.c.number, attempt.c.started_at, attempt.c.ended_at, attempt.c.outcome, attempt.c.error)
    .where(attempt.c.outbox.in_(_ids))
    .order_by(attempt.c.number),
)
PARTS = Statement(
    _id,
    select(
        outbox_part.c.number, outbox_part.c.place, outbox_part.c.provider_id, outbox_part.c.state, outbox_part.c.error
    )
    .where(outbox_part.c.outbox.in_(_ids))
    .order_by(outbox_part.c.number, outbox_part.c.place),
)
WHOLE = Statement(
    _id,
    select(
        sent.c.contact,
        sent.c.channel,
        sent.c.source,
        sent.c.route,
        sent.c.text,
        sent.c.kind,
        sent.c.segments,
        sent.c.created_at,
        sent.c.expires_at,
        sent.c.state,
        sent.c.extras,
    )
    .where(sent.c.id.in_(_ids))
    .with_for_update(),
)


def _row(wish: DeliveryWish) -> Row:
    return (
        first_id_at(wish.since),
        min(wish.before or FAR, first_id_at(wish.until)),
        wish.channel,
        wish.state,
        wish.kind,
        wish.contact or None,
        wish.limit,
    )


def messages_sent(wish: DeliveryWish) -> Plan[Rows]:
    """The rows of ``SENT``, newest first."""
    rows = yield from rows_of(SENT, [_row(wish)])
    return rows


@dataclass(frozen=True, slots=True, kw_only=True)
class AboutWish:
    """Which answers: to messages with this canonical code since then, at most so many."""

    code: str
    since: datetime
    limit: int = 50


def messages_about(wish: AboutWish) -> Plan[Rows]:
    """The rows of ``ABOUT``, newest first."""
    rows = yield from rows_of(ABOUT, [(f",{wish.code},", first_id_at(wish.since), wish.limit)])
    return rows


def messages_received(wish: DeliveryWish) -> Plan[Rows]:
    """The rows of ``RECEIVED``, newest first."""
    rows = yield from rows_of(RECEIVED, [_row(wish)])
    return rows


def totals(wish: DeliveryWish) -> Plan[Rows]:
    """State, how many, how many segments."""
    rows = yield from rows_of(TOTALS, [_row(wish)])
    return rows


def history(key: int) -> Plan[tuple[Rows, Rows]]:
    """The attempts and the parts of a message that we sent."""
    attempts = yield from rows_of(ATTEMPTS, [(key,)])
    parts = yield from rows_of(PARTS, [(key,)])
    return attempts, parts


@dataclass(frozen=True, slots=True, kw_only=True)
class Resend:
    """A message to send once more, as a new one."""

    id: int
    new_id: MessageId
    at: datetime
    log: audit.Record


def resend(wishes: Sequence[Resend]) -> Plan[list[bool]]:
    """False for what may not be sent again: it may have arrived, is a one-time code, or its words are gone."""
    results: list[bool] = []
    for wish in wishes:
        rows = yield from rows_of(WHOLE, [(wish.id,)])
        again = _again(wish, rows[0]) if rows else None
        if again is not None:
            yield from rows_of(outbox.ADD, [again])
            yield from audit.append(wish.log)
        results.append(again is not None)
    return results


def _again(wish: Resend, row: Row) -> Row | None:
    whose, channel, source, route, text, kind, segments, created_at, expires_at, state, extras = row
    if state not in OVER or kind == OutboundKind.ONE_TIME_CODE or whose is None or not text:
        return None
    now = to_micros(wish.at)
    valid_until = now + max(expires_at - created_at, 0)
    begin = (wish.new_id, bytes(whose), channel, source, route, text, kind, None, 0, segments, now, valid_until)
    return (*begin, False, OutboundState.READY.value, None, now, 0, 0, extras)
