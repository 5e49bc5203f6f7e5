"""``kill -9`` again and again under 100 texts a second: what was acknowledged is answered, and a repeat can be told."""

import asyncio
import json
import random
import sys
import time
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
import smpp34

from tests import processes

VIETNAM = timezone(timedelta(hours=7))
PER_SECOND = 100
TEXTS_PER_NUMBER = 10
LAST_WORDS_SECONDS = 90


@dataclass
class Telco:
    """An operator: keeps a text until it is acknowledged, delivers it again over the next bind, remembers every answer."""

    server: smpp34.Server
    acknowledged: set[str] = field(default_factory=set)
    answers: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    binds: int = 0
    _esme: smpp34.Esme | None = None
    _bound: asyncio.Event = field(default_factory=asyncio.Event)

    async def listen(self) -> None:
        count = 0
        while (event := await self.server.next()) is not None:
            match event:
                case smpp34.SubmitSmEvent():
                    count += 1
                    self._keep(event.short_message.decode("ascii"))
                    event.accept(f"{count:x}")
                case smpp34.Esme():
                    self._esme, self.binds = event, self.binds + 1
                    self._bound.set()
                case _:
                    self._bound.clear()

    def _keep(self, text: str) -> None:
        code = next(word.strip(":.,?") for word in text.split() if word.startswith("H05."))
        self.answers[code].append(text)

    async def deliver(self, number: str, code: str) -> None:
        """Until it is acknowledged with status 0."""
        while code not in self.acknowledged:
            await self._bound.wait()
            esme = self._esme
            assert esme is not None
            try:
                async with asyncio.timeout(5):
                    response = await esme.deliver_sm(
                        source_addr=number,
                        source_addr_ton=1,
                        source_addr_npi=1,
                        destination_addr="8283",
                        short_message=code.encode(),
                    )
            except (smpp34.SmppError, TimeoutError, RuntimeError, ConnectionError):
                await asyncio.sleep(0.2)
                continue
            if response.command_status == 0:
                self.acknowledged.add(code)
            else:
                await asyncio.sleep(0.2)


@asynccontextmanager
async def telco_on(port: int) -> AsyncIterator[Telco]:
    server = smpp34.Server(host="127.0.0.1", port=port, system_id="SMSC")
    await server.start()
    telco = Telco(server)
    listening = asyncio.create_task(telco.listen())
    try:
        yield telco
    finally:
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
        await server.stop()


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.parametrize(("engine", "kills"), [("sqlite", 20), ("postgresql", 10)])
async def test_kills_under_load(
    engine: str, kills: int, tmp_path: Path, unused_tcp_port: int, request: pytest.FixtureRequest
) -> None:
    url = request.getfixturevalue("postgres_url") if engine == "postgresql" else ""
    top = f'database_url = "{url}"' if url else ""
    async with telco_on(unused_tcp_port) as telco:
        rows = made_codes(PER_SECOND * (kills + 2) * 2)
        data = tmp_path / "dossiers.json"
        data.write_text(json.dumps({"dossiers": [{"code": code, "status": 2} for code in rows]}))
        one_stop = await processes.start(
            "sandbox", "onestop", "--port", "0", "--data", str(data), log=tmp_path / "one-stop.log"
        )
        config = processes.write_config(
            tmp_path, smsc_port=unused_tcp_port, upstream=one_stop.address, top=top, extra="[limits]\nenabled = false\n"
        )
        if url:
            assert (await processes.run("migrate", "--config", str(config)))[0] == 0
        gateway = await processes.start("serve", "--config", str(config), log=tmp_path / "gateway.log")
        load = asyncio.create_task(deliver_steadily(telco, rows))
        chance = random.Random(7)
        for _ in range(kills):
            await asyncio.sleep(chance.uniform(0.5, 1.5))
            await gateway.kill()
            gateway = await processes.start("serve", "--config", str(config), log=tmp_path / "gateway.log")
        load.cancel()
        sent = await load
        await until_all_answered(telco)
        told = await processes.messages(config)
        assert await gateway.stop() == 0
        await one_stop.stop()
    report = examine(telco, told)
    (tmp_path / "report").write_text(f"{engine}: {kills} kills, {sent} texts offered, {report}\n")
    sys.stdout.write((tmp_path / "report").read_text())
    assert report.acknowledged > PER_SECOND * kills * 0.3
    assert report.never_answered == 0
    assert report.repeats_not_flagged == 0


def made_codes(count: int) -> list[str]:
    day = datetime.now(VIETNAM) - timedelta(days=3)
    return [f"H05.{10 + index // 9000}-{day:%y%m%d}-{index % 9000 + 1:04d}" for index in range(count)]


async def deliver_steadily(telco: Telco, codes: list[str]) -> int:
    """100 texts a second, each number at most ten; when cancelled, what is under way is still delivered."""
    under_way: set[asyncio.Task[None]] = set()
    started = time.monotonic()
    sent = 0
    try:
        for index, code in enumerate(codes):
            wait = started + index / PER_SECOND - time.monotonic()
            if wait > 0:
                await asyncio.sleep(wait)
            task = asyncio.create_task(telco.deliver(f"849{10_000_000 + index // TEXTS_PER_NUMBER}", code))
            under_way.add(task)
            task.add_done_callback(under_way.discard)
            sent += 1
    except asyncio.CancelledError:
        pass
    if under_way:
        await asyncio.wait(under_way, timeout=LAST_WORDS_SECONDS)
    return sent


async def until_all_answered(telco: Telco) -> None:
    """Answers in doubt are sent again ten seconds after the line is back, so there is some waiting to do."""
    for _ in range(LAST_WORDS_SECONDS):
        await asyncio.sleep(1)
        if not telco.acknowledged - set(telco.answers):
            break
    await asyncio.sleep(12)


@dataclass(frozen=True)
class Report:
    acknowledged: int
    answered: int
    never_answered: int
    sent_twice: int
    repeats_not_flagged: int
    flagged: int
    inbox_rows_of_acknowledged: int


def examine(telco: Telco, told: list[dict[str, Any]]) -> Report:
    """What ``motcua messages --jsonl`` says, held against what the operator saw."""
    inbound = {
        row["codes"][0]: row for row in told if row["direction"] == "in" and row["codes"] and row["state"] == "done"
    }
    replies: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in told:
        if row["direction"] == "out":
            replies[str(row["reply_to"])].append(row)
    answered = {
        code
        for code, row in inbound.items()
        if any(reply["state"] in {"sent", "delivered"} for reply in replies[str(row["id"])])
    }
    answered |= {code for code in inbound if telco.answers[code]}
    twice = [code for code, texts in telco.answers.items() if len(texts) > 1]
    by_code = Counter(
        code for row in told if row["direction"] == "out" and row["possible_duplicate"] for code in row["codes"]
    )
    return Report(
        acknowledged=len(telco.acknowledged),
        answered=len(answered),
        never_answered=len(telco.acknowledged - answered),
        sent_twice=len(twice),
        repeats_not_flagged=len([code for code in twice if not by_code[code]]),
        flagged=sum(by_code.values()),
        inbox_rows_of_acknowledged=len(telco.acknowledged & set(inbound)),
    )
