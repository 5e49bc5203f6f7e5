"""``motcua zalo``: connecting an Official Account."""

import sys
from pathlib import Path

import click

from bot.cli_base import CONFIG, read_settings, run


@click.group()
def zalo() -> None:
    r"""Connect an Official Account of Zalo.

    \b
    Example: motcua zalo authorise --config motcua.toml
    """


@zalo.command()
@click.option("--code", default="", help="The code of the callback, or the whole address that the browser ended at.")
@click.option("--listen", default="", metavar="HOST:PORT", help="Take the callback here, whatever its path.")
@CONFIG
def authorise(code: str, listen: str, config_path: Path | None) -> None:
    r"""Get tokens for the account: an administrator follows the link and agrees.

    Prints the link. At a terminal it then asks for the address that the browser ended at; with --listen it waits for the
    callback itself; else call it again with --code within ten minutes. A gateway that serves goes on with the new tokens.

    \b
    Example: motcua zalo authorise
             motcua zalo authorise --listen 127.0.0.1:8765
             motcua zalo authorise --code "https://gateway.example.vn/zalo?code=…&oa_id=…"
    """
    from bot.zalo_commands import authorise as work  # noqa: PLC0415 - loaded only to run it

    run(work(read_settings(config_path), given=code, listen=listen, asks=sys.stdin.isatty()))


@zalo.command()
@CONFIG
def costs(config_path: Path | None) -> None:
    r"""What approved templates cost this month and the last.

    \b
    Example: motcua zalo costs
    """
    from bot.zalo_commands import tell_costs  # noqa: PLC0415 - as above

    run(tell_costs(read_settings(config_path)))
