"""One-time codes of officers, and the chat accounts that are linked with them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum

from sqlalchemy import BigInteger, Integer, LargeBinary, Text, delete, func, null, select, update

from bot.access.records import MOST_WRONG, CodePurpose
from bot.model import MessageId
from bot.store import audit, outbox, people
from bot.store.ids import first_id_at
from bot.store.keys import to_micros
from bot.store.schema_officers import code_is_unspent, officer_code, officer_link
from bot.store.statements import Plan, Row, Rows, Statement, adding, given, rows_of

ISSUE_WINDOW, MOST_ISSUED = timedelta(hours=1), 10


class Typed(Enum):
    """What became of a code that an officer typed into the desk."""

    RIGHT = "right"
    WRONG = "wrong"
    DEAD = "dead"
    """Too old, used, or typed wrong too often: a new one is needed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """A code to issue; earlier ones of the same purpose are over. *messages* carry it: rows of the outbox, *people* to whom."""

    id: MessageId
    digest: bytes
    purpose: CodePurpose
    officer: int
    at: datetime
    expires_at: datetime
    data: str = ""
    messages: tuple[Row, ...] = ()
    people: tuple[tuple[bytes, bytes], ...] = ()


_code = given(
    id=BigInteger(),
    digest=LargeBinary(),
    purpose=Text(),
    officer=BigInteger(),
    expires_at=BigInteger(),
    wrong=Integer(),
    data=Text(),
)
ADD = Statement(_code, adding(officer_code, _code))
_of = given(officer=BigInteger(), purpose=Text(), after=BigInteger(), at=BigInteger())
_wanted = (
    officer_code.c.officer == select(_of.c.officer).scalar_subquery(),
    officer_code.c.purpose == select(_of.c.purpose).scalar_subquery(),
)
ISSUED = Statement(
    _of,
    select(func.count())
    .select_from(officer_code)
    .where(*_wanted, officer_code.c.id > select(_of.c.after).scalar_subquery()),
)
END_EARLIER = Statement(
    _of,
    update(officer_code)
    .where(officer_code.c.officer == _of.c.officer, officer_code.c.purpose == _of.c.purpose, code_is_unspent)
    .values(used_at=_of.c.at),
)
NEWEST = Statement(
    _of,
    select(officer_code.c.id, officer_code.c.digest, officer_code.c.expires_at, officer_code.c.wrong)
    .where(*_wanted, code_is_unspent)
    .order_by(officer_code.c.id.desc())
    .limit(1)
    .with_for_update(),
)
_digests = given(digest=LargeBinary(), purpose=Text(), now=BigInteger())
_good = select(officer_code.c.id, officer_code.c.officer, officer_code.c.data).where(
    officer_code.c.digest == select(_digests.c.digest).scalar_subquery(),
    officer_code.c.purpose == select(_digests.c.purpose).scalar_subquery(),
    officer_code.c.expires_at > select(_digests.c.now).scalar_subquery(),
    code_is_unspent,
)
UNSPENT = Statement(_digests, _good.with_for_update())
PEEK = Statement(_digests, _good)
_spent = given(id=BigInteger(), used_at=BigInteger())
SPEND = Statement(_spent, update(officer_code).where(officer_code.c.id == _spent.c.id).values(used_at=_spent.c.used_at))
_id = given(id=BigInteger())
WRONG = Statement(_id, update(officer_code).where(officer_code.c.id == _id.c.id).values(wrong=officer_code.c.wrong + 1))


def issue(issues: Sequence[Issue]) -> Plan[list[bool]]:
    """False, and nothing written, for one too many in an hour."""
    results: list[bool] = []
    for item in issues:
        wish = (item.officer, item.purpose.value, first_id_at(item.at - ISSUE_WINDOW), to_micros(item.at))
        ((count,),) = yield from rows_of(ISSUED, [wish])
        if count < MOST_ISSUED:
            yield from rows_of(END_EARLIER, [wish])
            row = (item.id, item.digest, item.purpose.value, item.officer, to_micros(item.expires_at), 0, item.data)
            yield from rows_of(ADD, [row])
            yield from people.load_or_add(item.people, to_micros(item.at))
            yield from outbox.write(item.messages, [])
        results.append(count < MOST_ISSUED)
    return results


