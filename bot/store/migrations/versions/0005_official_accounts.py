"""Official Accounts: tokens, what templates cost, when a person last wrote."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("contact", sa.Column("wrote_at", BIG, nullable=True))
    op.create_table(
        "zalo_token",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("generation", BIG, nullable=False),
        sa.Column("pair", sa.LargeBinary(), nullable=False),
        sa.Column("seed", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", BIG, nullable=False),
        sa.Column("renewed_at", BIG, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("owner", BIG, nullable=True),
        sa.PrimaryKeyConstraint("account"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "zalo_cost",
        sa.Column("month", sa.Text(), nullable=False),
        sa.Column("template", sa.Text(), nullable=False),
        sa.Column("sent", BIG, nullable=False),
        sa.Column("cost_vnd", BIG, nullable=False),
        sa.PrimaryKeyConstraint("month", "template"),
        sqlite_with_rowid=False,
    )
