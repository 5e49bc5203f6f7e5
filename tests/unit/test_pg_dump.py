"""The command that copies a PostgreSQL store is one that works, and holds no password."""

from pathlib import Path

import pytest

from bot.beside import pg_dump


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgresql://u:geheim@db:5432/motcua", "--username=u 'postgresql://db:5432/motcua'"),
        ("postgresql://db/motcua?sslmode=require", "'postgresql://db/motcua?sslmode=require'"),
        ("postgresql://u@/motcua?host=/run/postgresql", "--username=u 'postgresql:///motcua?host=/run/postgresql'"),
        ("postgresql://db/motcua?user=u&password=geheim", "'postgresql://db/motcua?user=u'"),
    ],
    ids=["password", "options", "socket", "password among the options"],
)
def test_pg_dump(url: str, expected: str) -> None:
    assert pg_dump(url, Path("copy")) == f"pg_dump --format=custom --file=copy {expected}"
