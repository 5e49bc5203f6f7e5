"""What arrives: saving messages, recognising repeats."""

from collections.abc import Sequence
from datetime import datetime
from itertools import chain
from typing import NamedTuple

from sqlalchemy import BigInteger, Boolean, Integer, LargeBinary, Text, select, update

from bot.events import Edited
from bot.model import Contact, InboundMessage, MessageId
from bot.store import edits, people
from bot.store.keys import from_micros, to_micros
from bot.store.port import Claimed, InboundState, Saved
from bot.store.schema import inbox, inbox_is_open, part_group, process
from bot.store.statements import Plan, Row, Statement, adding, given, rows_of
from bot.store.transitions import (
    Earlier,
    is_repeat,
    session_epoch,
    session_is_open,
    state_on_arrival,
)


class Arrival(NamedTuple):
    """A message to save, made ready outside the writer."""

    id: MessageId
    message: InboundMessage
    contact: bytes
    sealed: bytes
    claim: bool
    epoch: int
    open_sessions: frozenset[str]
    repeat_keys: tuple[int, int, int] | None
    """Where it is found again by its content, then where others with that content would be."""
    group: MessageId | None = None
    """The group of parts that it was joined from."""
    event: bytes | None = None
    """The event of the message, sealed."""


_keys = given(key=BigInteger())
REPEATS = Statement(
    _keys,
    select(inbox.c.id, inbox.c.content_hash, inbox.c.received_at, inbox.c.session).where(
        inbox.c.repeat_key.in_(select(_keys.c.key)), inbox.c.dup_of.is_(None)
    ),
)
_externals = given(channel=Text(), external_id=Text())
EXTERNALS = Statement(
    _externals,
    select(inbox.c.id, inbox.c.channel, inbox.c.external_id)
    .join_from(
        _externals,
        inbox,
        (inbox.c.channel == _externals.c.channel) & (inbox.c.external_id == _externals.c.external_id),
    )
    .where(inbox.c.external_id.is_not(None), inbox.c.dup_of.is_(None)),
)
_contacts = given(contact=LargeBinary())
BUSY = Statement(
    _contacts,
    select(inbox.c.contact).where(inbox.c.contact.in_(select(_contacts.c.contact)), inbox_is_open).distinct(),
)
_ids = given(id=BigInteger())
LIVE = Statement(_ids, select(process.c.epoch).where(process.c.epoch.in_(select(_ids.c.id))))
_arrival = given(
    id=BigInteger(),
    channel=Text(),
    contact=LargeBinary(),
    recipient=Text(),
    route=Text(),
    text=Text(),
    received_at=BigInteger(),
    content_hash=LargeBinary(),
    repeat_key=BigInteger(),
    external_id=Text(),
    session=Text(),
    raw=LargeBinary(),
    ignored=Text(),
    partial=Boolean(),
    state=Text(),
    owner=BigInteger(),
    attempts=Integer(),
    dup_of=BigInteger(),
    event=LargeBinary(),
    reply_key=Text(),
)
ADD = Statement(
    _arrival,
    adding(inbox, _arrival, {"codes": ""}),
)
GROUPS = Statement(
    _ids,
    select(part_group.c.id, part_group.c.inbox).where(part_group.c.id.in_(select(_ids.c.id))).with_for_update(),
)
_finished = given(id=BigInteger(), inbox=BigInteger())
FINISH = Statement(
    _finished, update(part_group).where(part_group.c.id == _finished.c.id).values(inbox=_finished.c.inbox)
)


class _Known:
    """What the rules need to know about the people and messages of one group of arrivals; grows as they are decided,
    so that two arrivals of one group behave as if one had come after the other.
    """

    def __init__(self, contacts: dict[bytes, Row], live: frozenset[int]) -> None:
        self.contacts = contacts
        self.live = live
        self.busy: set[bytes] = set()
        self.external: dict[tuple[str, str], MessageId] = {}
        self.by_hash: dict[bytes, list[tuple[MessageId, datetime, str]]] = {}
        self.groups: dict[MessageId, MessageId | None] = {}

    def original_of(self, arrival: Arrival, person: Contact) -> MessageId | None:
        """The stored message that this one repeats."""
        message = arrival.message
        if message.external_id is not None:
            same = self.external.get((str(message.sender.channel), message.external_id))
            if same is not None:
                return same
        asked_at = person.question.asked_at if person.question else None
        for known, received_at, session in self.by_hash.get(message.content_hash, ()):
            still_open = session_is_open(session, arrival.epoch, arrival.open_sessions, self.live)
            earlier = Earlier(id=known, received_at=received_at, session_open=still_open)
            if is_repeat(message.received_at, earlier, asked_at):
                return known
        return None

    def add(self, arrival: Arrival, state: InboundState) -> None:
        """Remember an arrival that is no repeat."""
        message = arrival.message
        if message.external_id is not None:
            self.external[str(message.sender.channel), message.external_id] = arrival.id
        if message.content_hash:
            entry = (arrival.id, message.received_at, message.session)
            self.by_hash.setdefault(message.content_hash, []).append(entry)
        if state is not InboundState.DONE:
            self.busy.add(arrival.contact)


