"""The real program while its line breaks at each step of a text: nothing is lost, nothing is answered twice unmarked."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp

from bot.clock import VIETNAM
from tests import processes
from tests.gateways import one_stop
from tests.operators import read_submit
from tests.smsc import RESPONSE, UNBIND, Peer, RawSmsc, deliver_sm, frame, raw_smsc

DAY = datetime.now(VIETNAM) - timedelta(days=3)
CODE = f"H05.12-{DAY:%y%m%d}-0001"
OTHER = f"H05.12-{DAY:%y%m%d}-0002"
ROWS = [{"code": CODE, "status": 2}, {"code": OTHER, "status": 2}]
PHONE, WITNESS = "84912345678", "84987654321"
TEXT = deliver_sm(1, PHONE, CODE.encode())
REPEAT_SECONDS = 60
"""An answer in doubt goes once more ten seconds after the line is back."""


@dataclass
class Line:
    smsc: RawSmsc
    program: processes.Program
    config: Path
    folder: Path

    async def end(self, peer: Peer) -> list[dict[str, Any]]:
        """Another phone is still answered and nothing else leaves; then stop the program: what it stored."""
        peer.send(deliver_sm(9, WITNESS, OTHER.encode()))
        assert (await peer.acknowledged()).status == 0
        assert OTHER in await answer_on(peer, WITNESS)
        stopping = asyncio.create_task(self.program.stop())
        peer.send(frame(UNBIND | RESPONSE, (await peer.expect(UNBIND)).sequence))
        assert await stopping == 0
        return [row for row in await processes.messages(self.config) if OTHER not in row["codes"]]


@asynccontextmanager
async def serving(folder: Path, *, statuses: tuple[int, ...] = (), delay_ms: int = 0) -> AsyncIterator[Line]:
    async with raw_smsc(statuses) as smsc, one_stop(ROWS, delay_ms=delay_ms) as upstream:
        config = processes.write_config(folder, smsc_port=smsc.port, upstream=upstream)
        program = await processes.start("serve", "--config", str(config), log=folder / "gateway.log")
        try:
            yield Line(smsc, program, config, folder)
        finally:
            await program.kill()


async def answer_on(peer: Peer, number: str = PHONE) -> str:
    """The next submit_sm, accepted."""
    submit = await peer.submitted()
    peer.accept(submit, "1f")
    to, octets = read_submit(submit.body)
    assert to == number
    return octets.decode("ascii")


def rows(told: list[dict[str, Any]], direction: str) -> list[dict[str, Any]]:
    return [row for row in told if row["direction"] == direction]


async def test_before_the_text_was_whole(tmp_path: Path) -> None:
    async with serving(tmp_path) as line:
        peer = await line.smsc.bound()
        peer.send(TEXT[:-5])
        peer.drop()
        again = await line.smsc.bound()
        again.send(TEXT)
        assert (await again.acknowledged()).status == 0
        assert CODE in await answer_on(again)
        told = await line.end(again)
    assert len(rows(told, "in")) == len(rows(told, "out")) == 1


async def test_after_storing_and_before_the_acknowledgement_arrived(tmp_path: Path) -> None:
    async with serving(tmp_path) as line:
        peer = await line.smsc.bound()
        peer.send(TEXT)
        await peer.hang_up()
        again = await line.smsc.bound()
        assert CODE in await answer_on(again)
        again.send(TEXT)
        assert (await again.acknowledged()).status == 0, "a repeat is acknowledged"
        told = await line.end(again)
    assert len(rows(told, "in")) == 2
    assert [row["possible_duplicate"] for row in rows(told, "out")] == [False]


async def test_after_the_acknowledgement_and_before_the_answer(tmp_path: Path) -> None:
    async with serving(tmp_path, delay_ms=300) as line:
        peer = await line.smsc.bound()
        peer.send(TEXT)
        assert (await peer.acknowledged()).status == 0
        peer.drop()
        again = await line.smsc.bound()
        assert CODE in await answer_on(again)
        told = await line.end(again)
    assert [row["state"] for row in rows(told, "out")] == ["sent"]
    assert len(rows(told, "in")) == 1


async def test_after_the_answer_left_and_before_its_response(tmp_path: Path) -> None:
    async with serving(tmp_path) as line:
        peer = await line.smsc.bound()
        peer.send(TEXT)
        assert (await peer.acknowledged()).status == 0
        first = read_submit((await peer.submitted()).body)
        peer.drop()
        again = await line.smsc.bound()
        async with asyncio.timeout(REPEAT_SECONDS):
            while (submit := await again.next_submit()) is None:
                pass
        assert read_submit(submit.body) == first
        again.accept(submit, "2f")
        told = await line.end(again)
    (answer,) = rows(told, "out")
    assert (answer["state"], answer["possible_duplicate"], answer["attempts"]) == ("sent", True, 2)


async def test_a_refused_bind_is_in_the_log_the_figures_and_the_readiness(tmp_path: Path) -> None:
    async with serving(tmp_path, statuses=(0x0E,) * 9) as line, aiohttp.ClientSession(line.program.address) as http:
        async with asyncio.timeout(60):
            while True:
                async with http.get("/readyz") as ready:
                    assert ready.status == 200, "a line that is down does not stop the rest"
                    if (await ready.json())["smpp"] == {"telco": "refused"}:
                        break
                await asyncio.sleep(0.05)
        async with http.get("/metrics") as metrics:
            figures = (await metrics.text()).splitlines()
        assert 'motcua_line_events_total{event="bind_refused",route="smpp:telco"} 1.0' in figures
        assert 'motcua_up{kind="smpp",name="telco"} 0.0' in figures
        log = [json.loads(entry) for entry in (tmp_path / "gateway.log").read_text().splitlines()]
        (refused,) = [entry for entry in log if entry["event"] == "smpp bind refused"]
        assert (refused["level"], refused["route"], refused["status"]) == ("error", "smpp:telco", 14)
        assert "pw" not in refused.values()
