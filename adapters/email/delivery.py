"""One letter to the mail server, step by step: how far it came decides what a failure means."""

import asyncio
import contextlib
import ssl
from collections.abc import Awaitable
from dataclasses import dataclass

import aiosmtplib

from adapters.email.addresses import bare
from adapters.email.outcomes import ACCOUNT_SECONDS, SERVER_SECONDS, Stage, failure
from adapters.email.settings import EmailSettings, Security
from bot.errors import ChannelBusy, NotSent, OutcomeUnknown

STARTTLS: dict[Security, bool | None] = {
    Security.REQUIRED: True,
    Security.IF_OFFERED: None,
    Security.OFF: False,
    Security.TLS: False,
}
LOST = (aiosmtplib.SMTPServerDisconnected, aiosmtplib.SMTPTimeoutError, OSError, TimeoutError)
FAULTS = (aiosmtplib.SMTPException, OSError, TimeoutError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What is handed over."""

    to: str
    octets: bytes
    message_id: str
    attempts: int


async def deliver(letter: Letter, settings: EmailSettings) -> None:
    """Hand the letter over. Raises a ``SendError``; once its text was under way, a lost connection leaves it in doubt."""
    client = _client(settings)
    try:
        await _open(client, settings)
        await _step(Stage.SENDER, client.mail(bare(settings.sender)), letter)
        await _step(Stage.RECIPIENT, client.rcpt(letter.to), letter)
        await _step(Stage.LETTER, client.data(letter.octets), letter)
    finally:
        await _good_bye(client)


async def try_out(settings: EmailSettings) -> None:
    """Connect, protect the line, sign in, say good-bye. Raises a ``SendError``."""
    client = _client(settings)
    try:
        await _open(client, settings)
    finally:
        await _good_bye(client)


async def _open(client: aiosmtplib.SMTP, settings: EmailSettings) -> None:
    """Everything before the first command of a letter."""
    try:
        await client.connect()
    except aiosmtplib.SMTPResponseException as error:
        raise failure(Stage.CONNECT, error.code, error.message, 1) from error
    except FAULTS as error:
        raise _not_connected(error) from error
    if not settings.user:
        return
    try:
        await client.login(settings.user, settings.password)
    except aiosmtplib.SMTPResponseException as error:
        raise failure(Stage.SIGN_IN, error.code, error.message, 1) from error
    except LOST as error:
        raise NotSent(f"lost while signing in: {type(error).__name__}", retry_after=SERVER_SECONDS) from error
    except aiosmtplib.SMTPException as error:
        raise ChannelBusy("the mail server takes no login", retry_after=ACCOUNT_SECONDS) from error


def _client(settings: EmailSettings) -> aiosmtplib.SMTP:
    return aiosmtplib.SMTP(
        hostname=settings.host,
        port=settings.port,
        timeout=settings.timeout_s,
        use_tls=settings.security is Security.TLS,
        start_tls=STARTTLS[settings.security],
        tls_context=ssl.create_default_context(cafile=settings.ca_file or None),
    )


def _not_connected(error: Exception) -> ChannelBusy | NotSent:
    """A server that will not protect the line, or proves to be another one, is a matter for the operator."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLError) or "STARTTLS" in str(cause):
            return ChannelBusy(f"no safe line: {type(cause).__name__}", retry_after=ACCOUNT_SECONDS)
        cause = cause.__cause__
    return NotSent(f"not reached: {type(error).__name__}", retry_after=SERVER_SECONDS)


async def _step(stage: Stage, command: Awaitable[object], letter: Letter) -> None:
    try:
        await command
    except aiosmtplib.SMTPResponseException as error:
        raise failure(stage, error.code, error.message, letter.attempts) from error
    except FAULTS as error:
        detail = f"{type(error).__name__} at {stage.name.lower()}"
        if stage is Stage.LETTER:
            raise OutcomeUnknown(detail, parts=(letter.message_id,)) from error
        raise NotSent(detail, retry_after=SERVER_SECONDS) from error


async def _good_bye(client: aiosmtplib.SMTP) -> None:
    with contextlib.suppress(*FAULTS):
        if client.is_connected:
            async with asyncio.timeout(2):
                await client.quit()
    client.close()
