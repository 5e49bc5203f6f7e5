"""A process that is killed around a send: the person gets the answer, at most twice, and the second is flagged."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import aiohttp
import pytest

from tests import processes
from tests.contract.channels.channel import Channel, Request
from tests.contract.channels.conftest import CODES

pytestmark = pytest.mark.timeout(400)


async def post(channel: Channel, address: str, request: Request) -> int:
    """The status, 0 when the gateway died before it answered."""
    try:
        async with (
            aiohttp.ClientSession() as http,
            http.request(
                request.method, address + request.path, data=request.body, headers=request.headers
            ) as response,
        ):
            channel.answered(await response.read())
            return response.status
    except aiohttp.ClientError:
        return 0


async def eventually(condition: Callable[[], bool]) -> None:
    """A restart, and the ten seconds that a message in doubt waits, take their time."""
    async with asyncio.timeout(120):
        while not condition():  # noqa: ASYNC110 - what another process does is only seen by looking
            await asyncio.sleep(0.05)


@pytest.mark.parametrize(
    ("point", "most"),
    [
        pytest.param("in.after_commit", 1, id="stored, not acknowledged", marks=pytest.mark.long),
        pytest.param("out.after_decide_commit", 1, id="decided, not sent", marks=pytest.mark.long),
        pytest.param("out.after_response", 2, id="sent, not recorded"),
    ],
)
async def test_killed_on_the_way(channel: Channel, configured: Path, point: str, most: int) -> None:
    log = configured.parent / "serve.log"
    request = channel.text(channel.person(1), CODES[0], "first")
    program = await processes.start(
        "serve", "--config", str(configured), log=log, environment={"MOTCUA_KILL_AT": point}
    )
    channel.listening(program.address)
    assert await post(channel, program.address, request) in {channel.stored, 0}
    assert await program.process.wait() == 137
    await program.kill()
    program = await processes.start("serve", "--config", str(configured), log=log)
    channel.listening(program.address)
    assert await post(channel, program.address, request) == channel.stored, "the peer tries again"
    await eventually(lambda: bool(channel.arrived()))
    told = await processes.settled(configured)
    assert await program.stop() == 0
    assert 1 <= len(channel.arrived()) <= most
    (reply,) = [row for row in told if row["direction"] == "out"]
    assert reply["state"] in {"sent", "delivered"}
    assert reply["possible_duplicate"] or len(channel.arrived()) == 1, "a second one is never sent unflagged"
