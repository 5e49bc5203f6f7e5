"""A message is found by the channel's own name of it when it is edited."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    telegram = sa.text("channel IN ('telegram')")
    op.create_index("inbox_edited", "inbox", ["reply_key"], sqlite_where=telegram, postgresql_where=telegram)
