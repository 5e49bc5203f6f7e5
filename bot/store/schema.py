"""The tables. Times are microseconds since 1970; addresses are only ever sealed or a keyed hash.

An index on a big table is either partial (rows still open, so it stays small) or grows at its end (ids, time first):
a message must cost the same after tens of millions of others.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    and_,
)
from sqlalchemy.sql.elements import ColumnElement

from bot.model import ChannelName
from bot.store.port import InboundState, OutboundState

REVISION = "0017"
"""The schema that this program works with: the newest file in ``migrations/versions``."""

BIG = BigInteger().with_variant(Integer(), "sqlite")
"""Ids and times; in SQLite an ``INTEGER PRIMARY KEY`` is the row's own number."""

metadata = MetaData()


def _any(column: Column[str], *states: InboundState | OutboundState) -> ColumnElement[bool]:
    return column.in_([state.value for state in states])


def text(name: str, *, null: bool = False) -> "Column[str]":
    """A column of text."""
    return Column(name, Text, nullable=null)


def number(name: str, *, null: bool = False) -> "Column[int]":
    """A column of ids, times or counts."""
    return Column(name, BIG, nullable=null)


def octets(name: str, *, null: bool = False) -> "Column[bytes]":
    """A column of octets."""
    return Column(name, LargeBinary, nullable=null)


process = Table(
    "process",
    metadata,
    Column("epoch", BIG, primary_key=True),
    number("started_at"),
    number("expires_at", null=True),
    sqlite_autoincrement=True,
)
"""Who may own rows; an epoch is never used twice. ``expires_at`` by the database's clock; unused on SQLite, where the
lock file tells."""

contact = Table(
    "contact",
    metadata,
    Column("id", LargeBinary, primary_key=True),
    octets("sealed"),
    number("turn"),
    text("language"),
    number("opted_out_at", null=True),
    text("question", null=True),
    text("codes", null=True),
    number("seen_at"),
    number("quiet_until", null=True),
    number("unreachable_at", null=True),
    number("wrote_at", null=True),
    octets("person", null=True),
)

"""``person`` is the contact whose row keeps the state of a person with several accounts, its own included; null for one
that stands alone. ``codes`` are those that the person looked up and that exist, newest first: ``[[code, microseconds], …]``. In the row
that every decision writes anyway they cost nothing; a table of look-ups had its index by person written at random places. ``seen_at`` is when the person last wrote or was written to;
``wrote_at`` when the person last wrote, on channels where that opens a time of free answers."""

inbox = Table(
    "inbox",
    metadata,
    Column("id", BIG, primary_key=True, autoincrement=False),
    text("channel"),
    octets("contact"),
    text("recipient"),
    text("route"),
    text("text"),
    number("received_at"),
    octets("content_hash"),
    number("repeat_key", null=True),
    text("external_id", null=True),
    text("session"),
    octets("raw"),
    text("ignored", null=True),
    Column("partial", Boolean, nullable=False),
    text("state"),
    number("owner", null=True),
    Column("attempts", Integer, nullable=False),
    number("dup_of", null=True),
    text("codes"),
    text("error", null=True),
    octets("event", null=True),
    text("reply_key", null=True),
)
"""``event`` is sealed: what was done besides writing may hold a number or a place. ``reply_key`` is the
channel's own name of the message."""
inbox_is_open = _any(inbox.c.state, InboundState.RECEIVED, InboundState.CLAIMED)
inbox_is_waiting = _any(inbox.c.state, InboundState.RECEIVED)
inbox_is_parked = _any(inbox.c.state, InboundState.PARKED)


def _partial(name: str, *columns: "Column[int] | Column[str] | Column[bytes]", where: ColumnElement[bool]) -> None:
    Index(name, *columns, sqlite_where=where)


_partial("inbox_repeat", inbox.c.repeat_key, where=inbox.c.repeat_key.is_not(None))
_partial("inbox_open", inbox.c.contact, inbox.c.id, where=inbox_is_open)
_partial("inbox_waiting", inbox.c.id, where=inbox_is_waiting)
_partial("inbox_parked", inbox.c.id, where=inbox_is_parked)
inbox_is_of_telegram = inbox.c.channel.in_([ChannelName.TELEGRAM.value])
_partial("inbox_edited", inbox.c.reply_key, where=inbox_is_of_telegram)
inbox_is_of_mailbox = inbox.c.channel.in_([ChannelName.WEBCHAT.value])
_partial("inbox_mailbox", inbox.c.contact, inbox.c.id, where=inbox_is_of_mailbox)
Index(
    "inbox_external",
    inbox.c.channel,
    inbox.c.external_id,
    unique=True,
    sqlite_where=and_(inbox.c.external_id.is_not(None), inbox.c.dup_of.is_(None)),
)

