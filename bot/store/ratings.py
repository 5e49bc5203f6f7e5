"""What people think of the service: one opinion for each person and thing in 24 hours, the last one counts; who was asked for one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import BigInteger, Integer, LargeBinary, Text, case, func, or_, select, update

from bot.intent import AskForRating, KeepRating, RatingSubject
from bot.model import ChannelName, MessageId
from bot.ratings import ASKED_ONCE_WITHIN, REPLACED_WITHIN, Rating, RatingCount, RatingRequest
from bot.store import people
from bot.store.ids import first_id_at
from bot.store.keys import from_micros, to_micros
from bot.store.port import Claimed
from bot.store.schema import rating, rating_request
from bot.store.statements import Plan, Row, Statement, adding, given, rows_of

MOST_OF_ONE = 100
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
    handled_by=Text(),
    asked_at=BigInteger(),
)
ADD = Statement(_given, adding(rating, _given))
CHANGED = ("agency", "channel", "score", "note", "rated_at", "handled_by")
CHANGE = Statement(
    _given, update(rating).where(rating.c.id == _given.c.id).values({name: _given.c[name] for name in CHANGED})
)
_thing = given(contact=LargeBinary(), subject=Text(), reference=Text())
_of_thing = {column.name: select(column).scalar_subquery() for column in _thing.columns}
_at = given(contact=LargeBinary(), subject=Text(), reference=Text(), agency=Text())
_same = {column.name: select(column).scalar_subquery() for column in _at.columns}
LAST = Statement(
    _at,
    select(rating.c.id, rating.c.rated_at)
    .where(
        *(rating.c[name] == _same[name] for name in ("contact", "subject", "reference")),
        or_(rating.c.subject != RatingSubject.COUNTER.value, rating.c.agency == _same["agency"]),
    )
    .order_by(rating.c.id.desc())
    .limit(1),
)
_same_thing = (
    rating_request.c.subject == _of_thing["subject"],
    rating_request.c.reference == _of_thing["reference"],
)
ASKED = Statement(
    _thing,
    select(
        func.max(rating_request.c.asked_at).label("ever"),
        func.max(case((_same_thing[0] & _same_thing[1], rating_request.c.asked_at))).label("for_this"),
    ).where(people.is_of(rating_request.c.contact, _of_thing["contact"])),
)
_answered = given(contact=LargeBinary(), subject=Text(), reference=Text(), rated_at=BigInteger())
ANSWERED = Statement(
    _answered,
    update(rating_request)
    .where(
        people.is_of(rating_request.c.contact, select(_answered.c.contact).scalar_subquery()),
        rating_request.c.subject == _answered.c.subject,
        rating_request.c.reference == _answered.c.reference,
        rating_request.c.rated_at.is_(None),
    )
    .values(rated_at=_answered.c.rated_at),
)
_asked = given(
    id=BigInteger(),
    contact=LargeBinary(),
    subject=Text(),
    reference=Text(),
    agency=Text(),
    handled_by=Text(),
    asked_at=BigInteger(),
)
ASK = Statement(_asked, adding(rating_request, _asked))
_whose = given(contact=LargeBinary(), since=BigInteger())
REQUESTS = Statement(
    _whose,
    select(
        rating_request.c.subject,
        rating_request.c.reference,
        rating_request.c.agency,
        rating_request.c.handled_by,
        rating_request.c.asked_at,
        rating_request.c.rated_at,
    )
    .where(
        people.is_of(rating_request.c.contact, select(_whose.c.contact).scalar_subquery()),
        rating_request.c.asked_at >= select(_whose.c.since).scalar_subquery(),
    )
    .order_by(rating_request.c.id.desc()),
)
COLUMNS = (
    rating.c.id,
    rating.c.subject,
    rating.c.reference,
    rating.c.agency,
    rating.c.channel,
    rating.c.score,
    rating.c.note,
    rating.c.rated_at,
    rating.c.handled_by,
    rating.c.asked_at,
)
_wish = given(subject=Text(), reference=Text(), after=BigInteger(), before=BigInteger(), most=Integer())
_wished = {column.name: select(column).scalar_subquery() for column in _wish.columns}
SINCE = Statement(
    _wish, select(*COLUMNS).where(rating.c.id > _wished["after"]).order_by(rating.c.id).limit(_wished["most"])
)
OF_ONE = Statement(
    _wish,
    select(*COLUMNS)
    .where(rating.c.subject == _wished["subject"], rating.c.reference == _wished["reference"])
    .order_by(rating.c.id.desc())
    .limit(_wished["most"]),
)
TO_HAND = Statement(
    _wish,
    select(*COLUMNS)
    .where(rating.c.handed_at.is_(None), rating.c.rated_at <= _wished["before"], rating.c.subject == _wished["subject"])
    .order_by(rating.c.id)
    .limit(_wished["most"]),
)
_own = given(contact=LargeBinary(), most=Integer())
BY_PERSON = Statement(
    _own,
    select(*COLUMNS)
    .where(people.is_of(rating.c.contact, select(_own.c.contact).scalar_subquery()))
    .order_by(rating.c.id.desc())
    .limit(select(_own.c.most).scalar_subquery()),
)
_noted = given(agency=Text(), after=BigInteger(), before=BigInteger(), most=Integer())
_noted_of = {column.name: select(column).scalar_subquery() for column in _noted.columns}
NOTES = Statement(
    _noted,
    select(*COLUMNS)
    .where(
        rating.c.rated_at >= _noted_of["after"],
        rating.c.rated_at < _noted_of["before"],
        rating.c.agency == _noted_of["agency"],
        rating.c.note != "",
    )
    .order_by(rating.c.rated_at.desc(), rating.c.id.desc())
    .limit(_noted_of["most"]),
)
_counter = case((rating.c.subject == RatingSubject.COUNTER.value, rating.c.reference), else_="")
_by = (rating.c.subject, rating.c.agency, rating.c.handled_by, _counter.label("reference"), rating.c.score)
_counted = (
    select(*_by).where(rating.c.rated_at >= _wished["after"], rating.c.rated_at < _wished["before"]).subquery("counted")
)
COUNTS = Statement(_wish, select(*_counted.c, func.count().label("count")).group_by(*_counted.c).order_by(*_counted.c))
_handed = given(id=BigInteger(), at=BigInteger())
HANDED = Statement(_handed, update(rating).where(rating.c.id == _handed.c.id).values(handed_at=_handed.c.at))


def kept_row(write: KeepRating, key: MessageId, inbound: Claimed, at: datetime) -> Row:
    """The row of ``ADD``, but for when the person was asked."""
    return (
        key,
        inbound.contact.home,
        write.subject.value,
        write.reference,
        write.agency,
        inbound.message.sender.channel.value,
        write.score,
        write.note,
        to_micros(at),
        write.handled_by,
        None,
    )


def asked_row(asked: AskForRating, key: MessageId, person: bytes, at: datetime) -> Row:
    """The row of ``ASK``."""
    return key, person, asked.subject.value, asked.reference, asked.agency, asked.handled_by, to_micros(at)


def keep(rows: Sequence[Row]) -> Plan[None]:
    """Store opinions: in the place of those given within 24 hours, else beside them."""
    for row in rows:
        yield from _keep(row)


def _keep(row: Row) -> Plan[None]:
    key, thing, rated_at = row[0], tuple(row[1:4]), row[8]
    last = yield from rows_of(LAST, [tuple(row[1:5])])
    if last and last[0][1] > rated_at - REPLACED_WITHIN // timedelta(microseconds=1):
        yield from rows_of(CHANGE, [(last[0][0], *row[1:])])
    else:
        ((_, asked_at),) = yield from rows_of(ASKED, [thing])
        yield from rows_of(ADD, [(key, *row[1:10], asked_at)])
    yield from rows_of(ANSWERED, [(*thing, rated_at)])


def request(asked: Sequence[Row]) -> Plan[list[bool]]:
    """Rows of ``ASK``: note whom we ask; False for those that were asked for it before, or for anything a short while ago."""
    results: list[bool] = []
    for row in asked:
        yield from rows_of(people.LOAD, [(row[1],)])
        ((ever, for_this),) = yield from rows_of(ASKED, [row[1:4]])
        recent = to_micros(from_micros(row[-1]) - ASKED_ONCE_WITHIN)
        may_ask = for_this is None and (ever is None or ever <= recent)
        yield from rows_of(ASK, [row] if may_ask else [])
        results.append(may_ask)
    return results


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Which ratings, and how many."""

    since: datetime
    after: MessageId
    most: int


