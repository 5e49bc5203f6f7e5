"""``kill -9`` again and again under 100 texts a second: what was acknowledged is answered, and a repeat can be told."""

import asyncio
import json
import random
import sys
import time
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from tests import processes
from tests.telco import Telco, telco_on

VIETNAM = timezone(timedelta(hours=7))
PER_SECOND = 100
TEXTS_PER_NUMBER = 10
LAST_WORDS_SECONDS = 90


@pytest.mark.long
@pytest.mark.timeout(600)
async def test_kills_under_load(database_url: str, tmp_path: Path, unused_tcp_port: int) -> None:
    engine, kills = ("postgresql", 10) if database_url else ("sqlite", 20)
    top = f'database_url = "{database_url}"' if database_url else ""
    async with telco_on(unused_tcp_port) as telco:
        rows = made_codes(PER_SECOND * (kills + 2) * 6)
        data = tmp_path / "dossiers.json"
        data.write_text(json.dumps({"dossiers": [{"code": code, "status": 2} for code in rows]}))
        one_stop = await processes.start(
            "sandbox", "onestop", "--port", "0", "--data", str(data), log=tmp_path / "one-stop.log"
        )
        config = processes.write_config(
            tmp_path, smsc_port=unused_tcp_port, upstream=one_stop.address, top=top, extra="[limits]\nenabled = false\n"
        )
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
    assert report.never_stored == report.never_answered == report.wrongly_told_sent == 0
    assert report.sent_oftener == report.repeats_not_flagged == 0


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
    never_stored: int
    never_answered: int
    """Acknowledged, and no phone ever saw an answer."""
    wrongly_told_sent: int
    """The gateway says sent, the operator never saw it."""
    sent_twice: int
    sent_oftener: int
    repeats_not_flagged: int
    flagged: int


def examine(telco: Telco, told: list[dict[str, Any]]) -> Report:
    """What ``motcua messages --jsonl`` says, held against what the operator saw."""
    inbound = {str(row["id"]): row for row in told if row["direction"] == "in" and row["state"] == "done"}
    stored = {code for row in inbound.values() for code in row["codes"]}
    outbound = [row for row in told if row["direction"] == "out"]
    sent = {code for row in outbound if row["state"] in {"sent", "delivered"} for code in row["codes"]}
    flagged = Counter(code for row in outbound if row["possible_duplicate"] for code in row["codes"])
    times = {code: len(texts) for code, texts in telco.answers.items()}
    return Report(
        acknowledged=len(telco.acknowledged),
        never_stored=len(telco.acknowledged - stored),
        never_answered=len(telco.acknowledged - set(times)),
        wrongly_told_sent=len(sent - set(times)),
        sent_twice=len([code for code, count in times.items() if count == 2]),
        sent_oftener=len([code for code, count in times.items() if count > 2]),
        repeats_not_flagged=len([code for code, count in times.items() if count > 1 and not flagged[code]]),
        flagged=sum(flagged.values()),
    )
