"""Letters to a real mail server: what it gets, and what each of its answers means."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from adapters.email.channel import EmailChannel
from adapters.email.delivery import try_out
from adapters.email.settings import EmailSettings, Security
from bot.clock import SystemClock
from bot.errors import (
    ChannelBusy,
    NotSent,
    OutcomeUnknown,
    RecipientRefused,
    SendError,
    TemporarySendError,
    Unreachable,
)
from bot.model import Address, Attachment, ChannelName, Letter, MessageId, OutboundMessage
from tests.certificates import write_certificate
from tests.contract.store_engines import KEYRING
from tests.mail_server import MailServer, mail_server

OFFICER = "officer@xa.example.gov.vn"
AT = datetime(2026, 6, 10, 2, 0, tzinfo=UTC)
DIGEST = Letter(subject="Tổng hợp 10/06: 3 việc quá hạn", html="<p>3 việc <b>quá hạn</b></p>")


def settings_of(server: MailServer, folder: Path, **changes: Any) -> EmailSettings:
    known = EmailSettings(
        host="127.0.0.1",
        port=server.port,
        security=Security.OFF,
        sender="Một cửa Bắc Ninh <motcua@example.gov.vn>",
        timeout_s=5.0,
        attachments_in=folder,
    )
    return replace(known, **changes)


def letter(text: str = "3 việc quá hạn", **changes: Any) -> OutboundMessage:
    values = {"to": Address(ChannelName.EMAIL, OFFICER), "letter": DIGEST} | changes
    return OutboundMessage(
        id=MessageId(42),
        source="",
        route="email",
        text=text,
        created_at=AT,
        expires_at=AT + timedelta(days=1),
        **values,
    )


@contextlib.asynccontextmanager
async def running(folder: Path, **changes: Any) -> AsyncIterator[tuple[MailServer, EmailChannel]]:
    async with mail_server() as server:
        yield server, EmailChannel(settings_of(server, folder, **changes), mark=KEYRING.digest, clock=SystemClock())


async def send(channel: EmailChannel, message: OutboundMessage) -> str:
    slot = channel.reserve(message.to.id, 1)
    assert slot is not None
    (named,) = await channel.send(message, slot)
    return named


async def test_a_letter_arrives_with_text_and_html(tmp_path: Path) -> None:
    async with running(tmp_path, reply_to="desk@example.gov.vn") as (server, channel):
        named = await send(channel, letter())
        (mail,) = server.taken
        assert (server.senders, server.receivers) == (["motcua@example.gov.vn"], [OFFICER])
        assert mail["Message-ID"] == f"<{named}>"
        assert mail["From"] == "Một cửa Bắc Ninh <motcua@example.gov.vn>"
        assert (mail["To"], mail["Reply-To"], mail["Subject"]) == (OFFICER, "desk@example.gov.vn", DIGEST.subject)
        assert mail["Date"].datetime == AT
        assert mail["Auto-Submitted"] == "auto-generated"
        assert content(mail, "plain") == "3 việc quá hạn"
        assert content(mail, "html") == DIGEST.html


def content(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content()).strip()


async def test_a_repeat_is_the_same_letter(tmp_path: Path) -> None:
    async with running(tmp_path) as (server, channel):
        named = [await send(channel, letter(possible_duplicate=again)) for again in (False, True)]
        assert named[0] == named[1]
        assert [mail["Message-ID"] for mail in server.taken] == [f"<{named[0]}>"] * 2
        other = await send(channel, replace(letter(), id=MessageId(43)))
        assert other.split(".")[2] != named[0].split(".")[2], "nobody can guess the name of another letter"


async def test_attachments_go_along(tmp_path: Path) -> None:
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "week.pdf").write_bytes(b"%PDF-1.7 \xff\x00")
    attachment = Attachment(name="Báo cáo tuần.pdf", media_type="application/pdf", path="reports/week.pdf")
    async with running(tmp_path) as (server, channel):
        await send(channel, letter(letter=replace(DIGEST, attachments=(attachment,))))
        (part,) = server.taken[0].iter_attachments()
        assert (part.get_filename(), part.get_content_type()) == ("Báo cáo tuần.pdf", "application/pdf")
        assert part.get_payload(decode=True) == b"%PDF-1.7 \xff\x00"


@pytest.mark.parametrize("path", ["../key", "/etc/passwd", "gone.pdf"])
async def test_no_other_file_ever_leaves(path: str, tmp_path: Path) -> None:
    (tmp_path / "key").write_text("secret")
    folder = tmp_path / "attachments"
    folder.mkdir()
    attachment = Attachment(name="x", media_type="text/plain", path=path)
    async with running(folder) as (server, channel):
        with pytest.raises(RecipientRefused):
            await send(channel, letter(letter=replace(DIGEST, attachments=(attachment,))))
        assert server.taken == []


async def test_a_line_end_in_the_subject_is_no_header(tmp_path: Path) -> None:
    async with running(tmp_path) as (server, channel):
        await send(channel, letter(letter=Letter(subject="Tin\nBcc: spy@example.com")))
        assert (server.taken[0]["Subject"], server.taken[0]["Bcc"], server.receivers) == ("Tin", None, [OFFICER])


@pytest.mark.parametrize("address", ["officer", "a b@example.vn", "a@example.vn\nBcc: x@y.vn", "đ@example.vn", ""])
async def test_what_is_no_address_is_refused(address: str, tmp_path: Path) -> None:
    async with running(tmp_path) as (server, channel):
        with pytest.raises(RecipientRefused):
            await send(channel, letter(to=Address(ChannelName.EMAIL, address)))
        assert server.receivers == []


@pytest.mark.parametrize(
    ("step", "says", "error", "state"),
    [
        pytest.param("rcpt", "450 4.2.0 Greylisted", TemporarySendError, "up", id="greylisted"),
        pytest.param("rcpt", "452 4.2.2 Mailbox full", TemporarySendError, "up", id="full for now"),
        pytest.param("rcpt", "550 5.1.1 No such user", Unreachable, "up", id="no such mailbox"),
        pytest.param("rcpt", "550 No such user", Unreachable, "up", id="no such mailbox, in old words"),
        pytest.param("rcpt", "550 5.2.1 Disabled", Unreachable, "up", id="disabled mailbox"),
        pytest.param("rcpt", "552 5.2.2 Mailbox full", RecipientRefused, "up", id="full"),
        pytest.param("rcpt", "554 5.7.1 Relay access denied", RecipientRefused, "up", id="not allowed"),
        pytest.param("rcpt", "421 4.3.2 Closing", NotSent, "down", id="server closes"),
        pytest.param("rcpt", "", NotSent, "down", id="connection lost before the letter"),
        pytest.param("mail", "451 4.3.0 Later", TemporarySendError, "up", id="not now"),
        pytest.param("mail", "530 5.7.0 Sign in first", ChannelBusy, "refused", id="sign in first"),
        pytest.param("mail", "550 5.1.8 Sender unknown", ChannelBusy, "refused", id="our sender is refused"),
        pytest.param("mail", "552 5.3.4 Too big", RecipientRefused, "up", id="too big"),
        pytest.param("data", "451 4.3.0 Later", TemporarySendError, "up", id="not this letter now"),
        pytest.param("data", "554 5.7.1 Looks like spam", RecipientRefused, "up", id="not this letter"),
        pytest.param("data", "", OutcomeUnknown, "up", id="connection lost after the letter"),
    ],
)
async def test_each_answer_has_its_error(
    step: str, says: str, error: type[SendError], state: str, tmp_path: Path
) -> None:
    async with running(tmp_path) as (server, channel):
        setattr(server.script, step, says)
        with pytest.raises(SendError) as raised:
            await send(channel, letter())
        assert type(raised.value) is error
        assert channel.health() == {"email": state}
        assert channel.is_up() is (state == "up")


async def test_a_server_that_is_silent_after_the_letter_leaves_it_in_doubt(tmp_path: Path) -> None:
    async with running(tmp_path, timeout_s=0.2) as (server, channel):
        server.script.waits = 1.0
        with pytest.raises(OutcomeUnknown) as raised:
            await send(channel, letter())
        (part,) = raised.value.parts
        assert part is not None
        assert part.startswith("motcua.42."), "a bounce still finds it"


async def test_refusals_for_now_wait_longer_each_time(tmp_path: Path) -> None:
    async with running(tmp_path) as (server, channel):
        server.script.rcpt = "450 4.2.0 Greylisted"
        waits = []
        for attempts in (1, 2, 3, 4):
            with pytest.raises(TemporarySendError) as raised:
                await send(channel, letter(attempts=attempts))
            waits.append(raised.value.retry_after)
        assert waits == [300, 1200, 3600, 3600]


async def test_a_server_that_is_not_there(tmp_path: Path, unused_tcp_port: int) -> None:
    settings = settings_of(MailServer(unused_tcp_port), tmp_path)
    channel = EmailChannel(settings, mark=KEYRING.digest, clock=SystemClock())
    with pytest.raises(NotSent):
        await send(channel, letter())
    assert channel.health() == {"email": "down"}
    assert channel.reserve(OFFICER, 1) is None


async def test_no_more_letters_at_a_time_than_agreed(tmp_path: Path) -> None:
    async with running(tmp_path, concurrency=1) as (server, channel):
        sending = asyncio.create_task(send(channel, letter()))
        await asyncio.sleep(0)
        assert channel.reserve(OFFICER, 1) is None
        rooms: list[int] = []
        channel.on_room(lambda: rooms.append(1))
        await sending
        assert (len(server.taken), bool(rooms)) == (1, True)


def context_of(folder: Path) -> tuple[ssl.SSLContext, str]:
    path = write_certificate(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context, str(path)


@pytest.mark.parametrize(
    ("security", "offered", "trusted", "protected"),
    [
        pytest.param(Security.REQUIRED, True, True, True, id="required and offered"),
        pytest.param(Security.REQUIRED, False, True, None, id="required, not offered: nothing is sent"),
        pytest.param(Security.REQUIRED, True, False, None, id="a certificate of nobody: nothing is sent"),
        pytest.param(Security.IF_OFFERED, True, True, True, id="if offered: it is"),
        pytest.param(Security.IF_OFFERED, False, True, False, id="if offered: it is not"),
        pytest.param(Security.OFF, True, True, False, id="off"),
    ],
)
async def test_starttls(
    security: Security, tmp_path: Path, *, protected: bool | None, offered: bool, trusted: bool
) -> None:
    context, ca_file = context_of(tmp_path)
    async with mail_server(tls=context if offered else None) as server:
        settings = settings_of(server, tmp_path, security=security, ca_file=ca_file if trusted else "")
        channel = EmailChannel(settings, mark=KEYRING.digest, clock=SystemClock())
        if protected is None:
            with pytest.raises(ChannelBusy, match="no safe line"):
                await send(channel, letter())
            assert (channel.health(), server.taken) == ({"email": "refused"}, [])
        else:
            await send(channel, letter())
            assert server.tls == [protected]


async def test_tls_from_the_first_octet_on(tmp_path: Path) -> None:
    context, ca_file = context_of(tmp_path)
    async with mail_server(tls=context, at_once=True) as server:
        settings = settings_of(server, tmp_path, security=Security.TLS, ca_file=ca_file)
        await try_out(settings)
        await send(EmailChannel(settings, mark=KEYRING.digest, clock=SystemClock()), letter())
        assert len(server.taken) == 1


async def test_signing_in(tmp_path: Path) -> None:
    context, ca_file = context_of(tmp_path)
    async with mail_server(tls=context, needs_login=True) as server:
        good = settings_of(
            server, tmp_path, security=Security.REQUIRED, ca_file=ca_file, user="motcua", password="right"
        )
        await try_out(good)
        await send(EmailChannel(good, mark=KEYRING.digest, clock=SystemClock()), letter())
        assert len(server.taken) == 1
        for changes in ({"password": "wrong-one"}, {"user": ""}):
            bad = EmailChannel(replace(good, **changes), mark=KEYRING.digest, clock=SystemClock())
            with pytest.raises(ChannelBusy) as raised:
                await send(bad, letter())
            assert "wrong-one" not in str(raised.value)
            assert bad.health() == {"email": "refused"}


async def test_a_server_without_logins_is_told(tmp_path: Path) -> None:
    context, ca_file = context_of(tmp_path)
    async with mail_server(tls=context, at_once=True) as server:
        settings = settings_of(server, tmp_path, security=Security.TLS, ca_file=ca_file, user="motcua", password="x")
        with pytest.raises(ChannelBusy, match="takes no login"):
            await try_out(settings)
