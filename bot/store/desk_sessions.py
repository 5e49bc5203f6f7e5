"""Signing in to the desk: tries, sessions, forms that are sent once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import BigInteger, LargeBinary, Text, delete, func, or_, select, update

from bot.access.records import IDLE_TIME, LONGEST_SESSION, DeskSession
from bot.model import MessageId
from bot.store import audit, officers
from bot.store.ids import first_id_at
from bot.store.keys import from_micros, to_micros
from bot.store.schema_officers import desk_form, desk_session, officer, officer_code, sign_in_try
from bot.store.statements import Plan, Row, Statement, adding, given, rows_of

LOCK_TIME = timedelta(minutes=15)
MOST_FAILURES, MOST_FROM_ADDRESS = 5, 30
FORM_PATIENCE = timedelta(seconds=60)
"""A form whose first sending left no answer may be sent again after this: the process died over it."""
FORMS_KEPT, TRIES_KEPT, CODES_KEPT = timedelta(hours=24), timedelta(hours=1), timedelta(days=7)

# --- tries


@dataclass(frozen=True, slots=True, kw_only=True)
class Try:
    """A password is about to be looked at."""

    id: MessageId
    who: bytes
    address: bytes
    at: datetime


_try = given(id=BigInteger(), who=LargeBinary(), address=LargeBinary(), at=BigInteger())
ADD_TRY = Statement(_try, adding(sign_in_try, _try))
_recent = given(after=BigInteger(), who=LargeBinary(), address=LargeBinary())
_later = sign_in_try.c.id > select(_recent.c.after).scalar_subquery()
BY_WHO = Statement(
    _recent,
    select(sign_in_try.c.at)
    .where(sign_in_try.c.who == select(_recent.c.who).scalar_subquery(), _later)
    .order_by(sign_in_try.c.id.desc())
    .limit(MOST_FAILURES),
)
BY_ADDRESS = Statement(
    _recent,
    select(sign_in_try.c.at)
    .where(sign_in_try.c.address == select(_recent.c.address).scalar_subquery(), _later)
    .order_by(sign_in_try.c.id.desc())
    .limit(MOST_FROM_ADDRESS),
)


def begin_try(tries: Sequence[Try]) -> Plan[list[datetime | None]]:
    """None: it is written down as a failure, until ``open_session`` takes it back. A time: refused until then."""
    yield from audit.lock()  # one after the other: guesses that come together are counted, too
    results: list[datetime | None] = []
    for item in tries:
        row = (first_id_at(item.at - 2 * LOCK_TIME), item.who, item.address)
        by_who = yield from rows_of(BY_WHO, [row])
        by_address = yield from rows_of(BY_ADDRESS, [row])
        until = max(
            (
                end
                for found, most in ((by_who, MOST_FAILURES), (by_address, MOST_FROM_ADDRESS))
                if (end := locked_until([from_micros(at) for (at,) in found], most)) and end > item.at
            ),
            default=None,
        )
        if until is None:
            yield from rows_of(ADD_TRY, [(item.id, item.who, item.address, to_micros(item.at))])
        results.append(until)
    return results


def locked_until(failures: Sequence[datetime], most: int) -> datetime | None:
    """When the lock ends that these failures, newest first, brought about; None when they brought none."""
    if len(failures) < most or failures[0] - failures[most - 1] > LOCK_TIME:
        return None
    return failures[0] + LOCK_TIME


# --- sessions


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """A session to open, in place of another one, with what the sign-in changes of the account."""

    session: DeskSession
    replaces: bytes = b""
    change: officers.Change | None = None
    log: audit.Record
    who: bytes = b""
    """Whose failures are forgotten; b"" keeps them."""


_session = given(
    digest=LargeBinary(),
    officer=BigInteger(),
    stage=Text(),
    opened_at=BigInteger(),
    seen_at=BigInteger(),
    proven_at=BigInteger(),
    address=Text(),
    before_at=BigInteger(),
    before_from=Text(),
)
ADD = Statement(_session, adding(desk_session, _session))
_digest = given(digest=LargeBinary())
END = Statement(_digest, delete(desk_session).where(desk_session.c.digest.in_(select(_digest.c.digest))))
SESSION_COLUMNS = tuple(desk_session.c[column.name] for column in _session.columns)
SESSION_WIDTH = len(SESSION_COLUMNS)
FIND = Statement(
    _digest,
    select(*SESSION_COLUMNS, *officers.COLUMNS)
    .join_from(desk_session, officer, officer.c.id == desk_session.c.officer)
    .where(desk_session.c.digest.in_(select(_digest.c.digest))),
)
_seen = given(digest=LargeBinary(), seen_at=BigInteger())
TOUCH = Statement(
    _seen,
    update(desk_session).where(desk_session.c.digest == _seen.c.digest).values(seen_at=_seen.c.seen_at),
)


def open_session(openings: Sequence[Opening]) -> Plan[list[officers.Lost | None]]:
    """None where it is open; an account that was changed meanwhile opens none."""
    results: list[officers.Lost | None] = []
    for item in openings:
        outcome = yield from _open(item)
        results.append(outcome)
    return results


def _open(item: Opening) -> Plan[officers.Lost | None]:
    if item.change is not None:
        lost = yield from officers.apply(item.change)
        if lost is not None:
            return lost
    yield from rows_of(END, [(item.replaces,)] if item.replaces else [])
    yield from rows_of(ADD, [session_row(item.session)])
    yield from rows_of(officers.FORGET_TRIES, [(item.who,)] if item.who else [])
    yield from audit.append(item.log)
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """A session that ends, and what the log says of it."""

    digest: bytes
    log: audit.Record


def end_session(endings: Sequence[Ending]) -> Plan[list[None]]:
    """Nobody is signed in by it any more."""
    for item in endings:
        yield from rows_of(END, [(item.digest,)])
        yield from audit.append(item.log)
    return [None] * len(endings)


def touch(seen: Sequence[tuple[bytes, datetime]]) -> Plan[list[None]]:
    """It was used again."""
    for digest, at in seen:
        yield from rows_of(TOUCH, [(digest, to_micros(at))])
    return [None] * len(seen)


def find(digest: bytes) -> Plan[Row | None]:
    """The session and its officer's account: ``SESSION_WIDTH`` values, then those of ``officers``."""
    rows = yield from rows_of(FIND, [(digest,)])
    return rows[0] if rows else None


