"""``motcua email``: trying the mail server, and letters that came back."""

import sys
from pathlib import Path

import click

from bot.cli_base import CONFIG, read_settings, run


@click.group()
def email() -> None:
    r"""The mail server: try it, and take reports on letters that came back.

    \b
    Example: motcua email check --config motcua.toml
    """


@email.command()
@click.option("--to", metavar="ADDRESS", help="Also send a letter to this address.")
@CONFIG
def check(to: str | None, config_path: Path | None) -> None:
    r"""Connect to the mail server, protect the line and sign in; with --to, send a letter. Nothing is stored.

    \b
    Example: motcua email check --to someone@example.gov.vn --config motcua.toml
    """
    from bot.email_commands import try_mail_server  # noqa: PLC0415 - a command loads what it needs when it runs

    run(try_mail_server(read_settings(config_path), to))


@email.command()
@CONFIG
def bounce(config_path: Path | None) -> None:
    r"""Read a mail from standard input; when it reports on a letter of ours, note what became of it.

    A mail server hands it every mail to the sender's address. An address that does not exist is not written to again.

    \b
    Example: motcua email bounce --config motcua.toml < report.eml
    In /etc/aliases:  motcua: "|motcua email bounce --config /etc/motcua.toml"
    """
    from bot.email_commands import take_bounce  # noqa: PLC0415 - a command loads what it needs when it runs

    run(take_bounce(read_settings(config_path), sys.stdin.buffer))
