"""``say`` and ``backup`` as an operator uses them: beside a gateway that serves, and alone."""

import asyncio
import json
import sqlite3
import stat
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from sms.sandbox import SandboxSmsc
from tests import processes
from tests.contract.store_engines import PostgresEngine

ELSEWHERE = "HS H29.5-260610-0001 thuoc TP Ho Chi Minh"


def config_in(folder: Path, smsc_port: int = 1, top: str = "") -> Path:
    return processes.write_config(folder, smsc_port=smsc_port, upstream="http://127.0.0.1:1", top=top)


async def said(config: Path, *words: str) -> tuple[int, str, str]:
    return await processes.run("say", *words, "--config", str(config))


@dataclass(frozen=True)
class Case:
    label: str
    words: tuple[str, ...]
    code: int
    out: str = ""
    told: str = ""


CASES = [
    Case("a code of another province", ("sms", "0912345678", "H29.5-260610-0001"), 0, ELSEWHERE),
    Case("chat", ("zalo", "u-1", "H29.5-260610-0001"), 0, "thuộc TP Hồ Chí Minh"),
    Case("two codes, two replies", ("sms", "+84 912 345 678", "H29.5-260610-0001 H30.5-260610-0002"), 0, "\nHS H30.5"),
    Case("courtesy", ("sms", "84912345678", "cam on"), 0, "", "(no reply)"),
    Case("the system is down", ("sms", "84912345678", "H05.5-260610-0001"), 0, "se bao Ong/Ba ngay khi co so lieu"),
    Case("nothing", ("sms", "84912345678", ""), 0, "Soan"),
    Case("a very long text", ("telegram", "5", "a" * 100_000), 0, "", "the first 2000 are read"),
]


async def test_say_beside_a_gateway_and_alone(tmp_path: Path) -> None:
    config = config_in(tmp_path)
    gateway = await processes.start("serve", "--config", str(config), log=tmp_path / "log")
    try:
        beside = [await said(config, *CASES[0].words)]
        beside += [await processes.call("say", *case.words, "--config", str(config)) for case in CASES[1:]]
    finally:
        assert await gateway.stop() == 0
    assert not (tmp_path / "data" / "control.sock").exists()
    alone = await said(config, "sms", "0987654321", "H29.5-260610-0001")
    assert (alone[0], alone[1].startswith(ELSEWHERE), alone[2]) == (0, True, "")
    for case, (code, out, told) in zip(CASES, beside, strict=True):
        assert code == case.code, (case.label, told)
        assert case.out in out, (case.label, out)
        assert case.told in told, (case.label, told)
    rows = await processes.messages(config)
    assert len([row for row in rows if row["direction"] == "in"]) == 8
    assert {row["state"] for row in rows} == {"done", "sent"}


async def test_several_say_at_the_same_time_without_a_gateway(tmp_path: Path) -> None:
    config = config_in(tmp_path)
    ends = await asyncio.gather(*(said(config, "sms", f"091234567{n}", "H29.5-260610-0001") for n in range(3)))
    assert [code for code, _, _ in ends] == [0, 0, 0], ends


async def test_say_on_postgresql(tmp_path: Path, postgres_engine: PostgresEngine) -> None:
    config = config_in(tmp_path, top=f'database_url = "{postgres_engine.url}"')
    code, out, told = await said(config, "sms", "0912345678", "H29.5-260610-0001")
    assert (code, out.startswith(ELSEWHERE), told) == (0, True, "")
    code, _, told = await processes.run("backup", str(tmp_path / "copy"), "--config", str(config))
    assert code == 1
    assert f"pg_dump --format=custom --file={tmp_path}/copy" in told


@pytest.fixture
async def smsc() -> AsyncIterator[tuple[SandboxSmsc, int]]:
    smsc = SandboxSmsc(system_id="gw", password="pw")
    yield smsc, await smsc.start("127.0.0.1", 0)
    await smsc.close()


async def test_a_backup_holds_all_that_was_acknowledged_before(smsc: tuple[SandboxSmsc, int], tmp_path: Path) -> None:
    operator, port = smsc
    config = config_in(tmp_path, port)
    gateway = await processes.start("serve", "--config", str(config), log=tmp_path / "log")
    acknowledged: list[str] = []
    enough = asyncio.Event()

    async def phone(number: int) -> None:
        for sequence in range(1, 10_000):
            text = f"H29.{number}-260610-{sequence:04d}"
            if await operator.deliver(f"8491234{number:04d}", "8283", text) == 0:
                acknowledged.append(text)
            if len(acknowledged) >= 300:
                enough.set()

    try:
        await operator.wait_bound(10)
        phones = [asyncio.create_task(phone(number)) for number in range(1, 9)]
        await enough.wait()
        before = set(acknowledged)
        (tmp_path / "copy").mkdir()
        code, out, told = await processes.run("backup", str(tmp_path / "copy"), "--config", str(config))
        assert code == 0, told
        assert str(tmp_path / "copy" / "motcua.db") in out
        assert len(acknowledged) > len(before)
        for task in phones:
            task.cancel()
    finally:
        await gateway.stop()
    await start_from(tmp_path / "copy")
    with closing(sqlite3.connect(tmp_path / "copy" / "motcua.db")) as copy:
        assert before <= {text for (text,) in copy.execute("SELECT text FROM inbox")}


async def start_from(folder: Path) -> None:
    """A gateway serves with a copy as its data folder, and can open the addresses in it."""
    assert [stat.S_IMODE((folder / name).stat().st_mode) for name in ("motcua.db", "key")] == [0o600, 0o600]
    config = folder / "motcua.toml"
    config.write_text(f"data_dir = {json.dumps(str(folder))}\n[http]\nport = 0\n")
    gateway = await processes.start("serve", "--config", str(config), log=folder / "log")
    try:
        assert {row["sender_masked"][:4] for row in await processes.messages(config)} == {"8491"}
    finally:
        assert await gateway.stop() == 0


async def test_a_backup_alone_beside_a_named_file(tmp_path: Path) -> None:
    config = config_in(tmp_path)
    await said(config, "sms", "0912345678", "H29.5-260610-0001")
    target = tmp_path / "copies" / "monday.db"
    assert (await processes.call("backup", str(target), "--config", str(config)))[0] == 1
    target.parent.mkdir()
    target.write_text("an older copy")
    code, out, told = await processes.run("backup", str(target), "--config", str(config))
    assert (code, told) == (0, "")
    assert target.read_bytes().startswith(b"SQLite format 3")
    assert target.with_name("monday.db.key").read_text() == (tmp_path / "data" / "key").read_text()
    assert f"copied  {target}" in out


@pytest.mark.parametrize(
    ("target", "told"),
    [
        ("data/copy.db", "is in the data folder itself"),
        ("no/folder/copy.db", "is no folder"),
        ("copy.db", "does not exist: nothing to copy"),
    ],
)
async def test_a_backup_that_cannot_be_made(target: str, told: str, tmp_path: Path) -> None:
    config = config_in(tmp_path)
    (tmp_path / "data").mkdir()
    code, _, errors = await processes.call("backup", str(tmp_path / target), "--config", str(config))
    assert code == 1
    assert told in errors
