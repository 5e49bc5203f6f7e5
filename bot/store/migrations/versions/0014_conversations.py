"""Conversations of people with officers; the messages that the desk shows of a person."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "conversation",
        sa.Column("id", BIG, autoincrement=False, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("person", sa.LargeBinary(), nullable=True),
        sa.Column("answers_to", sa.LargeBinary(), nullable=False),
        sa.Column("agency", sa.Text(), nullable=False),
        sa.Column("dossier", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("taken_by", BIG, nullable=True),
        sa.Column("asked_at", BIG, nullable=False),
        sa.Column("promised_at", BIG, nullable=False),
        sa.Column("escalated_at", BIG, nullable=True),
        sa.Column("last_citizen_at", BIG, nullable=False),
        sa.Column("last_officer_at", BIG, nullable=True),
        sa.Column("clock_at", BIG, nullable=True),
        sa.Column("closed_at", BIG, nullable=True),
        sa.Column("closed_because", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("conversation_code", "conversation", ["code"], unique=True)
    op.create_index("conversation_state", "conversation", ["state", "asked_at"])
    running, looked_at = sa.text("state NOT IN ('closed')"), sa.text("clock_at IS NOT NULL")
    op.create_index("conversation_person", "conversation", ["person"], sqlite_where=running, postgresql_where=running)
    op.create_index(
        "conversation_clock", "conversation", ["clock_at"], sqlite_where=looked_at, postgresql_where=looked_at
    )
    op.create_table(
        "thread_line",
        sa.Column("id", BIG, autoincrement=False, nullable=False),
        sa.Column("contact", sa.LargeBinary(), nullable=False),
        sa.Column("is_theirs", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("thread_line_contact", "thread_line", ["contact", "id"])
