"""Lists of released petitions and public figures are read from indexes."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

SHOWN = (
    "released_at IS NOT NULL AND confidentiality = 'public' AND public_text != '' "
    "AND (state NOT IN ('spam', 'withdrawn'))"
)


def upgrade() -> None:
    for name, columns in (
        ("petition_shown", ["sent_at", "id", "category", "state"]),
        ("petition_released", ["released_at", "id"]),
    ):
        op.create_index(name, "petition", columns, sqlite_where=sa.text(SHOWN), postgresql_where=sa.text(SHOWN))
    op.drop_index("petition_sent", "petition")
    op.create_index("petition_sent", "petition", ["sent_at", "category", "state", "answered_at", "answer_due", "score"])
