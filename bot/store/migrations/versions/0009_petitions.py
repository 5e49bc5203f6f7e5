"""Petitions with their events, drafts, files and words; alerts to officers; series of numbers."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
OPEN = "state IN ('assigned', 'in_progress', 'need_info', 'pending_approval', 'received')"


def _text(name: str, *, null: bool = False) -> "sa.Column[str]":
    return sa.Column(name, sa.Text(), nullable=null)


def _number(name: str, *, null: bool = False) -> "sa.Column[int]":
    return sa.Column(name, BIG, nullable=null)


def _key(name: str) -> "sa.Column[int]":
    return sa.Column(name, BIG, autoincrement=False, nullable=False)


def _index(name: str, table: str, columns: list[str], where: str, *, unique: bool = False) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, unique=unique, sqlite_where=condition, postgresql_where=condition)


def upgrade() -> None:
    op.create_table(
        "counter", _text("name"), _number("value"), sa.PrimaryKeyConstraint("name"), sqlite_with_rowid=False
    )
    _create_petitions()
    op.create_table(
        "petition_word",
        _text("word"),
        _key("petition"),
        sa.PrimaryKeyConstraint("word", "petition"),
        sqlite_with_rowid=False,
    )
    _create_events()
    op.create_table(
        "petition_file",
        _text("name"),
        _number("petition", null=True),
        sa.Column("person", sa.LargeBinary(), nullable=True),
        _text("media_type"),
        _number("octets"),
        sa.Column("by_officer", sa.Boolean(), nullable=False),
        sa.Column("released", sa.Boolean(), nullable=False),
        _number("added_at"),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_index("petition_file_petition", "petition_file", ["petition"])
    _index("petition_file_old", "petition_file", ["added_at"], "petition IS NOT NULL")
    _index("petition_file_loose", "petition_file", ["person"], "petition IS NULL")
    op.create_table(
        "petition_draft",
        sa.Column("person", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        _number("opened_at"),
        _number("changed_at"),
        _number("reminded_at", null=True),
        sa.Column("is_offer", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("person"),
    )
    _create_alerts()


def _create_petitions() -> None:
    op.create_table(
        "petition",
        _key("id"),
        _text("code"),
        sa.Column("person", sa.LargeBinary(), nullable=True),
        sa.Column("sender", sa.LargeBinary(), nullable=True),
        sa.Column("told_at", sa.LargeBinary(), nullable=False),
        _text("channel"),
        _number("sent_at"),
        _text("text"),
        _text("public_text"),
        _number("released_at", null=True),
        _text("category"),
        _text("ward"),
        _text("place_text"),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        _text("confidentiality"),
        _text("dossier", null=True),
        _text("agency"),
        _number("officer", null=True),
        _text("state"),
        _number("clock_at", null=True),
        _number("answer_due"),
        _text("answer"),
        _text("summary"),
        _number("answered_at", null=True),
        sa.Column("score", sa.SmallInteger(), nullable=True),
        _number("closed_at", null=True),
        _text("case_code", null=True),
        sa.Column("files", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        _text("more"),
        sa.Column("erase_when_closed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("petition_code", "petition", ["code"], unique=True)
    _index("petition_person", "petition", ["person", "id"], "person IS NOT NULL")
    _index("petition_sender", "petition", ["sender"], "sender IS NOT NULL")
    _index("petition_old", "petition", ["closed_at"], "person IS NOT NULL")
    _index("petition_clock", "petition", ["clock_at"], "clock_at IS NOT NULL")
    _index("petition_case", "petition", ["case_code"], "case_code IS NOT NULL")
    of_list = ["state", "agency", "officer"]
    _index("petition_open", "petition", ["answer_due", "id", *of_list], OPEN)
    _index("petition_open_agency", "petition", ["agency", "answer_due", "id"], OPEN)
    _index("petition_open_officer", "petition", ["officer", "answer_due", "id"], OPEN)
    op.create_index("petition_agency", "petition", ["agency", "id", "state"])
    op.create_index("petition_officer", "petition", ["officer", "id"])
    op.create_index("petition_category", "petition", ["category", "sent_at", "ward"])
    op.create_index("petition_ward", "petition", ["ward", "id"])
    op.create_index("petition_sent", "petition", ["sent_at"])
    op.create_index("petition_list", "petition", ["id", *of_list, "category", "ward", "channel", "sent_at"])


def _create_events() -> None:
    op.create_table(
        "petition_event",
        _key("petition"),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        _number("at"),
        _text("actor"),
        _number("officer", null=True),
        _text("officer_name"),
        _text("role", null=True),
        _text("agency"),
        sa.Column("at_reception", sa.Boolean(), nullable=False),
        _text("channel", null=True),
        _text("name"),
        _text("state_before", null=True),
        _text("state_after"),
        _text("data"),
        sa.PrimaryKeyConstraint("petition", "version"),
        sqlite_with_rowid=False,
    )


def _create_alerts() -> None:
    op.create_table(
        "alert",
        _key("id"),
        _text("code"),
        _text("dedupe"),
        _text("severity"),
        _text("source"),
        _text("subject"),
        _text("condition"),
        _text("agency"),
        _number("officer", null=True),
        sa.Column("to_lead", sa.Boolean(), nullable=False),
        _text("details"),
        _text("state"),
        sa.Column("raised", sa.Integer(), nullable=False),
        _number("raised_at"),
        _number("sent_at", null=True),
        _number("acked_at", null=True),
        _number("acked_by", null=True),
        _number("resolved_at", null=True),
        sa.PrimaryKeyConstraint("id"),
    )
    _index("alert_dedupe", "alert", ["dedupe"], "state NOT IN ('resolved')", unique=True)
    op.create_index("alert_subject", "alert", ["subject", "id"])
    _index("alert_unsent", "alert", ["id"], "state IN ('open')")
    op.create_index("alert_code", "alert", ["code", "id"])