part_group = Table(
    "part_group",
    metadata,
    Column("id", BIG, primary_key=True, autoincrement=False),
    octets("contact"),
    text("recipient"),
    text("route"),
    text("method"),
    Column("reference", Integer, nullable=False),
    Column("total", SmallInteger, nullable=False),
    number("opened_at"),
    number("inbox", null=True),
)
"""``inbox`` is the joined message; without it the group is not finished."""
group_is_open = part_group.c.inbox.is_(None)
Index("part_group_contact", part_group.c.contact, part_group.c.id)
_partial("part_group_open", part_group.c.id, where=group_is_open)

inbox_part = Table(
    "inbox_part",
    metadata,
    Column("part_group", BIG, primary_key=True, autoincrement=False),
    Column("place", SmallInteger, primary_key=True, autoincrement=False),
    octets("octets"),
    Column("data_coding", SmallInteger, nullable=False),
    octets("content_hash"),
    number("received_at"),
    text("session"),
    sqlite_with_rowid=False,
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", BIG, primary_key=True, autoincrement=False),
    octets("contact", null=True),
    text("channel"),
    text("source"),
    text("route"),
    text("text"),
    text("kind"),
    number("reply_to", null=True),
    Column("ordinal", SmallInteger, nullable=False),
    Column("segments", SmallInteger, nullable=False),
    number("created_at"),
    number("expires_at"),
    Column("possible_duplicate", Boolean, nullable=False),
    text("state"),
    number("owner", null=True),
    number("due"),
    Column("attempts", Integer, nullable=False),
    Column("tries", Integer, nullable=False),
    text("error", null=True),
    text("extras", null=True),
)
"""``due`` is when to act next: the earliest send of a ``ready`` row, since when a row is ``in_doubt``.
``attempts`` are the tries that count against the limit. ``extras`` holds, as JSON, what few messages have:
buttons, an approved template, what the channel wants to see again in a reply, the rest of a letter."""
outbox_is_ready = _any(outbox.c.state, OutboundState.READY)
outbox_is_sending = _any(outbox.c.state, OutboundState.SENDING)
outbox_is_in_doubt = _any(outbox.c.state, OutboundState.IN_DOUBT)
_partial("outbox_ready", outbox.c.route, outbox.c.due, outbox.c.id, where=outbox_is_ready)
_partial("outbox_sending", outbox.c.owner, where=outbox_is_sending)
_partial("outbox_in_doubt", outbox.c.route, outbox.c.due, where=outbox_is_in_doubt)
outbox_is_of_mailbox = outbox.c.channel.in_([ChannelName.WEBCHAT.value])
_partial("outbox_mailbox", outbox.c.contact, outbox.c.id, where=outbox_is_of_mailbox)
"""A browser that comes back reads its conversation from the store: the web chat alone pays for finding messages by person."""
Index(
    "outbox_reply",
    outbox.c.reply_to,
    outbox.c.ordinal,
    unique=True,
    sqlite_where=outbox.c.reply_to.is_not(None),
)

attempt = Table(
    "attempt",
    metadata,
    Column("outbox", BIG, primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),
    number("owner"),
    number("started_at"),
    number("ended_at", null=True),
    text("outcome", null=True),
    text("error", null=True),
    sqlite_with_rowid=False,
)

