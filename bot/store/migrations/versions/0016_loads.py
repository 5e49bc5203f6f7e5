"""Lists of a field and loads of officers are read from indexes alone."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.drop_index("petition_category", "petition")
    op.create_index("petition_category", "petition", ["category", "sent_at", "ward", "state", "id"])
    answered = sa.text("answered_at IS NOT NULL")
    op.create_index(
        "petition_answered",
        "petition",
        ["sent_at", "officer", "agency", "answered_at"],
        sqlite_where=answered,
        postgresql_where=answered,
    )
