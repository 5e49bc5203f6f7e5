"""A hundred texts a second on one bind with a window of ten, the one-stop system taking 50 ms: how long each step takes."""

import asyncio
import json
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.clock import VIETNAM
from tests import processes
from tests.operators import Operator, operator

PER_SECOND, SECONDS = 100, 60
NUMBERS = 600
ACKNOWLEDGED_SECONDS, ANSWERED_SECONDS = 0.05, 1.0
"""What 99 in a hundred must keep."""


def made_codes(count: int) -> list[str]:
    day = datetime.now(VIETNAM) - timedelta(days=3)
    return [f"H05.{10 + index % 90}-{day:%y%m%d}-{index // 90 + 1:04d}" for index in range(count)]


async def deliver(telco: Operator, index: int, code: str, due: float) -> tuple[float, float]:
    """When it was delivered and how long the acknowledgement took, counted from when it was due."""
    assert await telco.deliver(f"849{10_000_000 + index % NUMBERS}", code.encode()) == 0
    return due, time.monotonic() - due


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


@pytest.mark.long
@pytest.mark.timeout(300)
async def test_a_hundred_texts_a_second(tmp_path: Path) -> None:
    codes = made_codes(PER_SECOND * SECONDS)
    data = tmp_path / "dossiers.json"
    data.write_text(json.dumps({"dossiers": [{"code": code, "status": 2} for code in codes]}), encoding="utf-8")
    one_stop = await processes.start(
        "sandbox", "onestop", "--port", "0", "--delay-ms", "50", "--data", str(data), log=tmp_path / "one-stop.log"
    )
    async with operator() as telco:
        config = processes.write_config(
            tmp_path,
            smsc_port=telco.port,
            upstream=one_stop.address,
            smpp="window = 10",
            extra="[limits]\nenabled = false",
        )
        gateway = await processes.start("serve", "--config", str(config), log=tmp_path / "gateway.log")
        await telco.bound()
        started = time.monotonic()
        tasks: list[asyncio.Task[tuple[float, float]]] = []
        for index, code in enumerate(codes):
            due = started + index / PER_SECOND
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            tasks.append(asyncio.create_task(deliver(telco, index, code, due)))
        delivered = await asyncio.gather(*tasks)
        await telco.until(lambda: len(telco.submitted) >= len(codes), 60)
        assert await gateway.stop() == 0
        await one_stop.stop()
    at = {
        next(word for word in one.text.replace(":", " ").split() if word.startswith("H05.")): one.at
        for one in telco.submitted
    }
    assert len(at) == len(telco.submitted) == len(codes), "each once"
    acknowledged = [seconds for _, seconds in delivered]
    answered = [at[code] - due for code, (due, _) in zip(codes, delivered, strict=True)]
    for name, values in (("deliver_sm_resp", acknowledged), ("answer", answered)):
        told = ", ".join(f"p{share * 100:.0f} {percentile(values, share) * 1000:.1f} ms" for share in (0.5, 0.95, 0.99))
        sys.stdout.write(f"{name}: {told}, worst {max(values) * 1000:.1f} ms of {len(values)}\n")
    assert percentile(acknowledged, 0.99) < ACKNOWLEDGED_SECONDS
    assert percentile(answered, 0.99) < ANSWERED_SECONDS
