"""Petitions whose sender is forgotten: they stay to be counted, without anything that leads to a person."""

from collections.abc import Sequence
from typing import Any

import orjson
from sqlalchemy import BigInteger, Integer, LargeBinary, Text, case, delete, null, or_, select, true, update

from bot.store.petition_words import words_of
from bot.store.schema_petitions import alert, petition, petition_event, petition_file, petition_word
from bot.store.statements import Plan, Rows, Statement, given, rows_of

BLANKED = ("question", "forwarded_number")
"""Fields of ``petition.more`` that may tell of the person."""

_people = given(person=LargeBinary())
_whose = select(_people.c.person)
_of_people = or_(petition.c.person.in_(_whose), petition.c.sender.in_(_whose))
FLAG = Statement(_people, update(petition).where(_of_people).values(erase_when_closed=true()))
OVER_OF = Statement(_people, select(petition.c.id).where(_of_people, petition.c.closed_at.is_not(None)))
_codes = given(code=Text())
FLAGGED = Statement(
    _codes,
    select(petition.c.id).where(
        petition.c.code.in_(select(_codes.c.code)), petition.c.closed_at.is_not(None), petition.c.erase_when_closed
    ),
)
_ids = given(id=BigInteger())
_which = select(_ids.c.id)
TEXTS = Statement(
    _ids,
    select(petition.c.id, petition.c.code, petition.c.text, petition.c.place_text, petition.c.ward, petition.c.more)
    .where(petition.c.id.in_(_which))
    .with_for_update(),
)
_is_released = petition.c.released_at.is_not(None)
_blank = given(id=BigInteger(), more=Text())
BLANK = Statement(
    _blank,
    update(petition)
    .where(petition.c.id == _blank.c.id)
    .values(
        person=null(),
        sender=null(),
        told_at=b"",
        text=case((_is_released, petition.c.public_text), else_=""),
        public_text=case((_is_released, petition.c.public_text), else_=""),
        place_text="",
        latitude=null(),
        longitude=null(),
        dossier=null(),
        answer=case((_is_released, petition.c.answer), else_=""),
        summary=case((_is_released, petition.c.summary), else_=""),
        more=_blank.c.more,
        files=0,
        erase_when_closed=True,
        version=petition.c.version + 1,
    ),
)
"""What was released to the public was looked through by an officer before."""
BLANK_EVENTS = Statement(_ids, update(petition_event).where(petition_event.c.petition.in_(_which)).values(data="{}"))
LOOSEN = Statement(
    _ids, update(petition_file).where(petition_file.c.petition.in_(_which)).values(petition=null(), person=null())
)
_words = given(word=Text(), petition=BigInteger())
FORGET_WORDS = Statement(
    _words,
    delete(petition_word).where(
        petition_word.c.word.in_(select(_words.c.word)), petition_word.c.petition.in_(select(_words.c.petition))
    ),
)
BLANK_ALERTS = Statement(_codes, update(alert).where(alert.c.subject.in_(select(_codes.c.code))).values(details="{}"))
_old = given(before=BigInteger(), most=Integer())
_before, _most = select(_old.c.before).scalar_subquery(), select(_old.c.most).scalar_subquery()
OLD = Statement(
    _old,
    select(petition.c.id)
    .where(petition.c.person.is_not(None), petition.c.closed_at < _before)
    .order_by(petition.c.closed_at)
    .limit(_most),
)
OLD_FILES = Statement(
    _old,
    select(petition_file.c.name)
    .join_from(petition_file, petition, petition.c.id == petition_file.c.petition)
    .where(petition_file.c.added_at < _before, petition.c.closed_at < _before)
    .limit(_most),
)
_names = given(name=Text())
LOOSEN_FILES = Statement(
    _names, update(petition_file).where(petition_file.c.name.in_(select(_names.c.name))).values(petition=null())
)


def begin(people: Sequence[bytes]) -> Plan[None]:
    """The petitions of these people: anonymous at once if they are over, the others as soon as they are."""
    keys = [(key,) for key in people]
    yield from rows_of(FLAG, keys)
    over = yield from rows_of(OVER_OF, keys)
    yield from anonymise(over)


def after_steps(codes: Sequence[str]) -> Plan[None]:
    """These petitions have just ended: those whose sender asked for it become anonymous."""
    flagged = yield from rows_of(FLAGGED, [(code,) for code in codes])
    yield from anonymise(flagged)


def anonymise(ids: Rows) -> Plan[None]:
    """Let nothing lead from these petitions to a person; field, ward, agency, times and score stay."""
    found = yield from rows_of(TEXTS, ids)
    for key, code, text, place, ward, more in found:
        yield from rows_of(FORGET_WORDS, [(word, key) for word in words_of(f"{text} {place} {ward}")])
        yield from rows_of(BLANK, [(key, _blanked(more))])
        yield from rows_of(BLANK_ALERTS, [(code,)])
    for statement in (BLANK_EVENTS, LOOSEN):
        yield from rows_of(statement, ids)


def _blanked(more: str) -> str:
    values: dict[str, Any] = orjson.loads(more) | dict.fromkeys(BLANKED, "")
    return orjson.dumps(values).decode()


def forget_old(closed_before: int, files_before: int, most: int) -> Plan[int]:
    """Senders of petitions that ended long ago, then their files; how many were forgotten."""
    old = yield from rows_of(OLD, [(closed_before, most)])
    yield from anonymise(old)
    files = yield from rows_of(OLD_FILES, [(files_before, most)])
    yield from rows_of(LOOSEN_FILES, files)
    return len(old) + len(files)
