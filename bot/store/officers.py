"""Accounts of officers: added once, changed by who saw the newest version."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from sqlalchemy import BigInteger, Boolean, Integer, LargeBinary, Text, delete, func, select, update

from bot.store import audit
from bot.store.schema_officers import desk_session, officer, officer_link, sign_in_try
from bot.store.statements import Plan, Row, Statement, adding, given, rows_of

NAMES = (
    "user_name",
    "name",
    "role",
    "agency",
    "phone",
    "password",
    "password_is_temporary",
    "totp",
    "totp_step",
    "locked_at",
    "left_at",
    "away_until",
    "substitute",
    "signed_in_at",
    "signed_in_from",
    "created_at",
    "version",
)
COLUMNS = (officer.c.id, *(officer.c[name] for name in NAMES))
Kind = BigInteger | Boolean | LargeBinary | Text
_KINDS: dict[str, Kind] = {"phone": LargeBinary(), "totp": LargeBinary(), "password_is_temporary": Boolean()}
_NUMBERS = ("totp_step", "locked_at", "left_at", "away_until", "substitute", "signed_in_at", "created_at", "version")


class Lost(Enum):
    """Why a change was not made."""

    NAME_TAKEN = "name taken"
    STALE = "stale"
    """Somebody changed the account meanwhile."""


def _kind(name: str) -> Kind:
    return BigInteger() if name in _NUMBERS else _KINDS.get(name, Text())


_row = given(id=BigInteger(), **{name: _kind(name) for name in NAMES})
ADD = Statement(_row, adding(officer, _row))
_changed = given(id=BigInteger(), seen=BigInteger(), **{name: _kind(name) for name in NAMES})
CHANGE = Statement(
    _changed,
    update(officer)
    .where(officer.c.id == _changed.c.id, officer.c.version == _changed.c.seen)
    .values({name: _changed.c[name] for name in NAMES}),
)
_id = given(id=BigInteger())
VERSION = Statement(
    _id, select(officer.c.id, officer.c.version).where(officer.c.id.in_(select(_id.c.id))).with_for_update()
)
LAST = Statement(_id, select(func.max(officer.c.id)))
BY_ID = Statement(_id, select(*COLUMNS).where(officer.c.id.in_(select(_id.c.id))))
_named = given(user_name=Text())
BY_NAME = Statement(_named, select(*COLUMNS).where(officer.c.user_name.in_(select(_named.c.user_name))))
_all = given(most=Integer())
ALL = Statement(_all, select(*COLUMNS).order_by(officer.c.user_name).limit(select(_all.c.most).scalar_subquery()))
COUNT = Statement(_all, select(func.count()).select_from(officer))
_session = given(officer=BigInteger(), but=LargeBinary())
END_SESSIONS = Statement(
    _session,
    delete(desk_session).where(
        desk_session.c.officer.in_(select(_session.c.officer)),
        desk_session.c.digest != select(_session.c.but).scalar_subquery(),
    ),
)
_who = given(who=LargeBinary())
FORGET_TRIES = Statement(_who, delete(sign_in_try).where(sign_in_try.c.who.in_(select(_who.c.who))))
CUT_LINKS = Statement(_id, delete(officer_link).where(officer_link.c.officer.in_(select(_id.c.id))))


@dataclass(frozen=True, slots=True, kw_only=True)
class New:
    """An account to add; its id is made here."""

    row: Row
    """The values of ``NAMES``."""
    log: audit.Record
    only_first: bool = False
    """Only while there is no account yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """An account as it is to be."""

    id: int
    seen: int
    """The version that was changed."""
    row: Row
    log: audit.Record
    ends_sessions_but: bytes | None = None
    """Set: all sessions end but the one of this digest (b"" for none)."""
    cuts_links: bool = False
    forgotten_tries: bytes = b""
    """Set: whose failed tries are forgotten."""


def add(news: Sequence[New]) -> Plan[list[int | Lost]]:
    """The ids of the accounts."""
    results: list[int | Lost] = []
    for new in news:
        outcome = yield from _add(new)
        results.append(outcome)
    return results


def _add(new: New) -> Plan[int | Lost]:
    taken = yield from rows_of(BY_NAME, [(new.row[0],)])
    last = yield from rows_of(LAST, [(0,)])
    key = (last[0][0] or 0) + 1
    if taken or (new.only_first and key > 1):
        return Lost.NAME_TAKEN
    yield from rows_of(ADD, [(key, *new.row)])
    yield from audit.append(new.log)
    return int(key)


def change(changes: Sequence[Change]) -> Plan[list[Lost | None]]:
    """None for what was changed."""
    results: list[Lost | None] = []
    for item in changes:
        outcome = yield from apply(item)
        results.append(outcome)
    return results


def apply(item: Change) -> Plan[Lost | None]:
    """One change, with what goes with it."""
    found = yield from rows_of(VERSION, [(item.id,)])
    if not found or found[0][1] != item.seen:
        return Lost.STALE
    yield from rows_of(CHANGE, [(item.id, item.seen, *item.row)])
    if item.ends_sessions_but is not None:
        yield from rows_of(END_SESSIONS, [(item.id, item.ends_sessions_but)])
    if item.cuts_links:
        yield from rows_of(CUT_LINKS, [(item.id,)])
    yield from rows_of(FORGET_TRIES, [(item.forgotten_tries,)] if item.forgotten_tries else [])
    yield from audit.append(item.log)
    return None


def by_id(key: int) -> Plan[Row | None]:
    """The row of an account: id, then ``NAMES``."""
    rows = yield from rows_of(BY_ID, [(key,)])
    return rows[0] if rows else None


def by_name(user_name: str) -> Plan[Row | None]:
    """As ``by_id``."""
    rows = yield from rows_of(BY_NAME, [(user_name,)])
    return rows[0] if rows else None


def everybody(most: int) -> Plan[list[Row]]:
    """All accounts, by user name."""
    rows = yield from rows_of(ALL, [(most,)])
    return rows


def count(_: None) -> Plan[int]:
    """How many accounts there are."""
    rows = yield from rows_of(COUNT, [(0,)])
    return int(rows[0][0])
