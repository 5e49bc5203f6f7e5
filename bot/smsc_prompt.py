"""``motcua sandbox smsc``: an operator's SMSC, and phones to type texts on."""

import asyncio
import contextlib
import os

import click

from bot.terminal import STANDARD_INPUT, told_to_end, typed
from sms import msisdn
from sms.sandbox import SandboxSmsc

PROMPT = "> "
LONGEST_NUMBER = 20
BIND_SECONDS = 60.0
"""How long a typed text waits for a gateway."""
REFUSALS = {
    0x64: "the gateway asks to send again later",
    0x14: "the gateway's queue is full",
    0x58: "the gateway asks to slow down",
}


async def serve(host: str, port: int, *, system_id: str, password: str, short_code: str) -> None:
    """Serve until told to end; at a terminal, lines SENDER TEXT are sent to the gateway.

    Each text that a phone receives is one line.
    """
    at_terminal = os.isatty(STANDARD_INPUT)

    def show(number: str, text: str) -> None:
        click.echo(f"\r{msisdn.mask(number)} < {text}" if at_terminal else f"{msisdn.mask(number)} < {text}")
        if at_terminal:
            click.echo(PROMPT, nl=False)

    smsc = SandboxSmsc(system_id=system_id, password=password, on_message=show)
    try:
        with told_to_end() as ended:
            click.echo(f"ready smpp://{host}:{await smsc.start(host, port)}")
            if at_terminal:
                await _prompt(smsc, short_code, ended)
            else:
                await ended.wait()
    finally:
        await smsc.close()


async def _prompt(smsc: SandboxSmsc, short_code: str, ended: asyncio.Event) -> None:
    click.echo(f"Type SENDER TEXT to send TEXT to {short_code}, for instance: 84912345678 TG. Ctrl-D ends.")
    on_the_way: set[asyncio.Task[None]] = set()
    async for line in typed(PROMPT, ended):
        sender, _, text = line.partition(" ")
        if not line:
            continue
        if not text.strip() or len(sender) > LONGEST_NUMBER:
            click.echo("a line is SENDER TEXT, for instance: 84912345678 TG")
            continue
        number = msisdn.normalise(sender) or sender
        task = asyncio.create_task(_deliver(smsc, number, short_code, text.strip()))
        on_the_way.add(task)
        task.add_done_callback(on_the_way.discard)
    for task in on_the_way:
        task.cancel()


async def _deliver(smsc: SandboxSmsc, sender: str, short_code: str, text: str) -> None:
    if not smsc.is_bound:
        click.echo("(no gateway is bound yet: the text waits)")
    told = "the gateway does not answer"
    with contextlib.suppress(TimeoutError, ConnectionError):
        await smsc.wait_bound(BIND_SECONDS)
        status = await smsc.deliver(sender, short_code, text)
        told = f"not taken, status {status:#04x}: {REFUSALS.get(status, 'see the gateway log')}" if status else ""
    if told:
        click.echo(told)
