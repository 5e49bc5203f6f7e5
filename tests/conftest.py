"""Fixtures that several kinds of tests share: a PostgreSQL of our own, and the store on both engines."""

import logging
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import structlog
from hypothesis import HealthCheck, settings

from tests.contract.store_engines import Engine, PostgresEngine, SqliteEngine, new_database
from tests.contract.store_postgres import PostgresServer
from tests.processes import end_left_running

# Other tests use the machine too.
settings.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy")


@pytest.fixture(autouse=True)
def _log_as_at_the_start() -> Iterator[None]:
    """Whoever ran a whole program in this process has sent the log elsewhere; the next test finds it as it was."""
    yield
    if structlog.is_configured():
        structlog.reset_defaults()
        logging.basicConfig(force=True)


@pytest.fixture(autouse=True)
def _nothing_left_running() -> Iterator[None]:
    yield
    end_left_running()


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A server for the whole run; started by the first test that asks for it."""
    server = PostgresServer(durable=False)
    yield server
    server.remove()


@pytest.fixture
async def postgres_url(postgres: PostgresServer) -> str:
    """The address of a database of its own with all tables, empty."""
    return await new_database(postgres, migrated=True)


@pytest.fixture
async def bare_postgres_url(postgres: PostgresServer) -> str:
    """The address of a database of its own without any table."""
    return await new_database(postgres)


@pytest.fixture
async def postgres_engine(postgres: PostgresServer) -> AsyncIterator[PostgresEngine]:
    """An empty migrated database of its own."""
    engine = await PostgresEngine.create(postgres)
    yield engine
    await engine.close()
    await engine.give_back(postgres)


@pytest.fixture
async def sqlite_engine(tmp_path: Path) -> AsyncIterator[SqliteEngine]:
    """A new file."""
    engine = SqliteEngine(tmp_path)
    yield engine
    await engine.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> Engine:
    """Each engine in turn."""
    name = "sqlite_engine" if request.param == "sqlite" else "postgres_engine"
    found: Engine = request.getfixturevalue(name)
    return found


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """What a configuration says: nothing for SQLite, the address of an empty PostgreSQL database."""
    found: str = "" if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    return found
