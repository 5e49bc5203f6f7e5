"""What further channels bring: events, buttons and templates, people who left or whom an officer answers."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("contact", sa.Column("quiet_until", BIG, nullable=True))
    op.add_column("contact", sa.Column("unreachable_at", BIG, nullable=True))
    op.add_column("inbox", sa.Column("event", sa.LargeBinary(), nullable=True))
    op.add_column("outbox", sa.Column("extras", sa.Text(), nullable=True))