def since(wish: Wish) -> Plan[Sequence[Rating]]:
    """The ratings of people who first rated since then, in the order of their ids."""
    after = max(first_id_at(wish.since) - 1, wish.after)
    rows = yield from rows_of(SINCE, [("", "", after, 0, wish.most)])
    return [_rating_of(row) for row in rows]


def of_one(thing: tuple[RatingSubject, str]) -> Plan[Sequence[Rating]]:
    """Those of one thing, newest first."""
    subject, reference = thing
    rows = yield from rows_of(OF_ONE, [(subject.value, reference, 0, 0, MOST_OF_ONE)])
    return [_rating_of(row) for row in rows]


def by_person(wish: tuple[bytes, int]) -> Plan[Sequence[Rating]]:
    """Those of a person on all accounts, newest first."""
    rows = yield from rows_of(BY_PERSON, [wish])
    return [_rating_of(row) for row in rows]


def notes(wish: tuple[str, datetime, datetime, int]) -> Plan[Sequence[Rating]]:
    """Those of an agency with words to them, newest first."""
    agency, since, until, most = wish
    rows = yield from rows_of(NOTES, [(agency, to_micros(since), to_micros(until), most)])
    return [_rating_of(row) for row in rows]


def to_hand_over(wish: tuple[RatingSubject, datetime, int]) -> Plan[Sequence[Rating]]:
    """Those of a subject that nobody replaces any more and nobody took."""
    subject, now, most = wish
    rows = yield from rows_of(TO_HAND, [(subject.value, "", 0, to_micros(now - REPLACED_WITHIN), most)])
    return [_rating_of(row) for row in rows]


