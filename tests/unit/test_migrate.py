"""Migrations are written as text by a process of their own."""

import pytest

from bot.errors import StoreError
from bot.store import migrate
from bot.store.schema import REVISION


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
def test_a_new_database_gets_everything(dialect: str) -> None:
    text = migrate.pending(None, dialect)
    assert text == migrate.write("base", dialect)
    assert "CREATE TABLE inbox" in text
    assert f"'{REVISION}'" in text


def test_nothing_is_pending_for_our_own_schema() -> None:
    assert migrate.pending(REVISION, "sqlite") == ""


def test_a_newer_schema_is_refused() -> None:
    with pytest.raises(StoreError, match="install the newer program"):
        migrate.pending("9999", "sqlite")


def test_what_alembic_cannot_write_is_told() -> None:
    with pytest.raises(StoreError, match="from 0000 cannot be written"):
        migrate.pending("0000", "sqlite")