def save(arrivals: Sequence[Arrival]) -> Plan[list[Saved]]:
    """Insert messages with their contacts; repeats and already joined groups come back as duplicates."""
    yield from edits.replace_waiting(
        [(new.contact, new.message.reply_key) for new in arrivals if isinstance(new.message.event, Edited)]
    )
    known = yield from _known(arrivals)
    results: list[Saved] = []
    added: list[Row] = []
    finished: list[Row] = []
    for arrival in arrivals:
        joined = known.groups.get(arrival.group) if arrival.group is not None else None
        if joined is not None:
            results.append(Saved(id=joined, duplicate_of=joined))
        else:
            saved, row = _decide_one(arrival, known)
            results.append(saved)
            added.append(row)
            if arrival.group is not None:
                known.groups[arrival.group] = arrival.id
                finished.append((arrival.group, arrival.id))
    yield from rows_of(ADD, added)
    yield from rows_of(FINISH, finished)
    return results


def _known(arrivals: Sequence[Arrival]) -> Plan[_Known]:
    """Read all that is needed in a handful of statements, people first: their rows are the lock on PostgreSQL."""
    contacts = yield from people.load_or_add(
        [(arrival.contact, arrival.sealed) for arrival in arrivals],
        max([to_micros(arrival.message.received_at) for arrival in arrivals]),
    )
    whole = yield from people.with_homes(list(contacts.values()))
    contacts = dict(zip(contacts, whole, strict=True))
    keys = set(chain.from_iterable([arrival.repeat_keys or () for arrival in arrivals]))
    repeats = yield from rows_of(REPEATS, [(key,) for key in keys])
    epochs = {session_epoch(row[3]) for row in repeats} - {None, *[arrival.epoch for arrival in arrivals]}
    live = yield from rows_of(LIVE, [(epoch,) for epoch in epochs])
    known = _Known(contacts, frozenset(row[0] for row in live))
    for key, content_hash, received_at, session in sorted(repeats, key=tuple):
        known.by_hash.setdefault(bytes(content_hash), []).append((key, from_micros(received_at), session))
    externals = {
        (str(arrival.message.sender.channel), arrival.message.external_id)
        for arrival in arrivals
        if arrival.message.external_id is not None
    }
    found = yield from rows_of(EXTERNALS, list(externals))
    known.external = {(row[1], row[2]): row[0] for row in found}
    busy = yield from rows_of(BUSY, [(key,) for key in contacts])
    known.busy = {bytes(row[0]) for row in busy}
    groups = yield from rows_of(GROUPS, [(arrival.group,) for arrival in arrivals if arrival.group is not None])
    known.groups = {row[0]: row[1] for row in groups}
    return known


def _decide_one(arrival: Arrival, known: _Known) -> tuple[Saved, Row]:
    message = arrival.message
    person = people.contact_of(known.contacts[arrival.contact], message.sender)
    original = known.original_of(arrival, person)
    state = state_on_arrival(
        duplicate=original is not None,
        ignored=message.ignored is not None,
        claim=arrival.claim,
        person_busy=arrival.contact in known.busy,
    )
    if original is None:
        known.add(arrival, state)
    claimed = state is InboundState.CLAIMED
    saved = Saved(
        id=arrival.id,
        duplicate_of=original,
        claimed=Claimed(id=arrival.id, message=message, contact=person, attempts=1) if claimed else None,
    )
    return saved, _row(arrival, state, original)


def _row(arrival: Arrival, state: InboundState, original: MessageId | None) -> Row:
    message = arrival.message
    claimed = state is InboundState.CLAIMED
    return (
        arrival.id,
        str(message.sender.channel),
        arrival.contact,
        message.recipient,
        message.route,
        message.text,
        to_micros(message.received_at),
        message.content_hash,
        arrival.repeat_keys[0] if arrival.repeat_keys else None,
        message.external_id,
        message.session,
        message.raw,
        message.ignored,
        message.partial,
        str(state),
        arrival.epoch if claimed else None,
        1 if claimed else 0,
        original,
        arrival.event,
        message.reply_key or None,
    )
