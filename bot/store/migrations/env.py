"""What Alembic runs: it writes the SQL of the pending revisions as text; ``bot/store/migrate.py`` runs that text."""

from alembic import context

from bot.store import schema_persons  # noqa: F401 - its tables belong to the same metadata
from bot.store.schema import metadata

dialect = context.config.attributes["dialect"]
context.configure(dialect_name=dialect, target_metadata=metadata, literal_binds=True, transactional_ddl=False)
with context.begin_transaction():
    context.run_migrations()
