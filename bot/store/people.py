"""Contacts: what is remembered of a person, and how a group of messages reads and changes it."""

from collections.abc import Iterable, Sequence
from typing import Any

import orjson
from sqlalchemy import BigInteger, ColumnElement, LargeBinary, ScalarSelect, Text, or_, select, update

from bot.model import Address, Contact, Language, Question
from bot.store.keys import from_micros, to_micros
from bot.store.schema import contact
from bot.store.statements import Plan, Row, Statement, adding, given, rows_of
from bot.store.transitions import KnownCode

COLUMNS = (
    contact.c.id,
    contact.c.sealed,
    contact.c.turn,
    contact.c.language,
    contact.c.opted_out_at,
    contact.c.question,
    contact.c.codes,
    contact.c.quiet_until,
    contact.c.unreachable_at,
    contact.c.person,
)
"""What ``contact_of`` reads, in its order."""
WIDTH = len(COLUMNS)
UNKNOWN = (0, Language.VIETNAMESE.value, *[None] * (WIDTH - 4))
"""What follows hash and address in the row of a person who is new."""
LANGUAGES = {language.value: language for language in Language}
TURN, QUESTION, CODES, PERSON = 2, 5, 6, 9

_ids = given(id=LargeBinary())
LOAD = Statement(
    _ids,
    select(*COLUMNS).where(contact.c.id.in_(select(_ids.c.id))).order_by(contact.c.id).with_for_update(),
)
_new = given(id=LargeBinary(), sealed=LargeBinary(), seen_at=BigInteger())
ADD = Statement(
    _new,
    adding(contact, _new, {"turn": 0, "language": Language.VIETNAMESE.value}).on_conflict_do_update(
        index_elements=["id"], set_={"turn": contact.c.turn}
    ),
)
"""When another process has added the person meanwhile the row stays as it is, but is locked like a known one."""
_kept = given(id=LargeBinary(), turn=BigInteger(), question=Text(), codes=Text(), seen_at=BigInteger())
KEEP = Statement(
    _kept,
    update(contact)
    .where(contact.c.id == _kept.c.id)
    .values({name: _kept.c[name] for name in ("turn", "question", "codes", "seen_at")}),
)
"""What all accounts of a person share: in the row of the one that keeps it."""
_set = given(
    id=LargeBinary(), language=Text(), opted_out_at=BigInteger(), quiet_until=BigInteger(), unreachable_at=BigInteger()
)
SET = Statement(
    _set,
    update(contact)
    .where(contact.c.id == _set.c.id)
    .values({name: _set.c[name] for name in ("language", "opted_out_at", "quiet_until", "unreachable_at")}),
)
"""What each account has for itself."""
HOMES = Statement(_ids, select(*COLUMNS).where(contact.c.id.in_(select(_ids.c.id))))


_written = given(id=LargeBinary(), seen_at=BigInteger())
TOUCH = Statement(_written, update(contact).where(contact.c.id == _written.c.id).values(seen_at=_written.c.seen_at))


def is_of(account: "ColumnElement[bytes]", person: "ScalarSelect[bytes]") -> ColumnElement[bool]:
    """Whether an account is one of the person to whom that other one belongs; for the condition of a statement."""
    home = select(contact.c.person).where(contact.c.id == person, contact.c.person.is_not(None)).scalar_subquery()
    members = select(contact.c.id).where(
        or_(contact.c.person == person, contact.c.person == home, contact.c.id == home)
    )
    return or_(account == person, account.in_(members))


def contact_of(row: Row, address: Address) -> Contact:
    """The contact in a row that starts with ``COLUMNS``."""
    key, _, turn, language, opted_out_at, question, codes, quiet_until, unreachable_at, person = row[:WIDTH]
    last_code, last_code_at = codes_of(codes)[0] if codes else (None, None)
    return Contact(
        id=bytes(key),
        address=address,
        linked_to=None if person is None else bytes(person),
        turn=turn,
        language=LANGUAGES[language],
        opted_out_at=None if opted_out_at is None else from_micros(opted_out_at),
        question=None if question is None else _question_of(orjson.loads(question)),
        last_code=last_code,
        last_code_at=None if last_code_at is None else from_micros(last_code_at),
        quiet_until=None if quiet_until is None else from_micros(quiet_until),
        unreachable_at=None if unreachable_at is None else from_micros(unreachable_at),
    )


def kept_row(home: bytes, turn: int, question: Question | None, codes: Sequence[KnownCode], at: int) -> Row:
    """The row of ``KEEP``."""
    asked = None if question is None else _question_text(question)
    return home, turn, asked, orjson.dumps(codes).decode() if codes else None, at


def set_row(person: Contact) -> Row:
    """The row of ``SET``."""
    times = (person.opted_out_at, person.quiet_until, person.unreachable_at)
    return (person.id, person.language.value, *(None if at is None else to_micros(at) for at in times))


def with_homes(rows: Sequence[Row]) -> Plan[list[Row]]:
    """Rows that start with ``COLUMNS``, with what their person shares in place of their own; read without a lock."""
    linked = sorted({bytes(row[PERSON]) for row in rows if row[PERSON] is not None})
    if not linked:
        return list(rows)
    found = yield from rows_of(HOMES, [(key,) for key in linked])
    homes = {bytes(row[0]): row for row in found}
    return [row if row[PERSON] is None else _shared(row, homes.get(bytes(row[PERSON]), row)) for row in rows]


def locked_home(row: Row) -> Plan[Row]:
    """The same for one row, for writing: the home stays locked."""
    if row[PERSON] is None:
        return row
    found = yield from rows_of(LOAD, [(bytes(row[PERSON]),)])
    return _shared(row, found[0]) if found else row


def _shared(row: Row, home: Row) -> Row:
    merged = list(row)
    for place in (TURN, QUESTION, CODES):
        merged[place] = home[place]
    return tuple(merged)


def load_or_add(people: Iterable[tuple[bytes, bytes]], at: int) -> Plan[dict[bytes, Row]]:
    """The rows of these people (keyed hash, sealed address) by their hash; who is new is added at this time.
    On PostgreSQL they stay locked, in key order: whoever else handles them waits.
    """
    sealed = dict(people)
    keys = sorted(sealed)
    rows = yield from rows_of(LOAD, [(key,) for key in keys])
    found = {bytes(row[0]): row for row in rows}
    new = [(key, sealed[key], at) for key in keys if key not in found]
    yield from rows_of(ADD, new)
    return found | {key: (key, box, *UNKNOWN) for key, box, _ in new}


def codes_of(stored: str | None) -> Sequence[KnownCode]:
    """The codes that a person looked up and that exist, newest first, with the time of each in microseconds."""
    return [] if stored is None else [(code, at) for code, at in orjson.loads(stored)]


def _question_text(question: Question) -> str:
    return orjson.dumps(
        {
            "kind": question.kind,
            "options": question.options,
            "asked_at": to_micros(question.asked_at),
            "expires_at": to_micros(question.expires_at),
        }
    ).decode()


def _question_of(stored: dict[str, Any]) -> Question:
    return Question(
        kind=stored["kind"],
        options=tuple(stored["options"]),
        asked_at=from_micros(stored["asked_at"]),
        expires_at=from_micros(stored["expires_at"]),
    )
