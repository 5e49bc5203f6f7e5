"""The program ``motcua``. Exit codes: 0 done, 1 failed, 2 wrong use."""

import sys
from collections.abc import Coroutine
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from bot import config
from bot.errors import ConfigError, MotcuaError
from bot.model import ChannelName
from bot.roles import ROLES, Role
from bot.settings import Settings

CONFIG = click.option(
    "--config",
    "config_path",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Configuration file; else $MOTCUA_CONFIG, else ./motcua.toml.",
)


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
    except (MotcuaError, OSError) as error:
        raise Told(str(error)) from error
    except KeyboardInterrupt:
        code = 130
    sys.exit(code or 0)


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


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="motcua", prog_name="motcua")
def main() -> None:
    r"""One-stop tracking gateway: people text a dossier code and get its state.

    \b
    Try it:  motcua demo
    Run it:  motcua serve --config motcua.toml
    """


def _role_command(name: str, roles: frozenset[Role], text: str) -> None:
    @main.command(name, help=f"{text}\n\n\b\nExample: motcua {name} --config motcua.toml")
    @CONFIG
    def command(config_path: Path | None) -> None:
        from bot.serving import serve  # noqa: PLC0415 - the whole program is loaded only to run it

        run(serve(read_settings(config_path), roles))


_role_command("serve", ROLES, "Run everything in one process: web, sms and worker.")
_role_command("web", frozenset({Role.WEB}), "Run only the HTTP side; needs PostgreSQL.")
_role_command("sms", frozenset({Role.SMS}), "Run only the lines to the operators; needs PostgreSQL.")
_role_command("worker", frozenset({Role.WORKER}), "Run only the answering; needs PostgreSQL.")


@main.command()
@CONFIG
def migrate(config_path: Path | None) -> None:
    r"""Bring the database to this version's schema. (serve does it by itself on SQLite.)

    \b
    Example: motcua migrate --config motcua.toml
    """
    from bot.store import migrate_database  # noqa: PLC0415

    settings = read_settings(config_path)
    try:
        revision = migrate_database(settings.database_url, settings.data_dir)
    except (MotcuaError, OSError) as error:
        raise Told(str(error)) from error
    click.echo(f"schema is at {revision}")


@main.command("check-config")
@CONFIG
def check_config(config_path: Path | None) -> None:
    r"""Read the configuration and tell every problem at once; nothing is started.

    \b
    Example: motcua check-config --config motcua.toml
    """
    settings = read_settings(config_path)
    store = "PostgreSQL" if settings.database_url else f"SQLite in {settings.data_dir}"
    click.echo(
        f"configuration is good: {store}, {len(settings.upstreams)} upstreams, {len(settings.sms.smpp)} SMPP accounts"
    )


@main.command()
@click.argument("channel", type=click.Choice([channel.value for channel in ChannelName]))
@click.argument("sender")
@click.argument("text")
@CONFIG
def say(channel: str, sender: str, text: str, config_path: Path | None) -> None:
    r"""Send TEXT through the whole flow as if SENDER had written it on CHANNEL, and print the replies.

    Works beside a running gateway, and alone. Nothing is sent to the person.

    \b
    Example: motcua say sms 84912345678 "HS H05.12-260610-0001"
    """
    from bot.commands import sender_of, show_replies  # noqa: PLC0415

    try:
        address = sender_of(channel, sender)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="SENDER") from error
    run(show_replies(read_settings(config_path), address, text))


@main.command()
@click.argument("target", type=click.Path(path_type=Path, resolve_path=True))
@CONFIG
def backup(target: Path, config_path: Path | None) -> None:
    r"""Copy the SQLite store, and the key that opens it, to TARGET: a folder, or the name of the database file.

    The gateway may go on serving. Everything it acknowledged before the start is in the copy.

    \b
    Example: motcua backup /mnt/backup/ --config motcua.toml
    """
    from bot.commands import show_backup  # noqa: PLC0415

    run(show_backup(read_settings(config_path), target))


