"""What is decided: the inbox row done, the person's turn, replies and records, all in one transaction."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import BigInteger, Boolean, Integer, LargeBinary, Text, select, update

from bot.errors import OwnerLost, StoreError, TurnLost
from bot.intent import (
    Ask,
    AskForRating,
    ForgetQuestion,
    KeepRating,
    KeepTicket,
    PromiseAnswer,
    RecordLookUp,
    RecordVerification,
    Write,
)
from bot.linking import StopEverywhere
from bot.model import Contact, MessageId
from bot.store import alerts, desk_steps, linking, outbox, people, ratings, threads, tickets
from bot.store.keys import to_micros
from bot.store.port import Decision, InboundState
from bot.store.schema import contact, inbox, promise, promise_is_open, verification
from bot.store.statements import Plan, Row, Statement, adding, given, rows_of
from bot.store.transitions import (
    PROMISE_VALID,
    codes_of,
    known_codes,
    opts_out,
    promises_to_make,
    question_after,
    sets,
    settings_after,
)

PLAIN: frozenset[type] = frozenset({RecordLookUp, Ask, ForgetQuestion})
"""Writes that change nothing but the person's own row."""
WITH_ROWS = (RecordVerification, PromiseAnswer, KeepTicket, KeepRating, AskForRating)
"""Writes that make rows of their own."""


class Verdict(NamedTuple):
    """A decision to store, made ready outside the writer."""

    decision: Decision
    epoch: int
    state: InboundState
    """``done`` or ``parked``."""
    people: tuple[tuple[bytes, bytes], ...]
    """For each reply: its receiver's keyed hash and sealed address."""
    ids: tuple[MessageId, ...]
    """One for each write that makes a row."""
    error: str | None = None
    steps: tuple[linking.Step, ...] = ()
    """What joins accounts, and codes."""
    desk: tuple[desk_steps.DeskStep, ...] = ()
    """What changes of petitions, drafts and conversations."""
    raised: tuple[alerts.Raised, ...] = ()
    """To officers, of ratings."""


_seen = given(id=BigInteger(), contact=LargeBinary(), epoch=BigInteger())
SEEN = Statement(
    _seen,
    select(inbox.c.id, contact.c.turn, contact.c.codes)
    .join_from(_seen, contact, contact.c.id == _seen.c.contact)
    .join(inbox, inbox.c.id == _seen.c.id)
    .where(inbox.c.owner == _seen.c.epoch, inbox.c.state.in_([InboundState.CLAIMED.value]))
    .order_by(contact.c.id, inbox.c.id)
    .with_for_update(of=(contact, inbox)),
)
_closed = given(id=BigInteger(), state=Text(), codes=Text(), error=Text())
CLOSE = Statement(
    _closed,
    update(inbox)
    .where(inbox.c.id == _closed.c.id)
    .values({name: _closed.c[name] for name in ("state", "codes", "error")}),
)
_tried = given(id=BigInteger(), contact=LargeBinary(), code=Text(), passed=Boolean(), at=BigInteger())
VERIFICATIONS = Statement(_tried, adding(verification, _tried))
_contacts = given(contact=LargeBinary())
OWED = Statement(
    _contacts,
    select(promise.c.contact, promise.c.code).where(
        promise.c.contact.in_(select(_contacts.c.contact)), promise_is_open
    ),
)
_promised = given(
    id=BigInteger(),
    contact=LargeBinary(),
    reply_to=BigInteger(),
    ordinal=Integer(),
    code=Text(),
    upstream=Text(),
    source=Text(),
    route=Text(),
    asked_at=BigInteger(),
    valid_until=BigInteger(),
)
PROMISES = Statement(
    _promised,
    adding(promise, _promised, {"state": "open"}),
)

_withdrawn = given(contact=LargeBinary(), closed_at=BigInteger())
CANCEL = Statement(
    _withdrawn,
    update(promise)
    .where(promise.c.contact == _withdrawn.c.contact, promise_is_open)
    .values(state="cancelled", closed_at=_withdrawn.c.closed_at),
)


def decide(verdicts: Sequence[Verdict]) -> Plan[list[StoreError | None]]:
    """Store decisions; one that lost its row or its turn changes nothing."""
    wanted = [(item.decision.inbound.id, item.decision.inbound.contact.home, item.epoch) for item in verdicts]
    seen = yield from rows_of(SEEN, wanted)
    turns = _Turns(seen)
    late = yield from _spent([item for item in verdicts if item.steps])
    late += yield from _stale([item for item in verdicts if item.desk])
    results = [
        TurnLost(f"what {item.decision.inbound.id} saw") if item in late else turns.take(item) for item in verdicts
    ]
    accepted = [item for item, lost in zip(verdicts, results, strict=True) if lost is None]
    yield from rows_of(CLOSE, [_close_row(item) for item in accepted])
    yield from rows_of(people.KEEP, [_kept_row(item, turns.codes(item)) for item in accepted])
    more = [item for item in accepted if not _is_plain(item)]
    yield from rows_of(people.SET, [_set_row(item) for item in more if sets(item.decision.writes)])
    yield from rows_of(people.TOUCH, [_touch_row(item) for item in more if item.decision.inbound.contact.linked_to])
    yield from rows_of(linking.PROVED, [_touch_row(item) for item in more if item.decision.inbound.contact.linked_to])
    for item in more:
        yield from _new_receivers(item)
    yield from _replies(accepted)
    yield from _rarer_rows(more)
    return results


