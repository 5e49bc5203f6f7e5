"""Commands that write: through the control socket of the gateway that serves, else by this process itself."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from bot import backup
from bot.app import App
from bot.backup import Copy
from bot.clock import SystemClock
from bot.console import Said
from bot.control import NAME, NobodyServes, ask
from bot.control_commands import SAY_SECONDS, commands, receipt_fields
from bot.errors import StoreError, StoreLocked
from bot.logs import set_up
from bot.model import Address, DeliveryReceipt
from bot.privacy import KEY_NAME
from bot.roles import Role
from bot.settings import Settings

BACKUP_SECONDS = 3600.0
REPORT_SECONDS = 10.0
START_SECONDS = 30.0
RETRY_SECONDS = 0.2


async def say(settings: Settings, sender: Address, text: str) -> Said:
    """Say *text* in the name of *sender*. Raises ``MotcuaError`` or ``OSError``."""
    arguments = {"channel": sender.channel.value, "sender": sender.id, "text": text}
    answer = await _through_whoever_owns(settings, "say", arguments, SAY_SECONDS + 5)
    return Said(tuple(answer["replies"]), answer["open"])


async def report(settings: Settings, receipt: DeliveryReceipt) -> None:
    """Note what became of a message of ours. Raises ``MotcuaError`` or ``OSError``."""
    await _through_whoever_owns(settings, "report", receipt_fields(receipt), REPORT_SECONDS)


async def back_up(settings: Settings, target: Path) -> Copy:
    """Copy the store to *target*, an absolute path. Raises ``MotcuaError`` or ``OSError``."""
    if settings.database_url:
        raise StoreError(
            f"a PostgreSQL store is copied with its own tool:\n  {pg_dump(settings.database_url, target)}\n"
            f"Keep the key with it: {settings.data_dir / KEY_NAME}, or privacy.key of the configuration."
        )
    try:
        made = await ask(settings.data_dir / NAME, "backup", {"target": str(target)}, BACKUP_SECONDS)
    except NobodyServes:
        return await backup.back_up(settings.data_dir, target)
    return Copy(Path(made["database"]), Path(made["key"]) if made["key"] else None)


def pg_dump(database_url: str, target: Path) -> str:
    """The command that copies a PostgreSQL store; the password is left out."""
    parts = urlsplit(database_url)
    host = parts.netloc.rpartition("@")[2]
    query = urlencode([(name, value) for name, value in parse_qsl(parts.query) if name != "password"], safe="/")
    address = f"{parts.scheme}://{host}{parts.path}{'?' if query else ''}{query}"
    user = f" --username={parts.username}" if parts.username else ""
    return f"pg_dump --format=custom --file={target}{user} '{address}'"


async def _through_whoever_owns(
    settings: Settings, command: str, arguments: dict[str, Any], seconds: float
) -> dict[str, Any]:
    """Ask the gateway that serves, else do it here. One that is just starting or ending is waited for."""
    ends = asyncio.get_running_loop().time() + START_SECONDS
    while True:
        if not settings.database_url:
            with contextlib.suppress(NobodyServes):
                return await ask(settings.data_dir / NAME, command, arguments, seconds)
        try:
            async with _own(settings) as app:
                return await commands(app.console, settings.data_dir, app.accounts)[command](arguments)
        except StoreLocked:
            if asyncio.get_running_loop().time() > ends:
                raise
            await asyncio.sleep(RETRY_SECONDS)


@contextlib.asynccontextmanager
async def _own(settings: Settings) -> AsyncIterator[App]:
    """A gateway of this process that answers, without listening to anybody."""
    set_up("error")
    app = App(settings, frozenset({Role.WORKER}), clock=SystemClock(), console=True)
    await app.start()
    try:
        yield app
    finally:
        await app.stop()
