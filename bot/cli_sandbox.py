"""``motcua sandbox``: stand-ins for the outside world."""

from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click

from bot.cli_base import CONFIG, PORT, read_settings, run
from bot.settings import Settings

Command = Callable[..., None]

FAULTS = (
    click.option("--delay-ms", type=int, help="Wait so long before each answer."),
    click.option("--error-rate", type=float, metavar="SHARE", help="So many answers are errors: 0 to 1."),
    click.option("--error-status", type=int, metavar="STATUS", help="Which error, 400 to 599; alone: every answer."),
    click.option("--drip", type=int, metavar="MS", help="Wait so long between two octets of a body."),
    click.option("--wrong-dossier", is_flag=True, help="Look-ups answer with another dossier."),
    click.option("--bad-json", is_flag=True, help="Look-ups answer with half a body."),
    click.option("--down", is_flag=True, help="Close connections without an answer."),
    click.option("--cannot-count", is_flag=True, help="Statistics answer 501."),
    click.option("--queues-closed", is_flag=True, help="Queues give no ticket: 409."),
)
"""Every switch of ``POST /sandbox/faults``, under its own name."""


def _one_stop_of(settings: Settings) -> dict[str, Any]:
    """Where the gateway expects its first one-stop system, and with which token."""
    if not settings.upstreams:
        return {}
    first = settings.upstreams[0]
    port = urlsplit(first.base_url).port
    token = first.auth.token.get_secret_value() if first.auth.kind == "bearer" else ""
    return {"token": token} | ({"port": port} if port else {})


def _smsc_of(settings: Settings) -> dict[str, Any]:
    """Where the gateway expects its first operator, and how it signs in there."""
    if not settings.sms.smpp:
        return {}
    first = settings.sms.smpp[0]
    return {
        "port": first.port,
        "system_id": first.system_id,
        "password": first.password.get_secret_value(),
        "short_code": settings.sms.short_codes[0],
    }


def _stands_in_for(defaults: Callable[[Settings], dict[str, Any]], what: str) -> Callable[[Command], Command]:
    """``--config``: what is not given as an option is as the gateway of that configuration expects it."""

    def read(context: click.Context, _parameter: click.Parameter, path: Path | None) -> None:
        if path is not None:
            context.default_map = defaults(read_settings(path))

    return click.option(
        "--config",
        type=click.Path(dir_okay=False, path_type=Path),
        callback=read,
        is_eager=True,
        expose_value=False,
        help=f"Take {what} from this configuration of a gateway, where no option says otherwise.",
    )


def _fault_options(command: Callable[..., None]) -> Callable[..., None]:
    for option in reversed(FAULTS):
        command = option(command)
    return command


@click.group()
def sandbox() -> None:
    r"""Stand-ins for the outside world, to try the gateway with.

    \b
    Example: motcua sandbox onestop
    """


@sandbox.command()
@_stands_in_for(_one_stop_of, "port and token of the first upstream")
@click.option("--port", type=PORT, default=9000, show_default=True, help="0 takes any free one.")
@click.option(
    "--data",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help='JSON {"dossiers": [{"code", "phone"?, …}]}.',
)
@click.option(
    "--count",
    type=click.IntRange(0, 1_000_000),
    default=1000,
    show_default=True,
    help="Dossiers to make up when no --data is given.",
)
@click.option("--seed", default=1, show_default=True, help="The same seed makes up the same data.")
@click.option("--token", default="", help="Ask for this bearer token.")
@click.option("--lgsp", is_flag=True, help="Put an OAuth2 token endpoint (POST /token) in front; a token lasts 60 s.")
@click.option("--client-id", default="", help="With --lgsp: who may get a token; else anybody.")
@click.option("--client-secret", default="", help="With --client-id: the secret.")
@click.option("--events-to", default="", help="Send signed events to this address.")
@click.option("--events-secret", default="", help="The secret that signs them.")
@_fault_options
def onestop(**options: Any) -> None:
    r"""Serve a one-stop system with made-up dossiers over HTTP.

    GET /sandbox/dossiers names some codes. How it misbehaves can be set here, and changed while it runs with
    POST and DELETE /sandbox/faults. POST /sandbox/queues/H05.22/advance?by=3 calls the next three people of a line.

    \b
    Example: motcua sandbox onestop --port 9000 --seed 7
             motcua sandbox onestop --delay-ms 200 --error-rate 0.1
             motcua sandbox onestop --lgsp --client-id gw --client-secret s3cret
    """
    from dossier_client import sandbox as one_stop  # noqa: PLC0415 - loaded only to run it

    switches = {field.name: options.pop(field.name) for field in fields(one_stop.Faults)}
    given = {name: value for name, value in switches.items() if value is not None and value is not False}
    try:
        faults = one_stop.Faults().switched(given)
    except ValueError as error:
        name, _, rule = str(error).partition(": ")
        raise click.BadParameter(rule, param_hint=f"--{name.replace('_', '-')}") from error
    run(one_stop.run(one_stop.SandboxOptions(**options, faults=faults)))


@sandbox.command()
@_stands_in_for(_smsc_of, "port, system id, password and short number of the first SMPP account")
@click.option("--port", type=PORT, default=2775, show_default=True, help="0 takes any free one.")
@click.option("--system-id", default="gw", show_default=True, help="Whom it lets in.")
@click.option("--password", default="pw", show_default=True, help="With which password.")
@click.option("--short-code", default="8283", show_default=True, help="The number that typed texts go to.")
def smsc(port: int, system_id: str, password: str, short_code: str) -> None:
    r"""Serve an operator's SMSC: what arrives on phones is printed; at a terminal, texts can be typed.

    \b
    Example: motcua sandbox smsc --port 2775
             > 84912345678 HS H05.12-260610-0001
    """
    from bot.smsc_prompt import serve  # noqa: PLC0415 - loaded only to run it

    run(serve("127.0.0.1", port, system_id=system_id, password=password, short_code=short_code))


@sandbox.command()
@click.option("--port", type=PORT, default=9010, show_default=True, help="0 takes any free one.")
@CONFIG
def zalo(port: int, config_path: Path | None) -> None:
    r"""Serve the APIs of Zalo for the account of this configuration; typed lines become signed events for its gateway.

    Let the gateway's zalo.api_base_url, oauth_base_url and zbs_base_url lead here.

    \b
    Example: motcua sandbox zalo --port 9010 --config motcua.toml
             > 5510185758261900001 HS H05.12-260610-0001
             > 5510185758261900001 /follow
    """
    from bot.zalo_prompt import serve  # noqa: PLC0415 - loaded only to run it

    run(serve(read_settings(config_path), port))


@sandbox.command()
@click.option("--port", type=PORT, default=9011, show_default=True, help="0 takes any free one.")
@CONFIG
def telegram(port: int, config_path: Path | None) -> None:
    r"""Serve the Bot API for the bot of this configuration; typed lines become updates for its gateway, in both modes.

    Let the gateway's telegram.base_url and base_file_url lead here.

    \b
    Example: motcua sandbox telegram --port 9011 --config motcua.toml
             > 5400000001 HS H05.12-260610-0001
             > 5400000001 !contact 0912345678
    """
    from bot.telegram_prompt import serve  # noqa: PLC0415 - loaded only to run it

    run(serve(read_settings(config_path), port))
