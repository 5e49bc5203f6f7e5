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

REVISION = "0006"
"""The schema that this program works with: the newest file in ``migrations/versions``."""

BIG = BigInteger().with_variant(Integer(), "sqlite")
"""Ids and times; in SQLite an ``INTEGER PRIMARY KEY`` is the row's own number."""

metadata = MetaData()


def _any(column: Column[str], *states: InboundState | OutboundState) -> ColumnElement[bool]:
    return column.in_([state.value for state in states])


def _text(name: str, *, null: bool = False) -> "Column[str]":
    return Column(name, Text, nullable=null)


def _big(name: str, *, null: bool = False) -> "Column[int]":
    return Column(name, BIG, nullable=null)


def _octets(name: str, *, null: bool = False) -> "Column[bytes]":
    return Column(name, LargeBinary, nullable=null)


process = Table(
    "process",
    metadata,
    Column("epoch", BIG, primary_key=True),
    _big("started_at"),
    _big("expires_at", null=True),
    sqlite_autoincrement=True,
)
"""Who may own rows; an epoch is never used twice. ``expires_at`` by the database's clock; unused on SQLite, where the
lock file tells."""

contact = Table(
    "contact",
    metadata,
    Column("id", LargeBinary, primary_key=True),
    _octets("sealed"),
    _big("turn"),
    _text("language"),
    _big("opted_out_at", null=True),
    _text("question", null=True),
    _text("codes", null=True),
    _big("seen_at"),
    _big("quiet_until", null=True),
    _big("unreachable_at", null=True),
    _big("wrote_at", null=True),
)

"""``codes`` are those that the person looked up and that exist, newest first: ``[[code, microseconds], …]``. In the row
that every decision writes anyway they cost nothing; a table of look-ups had its index by person written at random places. ``seen_at`` is when the person last wrote or was written to;
``wrote_at`` when the person last wrote, on channels where that opens a time of free answers."""

inbox = Table(
    "inbox",
    metadata,
    Column("id", BIG, primary_key=True, autoincrement=False),
    _text("channel"),
    _octets("contact"),
    _text("recipient"),
    _text("route"),
    _text("text"),
    _big("received_at"),
    _octets("content_hash"),
    _big("repeat_key", null=True),
    _text("external_id", null=True),
    _text("session"),
    _octets("raw"),
    _text("ignored", null=True),
    Column("partial", Boolean, nullable=False),
    _text("state"),
    _big("owner", null=True),
    Column("attempts", Integer, nullable=False),
    _big("dup_of", null=True),
    _text("codes"),
    _text("error", null=True),
    _octets("event", null=True),
    _text("reply_key", null=True),
)
"""``event`` is sealed: what was done besides writing may hold a number or a place."""
inbox_is_open = _any(inbox.c.state, InboundState.RECEIVED, InboundState.CLAIMED)
inbox_is_waiting = _any(inbox.c.state, InboundState.RECEIVED)
inbox_is_parked = _any(inbox.c.state, InboundState.PARKED)


def _partial(name: str, *columns: "Column[int] | Column[str] | Column[bytes]", where: ColumnElement[bool]) -> None:
    Index(name, *columns, sqlite_where=where, postgresql_where=where)


_partial("inbox_repeat", inbox.c.repeat_key, where=inbox.c.repeat_key.is_not(None))
_partial("inbox_open", inbox.c.contact, inbox.c.id, where=inbox_is_open)
_partial("inbox_waiting", inbox.c.id, where=inbox_is_waiting)
_partial("inbox_parked", inbox.c.id, where=inbox_is_parked)
inbox_is_of_mailbox = inbox.c.channel.in_([ChannelName.WEBCHAT.value])
_partial("inbox_mailbox", inbox.c.contact, inbox.c.id, where=inbox_is_of_mailbox)
Index(
    "inbox_external",
    inbox.c.channel,
    inbox.c.external_id,
    unique=True,
    sqlite_where=and_(inbox.c.external_id.is_not(None), inbox.c.dup_of.is_(None)),
    postgresql_where=and_(inbox.c.external_id.is_not(None), inbox.c.dup_of.is_(None)),
)

