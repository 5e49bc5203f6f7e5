"""Purging history: in slices along the ids, which grow with time, so no table needs an index on its dates."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import BigInteger, Integer, LargeBinary, Table, Text, delete, exists, func, null, or_, select, update
from sqlalchemy.sql.dml import UpdateBase

from bot.store import petition_erasing
from bot.store.ids import first_id_at
from bot.store.keys import to_micros
from bot.store.schema import (
    attempt,
    contact,
    group_is_open,
    inbox,
    inbox_is_open,
    inbox_part,
    outbox,
    outbox_part,
    part_group,
    promise,
    promise_is_open,
    rating,
    rating_request,
    receipt,
    sweep,
    ticket,
    ticket_is_of_today,
    verification,
)
from bot.store.schema_conversations import conversation, thread_line
from bot.store.schema_master import mute
from bot.store.schema_persons import account_link, consent, one_time_code, wrong_code
from bot.store.schema_petitions import alert, petition, petition_draft
from bot.store.statements import Plan, Rows, Statement, adding, given, rows_of
from bot.store.transitions import EARLY_RECEIPT


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """How long each class of history is kept."""

    raw: timedelta = timedelta(days=30)
    """What people wrote or did: text, frame, parts, events."""
    look_ups: timedelta = timedelta(days=90)
    """Tries of digits, promises."""
    one_time_codes: timedelta = timedelta(days=7)
    """Codes, used or not, and wrong ones. Limits look back a day."""
    addresses: timedelta = timedelta(days=90)
    """Who wrote to us, to whom we wrote, and what. Who opted out is remembered for ever, with nothing else."""
    messages: timedelta = timedelta(days=730)
    """The bare log of messages and deliveries."""
    senders: timedelta = timedelta(days=730)
    """Who sent a petition, and its text unless it was released, after its end."""
    files: timedelta = timedelta(days=183)
    """Pictures and papers of a petition, after its end."""
    external_ids: timedelta = timedelta(hours=72)
    early_receipts: timedelta = EARLY_RECEIPT

    @classmethod
    def of_days(cls, raw: int, look_ups: int, messages: int) -> "Retention":
        """As the configuration says it."""
        return cls(raw=timedelta(days=raw), look_ups=timedelta(days=look_ups), messages=timedelta(days=messages))


Age = Callable[[Retention], timedelta]

_ids = given(id=BigInteger())
_gone = select(_ids.c.id)
_slice = given(task=Text(), before=BigInteger(), most=Integer())


_home = func.coalesce(contact.c.person, contact.c.id)
_homes = given(home=LargeBinary())
_whose = select(_homes.c.home)
ACCOUNTS = Statement(
    _homes,
    select(contact.c.id, _home, contact.c.seen_at)
    .where(or_(contact.c.id.in_(_whose), contact.c.person.in_(_whose)))
    .order_by(contact.c.id)
    .with_for_update(of=contact),
)
_person = given(id=LargeBinary())
_persons = select(_person.c.id)
BUSY = Statement(
    _person,
    select(_person.c.id).where(
        or_(
            exists().where(inbox.c.contact == _person.c.id, inbox_is_open),
            exists().where(promise.c.contact == _person.c.id, promise_is_open),
            exists().where(ticket.c.contact == _person.c.id, ticket_is_of_today),
            exists().where(part_group.c.contact == _person.c.id, group_is_open),
            exists().where(petition.c.person == _person.c.id, petition.c.closed_at.is_(None)),
            exists().where(petition_draft.c.person == _person.c.id),
        )
    ),
)
"""A statement of its own after the people were locked: on PostgreSQL it then sees what they wrote until that moment."""
FORGET = [
    Statement(_person, body)
    for body in (
        delete(account_link).where(account_link.c.contact.in_(_persons)),
        delete(consent).where(consent.c.contact.in_(_persons)),
        update(contact)
        .where(contact.c.id.in_(_persons), contact.c.opted_out_at.is_not(None))
        .values(codes=null(), question=null(), person=null()),
        delete(contact).where(contact.c.id.in_(_persons), contact.c.opted_out_at.is_(None)),
    )
]
_history = given(id=BigInteger(), seen_before=BigInteger())
CONTACT_SLACK = timedelta(days=1)
"""A person is touched a little after the row was made that leads to them."""


def _unseen(table: Table) -> Statement:
    """The homes of the people in rows of a table who neither wrote nor were written to since."""
    return Statement(
        _history,
        select(_home)
        .where(
            contact.c.id.in_(select(table.c.contact).where(table.c.id.in_(select(_history.c.id)))),
            contact.c.seen_at < select(func.max(_history.c.seen_before)).scalar_subquery(),
        )
        .distinct(),
    )


class _Task:
    """What happens to rows of a table that are older than an age."""

    def __init__(self, name: str, age: Age, table: Table, *work: UpdateBase, people: bool = False) -> None:
        """*people*: those whose last trace is in these rows are forgotten."""
        self.name = name
        self.age = age
        self.unseen = _unseen(table) if people else None
        reached = select(sweep.c.upto).where(sweep.c.task == name).scalar_subquery()
        self.find = Statement(
            _slice,
            select(table.c.id)
            .where(table.c.id > reached, table.c.id < select(_slice.c.before).scalar_subquery())
            .order_by(table.c.id)
            .limit(select(_slice.c.most).scalar_subquery()),
        )
        self.work = [Statement(_ids, body) for body in work]


def _delete(name: str, age: Age, table: Table, *children: "tuple[Table, str]") -> _Task:
    bodies = [delete(child).where(child.c[key].in_(_gone)) for child, key in children]
    return _Task(name, age, table, *bodies, delete(table).where(table.c.id.in_(_gone)))


TASKS = (
    _delete("early_receipts", lambda keep: keep.early_receipts, receipt),
    _Task(
        "external_ids",
        lambda keep: keep.external_ids,
        inbox,
        update(inbox).where(inbox.c.id.in_(_gone), inbox.c.external_id.is_not(None)).values(external_id=null()),
    ),
    _Task(
        "raw",
        lambda keep: keep.raw,
        inbox,
        update(inbox).where(inbox.c.id.in_(_gone)).values(text="", raw=b"", event=null(), reply_key=null()),
    ),
    _delete("parts", lambda keep: keep.raw, part_group, (inbox_part, "part_group")),
    _delete("verifications", lambda keep: keep.look_ups, verification),
    _delete("promises", lambda keep: keep.look_ups, promise),
    _delete("one_time_codes", lambda keep: keep.one_time_codes, one_time_code),
    _delete("wrong_codes", lambda keep: keep.one_time_codes, wrong_code),
    _delete("tickets", lambda keep: keep.look_ups, ticket),
    _Task(
        "addresses",
        lambda keep: keep.addresses,
        outbox,
        update(outbox).where(outbox.c.id.in_(_gone)).values(contact=null(), text="", extras=null()),
        people=True,
    ),
    _Task(
        "raters",
        lambda keep: keep.addresses,
        rating,
        update(rating).where(rating.c.id.in_(_gone)).values(contact=null()),
    ),
    _delete("rating_requests", lambda keep: keep.addresses, rating_request),
    _delete("ratings", lambda keep: keep.messages, rating),
    _delete("threads", lambda keep: keep.addresses, thread_line),
    _delete("conversations", lambda keep: keep.messages, conversation),
    _delete("mutes", lambda keep: keep.messages, mute),
    _delete("alerts", lambda keep: keep.messages, alert),
    _Task("people", lambda keep: keep.addresses, inbox, people=True),
    _delete("inbox", lambda keep: keep.messages, inbox),
    _delete("outbox", lambda keep: keep.messages, outbox, (outbox_part, "outbox"), (attempt, "outbox")),
)

_reached = given(task=Text(), upto=BigInteger())
REACHED = Statement(_reached, update(sweep).where(sweep.c.task == _reached.c.task).values(upto=_reached.c.upto))
START = Statement(
    _reached,
    adding(sweep, _reached).on_conflict_do_nothing(),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """A wish to purge some rows."""

    now: datetime
    size: int
    retention: Retention


def purge(slices: Sequence[Slice]) -> Plan[list[int]]:
    """One slice of the first task that has something to do; how many rows it went through."""
    results: list[int] = []
    for wish in slices:
        count = yield from _purge(wish)
        results.append(count)
    return results


def _purge(wish: Slice) -> Plan[int]:
    yield from rows_of(START, [(task.name, 0) for task in TASKS])
    for task in TASKS:
        before = first_id_at(wish.now - task.age(wish.retention))
        rows = yield from rows_of(task.find, [(task.name, before, wish.size)])
        if rows:
            ids = [(row[0],) for row in rows]
            if task.unseen is not None:
                yield from _forget(task.unseen, rows, wish.now - task.age(wish.retention) + CONTACT_SLACK)
            for statement in task.work:
                yield from rows_of(statement, ids)
            yield from rows_of(REACHED, [(task.name, max(row[0] for row in rows))])
            return len(rows)
    keep = wish.retention
    forgotten = yield from petition_erasing.forget_old(
        to_micros(wish.now - keep.senders), to_micros(wish.now - keep.files), wish.size
    )
    return forgotten


def _forget(unseen: Statement, rows: Rows, seen_before: datetime) -> Plan[None]:
    """People with several accounts are forgotten with the last of them: who still writes in one keeps the others."""
    before = to_micros(seen_before)
    homes = yield from rows_of(unseen, [(row[0], before) for row in rows])
    accounts = yield from rows_of(ACCOUNTS, homes)
    busy = yield from rows_of(BUSY, [(key,) for key, _, _ in accounts])
    in_use = {bytes(key) for (key,) in busy}
    kept = {bytes(home) for key, home, seen_at in accounts if seen_at >= before or bytes(key) in in_use}
    gone = [(key,) for key, home, _ in accounts if bytes(home) not in kept]
    for statement in FORGET:
        yield from rows_of(statement, gone)
