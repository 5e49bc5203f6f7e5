"""Whether the tables are those of this version: a database made by an unreleased checkout may bear our revision over other columns."""

from collections.abc import Iterable

from bot.errors import StoreError
from bot.store import (  # noqa: F401 - their tables belong to the same metadata
    schema_conversations,
    schema_master,
    schema_officers,
    schema_persons,
    schema_petitions,
)
from bot.store.schema import metadata

OURS = frozenset((table.name, column.name) for table in metadata.tables.values() for column in table.columns)
SQLITE_COLUMNS = (
    "SELECT m.name, c.name FROM sqlite_master AS m JOIN pragma_table_info(m.name) AS c WHERE m.type = 'table'"
)
POSTGRES_COLUMNS = (
    "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = current_schema()"
)
MOST_TOLD = 6


def check_columns(found: Iterable[tuple[str, str]]) -> None:
    """Raises ``StoreError`` when the columns of our tables, each with its table's name, are not those of this version."""
    there = {(table, column) for table, column in found if table in metadata.tables}
    wrong = [f"{table}.{column} is missing" for table, column in sorted(OURS - there)]
    wrong += [f"{table}.{column} is unknown" for table, column in sorted(there - OURS)]
    if wrong:
        told = ", ".join(wrong[:MOST_TOLD]) + (f" and {len(wrong) - MOST_TOLD} more" if len(wrong) > MOST_TOLD else "")
        raise StoreError(
            f"database schema is not what this version made: {told}; "
            "run the version that made it, or put the database aside and begin with an empty one"
        )
