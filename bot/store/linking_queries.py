"""What is asked about joined accounts and one-time codes; changes nothing."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BigInteger, LargeBinary, Text, func, or_, select

from bot.linking import CodePurpose, Kept
from bot.store import people
from bot.store.keys import from_micros, to_micros
from bot.store.linking import MEMBERS
from bot.store.schema import contact, ticket, ticket_is_of_today
from bot.store.schema_persons import code_is_unused, consent, one_time_code, wrong_code
from bot.store.statements import Plan, Row, Rows, Statement, given, rows_of


@dataclass(frozen=True, slots=True, kw_only=True)
class FindCode:
    """A code typed by somebody."""

    digest: bytes
    purpose: CodePurpose
    now: datetime


_typed = given(digest=LargeBinary(), purpose=Text(), now=BigInteger())
FIND = Statement(
    _typed,
    select(
        one_time_code.c.id,
        contact.c.id,
        contact.c.sealed,
        contact.c.language,
        one_time_code.c.source,
        one_time_code.c.route,
    )
    .join_from(one_time_code, contact, contact.c.id == one_time_code.c.contact)
    .where(
        one_time_code.c.digest == select(_typed.c.digest).scalar_subquery(),
        one_time_code.c.purpose == select(_typed.c.purpose).scalar_subquery(),
        one_time_code.c.expires_at > select(_typed.c.now).scalar_subquery(),
        code_is_unused,
    ),
)


def find_code(wish: FindCode) -> Plan[Rows]:
    """The row of ``FIND`` for a code that may still be used; nothing when two people hold equal codes."""
    rows = yield from rows_of(FIND, [(wish.digest, wish.purpose.value, to_micros(wish.now))])
    return rows if len(rows) == 1 else []


@dataclass(frozen=True, slots=True, kw_only=True)
class Tries:
    """Whose tries; since when, and since which id anybody's."""

    contact: bytes
    home: bytes
    since: datetime
    anywhere_after: int


_tries = given(contact=LargeBinary(), home=LargeBinary(), since=BigInteger(), after=BigInteger())
_since = select(_tries.c.since).scalar_subquery()
_tried_home = select(_tries.c.home).scalar_subquery()
_tried_by = select(contact.c.id).where(or_(contact.c.person == _tried_home, contact.c.id == _tried_home))
_own_wrong = (wrong_code.c.contact.in_(_tried_by), wrong_code.c.at > _since)
TRIES = Statement(
    _tries,
    select(
        select(func.count())
        .select_from(one_time_code)
        .where(one_time_code.c.asker == select(_tries.c.contact).scalar_subquery(), one_time_code.c.expires_at > _since)
        .scalar_subquery()
        .label("issued"),
        select(func.count()).select_from(wrong_code).where(*_own_wrong).scalar_subquery().label("wrong"),
        select(func.min(wrong_code.c.at)).where(*_own_wrong).scalar_subquery().label("first_wrong_at"),
        select(func.count())
        .select_from(wrong_code)
        .where(wrong_code.c.id > select(_tries.c.after).scalar_subquery())
        .scalar_subquery()
        .label("anywhere"),
    ),
)


def tries(wish: Tries) -> Plan[Row]:
    """The row of ``TRIES``."""
    rows = yield from rows_of(TRIES, [(wish.contact, wish.home, to_micros(wish.since), wish.anywhere_after)])
    return rows[0]


def members(home: bytes) -> Plan[Rows]:
    """The rows of ``MEMBERS``: all accounts of a person."""
    rows = yield from rows_of(MEMBERS, [(home,)])
    return rows


_KEPT = given(home=LargeBinary())
_kept_home = select(_KEPT.c.home).scalar_subquery()
_accounts = select(contact.c.id).where(or_(contact.c.person == _kept_home, contact.c.id == _kept_home))
KEPT = Statement(
    _KEPT,
    select(
        select(contact.c.codes).where(contact.c.id == _kept_home).scalar_subquery().label("codes"),
        select(func.count())
        .select_from(ticket)
        .where(ticket.c.contact.in_(_accounts), ticket_is_of_today)
        .scalar_subquery()
        .label("tickets"),
        select(func.min(consent.c.given_at))
        .where(consent.c.contact.in_(_accounts), consent.c.withdrawn_at.is_(None))
        .scalar_subquery()
        .label("agreed_at"),
    ),
)


def kept_of(home: bytes) -> Plan[Kept]:
    """What is kept of a person, counted."""
    ((codes, tickets, agreed_at),) = yield from rows_of(KEPT, [(home,)])
    agreed = None if agreed_at is None else from_micros(agreed_at)
    return Kept(codes=len(people.codes_of(codes)), tickets=tickets, agreed_at=agreed)


@dataclass(frozen=True, slots=True, kw_only=True)
class SentTo:
    """Codes for whom, valid later than when."""

    contact: bytes
    since: datetime


_sent = given(contact=LargeBinary(), since=BigInteger())
SENT = Statement(
    _sent,
    select(func.count())
    .select_from(one_time_code)
    .where(
        one_time_code.c.contact == select(_sent.c.contact).scalar_subquery(),
        one_time_code.c.expires_at > select(_sent.c.since).scalar_subquery(),
    ),
)


def sent_to(wish: SentTo) -> Plan[int]:
    """How many codes somebody was sent."""
    ((count,),) = yield from rows_of(SENT, [(wish.contact, to_micros(wish.since))])
    return int(count)
