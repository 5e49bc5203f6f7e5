"""What the smaller commands of the program do."""

from collections.abc import Iterator
from datetime import UTC, datetime

import click
import orjson

from bot.clock import SystemClock
from bot.model import Address, ChannelName, Contact
from bot.privacy import Keyring, load_key
from bot.settings import Settings
from bot.store import make_store
from bot.translate import office_of
from bot.understanding.names import intent_name, slots
from bot.understanding.router import understand
from dossier_client.mending import find_codes

NOBODY = Contact(id=bytes(16), address=Address(ChannelName.SMS, "84900000000"))


def parse_since(text: str) -> datetime:
    """An ISO time with zone, or 0 for the beginning. Raises ``ValueError``."""
    if text == "0":
        return datetime.fromtimestamp(0, UTC)
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("the time needs a zone, for instance +07:00")
    return moment


async def list_messages(settings: Settings, since: datetime, *, jsonl: bool) -> None:
    """Print messages in and out since *since*, addresses masked; reads beside a running gateway."""
    keyring = Keyring(load_key(settings.privacy.key.get_secret_value(), settings.data_dir / "key"))
    store = make_store(settings.database_url, settings.data_dir, keyring, SystemClock())
    async with store.reading():
        async for row in store.messages(since):
            click.echo(
                orjson.dumps(row, default=str)
                if jsonl
                else f"{row['direction']:3} {row['channel']} {row['sender_masked']} {row['state']} {' '.join(row['codes'])}"
            )


def explain_text(settings: Settings, text: str) -> Iterator[str]:
    """How a text is read, line by line."""
    now = datetime.now(UTC)
    found = find_codes(text, now.date())
    for typed in found.codes:
        yield f"code      {typed.code.text}  head {typed.code.head}, received {typed.code.received_on}{', mended' if typed.mended else ''}"
    for item in found.malformed:
        yield f"no code   {item.typed}: {item.problem}"
    intent = understand(text, NOBODY, now, office_of(settings))
    yield f"intent    {intent_name(intent)}  {type(intent).__name__}"
    yield f"slots     {slots(intent)}"
