"""A bot over several processes and one PostgreSQL: one takes the updates, another one sends."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.telegram.stand_in import StandIn
from adapters.telegram.stand_in_updates import Updates
from tests import processes
from tests.contract.channels.telegram import configuration
from tests.contract.sessions import until
from tests.gateways import one_stop
from tests.telegram_gateway import AN, CODE, ROWS


@pytest.fixture
async def stand_in() -> AsyncIterator[StandIn]:
    api = StandIn()
    await api.start()
    yield api
    await api.close()


@pytest.fixture(params=["webhook", pytest.param("polling", marks=pytest.mark.long)])
async def config(
    request: pytest.FixtureRequest, tmp_path: Path, postgres_url: str, stand_in: StandIn
) -> AsyncIterator[Path]:
    async with one_stop(ROWS) as upstream:
        path = tmp_path / "motcua.toml"
        path.write_text(
            f'data_dir = "{tmp_path}"\ndatabase_url = "{postgres_url}"\n'
            '[http]\nport = 0\npublic_url = "https://gateway.example"\n[limits]\nenabled = false\n'
            f'[[upstreams]]\nname = "bacninh"\nbase_url = "{upstream}"\nheads = ["H05"]\n'
            + configuration(stand_in, mode=request.param)
        )
        yield path


async def test_one_takes_updates_another_sends_and_both_may_die(config: Path, stand_in: StandIn) -> None:
    async def start(role: str) -> processes.Program:
        return await processes.start(role, "--config", str(config), log=config.with_name(f"{role}.log"))

    people = Updates()
    async with contextlib.AsyncExitStack() as stack:
        web, worker = await asyncio.gather(start("web"), start("worker"))
        stand_in.public_address = web.address
        for number in range(10):
            stand_in.tell(people.press(AN + number, f"hs:{CODE}"))
        await until(lambda: len(stand_in.sent()) == 10)
        await until(lambda: stand_in.counts["answerCallbackQuery"] == 10)
        await worker.kill()
        for number in range(10):
            stand_in.tell(people.text(AN + number, "TG"))
        await stand_in.all_taken()
        await web.kill()
        for number in range(10):
            stand_in.tell(people.text(AN + number, "EN"))
        worker, web = await asyncio.gather(start("worker"), start("web"))
        stack.push_async_callback(worker.stop)
        stack.push_async_callback(web.stop)
        stand_in.public_address = web.address
        async with asyncio.timeout(60):
            while len(stand_in.sent()) < 30:  # noqa: ASYNC110 - rows of a dead process are taken back after 30 s
                await asyncio.sleep(0.1)
        assert {len(stand_in.sent(AN + number)) for number in range(10)} == {3}
        told = [row for row in await processes.messages(config) if row["direction"] == "out"]
        assert len(told) == len({row["reply_to"] for row in told}) == 30
    logs = "".join(path.read_text() for path in config.parent.glob("*.log"))
    assert "stand-in" not in logs
