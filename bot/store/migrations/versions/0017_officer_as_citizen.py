"""An officer may write as a citizen from a linked chat."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.add_column("officer_link", sa.Column("citizen_since", sa.BigInteger(), nullable=True))