outbox_part = Table(
    "outbox_part",
    metadata,
    Column("outbox", BIG, primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("place", SmallInteger, primary_key=True, autoincrement=False),
    text("provider_id"),
    number("receipt_key"),
    text("state"),
    text("error", null=True),
    sqlite_with_rowid=False,
)
Index("outbox_part_receipt", outbox_part.c.receipt_key)

receipt = Table(
    "receipt",
    metadata,
    Column("id", BIG, primary_key=True, autoincrement=False),
    text("route"),
    text("provider_id"),
    text("state"),
    text("error"),
    number("received_at"),
)
"""Receipts that came before the ids they name; kept ten minutes, one row for each form of the id."""
Index("receipt_provider", receipt.c.route, receipt.c.provider_id)

verification = Table(
    "verification",
    metadata,
    Column("id", BIG, primary_key=True, autoincrement=False),
    octets("contact"),
    text("code"),
    Column("passed", Boolean, nullable=False),
    number("at"),
)
Index("verification_contact", verification.c.contact, verification.c.id)
Index("verification_code", verification.c.code, verification.c.id)

promise = Table(
    "promise",
    metadata,
    Column("id", BIG, primary_key=True, autoincrement=False),
    octets("contact"),
    number("reply_to"),
    Column("ordinal", SmallInteger, nullable=False),
    text("code"),
    text("upstream"),
    text("source"),
    text("route"),
    number("asked_at"),
    number("valid_until"),
    text("state"),
    number("closed_at", null=True),
)
promise_is_open = promise.c.state.in_(["open"])
Index(
    "promise_contact",
    promise.c.contact,
    promise.c.code,
    unique=True,
    sqlite_where=promise_is_open,
)
_partial("promise_open", promise.c.upstream, promise.c.id, where=promise_is_open)

ticket = Table(
    "ticket",
    metadata,
    Column("id", BIG, primary_key=True, autoincrement=False),
    octets("contact"),
    number("reply_to"),
    text("unit_code"),
    text("unit_name"),
    text("number"),
    text("source"),
    text("route"),
    number("taken_at"),
    number("valid_until"),
    text("state"),
    number("closed_at", null=True),
)
"""Turns at counters. ``waiting``: the person is to be told when the turn is near; ``quiet``: was told, or is not to be;
``returned``: given back; ``past``: the day is over."""
ticket_is_of_today = ticket.c.state.in_(["waiting", "quiet", "returned"])
ticket_is_waiting = ticket.c.state.in_(["waiting"])
_partial("ticket_contact", ticket.c.contact, ticket.c.id, where=ticket_is_of_today)
_partial("ticket_waiting", ticket.c.id, where=ticket_is_waiting)

rating = Table(
    "rating",
    metadata,
    Column("id", BIG, primary_key=True, autoincrement=False),
    octets("contact", null=True),
    text("subject"),
    text("reference"),
    text("agency"),
    text("channel"),
    Column("score", SmallInteger, nullable=False),
    text("note"),
    number("rated_at"),
    text("handled_by"),
    number("asked_at", null=True),
    number("handed_at", null=True),
)
"""How satisfied people are. ``subject`` tells what is rated (``counter``), ``reference`` which one; ``contact`` goes with the
addresses. Of several of one person and thing the last one counts. ``handed_at``: when the one-stop system took it."""
Index("rating_of", rating.c.contact, rating.c.subject, rating.c.reference, rating.c.id)
Index("rating_rated", rating.c.rated_at)
_partial("rating_to_hand", rating.c.id, where=rating.c.handed_at.is_(None))

rating_request = Table(
    "rating_request",
    metadata,
    Column("id", BIG, primary_key=True, autoincrement=False),
    octets("contact"),
    text("subject"),
    text("reference"),
    text("agency"),
    text("handled_by"),
    number("asked_at"),
    number("rated_at", null=True),
)
"""Who was asked for an opinion on what."""
Index("rating_request_contact", rating_request.c.contact, rating_request.c.id)

zalo_token = Table(
    "zalo_token",
    metadata,
    Column("account", Text, primary_key=True),
    number("generation"),
    octets("pair"),
    octets("seed"),
    number("expires_at"),
    number("renewed_at"),
    text("state"),
    number("owner", null=True),
    sqlite_with_rowid=False,
)
"""The pair of tokens of an Official Account, sealed. ``owner`` is who renews it just now; every other write says which
``generation`` it saw."""

zalo_cost = Table(
    "zalo_cost",
    metadata,
    Column("month", Text, primary_key=True),
    Column("template", Text, primary_key=True),
    number("sent"),
    number("cost_vnd"),
    sqlite_with_rowid=False,
)
"""What approved templates cost, by month and our key."""
Index(
    "contact_person",
    contact.c.person,
    sqlite_where=contact.c.person.is_not(None),
)


sweep = Table(
    "sweep",
    metadata,
    Column("task", Text, primary_key=True),
    number("upto"),
    sqlite_with_rowid=False,
)
"""How far each task of retention has come, by id."""
