"""A real mail server (aiosmtpd) on loopback that says what a test wants and keeps what it took."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

ACCEPTED = "250 OK"


@dataclass
class Script:
    """What the server says to each command; "" hangs up without a word."""

    mail: str = ACCEPTED
    rcpt: str = ACCEPTED
    data: str = ACCEPTED
    waits: float = 0.0
    """Before it answers to a letter."""


@dataclass
class MailServer:
    """A running server."""

    port: int
    script: Script = field(default_factory=Script)
    taken: list[EmailMessage] = field(default_factory=list)
    senders: list[str] = field(default_factory=list)
    receivers: list[str] = field(default_factory=list)
    tls: list[bool] = field(default_factory=list)

    async def handle_MAIL(  # noqa: N802 - the name is aiosmtpd's
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        del session
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return self._say(server, self.script.mail)

    async def handle_RCPT(  # noqa: N802 - the name is aiosmtpd's
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        del session, options
        if self.script.rcpt.startswith("2"):
            envelope.rcpt_tos.append(address)
        return self._say(server, self.script.rcpt)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - as above
        await asyncio.sleep(self.script.waits)
        if self.script.data.startswith("2") or not self.script.data:
            octets = envelope.content
            assert isinstance(octets, bytes)
            letter = message_from_bytes(octets, policy=default)
            assert isinstance(letter, EmailMessage)
            self.taken.append(letter)
            self.senders.append(envelope.mail_from or "")
            self.receivers += envelope.rcpt_tos
            self.tls.append(session.ssl is not None)
        return self._say(server, self.script.data)

    def _say(self, server: SMTP, words: str) -> str:
        if not words and server.transport is not None:
            server.transport.abort()
        return words or "421 gone"


def _sign_in(_server: object, _session: object, _envelope: object, _mechanism: str, data: object) -> AuthResult:
    assert isinstance(data, LoginPassword)
    return AuthResult(success=data == LoginPassword(b"motcua", b"right"), handled=False)


@contextlib.asynccontextmanager
async def mail_server(
    *, tls: ssl.SSLContext | None = None, at_once: bool = False, needs_login: bool = False
) -> AsyncIterator[MailServer]:
    """With *tls* it offers STARTTLS, or speaks TLS from the first octet *at_once*."""
    handler = MailServer(0)

    def session() -> SMTP:
        return SMTP(
            handler,
            hostname="mail.test",
            tls_context=None if at_once else tls,
            authenticator=_sign_in if needs_login else None,
            auth_required=needs_login,
            loop=asyncio.get_running_loop(),
        )

    server = await asyncio.get_running_loop().create_server(session, "127.0.0.1", 0, ssl=tls if at_once else None)
    handler.port = server.sockets[0].getsockname()[1]
    try:
        yield handler
    finally:
        server.close()
        await asyncio.sleep(0)
