"""A gateway as a service: signals, the control socket, the line that says that it is ready."""

import asyncio
import gc
import os
import signal

import click

from bot.app import App
from bot.clock import SystemClock
from bot.control import NAME, ControlServer
from bot.control_commands import commands
from bot.logs import get_log, set_up
from bot.roles import Role, check_roles
from bot.settings import UNUSED_REDIS, Settings

COLLECTOR = (10_000, 20, 50)
"""Thresholds of the garbage collector: hardly anything here is cyclic, so looking seldom is enough."""


async def serve(settings: Settings, roles: frozenset[Role]) -> int:
    """Run until SIGTERM or SIGINT; a second signal ends the process at once."""
    set_up(settings.log.level)
    stopping = asyncio.Event()

    def on_signal() -> None:
        if stopping.is_set():
            os._exit(130)
        stopping.set()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, on_signal)
    check_roles(settings, roles)
    if settings.redis_url:
        get_log().warning(UNUSED_REDIS)
    owns_folder = not settings.database_url
    app = App(settings, roles, clock=SystemClock(), console=owns_folder)
    port = await app.start()
    quieten_collector()
    of_desk = app.desk.commands() if app.desk is not None else {}
    table = {**commands(app.console, settings.data_dir, app.accounts), **of_desk} if owns_folder else {}
    control = ControlServer(settings.data_dir / NAME, table)
    if owns_folder:
        await control.start()
    click.echo(f"ready http://{settings.http.host}:{port}")
    broken = asyncio.create_task(app.wait())
    await asyncio.wait([broken, asyncio.create_task(stopping.wait())], return_when=asyncio.FIRST_COMPLETED)
    await control.stop()
    await app.stop()
    if app.has_loose_ends:
        os._exit(0 if stopping.is_set() else 1)  # waiting for what does not answer would delay the end
    if stopping.is_set():
        return 0
    broken.result()
    return 1


def quieten_collector() -> None:
    """Leave what was made at the start out of every later collection: a look at all of it stops the process for 0.1 s."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECTOR)