def hand_over(handed: Sequence[Sequence[tuple[MessageId, int]]]) -> Plan[list[None]]:
    """They were taken: ids and times."""
    for rows in handed:
        yield from rows_of(HANDED, rows)
    return [None] * len(handed)


def counts(span: tuple[datetime, datetime]) -> Plan[Sequence[RatingCount]]:
    """How often each score was given from the first time on, before the second."""
    rows = yield from rows_of(COUNTS, [("", "", to_micros(span[0]), to_micros(span[1]), 0)])
    return [
        RatingCount(
            subject=RatingSubject(subject),
            agency=agency,
            handled_by=handled_by,
            reference=reference,
            score=score,
            count=count,
        )
        for subject, agency, handled_by, reference, score, count in rows
    ]


def requests(wish: tuple[bytes, datetime]) -> Plan[Sequence[RatingRequest]]:
    """What a person was asked since then, newest first."""
    rows = yield from rows_of(REQUESTS, [(wish[0], to_micros(wish[1]))])
    return [
        RatingRequest(
            subject=RatingSubject(subject),
            reference=reference,
            agency=agency,
            handled_by=handled_by,
            asked_at=from_micros(asked_at),
            rated_at=None if rated_at is None else from_micros(rated_at),
        )
        for subject, reference, agency, handled_by, asked_at, rated_at in rows
    ]


def _rating_of(row: Row) -> Rating:
    key, subject, reference, agency, channel, score, note, rated_at, handled_by, asked_at = row
    return Rating(
        id=MessageId(key),
        subject=RatingSubject(subject),
        reference=reference,
        agency=agency,
        channel=ChannelName(channel),
        score=score,
        note=note,
        rated_at=from_micros(rated_at),
        handled_by=handled_by,
        asked_at=None if asked_at is None else from_micros(asked_at),
    )
