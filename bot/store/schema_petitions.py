"""The tables of petitions, their drafts, events and files, and of the alerts that they raise."""

from sqlalchemy import Boolean, Column, Float, Index, Integer, SmallInteger, Table, Text, and_
from sqlalchemy.sql.elements import ColumnElement

from bot.petitions.record import OPEN, Confidentiality, PetitionState
from bot.store.port_alerts import AlertState
from bot.store.schema import BIG, metadata, number, octets, text

counter = Table(
    "counter",
    metadata,
    Column("name", Text, primary_key=True),
    number("value"),
    sqlite_with_rowid=False,
)
"""The last number given of each series: of the petitions of a year, of alerts."""

petition = Table(
    "petition",
    metadata,
    Column("id", BIG, primary_key=True, autoincrement=False),
    text("code"),
    octets("person", null=True),
    octets("sender", null=True),
    octets("told_at"),
    text("channel"),
    number("sent_at"),
    text("text"),
    text("public_text"),
    number("released_at", null=True),
    text("category"),
    text("ward"),
    text("place_text"),
    Column("latitude", Float, nullable=True),
    Column("longitude", Float, nullable=True),
    text("confidentiality"),
    text("dossier", null=True),
    text("agency"),
    number("officer", null=True),
    text("state"),
    number("clock_at", null=True),
    number("answer_due"),
    text("answer"),
    text("summary"),
    number("answered_at", null=True),
    Column("score", SmallInteger, nullable=True),
    number("closed_at", null=True),
    text("case_code", null=True),
    Column("files", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    text("more"),
    Column("erase_when_closed", Boolean, nullable=False),
)
"""``id`` is the number in the code. ``person`` keeps the state of the sender's joined accounts, ``sender`` is the account that began
the petition: it takes it along when it stands alone again. ``told_at`` is sealed. ``more`` is JSON: what no list asks for."""


def _in_states(*, is_open: bool) -> ColumnElement[bool]:
    states = sorted(state.value for state in OPEN)
    return petition.c.state.in_(states) if is_open else petition.c.state.not_in(states)


petition_is_open = _in_states(is_open=True)
petition_is_over = _in_states(is_open=False)


petition_is_shown = and_(
    petition.c.released_at.is_not(None),
    petition.c.confidentiality == Confidentiality.PUBLIC.value,
    petition.c.public_text != "",
    petition.c.state.not_in([PetitionState.SPAM.value, PetitionState.WITHDRAWN.value]),
)
"""Everybody may see it."""


def _index(name: str, *columns: "Column[int] | Column[str] | Column[bytes]", where: ColumnElement[bool]) -> None:
    Index(name, *columns, sqlite_where=where)


Index("petition_code", petition.c.code, unique=True)
_index("petition_person", petition.c.person, petition.c.id, where=petition.c.person.is_not(None))
_index("petition_sender", petition.c.sender, where=petition.c.sender.is_not(None))
_index("petition_old", petition.c.closed_at, where=petition.c.person.is_not(None))
_index("petition_clock", petition.c.clock_at, where=petition.c.clock_at.is_not(None))
_index("petition_case", petition.c.case_code, where=petition.c.case_code.is_not(None))
_of_list = (petition.c.state, petition.c.agency, petition.c.officer)
_index("petition_open", petition.c.answer_due, petition.c.id, *_of_list, where=petition_is_open)
_index("petition_open_agency", petition.c.agency, petition.c.answer_due, petition.c.id, where=petition_is_open)
_index("petition_open_officer", petition.c.officer, petition.c.answer_due, petition.c.id, where=petition_is_open)
Index("petition_agency", petition.c.agency, petition.c.id, petition.c.state)
Index("petition_officer", petition.c.officer, petition.c.id)
_index(
    "petition_shown",
    petition.c.sent_at,
    petition.c.id,
    petition.c.category,
    petition.c.state,
    where=petition_is_shown,
)
_index("petition_released", petition.c.released_at, petition.c.id, where=petition_is_shown)
Index("petition_category", petition.c.category, petition.c.sent_at, petition.c.ward, petition.c.state, petition.c.id)
_index(
    "petition_answered",
    petition.c.sent_at,
    petition.c.officer,
    petition.c.agency,
    petition.c.answered_at,
    where=petition.c.answered_at.is_not(None),
)
Index("petition_ward", petition.c.ward, petition.c.id)
Index(
    "petition_sent",
    petition.c.sent_at,
    petition.c.category,
    petition.c.state,
    petition.c.answered_at,
    petition.c.answer_due,
    petition.c.score,
)
Index(
    "petition_list",
    petition.c.id,
    *_of_list,
    petition.c.category,
    petition.c.ward,
    petition.c.channel,
    petition.c.sent_at,
)
"""The last one holds all that lists filter by: a rare mix of filters reads through it, not through the texts."""

petition_word = Table(
    "petition_word",
    metadata,
    Column("word", Text, primary_key=True),
    Column("petition", BIG, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)
"""The words of each petition without accents: how texts are searched, the same on both engines."""

petition_event = Table(
    "petition_event",
    metadata,
    Column("petition", BIG, primary_key=True, autoincrement=False),
    Column("version", Integer, primary_key=True, autoincrement=False),
    number("at"),
    text("actor"),
    number("officer", null=True),
    text("officer_name"),
    text("role", null=True),
    text("agency"),
    Column("at_reception", Boolean, nullable=False),
    text("channel", null=True),
    text("name"),
    text("state_before", null=True),
    text("state_after"),
    text("data"),
    sqlite_with_rowid=False,
)
"""Appended, never changed; ``version`` is that of the petition afterwards, so two cannot follow the same one. ``data`` is JSON."""

petition_file = Table(
    "petition_file",
    metadata,
    Column("name", Text, primary_key=True),
    number("petition", null=True),
    octets("person", null=True),
    text("media_type"),
    number("octets"),
    Column("by_officer", Boolean, nullable=False),
    Column("released", Boolean, nullable=False),
    number("added_at"),
)
"""``person``: whose draft it belongs to while there is no petition. Without both nothing needs it any more."""
Index("petition_file_petition", petition_file.c.petition)
_index("petition_file_old", petition_file.c.added_at, where=petition_file.c.petition.is_not(None))
_index("petition_file_loose", petition_file.c.person, where=petition_file.c.petition.is_(None))

petition_draft = Table(
    "petition_draft",
    metadata,
    Column("person", octets("person").type, primary_key=True),
    octets("sealed"),
    number("opened_at"),
    number("changed_at"),
    number("reminded_at", null=True),
    Column("is_offer", Boolean, nullable=False),
)

alert = Table(
    "alert",
    metadata,
    Column("id", BIG, primary_key=True, autoincrement=False),
    text("code"),
    text("dedupe"),
    text("severity"),
    text("source"),
    text("subject"),
    text("condition"),
    text("agency"),
    number("officer", null=True),
    Column("to_lead", Boolean, nullable=False),
    text("details"),
    text("state"),
    Column("raised", Integer, nullable=False),
    number("raised_at"),
    number("sent_at", null=True),
    number("acked_at", null=True),
    number("acked_by", null=True),
    number("resolved_at", null=True),
)
"""What officers must know. While one is not resolved, raising it again only counts and renews it. ``details`` is JSON."""
alert_is_open = alert.c.state.not_in([AlertState.RESOLVED.value])
Index("alert_dedupe", alert.c.dedupe, unique=True, sqlite_where=alert_is_open)
Index("alert_subject", alert.c.subject, alert.c.id)
_index("alert_unsent", alert.c.id, where=alert.c.state.in_([AlertState.OPEN.value]))
Index("alert_code", alert.c.code, alert.c.id)
