"""All messages in and out, in order of their ids: what ``motcua messages`` prints."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Integer, select

from bot.model import Address
from bot.privacy import masked
from bot.store.schema import contact, inbox, outbox
from bot.store.statements import Plan, Row, Rows, Statement, given, rows_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Messages after this id."""

    after: int
    limit: int


_page = given(after=BigInteger(), most=Integer())
_after = select(_page.c.after).scalar_subquery()
_most = select(_page.c.most).scalar_subquery()
RECEIVED = Statement(
    _page,
    select(
        inbox.c.id,
        inbox.c.channel,
        contact.c.sealed,
        inbox.c.state,
        inbox.c.attempts,
        inbox.c.codes,
        inbox.c.external_id,
        inbox.c.dup_of,
    )
    .outerjoin_from(inbox, contact, contact.c.id == inbox.c.contact)
    .where(inbox.c.id > _after)
    .order_by(inbox.c.id)
    .limit(_most),
)
_asked = inbox.alias("asked")
SENT = Statement(
    _page,
    select(
        outbox.c.id,
        outbox.c.channel,
        contact.c.sealed,
        outbox.c.state,
        outbox.c.tries,
        _asked.c.codes,
        outbox.c.reply_to,
        outbox.c.ordinal,
        outbox.c.possible_duplicate,
    )
    .outerjoin_from(outbox, contact, contact.c.id == outbox.c.contact)
    .outerjoin(_asked, _asked.c.id == outbox.c.reply_to)
    .where(outbox.c.id > _after)
    .order_by(outbox.c.id)
    .limit(_most),
)


def page(wish: Page) -> Plan[tuple[Rows, Rows, int | None]]:
    """Rows in and out up to a common id, and that id; None when there are no more."""
    row = (wish.after, wish.limit)
    received = yield from rows_of(RECEIVED, [row])
    sent = yield from rows_of(SENT, [row])
    ends = [max(found[0] for found in rows) for rows in (received, sent) if len(rows) >= wish.limit]
    end = min(ends, default=None)
    if end is None:
        return received, sent, None
    return [found for found in received if found[0] <= end], [found for found in sent if found[0] <= end], end


def listed(received: Rows, sent: Rows, open_address: Callable[[bytes], Address]) -> list[dict[str, Any]]:
    """The rows of a page as they are printed, oldest first."""
    lines = [_received(row, open_address) for row in received] + [_sent(row, open_address) for row in sent]
    return sorted(lines, key=lambda line: line["id"])


def _received(row: Row, open_address: Callable[[bytes], Address]) -> dict[str, Any]:
    key, channel, sealed, state, attempts, codes, external_id, dup_of = row
    return {
        "id": key,
        "channel": channel,
        "direction": "in",
        "external_id": external_id,
        "sender_masked": _masked(sealed, open_address),
        "state": state,
        "reply_to": None,
        "ordinal": None,
        "attempts": attempts,
        "possible_duplicate": False,
        "codes": codes.split(",") if codes else [],
        "duplicate_of": dup_of,
    }


def _sent(row: Row, open_address: Callable[[bytes], Address]) -> dict[str, Any]:
    key, channel, sealed, state, tries, codes, reply_to, ordinal, again = row
    return {
        "id": key,
        "channel": channel,
        "direction": "out",
        "external_id": None,
        "sender_masked": _masked(sealed, open_address),
        "state": state,
        "reply_to": reply_to,
        "ordinal": ordinal,
        "attempts": tries,
        "possible_duplicate": bool(again),
        "codes": codes.split(",") if codes else [],
        "duplicate_of": None,
    }


def _masked(sealed: bytes, open_address: Callable[[bytes], Address]) -> str:
    return masked(open_address(bytes(sealed)).id) if sealed else ""