def session_row(session: DeskSession) -> Row:
    """The row of ``ADD``."""
    return (
        session.digest,
        session.officer,
        session.stage.value,
        to_micros(session.opened_at),
        to_micros(session.seen_at),
        to_micros(session.proven_at),
        session.address,
        None if session.before_at is None else to_micros(session.before_at),
        session.before_from,
    )


# --- forms


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A form that was sent, or with *answer* where it led; *is_free* lets it be sent again."""

    digest: bytes
    at: datetime
    answer: str | None = None
    is_free: bool = False


_form = given(digest=LargeBinary(), at=BigInteger(), answer=Text())
ADD_FORM = Statement(_form, adding(desk_form, _form).on_conflict_do_nothing())
FORM = Statement(
    _form,
    select(desk_form.c.at, desk_form.c.answer).where(desk_form.c.digest.in_(select(_form.c.digest))).with_for_update(),
)
ANSWER = Statement(
    _form,
    update(desk_form).where(desk_form.c.digest == _form.c.digest).values(at=_form.c.at, answer=_form.c.answer),
)
FREE = Statement(_digest, delete(desk_form).where(desk_form.c.digest.in_(select(_digest.c.digest))))


def take_form(forms: Sequence[Form]) -> Plan[list[tuple[bool, str | None]]]:
    """(True, None) for who sends it first; else False and where the first one led, None while that is not known."""
    results: list[tuple[bool, str | None]] = []
    for form in forms:
        found = yield from rows_of(FORM, [(form.digest, 0, None)])
        now = to_micros(form.at)
        if found and (found[0][1] is not None or now - found[0][0] < FORM_PATIENCE.total_seconds() * 1_000_000):
            results.append((False, found[0][1]))
            continue
        yield from rows_of(ANSWER if found else ADD_FORM, [(form.digest, now, None)])
        results.append((True, None))
    return results


def end_form(forms: Sequence[Form]) -> Plan[list[None]]:
    """Remember where it led, or let it be sent again."""
    for form in forms:
        if form.is_free:
            yield from rows_of(FREE, [(form.digest,)])
        else:
            yield from rows_of(ANSWER, [(form.digest, to_micros(form.at), form.answer)])
    return [None] * len(forms)


# --- keeping house

_old = given(at=BigInteger())
_before = select(func.min(_old.c.at)).scalar_subquery()
_sessions = given(seen=BigInteger(), opened=BigInteger())
OLD_SESSIONS = Statement(
    _sessions,
    delete(desk_session).where(
        or_(
            desk_session.c.seen_at <= select(func.min(_sessions.c.seen)).scalar_subquery(),
            desk_session.c.opened_at <= select(func.min(_sessions.c.opened)).scalar_subquery(),
        )
    ),
)
OLD_FORMS = Statement(_old, delete(desk_form).where(desk_form.c.at < _before))
OLD_TRIES = Statement(_old, delete(sign_in_try).where(sign_in_try.c.id < _before))
OLD_CODES = Statement(_old, delete(officer_code).where(officer_code.c.id < _before))


def tidy(moments: Sequence[datetime]) -> Plan[list[None]]:
    """Drop what is over: sessions, tries, forms, codes."""
    for now in moments:
        yield from rows_of(OLD_SESSIONS, [(to_micros(now - IDLE_TIME), to_micros(now - LONGEST_SESSION))])
        yield from rows_of(OLD_FORMS, [(to_micros(now - FORMS_KEPT),)])
        yield from rows_of(OLD_TRIES, [(first_id_at(now - TRIES_KEPT),)])
        yield from rows_of(OLD_CODES, [(first_id_at(now - CODES_KEPT),)])
    return [None] * len(moments)
