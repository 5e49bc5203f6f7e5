"""Reading the configuration: one TOML file plus ``MOTCUA_…`` variables, read once, all problems told together."""

import os
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from bot.config_problems import told
from bot.errors import ConfigError
from bot.settings import Settings

ENV_PREFIX = "MOTCUA_"
NOT_SETTINGS = frozenset({"MOTCUA_CONFIG", "MOTCUA_KILL_AT"})


def load(path: Path | None = None) -> Settings:
    """Settings from *path*, else ``$MOTCUA_CONFIG``, else ``./motcua.toml`` if it is there, and the environment.

    Raises ``ConfigError`` with one line for each problem.
    """
    chosen = path or _path_from_environment()
    values = _read_file(chosen) if chosen else {}
    file = str(chosen) if chosen else "configuration"
    problems = list(_unknown_variables(os.environ))
    try:
        settings = Settings(**values)
    except ValidationError as error:
        problems += [f"{_source(item['loc']) or file}: {told(item)}" for item in error.errors(include_url=False)]
    if problems:
        raise ConfigError("\n".join(problems))
    return settings


def _source(place: tuple[int | str, ...]) -> str | None:
    """The variable that a value came from; None for the file."""
    for length in range(len(place), 0, -1):
        name = ENV_PREFIX + "__".join(str(part) for part in place[:length]).upper()
        if name in os.environ:
            return name
    return None


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
