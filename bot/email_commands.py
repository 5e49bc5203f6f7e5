"""What ``motcua email`` does."""

import secrets
from datetime import timedelta
from typing import BinaryIO

import click

from adapters.email.bounces import read
from adapters.email.channel import ROUTE, EmailChannel
from adapters.email.delivery import try_out
from bot.beside import report
from bot.clock import SystemClock
from bot.errors import ConfigError, MotcuaError, SendError
from bot.model import Address, ChannelName, DeliveryReceipt, Letter, MessageId, OutboundMessage
from bot.settings import Settings
from bot.settings_email import email_of

LARGEST_MAIL = 32 * 1024 * 1024


async def try_mail_server(settings: Settings, to: str | None) -> None:
    """See ``motcua email check``. Raises ``MotcuaError``."""
    server = email_of(settings.email, settings.data_dir)
    if server is None:
        raise ConfigError("email.host: must be given")
    try:
        if to is None:
            await try_out(server)
            click.echo(f"{server.host}:{server.port} takes letters from {server.sender}")
            return
        mark = secrets.token_bytes(16)
        channel = EmailChannel(server, mark=lambda _: mark, clock=SystemClock())
        slot = channel.reserve(to, 1)
        assert slot is not None  # noqa: S101 - a new channel has room
        (named,) = await channel.send(_trial(to), slot)
    except SendError as error:
        raise MotcuaError(f"{error.code}: {error}") from error
    click.echo(f"sent as <{named}>")


async def take_bounce(settings: Settings, mail: BinaryIO) -> None:
    """See ``motcua email bounce``. Raises ``MotcuaError``."""
    found = read(mail.read(LARGEST_MAIL))
    if found is None:
        click.echo("no report on a letter of ours: nothing to do")
        return
    await report(
        settings,
        DeliveryReceipt(
            route=ROUTE,
            provider_ids=(found.message_id,),
            state=found.state,
            error=found.status,
            received_at=SystemClock().now(),
            unreachable=found.is_broken,
        ),
    )
    broken = ", the address is broken" if found.is_broken else ""
    click.echo(f"{found.message_id}: {found.state.value} {found.status}{broken}")


def _trial(to: str) -> OutboundMessage:
    now = SystemClock().now()
    return OutboundMessage(
        id=MessageId(int(now.timestamp() * 1_000_000)),
        to=Address(ChannelName.EMAIL, to),
        source="",
        route=ROUTE,
        text="Thư thử từ cổng Một cửa. Không cần trả lời.\n",
        letter=Letter(subject="Thư thử từ cổng Một cửa"),
        created_at=now,
        expires_at=now + timedelta(hours=1),
    )
