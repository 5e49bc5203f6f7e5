"""What every command of the program shares: reading the configuration, running, telling failures."""

import os
import sys
from collections.abc import Coroutine
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from bot import config
from bot.errors import ConfigError, MotcuaError
from bot.settings import Settings

CONFIG = click.option(
    "--config",
    "config_path",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Configuration file; else $MOTCUA_CONFIG, else ./motcua.toml.",
)
PORT = click.IntRange(0, 65535)
INTERRUPTED = 130


def with_paragraphs_kept(command: click.Command) -> None:
    """Examples keep their lines in the help: click wants the control sign itself, and our docstrings are raw."""
    if command.help:
        command.help = command.help.replace(r"\b", "\b")
    if isinstance(command, click.Group):
        for inner in command.commands.values():
            with_paragraphs_kept(inner)


def open_standard_files() -> None:
    """Whoever started us may have closed them; the event loop would then take their numbers for its own."""
    for handle in range(3):
        try:
            os.fstat(handle)
        except OSError:
            os.open(os.devnull, os.O_RDWR)


class Told(click.ClickException):
    """A failure that the user can act on: one clear text, exit 1."""

    def show(self, file: Any = None) -> None:
        """Print the text on stderr."""
        click.echo(f"motcua: {self.message}", err=True, file=file)


def read_settings(path: Path | None) -> Settings:
    """The configuration, or its problems on stderr and exit 1."""
    try:
        return config.load(path)
    except ConfigError as error:
        raise Told(f"the configuration cannot be used\n{error}") from error


def run(work: Coroutine[Any, Any, int | None]) -> None:
    """Run *work* on the fast event loop; our own errors become one line and exit 1."""
    import uvloop  # noqa: PLC0415 - only commands that need a loop pay for it

    try:
        code = uvloop.run(work)
        sys.stdout.flush()
    except BrokenPipeError:
        code = 1
        _drop_output()
    except (MotcuaError, OSError) as error:
        raise Told(str(error)) from error
    except KeyboardInterrupt:
        code = INTERRUPTED
    sys.exit(code or 0)


def _drop_output() -> None:
    """Whoever read our output has gone (``| head -1``): say nothing more, also not when the interpreter flushes at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def time_of(text: str, option: str) -> datetime:
    """An ISO time with its zone; anything else is wrong use."""
    moment = None
    with suppress(ValueError):
        moment = datetime.fromisoformat(text)
    if moment is None or moment.tzinfo is None:
        raise click.BadParameter(
            "must be an ISO time with its zone, such as 2026-06-10T00:00:00+07:00", param_hint=option
        )
    return moment
