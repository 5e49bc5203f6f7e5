"""What people think of the service: one opinion for each person and thing, the last one counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BigInteger, Integer, LargeBinary, Text, select

from bot.intent import KeepRating, RatingSubject
from bot.model import ChannelName, MessageId
from bot.store.ids import first_id_at
from bot.store.keys import from_micros, to_micros
from bot.store.port import Claimed
from bot.store.port_ratings import Rating
from bot.store.schema import rating
from bot.store.statements import Plan, Row, Statement, adding, given, rows_of

_given = given(
    id=BigInteger(),
    contact=LargeBinary(),
    subject=Text(),
    reference=Text(),
    agency=Text(),
    channel=Text(),
    score=Integer(),
    note=Text(),
    rated_at=BigInteger(),
)
_new = adding(rating, _given)
KEEP = Statement(
    _given,
    _new.on_conflict_do_update(
        index_elements=["contact", "subject", "reference"],
        set_={name: _new.excluded[name] for name in ("agency", "channel", "score", "note", "rated_at")},
    ),
)
_wish = given(after=BigInteger(), most=Integer())
SINCE = Statement(
    _wish,
    select(
        rating.c.id,
        rating.c.subject,
        rating.c.reference,
        rating.c.agency,
        rating.c.channel,
        rating.c.score,
        rating.c.note,
        rating.c.rated_at,
    )
    .where(rating.c.id > select(_wish.c.after).scalar_subquery())
    .order_by(rating.c.id)
    .limit(select(_wish.c.most).scalar_subquery()),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Which ratings, and how many."""

    since: datetime
    after: MessageId
    most: int


def kept_row(write: KeepRating, key: MessageId, inbound: Claimed, at: datetime) -> Row:
    """The row of ``KEEP``."""
    return (
        key,
        inbound.contact.id,
        write.subject.value,
        write.reference,
        write.agency,
        inbound.message.sender.channel.value,
        write.score,
        write.note,
        to_micros(at),
    )


def since(wish: Wish) -> Plan[Sequence[Rating]]:
    """The ratings of people who first rated since then, in the order of their ids."""
    after = max(first_id_at(wish.since) - 1, wish.after)
    rows = yield from rows_of(SINCE, [(after, wish.most)])
    return [
        Rating(
            id=MessageId(key),
            subject=RatingSubject(subject),
            reference=reference,
            agency=agency,
            channel=ChannelName(channel),
            score=score,
            note=note,
            rated_at=from_micros(rated_at),
        )
        for key, subject, reference, agency, channel, score, note, rated_at in rows
    ]
