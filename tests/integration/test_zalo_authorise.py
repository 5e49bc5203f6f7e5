"""``motcua zalo authorise``: a person agrees, and the gateway goes on, whether it serves or not."""

import asyncio
import os
import re
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest

from adapters.zalo.oauth import challenge, new_verifier
from adapters.zalo.stand_in import Scripted, ZaloStandIn
from tests import processes
from tests.contract.channels.zalo import SETTINGS, configuration


@dataclass
class Here:
    config: Path
    stand_in: ZaloStandIn
    callback: str

    async def authorise(self, *more: str) -> tuple[int, str, str]:
        return await processes.call("zalo", "authorise", "--config", str(self.config), *more)

    async def link(self) -> str:
        code, out, errors = await self.authorise()
        assert code == 0, errors
        found = re.search(r"http://\S+/v4/oa/permission\S+", out)
        assert found is not None
        assert "--code" in out
        return found[0]

    async def is_up(self, address: str) -> None:
        """Return when the gateway has a token that works."""
        state = ""
        async with asyncio.timeout(60), aiohttp.ClientSession() as http:
            while state != "up":
                async with http.get(f"{address}/readyz") as response:
                    state = (await response.json())["channels"]["zalo"]
                await asyncio.sleep(0.05)


@pytest.fixture
async def here(tmp_path: Path, unused_tcp_port: int) -> AsyncIterator[Here]:
    stand_in = ZaloStandIn(SETTINGS)
    url = await stand_in.start()
    callback = f"http://127.0.0.1:{unused_tcp_port}/back"
    config = tmp_path / "motcua.toml"
    account = configuration(url, access_token="", refresh_token="", redirect_uri=callback)
    config.write_text(f'data_dir = "{tmp_path / "data"}"\n[http]\nport = 0\n{account}')
    yield Here(config, stand_in, callback)
    await stand_in.stop()


async def agreed(link: str) -> str:
    """Where the browser of an administrator who agrees ends."""
    async with aiohttp.ClientSession() as http, http.get(link, allow_redirects=False) as response:
        return response.headers["Location"]


def test_the_published_example_of_a_challenge() -> None:
    assert challenge("2isAjIhKtJ0RlgLKOmxgJTeKdNnFRIBXuDL7DxtpYlS") == "fl5X2q5st5CkDzNE24e7QBxUJh8JXsbQYScES1Pj9vg"


def test_verifiers_read_the_same_in_both_kinds_of_base64() -> None:
    for verifier in (new_verifier() for _ in range(200)):
        assert re.fullmatch(r"[A-Za-z0-9]{43}", verifier)
        assert not set(challenge(verifier)) & set("+/-_=")


async def test_in_two_calls_without_a_gateway(here: Here, tmp_path: Path) -> None:
    address = await agreed(await here.link())
    assert oct((tmp_path / "data" / "zalo-authorise.json").stat().st_mode)[-3:] == "600"
    code, out, errors = await here.authorise("--code", address)
    assert (code, errors) == (0, "")
    assert "are stored" in out
    assert not (tmp_path / "data" / "zalo-authorise.json").exists()
    assert "access-1" not in out
    gateway = await processes.start("serve", "--config", str(here.config), log=tmp_path / "serve.log")
    try:
        await here.is_up(gateway.address)
    finally:
        await gateway.stop()


async def test_a_gateway_that_serves_goes_on_with_the_new_tokens(here: Here, tmp_path: Path) -> None:
    gateway = await processes.start("serve", "--config", str(here.config), log=tmp_path / "serve.log")
    try:
        address = await agreed(await here.link())
        assert (await here.authorise("--code", address))[0] == 0
        await here.is_up(gateway.address)
    finally:
        await gateway.stop()
    log = (tmp_path / "serve.log").read_text()
    assert "re-authorise" in log
    assert "access-1" not in log


async def test_waiting_for_the_callback_itself(here: Here) -> None:
    listen = here.callback.removeprefix("http://").removesuffix("/back")
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "zalo", "authorise", "--listen", listen, "--config", str(here.config)),
        stdout=asyncio.subprocess.PIPE,
        stdin=asyncio.subprocess.DEVNULL,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    )
    assert process.stdout is not None
    out = b""
    async with asyncio.timeout(120):
        while b"Waiting" not in out:
            out += await process.stdout.readline()
        link = re.search(rb"http://\S+permission\S+", out)
        assert link is not None
        async with aiohttp.ClientSession() as http, http.get(link[0].decode()) as response:
            assert "close this page" in await response.text()
        assert await process.wait() == 0


@pytest.mark.parametrize(
    ("change", "told"),
    [
        pytest.param(("oa_id=", "oa_id=1"), "the tokens would be of account", id="another account"),
        pytest.param(("state=", "state=x"), "another attempt", id="another attempt"),
        pytest.param(("code=", "nothing="), "there is no code", id="no code"),
        pytest.param(("code=", "code=x"), "Zalo gave no tokens: -14019", id="a wrong code"),
    ],
)
async def test_what_does_not_fit_is_refused(here: Here, change: tuple[str, str], told: str) -> None:
    address = (await agreed(await here.link())).replace(*change)
    code, _, errors = await here.authorise("--code", address)
    assert code == 1
    assert told in errors


async def test_without_an_attempt(here: Here) -> None:
    code, _, errors = await here.authorise("--code", "abc")
    assert (code, "call it without --code first" in errors) == (1, True)


async def test_a_zalo_that_is_ill(here: Here) -> None:
    address = await agreed(await here.link())
    here.stand_in.oauth_script.append(Scripted(status=502, body=b"<html>"))
    code, _, errors = await here.authorise("--code", address)
    assert (code, "HTTP 502" in errors) == (1, True)
    assert (await here.authorise("--code", address))[0] == 0, "the attempt is kept, and the code was not used"


async def test_without_an_account(tmp_path: Path) -> None:
    (tmp_path / "motcua.toml").write_text(f'data_dir = "{tmp_path}"\n')
    code, _, errors = await processes.call("zalo", "authorise", "--config", str(tmp_path / "motcua.toml"))
    assert (code, "zalo.app_id: must be given" in errors) == (1, True)


async def test_costs_are_told_beside_a_gateway(here: Here, tmp_path: Path) -> None:
    gateway = await processes.start("serve", "--config", str(here.config), log=tmp_path / "serve.log")
    try:
        code, out, _ = await processes.run("zalo", "costs", "--config", str(here.config))
    finally:
        await gateway.stop()
    assert code == 0
    assert out.count(": 0 VND") == 2