def _is_plain(item: Verdict) -> bool:
    """As most are: replies to the one who asked, and nothing to keep but in that person's own row."""
    asker = item.decision.inbound.contact
    others = [key for key, _ in item.people if key != asker.id]
    return asker.linked_to is None and not others and PLAIN.issuperset(map(type, item.decision.writes))


def _rarer_rows(accepted: Sequence[Verdict]) -> Plan[None]:
    yield from rows_of(VERIFICATIONS, [row for item in accepted for row in _verifications(item)])
    withdrawn = [item for item in accepted if opts_out(item.decision.writes)]
    for item in withdrawn:
        yield from _leave_alone(item)
    yield from _promise(accepted)
    yield from _take_tickets(accepted)
    yield from ratings.keep([row for item in accepted for row in _ratings(item)])
    yield from rows_of(ratings.ASK, [row for item in accepted for row in _rating_requests(item)])
    for item in accepted:
        yield from alerts.raise_all(item.raised, item.decision.at)
        if item.desk:
            yield from _at_desk(item)
        yield from linking.apply(item.decision.inbound, item.steps, item.decision.at)


def _at_desk(item: Verdict) -> Plan[None]:
    """The desk shows the message and its answers in the person's thread."""
    inbound = item.decision.inbound
    yield from desk_steps.apply(item.desk, inbound.contact, item.decision.at)
    replies = zip(item.decision.outbound, item.people, strict=True)
    answers = [(new.message.id, key, False) for new, (key, _) in replies]
    yield from threads.add([(inbound.id, inbound.contact.id, True), *answers])


def _spent(verdicts: Sequence[Verdict]) -> Plan[list[Verdict]]:
    """Those that would spend a code which somebody else has spent meanwhile, in this group too."""
    late: list[Verdict] = []
    taken: set[MessageId] = set()
    for item in verdicts:
        codes = linking.codes_to_spend(item.steps)
        unspent = yield from linking.unspent(codes)
        late += [] if unspent.issuperset(codes) and taken.isdisjoint(codes) else [item]
        taken |= codes
    return late


def _stale(verdicts: Sequence[Verdict]) -> Plan[list[Verdict]]:
    """Those about something at the desk that somebody else has changed meanwhile, in this group too."""
    late: list[Verdict] = []
    taken: set[str] = set()
    for item in verdicts:
        current = yield from desk_steps.are_current(item.desk, taken)
        late += [] if current else [item]
    return late


class _Turns:
    """The rows and turns as the decisions of one group take them, one after the other."""

    def __init__(self, seen: Sequence[Row]) -> None:
        self._rows = {row[0]: row for row in seen}
        self._done: set[MessageId] = set()
        self._moved: set[bytes] = set()

    def take(self, item: Verdict) -> StoreError | None:
        """None when the decision may be stored."""
        key, person = item.decision.inbound.id, item.decision.inbound.contact
        home, row = person.home, self._rows.get(key)
        if row is None or key in self._done:
            return OwnerLost(f"inbox row {key}")
        if row[1] != person.turn or home in self._moved:
            return TurnLost(f"inbox row {key}")
        self._done.add(key)
        self._moved.add(home)
        return None

    def codes(self, item: Verdict) -> str | None:
        """The codes that the person looked up before, as they are stored."""
        codes: str | None = self._rows[item.decision.inbound.id][2]
        return codes


def _close_row(item: Verdict) -> Row:
    inbound = item.decision.inbound
    return inbound.id, str(item.state), ",".join(codes_of(item.decision.writes)), item.error


def _kept_row(item: Verdict, stored_codes: str | None) -> Row:
    decision = item.decision
    return kept_after(decision.inbound.contact, stored_codes, decision.writes, decision.at)


def kept_after(person: Contact, stored_codes: str | None, writes: Sequence[Write], at: datetime) -> Row:
    """The row of ``people.KEEP`` for what is remembered of a person after a decision."""
    now = to_micros(at)
    codes = known_codes(people.codes_of(stored_codes), writes, now)
    return people.kept_row(person.home, person.turn + 1, question_after(person.question, writes), codes, now)


def _set_row(item: Verdict) -> Row:
    return people.set_row(settings_after(item.decision.inbound.contact, item.decision.writes))


def _touch_row(item: Verdict) -> Row:
    return item.decision.inbound.contact.id, to_micros(item.decision.at)


