"""Erasing what is kept of a person: at once what is found by person, history slice by slice along the ids."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import BigInteger, Integer, LargeBinary, case, delete, exists, func, null, or_, select, update

from bot.model import Language
from bot.store import conversations, petition_drafts, petition_erasing, threads
from bot.store.ids import first_id_at
from bot.store.keys import from_micros, to_micros
from bot.store.port import OutboundState
from bot.store.schema import (
    contact,
    inbox,
    inbox_is_open,
    inbox_part,
    outbox,
    outbox_is_in_doubt,
    outbox_is_ready,
    part_group,
    promise,
    rating,
    rating_request,
    ticket,
    verification,
)
from bot.store.schema_persons import account_link, consent, erasure, one_time_code, wrong_code
from bot.store.statements import Plan, Statement, adding, given, rows_of

LEFT_ALONE = timedelta(hours=1)
"""The last answer, which says that all is erased, has so long to leave."""
SLACK = timedelta(minutes=1)
"""The ids of what belongs to the last question and answer may be so much ahead of the clock that dates the erasure."""
NOBODY = bytes(16)
"""Stands for the person in rows that are kept to be counted."""

_contacts = given(contact=LargeBinary())
_who = select(_contacts.c.contact)
_groups = select(part_group.c.id).where(part_group.c.contact.in_(_who))
AT_ONCE = [
    Statement(_contacts, delete(inbox_part).where(inbox_part.c.part_group.in_(_groups))),
    *(
        Statement(_contacts, delete(table).where(table.c.contact.in_(_who)))
        for table in (part_group, promise, ticket, rating_request, one_time_code, consent, account_link)
    ),
]
FORGET_TRIES = Statement(_contacts, delete(wrong_code).where(wrong_code.c.contact.in_(_who)))
"""Not at once: who guesses codes would get new tries by it."""
_named = given(contact=LargeBinary(), nobody=LargeBinary())
UNNAME_TRIES = Statement(
    _named,
    update(verification).where(verification.c.contact == _named.c.contact).values(contact=_named.c.nobody),
)
"""How often somebody tried the digits of a dossier still counts: else erasing would give new tries."""
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
    yield from rows_of(UNNAME_TRIES, [(key, NOBODY) for key in contacts])
    yield from petition_drafts.drop(contacts)
    yield from petition_erasing.begin(contacts)
    yield from rows_of(threads.FORGET, keys)
    yield from rows_of(conversations.FORGET, [(key, at) for key in contacts])
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
    select(erasure.c.contact, erasure.c.asked_at, erasure.c.inbox_upto, erasure.c.outbox_upto)
    .where(erasure.c.asked_at <= select(_due.c.before).scalar_subquery())
    .order_by(erasure.c.asked_at, erasure.c.contact)
    .limit(1)
    .with_for_update(skip_locked=True),
)
_slice = given(after=BigInteger(), last=BigInteger(), most=Integer())
_after, _most = select(_slice.c.after).scalar_subquery(), select(_slice.c.most).scalar_subquery()
_last = select(_slice.c.last).scalar_subquery()
_INBOX_IDS, _OUTBOX_IDS = (
    Statement(
        _slice,
        select(table.c.id).where(table.c.id > _after, table.c.id <= _last).order_by(table.c.id).limit(_most),
    )
    for table in (inbox, outbox)
)
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
        error=null(),
        codes="",
        external_id=null(),
        repeat_key=null(),
    ),
)
BLANK_OUTBOX = Statement(
    _blank,
    update(outbox)
    .where(outbox.c.id > _from, outbox.c.id <= _upto, outbox.c.contact.in_(_blank_who))
    .values(
        contact=null(),
        text="",
        extras=null(),
        state=case((or_(outbox_is_ready, outbox_is_in_doubt), OutboundState.EXPIRED.value), else_=outbox.c.state),
    ),
)
"""What did not leave in time is not sent any more: there is nobody to send it to."""
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
        contact.c.person.is_(None),
        ~exists().where(inbox.c.contact == contact.c.id, inbox_is_open),
        contact.c.seen_at
        <= select(func.max(erasure.c.asked_at)).where(erasure.c.contact == contact.c.id).scalar_subquery(),
    ),
)
"""Who has written again since, or was joined with somebody, is known again, as somebody new."""
DONE = Statement(_contacts, delete(erasure).where(erasure.c.contact.in_(_who)))


def erase(wishes: Sequence[EraseSlice]) -> Plan[list[bool]]:
    """One slice of the oldest erasure; whether there was anything to do."""
    results: list[bool] = []
    for wish in wishes:
        due = yield from rows_of(DUE, [(to_micros(wish.now - LEFT_ALONE),)])
        for key, asked_at, inbox_upto, outbox_upto in due:
            last = first_id_at(from_micros(asked_at) + SLACK)
            yield from _one_slice(bytes(key), last, (inbox_upto, outbox_upto), wish.size)
        results.append(bool(due))
    return results


def _one_slice(key: bytes, last: int, upto: tuple[int, int], size: int) -> Plan[None]:
    """What was said up to the id *last*: who comes back meanwhile loses nothing."""
    inbox_upto, outbox_upto = upto
    received = yield from rows_of(_INBOX_IDS, [(inbox_upto, last, size)])
    sent = yield from rows_of(_OUTBOX_IDS, [(outbox_upto, last, size)])
    if received:
        yield from rows_of(BLANK_INBOX, [(key, NOBODY, inbox_upto, received[-1][0])])
    if sent:
        yield from rows_of(BLANK_OUTBOX, [(key, NOBODY, outbox_upto, sent[-1][0])])
    if not received and not sent:
        for statement in (FORGET_TRIES, FORGET, DONE):
            yield from rows_of(statement, [(key,)])
        return
    reached = (received[-1][0] if received else inbox_upto, sent[-1][0] if sent else outbox_upto)
    yield from rows_of(REACH, [(key, *reached)])
