"""What the smaller commands of the program do."""

import unicodedata
from datetime import datetime
from pathlib import Path

import click
import orjson

from bot.backup import Copy, place_of
from bot.clock import VIETNAM, SystemClock
from bot.console import LONGEST_TEXT
from bot.errors import StoreError
from bot.model import Address, ChannelName
from bot.privacy import KEY_NAME, Keyring, load_key
from bot.progress import shown, size_of
from bot.settings import Settings
from bot.store import DATABASE_NAME, make_store
from bot.translate import office_of
from sms import msisdn

LONGEST_SENDER = 100


async def list_messages(settings: Settings, since: datetime, *, jsonl: bool) -> None:
    """Print messages in and out since *since*, addresses masked; reads beside a running gateway."""
    if not settings.database_url and not (settings.data_dir / DATABASE_NAME).exists():
        raise StoreError(f"{settings.data_dir} holds no store yet: start the gateway first, or give --config")
    keyring = Keyring(load_key(settings.privacy.key.get_secret_value(), settings.data_dir / KEY_NAME))
    store = make_store(settings.database_url, settings.data_dir, keyring, SystemClock())
    async with store.reading():
        async for row in store.messages(since):
            click.echo(
                orjson.dumps(row, default=str)
                if jsonl
                else f"{row['direction']:3} {row['channel']} {row['sender_masked']} {row['state']} {' '.join(row['codes'])}"
            )


def sender_of(channel: str, sender: str) -> Address:
    """Who writes. A phone number may be written in any usual way. Raises ``ValueError``."""
    if channel != ChannelName.SMS:
        if not 0 < len(sender) <= LONGEST_SENDER or not sender.isprintable():
            raise ValueError(f"must be an id of 1 to {LONGEST_SENDER} printable characters")
        return Address(ChannelName(channel), sender)
    number = msisdn.normalise(sender)
    if number is None:
        raise ValueError("must be a Vietnamese phone number, for instance 84912345678 or 0912345678")
    return Address(ChannelName.SMS, number)


def as_read(text: str) -> str:
    """The text as every channel hands it on: composed letters, not too long. What is cut off is told on stderr.

    Octets of the command line that are no UTF-8 become U+FFFD.
    """
    text = unicodedata.normalize("NFC", text.encode(errors="surrogateescape").decode(errors="replace"))
    if len(text) > LONGEST_TEXT:
        click.echo(f"the text has {len(text)} characters; the first {LONGEST_TEXT} are read", err=True)
    return text[:LONGEST_TEXT]


async def show_replies(settings: Settings, sender: Address, text: str) -> int:
    """Print what is replied to *text*; what is no reply goes to stderr."""
    from bot.beside import say  # noqa: PLC0415 - the whole program is loaded only to run it

    said = await say(settings, sender, as_read(text))
    for reply in said.replies:
        click.echo(reply)
    if said.open:
        click.echo("motcua: stored, but not answered in time: the answer follows when its turn comes", err=True)
    elif not said.replies:
        click.echo("(no reply)", err=True)
    return int(said.open)


async def show_backup(settings: Settings, target: Path) -> None:
    """Copy the store and tell how it is put back."""
    from bot.beside import back_up  # noqa: PLC0415 - as above

    place = place_of(target, settings.data_dir)
    async with shown("copying", lambda: _copied(settings.data_dir, place)):
        copied = await back_up(settings, target)
    click.echo(
        f"copied  {copied.database}\nkey     {copied.key or 'privacy.key of the configuration: keep it as well'}"
    )
    click.echo(f"to restore, with the gateway stopped: put them into data_dir as {DATABASE_NAME} and {KEY_NAME}, and")
    click.echo(f"remove {DATABASE_NAME}-wal and {DATABASE_NAME}-shm there")


def _copied(data_dir: Path, place: Copy) -> tuple[int, int]:
    """Octets written so far, and octets to write."""
    partial = place.database.with_name(f"{place.database.name}.partial")
    return size_of(partial), size_of(data_dir / DATABASE_NAME)


async def explain_photo(settings: Settings, photo: Path, caption: str) -> int:
    """Print what is read in a photo, and how that and its caption are understood. What else its bar codes say is not shown."""
    from bot.photos.decoder import Decoder  # noqa: PLC0415 - as above

    today = SystemClock().now().astimezone(VIETNAM).date()
    seen = await Decoder().look(photo.read_bytes(), today)  # noqa: ASYNC240 - nothing else runs meanwhile
    click.echo(f"photo     {seen.look.value}, {len(seen.symbols)} bar codes")
    for symbol in seen.symbols:
        click.echo(
            f"symbol    {symbol.symbology}, {symbol.length} characters: {' '.join(symbol.codes) or 'no dossier code'}"
        )
    if text := " ".join((caption, *seen.codes)).strip():
        await explain_text(settings, text)
    return 0 if seen.codes else 1


async def explain_text(settings: Settings, text: str) -> None:
    """Print how a text is read, line by line."""
    from bot.explain import explain  # noqa: PLC0415 - as above

    async for line in explain(as_read(text), office_of(settings)):
        click.echo(line)