def _leave_alone(item: Verdict) -> Plan[None]:
    """Nothing is owed any more to who refuses messages, on all accounts if they are refused there."""
    person, at = item.decision.inbound.contact, to_micros(item.decision.at)
    accounts = {person.id}
    if any(isinstance(step.write, StopEverywhere) for step in item.steps):
        members = yield from rows_of(linking.MEMBERS, [(person.home,)])
        accounts |= {bytes(row[0]) for row in members}
    yield from rows_of(CANCEL, [(key, at) for key in sorted(accounts)])
    yield from rows_of(tickets.SILENCE, [(key,) for key in sorted(accounts)])


def _new_receivers(item: Verdict) -> Plan[None]:
    """Messages to somebody else than the asker need that person's row."""
    asker = item.decision.inbound.contact.id
    others = [(key, sealed) for key, sealed in item.people if key != asker]
    if others:
        at = to_micros(item.decision.at)
        yield from people.load_or_add(others, at)
        yield from rows_of(people.TOUCH, [(key, at) for key in {key for key, _ in others}])


def _replies(accepted: Sequence[Verdict]) -> Plan[None]:
    rows: list[Row] = []
    started: list[Row] = []
    for item in accepted:
        at = item.decision.at
        for new, (person, _) in zip(item.decision.outbound, item.people, strict=True):
            rows.append(outbox.new_row(new, person, item.epoch, at))
            if new.sending:
                started.append(outbox.start_row(new, item.epoch, at))
    yield from outbox.write(rows, started)


def _verifications(item: Verdict) -> list[Row]:
    decision = item.decision
    return verification_rows(decision.writes, item.ids, decision.inbound.contact.home, to_micros(decision.at))


def _take_tickets(accepted: Sequence[Verdict]) -> Plan[None]:
    """A ticket that is changed is given back first: the new one may have the number of an older one."""
    dropped = [
        row
        for item in accepted
        for row in tickets.dropped_rows(item.decision.writes, item.decision.inbound.contact.home, item.decision.at)
    ]
    kept = [
        tickets.kept_row(write, key, item.decision.inbound, item.decision.at)
        for item in accepted
        for key, write in zip(item.ids, with_rows(item.decision.writes), strict=True)
        if isinstance(write, KeepTicket)
    ]
    yield from rows_of(tickets.DROP, dropped)
    yield from rows_of(tickets.KEEP, kept)


def _ratings(item: Verdict) -> list[Row]:
    decision = item.decision
    return [
        ratings.kept_row(write, key, decision.inbound, decision.at)
        for key, write in zip(item.ids, with_rows(decision.writes), strict=True)
        if isinstance(write, KeepRating)
    ]


def _rating_requests(item: Verdict) -> list[Row]:
    decision = item.decision
    return [
        ratings.asked_row(write, key, decision.inbound.contact.home, decision.at)
        for key, write in zip(item.ids, with_rows(decision.writes), strict=True)
        if isinstance(write, AskForRating)
    ]


def with_rows(
    writes: Sequence[Write],
) -> list[RecordVerification | PromiseAnswer | KeepTicket | KeepRating | AskForRating]:
    """The writes that make rows of their own; the others change what is there."""
    return [write for write in writes if isinstance(write, WITH_ROWS)]


def verification_rows(writes: Sequence[Write], ids: Sequence[MessageId], person: bytes, at: int) -> list[Row]:
    """The rows of ``VERIFICATIONS``; *ids* are for ``with_rows`` of the writes."""
    return [
        (key, person, write.code, write.passed, at)
        for key, write in zip(ids, with_rows(writes), strict=True)
        if isinstance(write, RecordVerification)
    ]


def _promise(accepted: Sequence[Verdict]) -> Plan[None]:
    promising = [item for item in accepted if any(isinstance(write, PromiseAnswer) for write in item.decision.writes)]
    owed = yield from rows_of(OWED, [(item.decision.inbound.contact.id,) for item in promising])
    rows = [row for item in promising for row in _promise_rows(item, owed)]
    yield from rows_of(PROMISES, rows)


def _promise_rows(item: Verdict, owed: Sequence[Row]) -> list[Row]:
    """At most one decision of a person is stored in a group, so what is owed to them is known."""
    inbound, writes = item.decision.inbound, item.decision.writes
    codes = [code for person, code in owed if bytes(person) == inbound.contact.id]
    ids = {id(write): key for key, write in zip(item.ids, with_rows(writes), strict=True)}
    return [
        (
            ids[id(write)],
            inbound.contact.id,
            inbound.id,
            ordinal,
            write.code,
            write.upstream,
            inbound.message.recipient,
            inbound.message.route,
            to_micros(write.asked_at),
            to_micros(write.asked_at + PROMISE_VALID),
        )
        for ordinal, write in promises_to_make(writes, codes)
    ]
