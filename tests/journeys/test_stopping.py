"""Ending the program: in order within ten seconds with nothing lost; at once on the second signal; refused where it may not start."""

import asyncio
import signal
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from tests import processes
from tests.contract.store_engines import new_database
from tests.contract.store_postgres import PostgresServer
from tests.place import place
from tests.proxy import proxy_to
from tests.smsc import SUBMIT_SM, UNBIND, deliver_sm, raw_smsc

STOP_SECONDS = 10
"""What is promised."""
Deliver = Callable[[str, str], Awaitable[None]]


async def test_a_stop_under_load_loses_nothing(tmp_path: Path, unused_tcp_port: int, database_url: str) -> None:
    async with place(tmp_path, unused_tcp_port, database_url=database_url, codes=400, delay_ms=100) as here:
        gateway = await here.start()
        lanes = [
            asyncio.create_task(deliver_slowly(here.telco.deliver, here.codes[lane::8], lane)) for lane in range(8)
        ]
        await here.answered(here.codes[:8])
        started = time.monotonic()
        assert await gateway.stop() == 0
        assert time.monotonic() - started < STOP_SECONDS
        told = await processes.messages(here.config)
        assert not [row for row in told if row["state"] in {"sending", "claimed"}], "nothing is left half done"
        gateway = await here.start()
        await asyncio.gather(*lanes)
        await here.answered(here.codes, seconds=60)
        assert await gateway.stop() == 0
        again = [code for code, texts in here.telco.answers.items() if len(texts) != 1]
        flagged = [row for row in await processes.messages(here.config) if row["possible_duplicate"]]
        assert len(again) <= len(flagged), "each is answered once, unless the stop was too short for its response"


async def deliver_slowly(deliver: Deliver, codes: list[str], lane: int) -> None:
    for number, code in enumerate(codes):
        await deliver(f"849{lane}{number // 5:07d}", code)
        await asyncio.sleep(0.03)


async def test_a_stop_waits_for_the_operator_and_unbinds(tmp_path: Path) -> None:
    async with raw_smsc() as smsc:
        config = processes.write_config(tmp_path, smsc_port=smsc.port, upstream="http://127.0.0.1:9")
        gateway = await processes.start("serve", "--config", str(config), log=tmp_path / "gateway.log")
        peer = await smsc.bound()
        peer.send(deliver_sm(1, "84912345678", b"TG"))
        await peer.acknowledged()
        submit = await peer.expect(SUBMIT_SM)
        stopping = asyncio.create_task(gateway.stop())
        await asyncio.sleep(0.5)
        assert not stopping.done(), "it waits for the response"
        peer.accept(submit, "1")
        await peer.expect(UNBIND)
        peer.drop()
        assert await stopping == 0
    assert [row["state"] for row in await processes.messages(config)] == ["done", "sent"]


async def test_an_operator_who_does_not_answer_delays_the_end_at_most_ten_seconds(tmp_path: Path) -> None:
    async with raw_smsc() as smsc:
        config = processes.write_config(tmp_path, smsc_port=smsc.port, upstream="http://127.0.0.1:9")
        gateway = await processes.start("serve", "--config", str(config), log=tmp_path / "gateway.log")
        peer = await smsc.bound()
        peer.send(deliver_sm(1, "84912345678", b"TG"))
        await peer.acknowledged()
        await peer.expect(SUBMIT_SM)
        started = time.monotonic()
        assert await gateway.stop() == 0
        assert time.monotonic() - started < STOP_SECONDS
    assert [row["state"] for row in await processes.messages(config)] == ["done", "in_doubt"]


async def test_the_second_signal_ends_at_once(tmp_path: Path) -> None:
    async with raw_smsc() as smsc:
        config = processes.write_config(tmp_path, smsc_port=smsc.port, upstream="http://127.0.0.1:9")
        gateway = await processes.start("serve", "--config", str(config), log=tmp_path / "gateway.log")
        peer = await smsc.bound()
        peer.send(deliver_sm(1, "84912345678", b"TG"))
        await peer.acknowledged()
        await peer.expect(SUBMIT_SM)
        gateway.process.send_signal(signal.SIGTERM)
        await asyncio.sleep(0.3)
        started = time.monotonic()
        gateway.process.send_signal(signal.SIGINT)
        assert await gateway.process.wait() == 130
        assert time.monotonic() - started < 3, "in order it would take seven"
        await gateway.kill()
    assert [row["state"] for row in await processes.messages(config)] == ["done", "sending"]


@pytest.mark.parametrize("how", ["gone", "silent"])
async def test_a_database_that_does_not_answer_does_not_delay_the_end(
    tmp_path: Path, unused_tcp_port: int, postgres: PostgresServer, how: str
) -> None:
    url = await new_database(postgres, migrated=True)
    name = url.partition("?")[0].rpartition("/")[2]
    async with (
        proxy_to(postgres.folder / ".s.PGSQL.5432") as line,
        place(tmp_path, unused_tcp_port, database_url=line.url(name)) as here,
    ):
        gateway = await here.start()
        await here.telco.deliver("84912345678", here.codes[0])
        await here.answered(here.codes[:1])
        if how == "gone":
            line.away = True
            line.drop_all()
        else:
            line.freeze()
        started = time.monotonic()
        assert await gateway.stop() == 0
        assert time.monotonic() - started < STOP_SECONDS


async def test_a_slow_visitor_does_not_delay_the_end(tmp_path: Path) -> None:
    config = processes.write_config(tmp_path, smsc_port=1, upstream="http://127.0.0.1:9")
    gateway = await processes.start("serve", "--config", str(config), log=tmp_path / "gateway.log")
    host, _, port = gateway.address.removeprefix("http://").rpartition(":")
    lines = [await asyncio.open_connection(host, int(port)) for _ in range(3)]
    for (_, writer), octets in zip(
        lines, (b"", b"GET /read", b"POST /x HTTP/1.1\r\nContent-Length: 9\r\n\r\n"), strict=True
    ):
        writer.write(octets)
    started = time.monotonic()
    assert await gateway.stop() == 0
    assert time.monotonic() - started < STOP_SECONDS
    for _, writer in lines:
        writer.close()


@pytest.mark.parametrize("role", ["web", "sms", "worker"])
async def test_a_single_role_needs_postgresql(tmp_path: Path, role: str) -> None:
    config = processes.write_config(tmp_path, smsc_port=1, upstream="http://127.0.0.1:9")
    code, out, errors = await processes.run(role, "--config", str(config))
    assert (code, out) == (1, "")
    assert "a single role needs PostgreSQL" in errors
    assert "motcua serve" in errors
    assert "Traceback" not in errors


async def test_a_second_process_on_the_same_file_is_refused(tmp_path: Path) -> None:
    config = processes.write_config(tmp_path, smsc_port=1, upstream="http://127.0.0.1:9")
    first = await processes.start("serve", "--config", str(config), log=tmp_path / "first.log")
    try:
        for command in ("serve", "migrate"):
            code, out, errors = await processes.run(command, "--config", str(config))
            assert (code, out) == (1, "")
            assert "held by another running process" in errors
            assert "Traceback" not in errors
    finally:
        assert await first.stop() == 0
