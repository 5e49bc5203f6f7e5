"""Letters from the outbox of a running gateway to a mail server, and a bounce back through the program."""

import contextlib
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot import config
from bot.app import App
from bot.clock import SystemClock
from bot.model import Address, ChannelName, InboundMessage, Letter, OutboundKind, OutboundMessage
from bot.privacy import KEY_NAME, Keyring, load_key
from bot.roles import ROLES
from bot.store import make_store, migrate_database
from bot.store.port import Decision, NewOutbound
from tests import processes
from tests.contract.sessions import until
from tests.mail_server import MailServer, mail_server

OFFICER = Address(ChannelName.EMAIL, "officer@xa.example.gov.vn")
REPORT = (
    "From: MAILER-DAEMON@mail.test\nTo: motcua@example.gov.vn\nMIME-Version: 1.0\n"
    'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
    "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mail.test\n\n"
    "Final-Recipient: rfc822; officer@xa.example.gov.vn\nAction: failed\nStatus: 5.1.1\n\n"
    "--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: {}\n\n--b--\n"
)


def configured(folder: Path, server: MailServer) -> Path:
    email = f'[email]\nhost = "127.0.0.1"\nport = {server.port}\nsecurity = "off"\nsender = "Một cửa <motcua@example.gov.vn>"\n'
    return processes.write_config(folder, smsc_port=1, upstream="http://127.0.0.1:1", extra=email)


async def with_a_letter(folder: Path) -> None:
    """A data folder whose outbox holds a letter that is due."""
    keyring = Keyring(load_key("", folder / KEY_NAME))
    store = make_store("", folder, keyring, SystemClock())
    await store.open()
    now = datetime.now(UTC)
    asked = InboundMessage(
        sender=Address(ChannelName.SMS, "84912345678"), recipient="8283", text="x", received_at=now, route="console"
    )
    saved = await store.save_inbound(asked, claim=True)
    assert saved.claimed is not None
    letter = OutboundMessage(
        id=store.new_id(),
        to=OFFICER,
        source="",
        route="email",
        text="3 việc quá hạn",
        kind=OutboundKind.ALERT,
        letter=Letter(subject="Tổng hợp", html="<p>3 việc quá hạn</p>"),
        created_at=now,
        expires_at=now + timedelta(days=1),
    )
    await store.decide(Decision(inbound=saved.claimed, at=now, outbound=(NewOutbound(message=letter, sending=False),)))
    await store.close()


def stored(folder: Path, query: str) -> list[tuple[object, ...]]:
    with contextlib.closing(sqlite3.connect(f"file:{folder / 'data' / 'motcua.db'}?mode=ro", uri=True)) as disk:
        return disk.execute(query).fetchall()


async def test_a_letter_leaves_and_its_bounce_marks_the_address(tmp_path: Path) -> None:
    async with mail_server() as server:
        path = configured(tmp_path, server)
        (tmp_path / "data").mkdir()
        migrate_database("", tmp_path / "data")
        await with_a_letter(tmp_path / "data")
        gateway = await processes.start("serve", "--config", str(path), log=tmp_path / "log")
        try:
            await until(lambda: len(server.taken) == 1)
            await until(lambda: stored(tmp_path, "SELECT state FROM outbox") == [("sent",)])
            report = REPORT.format(server.taken[0]["Message-ID"])
            code, out, errors = await processes.run("email", "bounce", "--config", str(path), given=report)
            assert (code, errors) == (0, "")
            assert "failed 5.1.1, the address is broken" in out
        finally:
            assert await gateway.stop() == 0
        assert stored(tmp_path, "SELECT state FROM outbox") == [("undelivered",)]
        marked = "SELECT count(*) FROM contact JOIN outbox ON contact.id = contact WHERE unreachable_at IS NOT NULL"
        assert stored(tmp_path, marked) == [(1,)]
        code, out, _ = await processes.run("email", "bounce", "--config", str(path), given="Subject: hello\n\nhi\n")
        assert (code, out) == (0, "no report on a letter of ours: nothing to do\n")


async def test_the_mail_server_is_tried(tmp_path: Path) -> None:
    async with mail_server() as server:
        path = configured(tmp_path, server)
        code, out, _ = await processes.run("email", "check", "--config", str(path))
        assert (code, out) == (0, f"127.0.0.1:{server.port} takes letters from Một cửa <motcua@example.gov.vn>\n")
        code, out, _ = await processes.run("email", "check", "--to", OFFICER.id, "--config", str(path))
        assert (code, server.receivers) == (0, [OFFICER.id])
        assert out == f"sent as {server.taken[0]['Message-ID']}\n"
        server.script.rcpt = "550 5.1.1 No such user"
        code, _, errors = await processes.run("email", "check", "--to", OFFICER.id, "--config", str(path))
        assert (code, errors) == (1, "motcua: unreachable: the mail server says 550 5.1.1\n")


async def test_the_channel_is_in_health(tmp_path: Path) -> None:
    async with mail_server() as server:
        app = App(config.load(configured(tmp_path, server)), ROLES, clock=SystemClock())
        await app.start()
        try:
            assert app._channel_states()["email"] == "up"
        finally:
            await app.stop()
