"""Erasing what is kept of a person: at once what is found by person, history slice by slice along the ids."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import BigInteger, Integer, LargeBinary, delete, exists, func, null, select, update

from bot.model import Language
from bot.store.keys import to_micros
from bot.store.schema import contact, inbox, inbox_is_open, outbox, promise, rating, ticket, verification
from bot.store.schema_persons import account_link, consent, erasure, one_time_code, wrong_code
from bot.store.statements import Plan, Statement, adding, given, rows_of

LEFT_ALONE = timedelta(hours=1)
"""The last answer, which says that all is erased, has so long to leave."""
NOBODY = bytes(16)
"""Stands for the person in rows that are kept to be counted."""

_contacts = given(contact=LargeBinary())
_who = select(_contacts.c.contact)
AT_ONCE = [
    Statement(_contacts, delete(table).where(table.c.contact.in_(_who)))
    for table in (verification, promise, ticket, one_time_code, wrong_code, consent, account_link)
]
UNNAME = Statement(_contacts, update(rating).where(rating.c.contact.in_(_who)).values(contact=null(), note=""))
"""How satisfied somebody was still counts."""
RESET = Statement(
    _contacts,
    update(contact)
    .where(contact.c.id.in_(_who))
    .values(
        language=Language.VIETNAMESE.value,
        question=null(),
        codes=null(),
        person=null(),
        quiet_until=null(),
        turn=contact.c.turn + 1,
    ),
)
"""A refusal of messages stays known, with nothing else: forgetting it would write to who wants no more."""
_begun = given(contact=LargeBinary(), asked_at=BigInteger())
FORGET_BEGUN = Statement(_begun, delete(erasure).where(erasure.c.contact.in_(select(_begun.c.contact))))
BEGIN = Statement(_begun, adding(erasure, _begun, {"inbox_upto": 0, "outbox_upto": 0}))


def begin(contacts: Sequence[bytes], at: int) -> Plan[None]:
    """Erase what is found by person, and let ``erase`` go through the history of these accounts."""
    keys = [(key,) for key in contacts]
    for statement in (*AT_ONCE, UNNAME, RESET):
        yield from rows_of(statement, keys)
    yield from rows_of(FORGET_BEGUN, [(key, at) for key in contacts])
    yield from rows_of(BEGIN, [(key, at) for key in contacts])


@dataclass(frozen=True, slots=True, kw_only=True)
class EraseSlice:
    """A wish for one slice of erasing."""

    now: datetime
    size: int


_due = given(before=BigInteger())
DUE = Statement(
    _due,
    select(erasure.c.contact, erasure.c.inbox_upto, erasure.c.outbox_upto)
    .where(erasure.c.asked_at <= select(_due.c.before).scalar_subquery())
    .order_by(erasure.c.asked_at, erasure.c.contact)
    .limit(1)
    .with_for_update(skip_locked=True),
)
_slice = given(after=BigInteger(), most=Integer())
_after, _most = select(_slice.c.after).scalar_subquery(), select(_slice.c.most).scalar_subquery()
_INBOX_IDS = Statement(_slice, select(inbox.c.id).where(inbox.c.id > _after).order_by(inbox.c.id).limit(_most))
_OUTBOX_IDS = Statement(_slice, select(outbox.c.id).where(outbox.c.id > _after).order_by(outbox.c.id).limit(_most))
_blank = given(contact=LargeBinary(), nobody=LargeBinary(), after=BigInteger(), upto=BigInteger())
_blank_who = select(_blank.c.contact)
_from, _upto = select(_blank.c.after).scalar_subquery(), select(_blank.c.upto).scalar_subquery()
BLANK_INBOX = Statement(
    _blank,
    update(inbox)
    .where(inbox.c.id > _from, inbox.c.id <= _upto, inbox.c.contact.in_(_blank_who), ~inbox_is_open)
    .values(
        contact=select(_blank.c.nobody).scalar_subquery(),
        text="",
        raw=b"",
        content_hash=b"",
        event=null(),
        reply_key=null(),
        codes="",
        external_id=null(),
        repeat_key=null(),
    ),
)
BLANK_OUTBOX = Statement(
    _blank,
    update(outbox)
    .where(outbox.c.id > _from, outbox.c.id <= _upto, outbox.c.contact.in_(_blank_who))
    .values(contact=null(), text="", extras=null()),
)
_reached = given(contact=LargeBinary(), inbox_upto=BigInteger(), outbox_upto=BigInteger())
REACH = Statement(
    _reached,
    update(erasure)
    .where(erasure.c.contact == _reached.c.contact)
    .values(inbox_upto=_reached.c.inbox_upto, outbox_upto=_reached.c.outbox_upto),
)
FORGET = Statement(
    _contacts,
    delete(contact).where(
        contact.c.id.in_(_who),
        contact.c.opted_out_at.is_(None),
        ~exists().where(inbox.c.contact == contact.c.id, inbox_is_open),
        contact.c.seen_at
        <= select(func.max(erasure.c.asked_at)).where(erasure.c.contact == contact.c.id).scalar_subquery(),
    ),
)
"""Who has written again since is known again, as somebody new."""
DONE = Statement(_contacts, delete(erasure).where(erasure.c.contact.in_(_who)))


def erase(wishes: Sequence[EraseSlice]) -> Plan[list[bool]]:
    """One slice of the oldest erasure; whether there was anything to do."""
    results: list[bool] = []
    for wish in wishes:
        due = yield from rows_of(DUE, [(to_micros(wish.now - LEFT_ALONE),)])
        for key, inbox_upto, outbox_upto in due:
            yield from _one_slice(bytes(key), inbox_upto, outbox_upto, wish.size)
        results.append(bool(due))
    return results


def _one_slice(key: bytes, inbox_upto: int, outbox_upto: int, size: int) -> Plan[None]:
    received = yield from rows_of(_INBOX_IDS, [(inbox_upto, size)])
    sent = yield from rows_of(_OUTBOX_IDS, [(outbox_upto, size)])
    if received:
        yield from rows_of(BLANK_INBOX, [(key, NOBODY, inbox_upto, received[-1][0])])
    if sent:
        yield from rows_of(BLANK_OUTBOX, [(key, NOBODY, outbox_upto, sent[-1][0])])
    if not received and not sent:
        yield from rows_of(FORGET, [(key,)])
        yield from rows_of(DONE, [(key,)])
        return
    reached = (received[-1][0] if received else inbox_upto, sent[-1][0] if sent else outbox_upto)
    yield from rows_of(REACH, [(key, *reached)])
