"""The program ``motcua``. Exit codes: 0 done, 1 failed, 2 wrong use."""

from datetime import UTC, datetime
from pathlib import Path

import click

from bot import __version__
from bot.cli_base import CONFIG, Told, open_standard_files, read_settings, run, time_of, with_paragraphs_kept
from bot.cli_email import email
from bot.cli_officers import officers
from bot.cli_sandbox import sandbox
from bot.cli_zalo import zalo
from bot.errors import MotcuaError
from bot.model import ChannelName
from bot.roles import ROLES, Role
from bot.settings import UNUSED_REDIS


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="motcua")
def main() -> None:
    r"""One-stop tracking gateway: people text a dossier code and get its state.

    \b
    Try it:  motcua demo
    Run it:  motcua serve --config motcua.toml

    \b
    Example: motcua explain "hs H05.12-260610-0001"
    """
    open_standard_files()


def _role_command(name: str, roles: frozenset[Role], text: str) -> None:
    @main.command(name, help=f"{text}\n\n\b\nExample: motcua {name} --config motcua.toml")
    @CONFIG
    def command(config_path: Path | None) -> None:
        from bot.serving import serve

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
    from bot.store import migrate_database

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
        f"configuration is good: {store}, {len(settings.upstreams)} upstreams, "
        f"{len(settings.sms.smpp)} SMPP accounts, {len(settings.sms.http)} HTTP accounts"
    )
    if settings.redis_url:
        click.echo(f"note: {UNUSED_REDIS}")


@main.command()
@click.argument(
    "channel", type=click.Choice([channel.value for channel in ChannelName if channel is not ChannelName.EMAIL])
)
@click.argument("sender")
@click.argument("text")
@CONFIG
def say(channel: str, sender: str, text: str, config_path: Path | None) -> None:
    r"""Send TEXT through the whole flow as if SENDER had written it on CHANNEL, and print the replies.

    Works beside a running gateway, and alone. Nothing is sent to the person.

    \b
    Example: motcua say sms 84912345678 "HS H05.12-260610-0001"
    """
    from bot.commands import sender_of, show_replies

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
    from bot.commands import show_backup

    run(show_backup(read_settings(config_path), target))


@main.command()
@click.argument("text", required=False)
@click.option(
    "--photo", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A photo sent with the text."
)
@CONFIG
def explain(text: str | None, photo: Path | None, config_path: Path | None) -> None:
    r"""Show step by step how TEXT is read: codes, the model's scores, the rule that won, intent, slots, reply. Asks no upstream.

    \b
    Example: motcua explain "hs ooo.oo.15.HO5 190626 0003"
             motcua explain --photo receipt.jpg
    """
    from bot.commands import explain_photo, explain_text

    settings = read_settings(config_path)
    if photo is not None:
        run(explain_photo(settings, photo, text or ""))
    elif text is not None:
        run(explain_text(settings, text))
    else:
        raise click.UsageError("give TEXT, or a photo with --photo FILE")


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
    from bot.understand_all import understand_all

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
    from bot.commands import list_messages

    moment = datetime.fromtimestamp(0, UTC) if since == "0" else time_of(since, "--since")
    run(list_messages(read_settings(config_path), moment, jsonl=jsonl))


@main.command()
@click.option("--once", is_flag=True, help="Play the conversation and end, without a prompt.")
@click.option(
    "--config",
    "config_path",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Speak for the [office] of this configuration; nothing else of it is used.",
)
def demo(*, once: bool, config_path: Path | None) -> None:
    r"""Play a conversation with everything on this machine, then type own texts. Needs no configuration.

    \b
    Example: motcua demo --once
    """
    from bot.demo import play
    from bot.settings import OfficeSection

    run(play(once=once, office=read_settings(config_path).office if config_path else OfficeSection()))


main.add_command(sandbox)
main.add_command(zalo)
main.add_command(email)
main.add_command(officers)
with_paragraphs_kept(main)
