"""Ratings of dossiers and petitions: who is rated, when people were asked, what the one-stop system took."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("rating", sa.Column("handled_by", sa.Text(), nullable=False, server_default=""))
    op.add_column("rating", sa.Column("asked_at", BIG, nullable=True))
    op.add_column("rating", sa.Column("handed_at", BIG, nullable=True))
    op.drop_index("rating_of", "rating")
    op.create_index("rating_of", "rating", ["contact", "subject", "reference", "id"])
    op.create_index("rating_rated", "rating", ["rated_at"])
    waiting = sa.text("handed_at IS NULL")
    op.create_index("rating_to_hand", "rating", ["id"], sqlite_where=waiting, postgresql_where=waiting)
    op.create_table(
        "rating_request",
        sa.Column("id", BIG, autoincrement=False, nullable=False),
        sa.Column("contact", sa.LargeBinary(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("agency", sa.Text(), nullable=False),
        sa.Column("handled_by", sa.Text(), nullable=False),
        sa.Column("asked_at", BIG, nullable=False),
        sa.Column("rated_at", BIG, nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("rating_request_contact", "rating_request", ["contact", "id"])
