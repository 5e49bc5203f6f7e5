"""One person on several channels: joined accounts, one-time codes, consents, erasures."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("contact", sa.Column("person", sa.LargeBinary(), nullable=True))
    linked, unused = sa.text("person IS NOT NULL"), sa.text("used_at IS NULL")
    op.create_index("contact_person", "contact", ["person"], sqlite_where=linked, postgresql_where=linked)
    op.create_table(
        "account_link",
        sa.Column("contact", sa.LargeBinary(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("route", sa.Text(), nullable=False),
        sa.Column("how", sa.Text(), nullable=False),
        sa.Column("since", BIG, nullable=False),
        sa.Column("pushes", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("contact"),
    )
    op.create_table(
        "one_time_code",
        sa.Column("id", BIG, autoincrement=False, nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("contact", sa.LargeBinary(), nullable=False),
        sa.Column("asker", sa.LargeBinary(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("route", sa.Text(), nullable=False),
        sa.Column("expires_at", BIG, nullable=False),
        sa.Column("used_at", BIG, nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("one_time_code_digest", "one_time_code", ["digest"], sqlite_where=unused, postgresql_where=unused)
    op.create_index("one_time_code_contact", "one_time_code", ["contact", "id"])
    op.create_index("one_time_code_asker", "one_time_code", ["asker", "id"])
    op.create_table(
        "wrong_code",
        sa.Column("id", BIG, autoincrement=False, nullable=False),
        sa.Column("contact", sa.LargeBinary(), nullable=False),
        sa.Column("at", BIG, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("wrong_code_contact", "wrong_code", ["contact", "id"])
    op.create_table(
        "consent",
        sa.Column("id", BIG, autoincrement=False, nullable=False),
        sa.Column("contact", sa.LargeBinary(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("given_at", BIG, nullable=False),
        sa.Column("withdrawn_at", BIG, nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("consent_contact", "consent", ["contact", "id"])
    op.create_table(
        "erasure",
        sa.Column("contact", sa.LargeBinary(), nullable=False),
        sa.Column("asked_at", BIG, nullable=False),
        sa.Column("inbox_upto", BIG, nullable=False),
        sa.Column("outbox_upto", BIG, nullable=False),
        sa.PrimaryKeyConstraint("contact"),
    )
