"""What one process does. On SQLite it does everything; on PostgreSQL the work can be split over processes and hosts."""

from enum import StrEnum

from bot.errors import ConfigError
from bot.settings import Settings


class Role(StrEnum):
    """A share of the work."""

    WEB = "web"
    """Listens for HTTP."""
    SMS = "sms"
    """Holds the lines to the operators; the only role that sends texts."""
    WORKER = "worker"
    """Understands and decides."""


ROLES = frozenset(Role)


def check_roles(settings: Settings, roles: frozenset[Role]) -> None:
    """Raises ``ConfigError`` when this process may not run with only these roles."""
    if roles != ROLES and not settings.database_url:
        raise ConfigError(
            "a single role needs PostgreSQL, because a SQLite file belongs to one process: "
            'set database_url = "postgresql://…", or run everything in one process with: motcua serve'
        )