@main.command()
@click.argument("text")
@CONFIG
def explain(text: str, config_path: Path | None) -> None:
    r"""Show step by step how TEXT is read: codes found, what is no code, intent, slots. Asks no upstream.

    \b
    Example: motcua explain "hs ooo.oo.15.HO5 190626 0003"
    """
    from bot.commands import explain_text  # noqa: PLC0415

    for line in explain_text(read_settings(config_path), text):
        click.echo(line)


@main.command()
@click.option("--at", help="The time that it is for every line, for instance 2026-06-10T09:00:00+07:00; else now.")
@CONFIG
def understand(at: str | None, config_path: Path | None) -> None:
    r"""Read JSON lines {"id", "text", "channel", "sender", "verified_phone"?} and tell what each means and would be answered.

    Each line stands alone: no limits, no conversation, nothing stored or sent. Answers come in the order of the lines.

    \b
    Example: echo '{"id": 1, "text": "hs H05.12-260610-0001", "channel": "sms", "sender": "84912345678"}' |
             motcua understand --config motcua.toml
    """
    from bot.understand_all import understand_all  # noqa: PLC0415

    run(understand_all(read_settings(config_path), time_of(at, "--at") if at else None))


@main.command()
@click.option("--since", required=True, help="ISO time, for instance 2026-06-10T00:00:00+07:00, or 0 for everything.")
@click.option("--jsonl", is_flag=True, help="One JSON object a line.")
@CONFIG
def messages(since: str, *, jsonl: bool, config_path: Path | None) -> None:
    r"""List messages in and out since a time, addresses masked; also while the gateway runs.

    \b
    Example: motcua messages --since 2026-06-10T00:00:00+07:00 --jsonl
    """
    from bot.commands import list_messages  # noqa: PLC0415

    moment = datetime.fromtimestamp(0, UTC) if since == "0" else time_of(since, "--since")
    run(list_messages(read_settings(config_path), moment, jsonl=jsonl))


@main.command()
@click.option("--once", is_flag=True, help="Play the conversation and end, without a prompt.")
def demo(*, once: bool) -> None:
    r"""Play a conversation with everything on this machine, then type own texts. Needs no configuration.

    \b
    Example: motcua demo --once
    """
    from bot.demo import play  # noqa: PLC0415

    run(play(once=once))


@main.group()
def sandbox() -> None:
    """Stand-ins for the outside world, to try the gateway with."""


@sandbox.command()
@click.option("--port", default=9000, show_default=True)
@click.option(
    "--data",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help='JSON {"dossiers": [{"code", "phone"?, …}]}.',
)
@click.option("--count", default=1000, show_default=True, help="Dossiers to make up when no --data is given.")
@click.option("--seed", default=1, show_default=True, help="The same seed makes up the same data.")
@click.option("--token", default="", help="Ask for this bearer token.")
@click.option("--lgsp", is_flag=True, help="Put an OAuth2 token endpoint in front, tokens of 60 s.")
@click.option("--events-to", default="", help="Send signed events to this address.")
@click.option("--events-secret", default="", help="The secret that signs them.")
@click.option("--delay-ms", default=0, show_default=True, help="Wait before each answer.")
def onestop(**options: Any) -> None:
    r"""Serve a one-stop system with made-up dossiers over HTTP.

    \b
    Example: motcua sandbox onestop --port 9000 --seed 7
    """
    from dossier_client import sandbox as one_stop  # noqa: PLC0415

    run(one_stop.run(one_stop.SandboxOptions(**options)))


@sandbox.command()
@click.option("--port", default=2775, show_default=True)
@click.option("--system-id", default="gw", show_default=True)
@click.option("--password", default="pw", show_default=True)
def smsc(port: int, system_id: str, password: str) -> None:
    r"""Serve an operator's SMSC: answers that arrive on phones are printed.

    \b
    Example: motcua sandbox smsc --port 2775
    """
    from sms.sandbox import run as run_smsc  # noqa: PLC0415

    run(run_smsc("127.0.0.1", port, system_id=system_id, password=password))
