"""``motcua officers``: who may sign in to the desk."""

import sys
from pathlib import Path

import click

from bot.cli_base import CONFIG, read_settings, run
from bot.officers import OfficerRole


@click.group()
def officers() -> None:
    r"""Add, list, lock and remove officers; check the audit log. Works beside a running gateway.

    \b
    Example: motcua officers list
    """


@officers.command()
@click.option("--user", required=True, help="Name to sign in with.")
@click.option("--name", required=True, help="Name of the person.")
@click.option(
    "--role", required=True, type=click.Choice([role.value for role in OfficerRole]), help="What the officer may do."
)
@click.option("--agency", required=True, help="Code of the agency, such as H05.12.")
@click.option("--phone", default="", help="Phone number on record.")
@click.option("--password-stdin", is_flag=True, required=True, help="The password is the first line of stdin.")
@click.option("--totp-secret", help="Base 32 secret of the authenticator; without it one is made and printed.")
@click.option("--no-totp", is_flag=True, help="No authenticator yet.")
@click.option("--must-change", is_flag=True, help="The password has to be changed at the first sign-in.")
@CONFIG
def add(  # noqa: PLR0913 - one argument for each option
    *,
    user: str,
    name: str,
    role: str,
    agency: str,
    phone: str,
    password_stdin: bool,
    totp_secret: str | None,
    no_totp: bool,
    must_change: bool,
    config_path: Path | None,
) -> None:
    r"""Add an officer.

    \b
    Example: echo "$PASSWORD" | motcua officers add --user an --name "Trần Thị An" --role administrator
                 --agency H05.22 --phone 0912345678 --password-stdin
    """
    from bot.officer_commands import Wanted  # noqa: PLC0415 - loaded only to run it
    from bot.officer_commands import add as work  # noqa: PLC0415 - as above

    del password_stdin
    if no_totp and totp_secret:
        raise click.UsageError("give --totp-secret or --no-totp, not both")
    wanted = Wanted(
        user=user,
        name=name,
        role=OfficerRole(role),
        agency=agency,
        phone=phone,
        password=sys.stdin.readline().rstrip("\r\n"),
        totp_secret="" if no_totp else totp_secret,
        must_change=must_change,
    )
    run(work(read_settings(config_path), wanted))


@officers.command("list")
@CONFIG
def show(config_path: Path | None) -> None:
    r"""List all officers: role, agency, state, last sign-in.

    \b
    Example: motcua officers list
    """
    from bot.officer_commands import show as work  # noqa: PLC0415 - as above

    run(work(read_settings(config_path)))


def _act(act: str, text: str) -> None:
    @officers.command(act, help=f"{text}\n\n\b\nExample: motcua officers {act} an")
    @click.argument("user")
    @CONFIG
    def command(user: str, config_path: Path | None) -> None:
        from bot.officer_commands import change  # noqa: PLC0415 - as above

        run(change(read_settings(config_path), act, user))


_act("lock", "Let USER sign in no more; sessions end at once.")
_act("unlock", "Let USER sign in again, also after too many wrong tries.")
_act("left", "USER has left: sessions and linked chats are cut at once, for good.")


@officers.command("check-log")
@CONFIG
def check_log(config_path: Path | None) -> None:
    r"""Check that no row of the audit log was changed or removed; exit 1 when one was.

    \b
    Example: motcua officers check-log
    """
    from bot.officer_commands import check_log as work  # noqa: PLC0415 - as above

    run(work(read_settings(config_path)))
