"""``motcua sandbox``: stand-ins for the outside world."""

from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

import click

from bot.cli_base import PORT, run

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
    POST and DELETE /sandbox/faults.

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