@dataclass(frozen=True, slots=True, kw_only=True)
class Typing:
    """An officer types the code that was sent."""

    officer: int
    purpose: CodePurpose
    digest: bytes
    at: datetime


def type_code(typings: Sequence[Typing]) -> Plan[list[Typed]]:
    """Compare with the newest code of the officer; the right one is spent, a wrong one counted."""
    results: list[Typed] = []
    for item in typings:
        outcome = yield from _type(item)
        results.append(outcome)
    return results


def _type(item: Typing) -> Plan[Typed]:
    now = to_micros(item.at)
    rows = yield from rows_of(NEWEST, [(item.officer, item.purpose.value, 0, now)])
    if not rows or rows[0][2] <= now or rows[0][3] >= MOST_WRONG:
        return Typed.DEAD
    if bytes(rows[0][1]) == item.digest:
        yield from rows_of(SPEND, [(rows[0][0], now)])
        return Typed.RIGHT
    yield from rows_of(WRONG, [(rows[0][0],)])
    return Typed.WRONG


@dataclass(frozen=True, slots=True, kw_only=True)
class Presented:
    """A code or token that came from somebody whom only it identifies."""

    digest: bytes
    purpose: CodePurpose
    at: datetime


def spend(presented: Sequence[Presented]) -> Plan[list[tuple[int, str] | None]]:
    """Whose it is and what it leads to, once; None for what opens nothing (any more)."""
    results: list[tuple[int, str] | None] = []
    for item in presented:
        found = yield from _spend(item)
        results.append(found)
    return results


def _spend(item: Presented) -> Plan[tuple[int, str] | None]:
    now = to_micros(item.at)
    rows = yield from rows_of(UNSPENT, [(item.digest, item.purpose.value, now)])
    if len(rows) != 1:
        return None  # nobody's, or by rare chance that of two
    yield from rows_of(SPEND, [(rows[0][0], now)])
    return rows[0][1], rows[0][2]


def peek(presented: Presented) -> Plan[tuple[int, str] | None]:
    """As ``spend``, and it stays good."""
    rows = yield from rows_of(PEEK, [(presented.digest, presented.purpose.value, to_micros(presented.at))])
    return (rows[0][1], rows[0][2]) if len(rows) == 1 else None


# --- linked chats

