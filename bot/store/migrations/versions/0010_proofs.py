"""When a joined account was last proved to be its person's: numbers are given to others after a while."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("account_link", sa.Column("proved_at", BIG, nullable=False, server_default="0"))
    op.add_column("account_link", sa.Column("failures", sa.Integer(), nullable=False, server_default="0"))
    op.execute("UPDATE account_link SET proved_at = since")
