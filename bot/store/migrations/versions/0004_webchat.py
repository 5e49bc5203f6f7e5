"""What the web chat reads again, and what people think of the service."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def only(condition: str) -> dict[str, Any]:
    """An index over these rows alone."""
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def upgrade() -> None:
    chats = only("channel IN ('webchat')")
    op.create_index("inbox_mailbox", "inbox", ["contact", "id"], unique=False, **chats)
    op.create_index("outbox_mailbox", "outbox", ["contact", "id"], unique=False, **chats)
    op.create_table(
        "rating",
        sa.Column("id", BIG, autoincrement=False, nullable=False),
        sa.Column("contact", sa.LargeBinary(), nullable=True),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("agency", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("score", sa.SmallInteger(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("rated_at", BIG, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("rating_of", "rating", ["contact", "subject", "reference"], unique=True)
