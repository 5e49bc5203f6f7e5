"""What a channel wants to see again in the reply: a provider's id of the text that it brought."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("inbox", sa.Column("reply_key", sa.Text(), nullable=True))
