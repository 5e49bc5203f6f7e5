"""``motcua officers`` as its operator uses it: alone and beside a running gateway; and the link of the first start."""

import asyncio
import re
from pathlib import Path

import aiohttp

from tests import processes

AN = ("--user", "An", "--name", "Trần Thị An", "--role", "administrator", "--agency", "H05.22", "--phone", "0912345678")
LINK = re.compile(r"http://[^\s\"]+/desk/setup/[A-Za-z0-9_-]{43}")


async def motcua(config: Path, *words: str, given: str = "") -> tuple[int, str, str]:
    return await processes.run("officers", *words, "--config", str(config), given=given)


async def test_alone(tmp_path: Path) -> None:
    config = processes.write_config(tmp_path, smsc_port=1, upstream="http://127.0.0.1:9")
    code, out, errors = await motcua(config, "add", *AN, "--password-stdin", "--no-totp", given="ba con trâu\n")
    assert (code, out, errors) == (0, "added an, administrator of H05.22\n", "")
    code, _, errors = await motcua(config, "add", *AN, "--password-stdin", "--no-totp", given="khác hẳn nhé\n")
    assert (code, "user name is taken" in errors) == (1, True)
    binh = ("--user", "binh", "--name", "Bình", "--role", "officer", "--agency", "H05.12")
    code, out, _ = await motcua(config, "add", *binh, "--password-stdin", given="mười chữ trở lên\n")
    assert (code, "otpauth://totp/" in out) == (0, True)
    code, _, errors = await motcua(config, "add", *binh, "--password-stdin", given="")
    assert (code, "password is empty" in errors) == (1, True)
    assert (await motcua(config, "lock", "binh"))[:2] == (0, "locked\n")
    _, out, _ = await motcua(config, "list")
    assert [line.split()[:5] for line in out.splitlines()] == [
        ["an", "administrator", "H05.22", "active", "no"],
        ["binh", "officer", "H05.12", "locked", "code"],
    ]
    assert "0912345678" not in out
    assert (await motcua(config, "check-log"))[:2] == (0, "the log is whole, up to row 3\n")
    assert (await motcua(config, "left", "nobody"))[0] == 1
    assert (await motcua(config, "add", *AN, "--password-stdin", "--no-totp", "--totp-secret", "X"))[0] == 2


async def test_beside_a_running_gateway(tmp_path: Path) -> None:
    config = processes.write_config(tmp_path, smsc_port=1, upstream="http://127.0.0.1:9")
    gateway = await processes.start("serve", "--config", str(config), log=tmp_path / "log")
    try:
        link = await _link(tmp_path / "log")
        assert await _status(link) == 200
        code, out, _ = await motcua(config, "add", *AN, "--password-stdin", "--no-totp", given="ba con trâu\n")
        assert (code, out) == (0, "added an, administrator of H05.22\n")
        assert (await motcua(config, "list"))[1].startswith("an ")
        assert await _status(link) == 404, "there is an officer now"
    finally:
        await gateway.stop()
    gateway = await processes.start("serve", "--config", str(config), log=tmp_path / "second")
    await gateway.stop()
    assert not LINK.search((tmp_path / "second").read_text())


async def _link(log: Path) -> str:
    async with asyncio.timeout(10):
        while not (found := LINK.search(log.read_text())):  # noqa: ASYNC110, ASYNC240 - a file of another process
            await asyncio.sleep(0.05)
    return found[0]


async def _status(link: str) -> int:
    async with aiohttp.ClientSession() as session, session.get(link) as response:
        return response.status
