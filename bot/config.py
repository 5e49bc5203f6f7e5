"""Reading the configuration: one TOML file plus ``MOTCUA_…`` variables, read once, all problems told together."""

import os
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from bot.errors import ConfigError
from bot.settings import Settings

ENV_PREFIX = "MOTCUA_"
NOT_SETTINGS = frozenset({"MOTCUA_CONFIG", "MOTCUA_KILL_AT"})
SECRET_KEYS = frozenset(
    {"password", "token", "client_secret", "webhook_secret", "key", "secret", "database_url", "redis_url"}
)


def load(path: Path | None = None) -> Settings:
    """Settings from *path*, else ``$MOTCUA_CONFIG``, else ``./motcua.toml`` if it is there, and the environment.

    Raises ``ConfigError`` with one line for each problem.
    """
    chosen = path or _path_from_environment()
    values = _read_file(chosen) if chosen else {}
    where = str(chosen) if chosen else "environment"
    problems = list(_unknown_variables(os.environ))
    try:
        settings = Settings(**values)
    except ValidationError as error:
        problems += [_told(item) for item in error.errors(include_url=False)]
    if problems:
        raise ConfigError("\n".join(f"{where}: {problem}" for problem in problems))
    return settings


def _path_from_environment() -> Path | None:
    if given := os.environ.get("MOTCUA_CONFIG"):
        return Path(given)
    usual = Path("motcua.toml")
    return usual if usual.exists() else None


def _read_file(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            return tomllib.load(file)
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: is not TOML: {error}") from error


def _unknown_variables(environment: Mapping[str, str]) -> Iterable[str]:
    """Variables of ours that name no setting: most likely a typing error."""
    for name in environment:
        if not name.startswith(ENV_PREFIX) or name in NOT_SETTINGS:
            continue
        field, *rest = name.removeprefix(ENV_PREFIX).lower().split("__")
        annotation = Settings.model_fields[field].annotation if field in Settings.model_fields else None
        known = annotation is not None and (
            not rest or (isinstance(annotation, type) and issubclass(annotation, BaseModel))
        )
        if not known:
            yield f"{name}: unknown variable; settings are written {ENV_PREFIX}SECTION__KEY"


def _told(item: Any) -> str:
    """One problem: key, rule, what was given (secrets are not repeated)."""
    key = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in item["loc"]).lstrip(".")
    rule = "unknown key" if item["type"] == "extra_forbidden" else item["msg"].removeprefix("Value error, ")
    last = str(item["loc"][-1]) if item["loc"] else ""
    given = item["input"]
    if item["type"] == "missing" or last in SECRET_KEYS or isinstance(given, dict | BaseModel):
        return f"{key}: {rule}" if key else rule
    return f"{key}: {rule} (given {given!r:.60})"