_link = given(
    contact=LargeBinary(),
    officer=BigInteger(),
    sealed=LargeBinary(),
    source=Text(),
    route=Text(),
    since=BigInteger(),
    confirmed_at=BigInteger(),
)
_new_link = adding(officer_link, _link)
LINK = Statement(
    _link,
    _new_link.on_conflict_do_update(
        index_elements=["contact"],
        set_={
            name: _new_link.excluded[name] for name in ("officer", "sealed", "source", "route", "since", "confirmed_at")
        }
        | {"citizen_since": null()},
    ),
)
_LINK_COLUMNS = (
    officer_link.c.officer,
    officer_link.c.sealed,
    officer_link.c.source,
    officer_link.c.route,
    officer_link.c.since,
    officer_link.c.confirmed_at,
    officer_link.c.citizen_since,
)
_most = given(most=Integer())
EVERY_LINK = Statement(_most, select(officer_link.c.contact).limit(select(_most.c.most).scalar_subquery()))
_contact = given(contact=LargeBinary())
BY_CONTACT = Statement(_contact, select(*_LINK_COLUMNS).where(officer_link.c.contact.in_(select(_contact.c.contact))))
BY_OFFICER = Statement(
    _id,
    select(*_LINK_COLUMNS).where(officer_link.c.officer.in_(select(_id.c.id))).order_by(officer_link.c.since),
)
_owned = given(contact=LargeBinary(), officer=BigInteger())
UNLINK = Statement(
    _owned,
    delete(officer_link).where(
        officer_link.c.contact.in_(select(_owned.c.contact)), officer_link.c.officer.in_(select(_owned.c.officer))
    ),
)
_confirmed = given(contact=LargeBinary(), at=BigInteger())
CONFIRM = Statement(
    _confirmed,
    update(officer_link).where(officer_link.c.contact == _confirmed.c.contact).values(confirmed_at=_confirmed.c.at),
)
_spoken = given(contact=LargeBinary(), since=BigInteger())
SPEAK_AS = Statement(
    _spoken,
    update(officer_link).where(officer_link.c.contact == _spoken.c.contact).values(citizen_since=_spoken.c.since),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Linking:
    """A chat account to link with whoever's code was typed in it."""

    presented: tuple[Presented, ...] = ()
    contact: bytes
    sealed: bytes
    source: str
    route: str
    log: audit.Record
    """Its entries get the officer whose code it was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """An account was linked; *before* is whose it was."""

    officer: int
    before: int | None


def link(linkings: Sequence[Linking]) -> Plan[list[Linked | None]]:
    """None, and nothing changed, when the code opens nothing. An account belongs to one officer only: it moves."""
    results: list[Linked | None] = []
    for item in linkings:
        outcome = yield from _link_one(item)
        results.append(outcome)
    return results


def _link_one(item: Linking) -> Plan[Linked | None]:
    found: tuple[int, str] | None = None
    for presented in item.presented:
        found = found or (yield from _spend(presented))
    if found is None:
        return None
    linked = yield from _give(item, found[0], item.presented[0].at)
    return linked


def _give(item: Linking, officer: int, at: datetime) -> Plan[Linked]:
    now = to_micros(at)
    before = yield from rows_of(BY_CONTACT, [(item.contact,)])
    yield from rows_of(LINK, [(item.contact, officer, item.sealed, item.source, item.route, now, now)])
    entries = tuple(replace(entry, officer=officer) for entry in item.log.entries)
    yield from audit.append(replace(item.log, entries=entries))
    moved = before[0][0] if before and before[0][0] != officer else None
    return Linked(officer=officer, before=moved)


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedLink:
    """A code that was sent to an account and typed into the desk: it links that account."""

    typing: Typing
    linking: Linking


def link_typed(links: Sequence[TypedLink]) -> Plan[list[Typed]]:
    """Only the right code links."""
    results: list[Typed] = []
    for item in links:
        outcome = yield from _type(item.typing)
        if outcome is Typed.RIGHT:
            yield from _give(item.linking, item.typing.officer, item.typing.at)
        results.append(outcome)
    return results


@dataclass(frozen=True, slots=True, kw_only=True)
class Unlinking:
    """An officer's chat account to cut off."""

    contact: bytes
    officer: int
    log: audit.Record


def unlink(unlinkings: Sequence[Unlinking]) -> Plan[list[None]]:
    """The account is no officer's any more."""
    for item in unlinkings:
        yield from rows_of(UNLINK, [(item.contact, item.officer)])
        yield from audit.append(item.log)
    return [None] * len(unlinkings)


def confirm(confirmations: Sequence[tuple[bytes, datetime]]) -> Plan[list[None]]:
    """The officer said again that the account is his or hers."""
    for contact, at in confirmations:
        yield from rows_of(CONFIRM, [(contact, to_micros(at))])
    return [None] * len(confirmations)


def speak_as(spoken: Sequence[tuple[bytes, datetime | None]]) -> Plan[list[None]]:
    """As a citizen since then; None: as an officer."""
    for contact, since in spoken:
        yield from rows_of(SPEAK_AS, [(contact, None if since is None else to_micros(since))])
    return [None] * len(spoken)


def link_of(contact: bytes) -> Plan[Rows]:
    """The link of a chat account, if it is an officer's."""
    rows = yield from rows_of(BY_CONTACT, [(contact,)])
    return rows


def links_of(officer: int) -> Plan[Rows]:
    """All links of an officer, the oldest first."""
    rows = yield from rows_of(BY_OFFICER, [(officer,)])
    return rows


def linked_contacts(most: int) -> Plan[Rows]:
    """The accounts that are linked."""
    rows = yield from rows_of(EVERY_LINK, [(most,)])
    return rows
