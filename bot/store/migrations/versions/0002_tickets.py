"""Turns at the counters."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def only(condition: str) -> dict[str, Any]:
    """An index over these rows alone."""
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def upgrade() -> None:
    op.create_table(
        "ticket",
        sa.Column("id", BIG, autoincrement=False, nullable=False),
        sa.Column("contact", sa.LargeBinary(), nullable=False),
        sa.Column("reply_to", BIG, nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=False),
        sa.Column("unit_name", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("route", sa.Text(), nullable=False),
        sa.Column("taken_at", BIG, nullable=False),
        sa.Column("valid_until", BIG, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("closed_at", BIG, nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    today = only("state IN ('waiting', 'quiet', 'returned')")
    op.create_index("ticket_contact", "ticket", ["contact", "id"], unique=False, **today)
    op.create_index("ticket_waiting", "ticket", ["id"], unique=False, **only("state IN ('waiting')"))