part_group = Table(
    "part_group",
    metadata,
    Column("id", BIG, primary_key=True, autoincrement=False),
    _octets("contact"),
    _text("recipient"),
    _text("route"),
    _text("method"),
    Column("reference", Integer, nullable=False),
    Column("total", SmallInteger, nullable=False),
    _big("opened_at"),
    _big("inbox", null=True),
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
    _octets("octets"),
    Column("data_coding", SmallInteger, nullable=False),
    _octets("content_hash"),
    _big("received_at"),
    _text("session"),
    sqlite_with_rowid=False,
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", BIG, primary_key=True, autoincrement=False),
    _octets("contact", null=True),
    _text("channel"),
    _text("source"),
    _text("route"),
    _text("text"),
    _text("kind"),
    _big("reply_to", null=True),
    Column("ordinal", SmallInteger, nullable=False),
    Column("segments", SmallInteger, nullable=False),
    _big("created_at"),
    _big("expires_at"),
    Column("possible_duplicate", Boolean, nullable=False),
    _text("state"),
    _big("owner", null=True),
    _big("due"),
    Column("attempts", Integer, nullable=False),
    Column("tries", Integer, nullable=False),
    _text("error", null=True),
    _text("extras", null=True),
)
"""``due`` is when to act next: the earliest send of a ``ready`` row, since when a row is ``in_doubt``.
``attempts`` are the tries that count against the limit. ``extras`` holds buttons and the approved template as JSON."""
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
    postgresql_where=outbox.c.reply_to.is_not(None),
)

attempt = Table(
    "attempt",
    metadata,
    Column("outbox", BIG, primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),
    _big("owner"),
    _big("started_at"),
    _big("ended_at", null=True),
    _text("outcome", null=True),
    _text("error", null=True),
    sqlite_with_rowid=False,
)

outbox_part = Table(
    "outbox_part",
    metadata,
    Column("outbox", BIG, primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("place", SmallInteger, primary_key=True, autoincrement=False),
    _text("provider_id"),
    _big("receipt_key"),
    _text("state"),
    _text("error", null=True),
    sqlite_with_rowid=False,
)
Index("outbox_part_receipt", outbox_part.c.receipt_key)

receipt = Table(
    "receipt",
    metadata,
    Column("id", BIG, primary_key=True, autoincrement=False),
    _text("route"),
    _text("provider_id"),
    _text("state"),
    _text("error"),
    _big("received_at"),
)
"""Receipts that came before the ids they name; kept ten minutes, one row for each form of the id."""
Index("receipt_provider", receipt.c.route, receipt.c.provider_id)

verification = Table(
    "verification",
    metadata,
    Column("id", BIG, primary_key=True, autoincrement=False),
    _octets("contact"),
    _text("code"),
    Column("passed", Boolean, nullable=False),
    _big("at"),
)
Index("verification_contact", verification.c.contact, verification.c.id)
Index("verification_code", verification.c.code, verification.c.id)

promise = Table(
    "promise",
    metadata,
    Column("id", BIG, primary_key=True, autoincrement=False),
    _octets("contact"),
    _big("reply_to"),
    Column("ordinal", SmallInteger, nullable=False),
    _text("code"),
    _text("upstream"),
    _text("source"),
    _text("route"),
    _big("asked_at"),
    _big("valid_until"),
    _text("state"),
    _big("closed_at", null=True),
)
promise_is_open = promise.c.state.in_(["open"])
Index(
    "promise_contact",
    promise.c.contact,
    promise.c.code,
    unique=True,
    sqlite_where=promise_is_open,
    postgresql_where=promise_is_open,
)
_partial("promise_open", promise.c.upstream, promise.c.id, where=promise_is_open)

ticket = Table(
    "ticket",
    metadata,
    Column("id", BIG, primary_key=True, autoincrement=False),
    _octets("contact"),
    _big("reply_to"),
    _text("unit_code"),
    _text("unit_name"),
    _text("number"),
    _text("source"),
    _text("route"),
    _big("taken_at"),
    _big("valid_until"),
    _text("state"),
    _big("closed_at", null=True),
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
    _octets("contact", null=True),
    _text("subject"),
    _text("reference"),
    _text("agency"),
    _text("channel"),
    Column("score", SmallInteger, nullable=False),
    _text("note"),
    _big("rated_at"),
)
"""How satisfied people are. ``subject`` tells what is rated (``counter``), ``reference`` which one; ``contact`` goes with the
addresses. One for each person and object: the last one counts."""
Index("rating_of", rating.c.contact, rating.c.subject, rating.c.reference, unique=True)

zalo_token = Table(
    "zalo_token",
    metadata,
    Column("account", Text, primary_key=True),
    _big("generation"),
    _octets("pair"),
    _octets("seed"),
    _big("expires_at"),
    _big("renewed_at"),
    _text("state"),
    _big("owner", null=True),
    sqlite_with_rowid=False,
)
"""The pair of tokens of an Official Account, sealed. ``owner`` is who renews it just now; every other write says which
``generation`` it saw."""

zalo_cost = Table(
    "zalo_cost",
    metadata,
    Column("month", Text, primary_key=True),
    Column("template", Text, primary_key=True),
    _big("sent"),
    _big("cost_vnd"),
    sqlite_with_rowid=False,
)
"""What approved templates cost, by month and our key."""

sweep = Table(
    "sweep",
    metadata,
    Column("task", Text, primary_key=True),
    _big("upto"),
    sqlite_with_rowid=False,
)
"""How far each task of retention has come, by id."""
