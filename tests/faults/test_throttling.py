"""An operator that throttles (0x58): nothing is lost, the rate falls and comes back, each phone gets its texts in order."""

import asyncio
import random
import sys
import time
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.clock import VIETNAM
from tests.gateways import gateway
from tests.operators import Operator

RATE = 60
OFFERED = 20
"""Texts a second while the operator throttles."""
PHONES = 40
THROTTLED = 0x58


def made_codes(count: int) -> list[str]:
    day = datetime.now(VIETNAM) - timedelta(days=3)
    return [f"H05.{10 + index % 90}-{day:%y%m%d}-{index + 1:04d}" for index in range(count)]


async def offer(telco: Operator, codes: list[str]) -> None:
    """One after the other at a steady pace; each phone sends every fortieth."""
    started = time.monotonic()
    for index, code in enumerate(codes):
        await asyncio.sleep(max(0.0, started + index / OFFERED - time.monotonic()))
        assert await telco.deliver(phone(index), code.encode()) == 0


def phone(index: int) -> str:
    return f"849{10_000_000 + index % PHONES}"


@pytest.mark.parametrize("share", [0.1, 1.0], ids=["one in ten", "all"])
@pytest.mark.parametrize(
    "seconds",
    [4, pytest.param(30, marks=(pytest.mark.long, pytest.mark.timeout(180)))],
    ids=lambda seconds: f"{seconds} s",
)
async def test_throttling_loses_nothing(seconds: int, share: float, tmp_path: Path) -> None:
    codes = made_codes(OFFERED * seconds)
    chance = random.Random(3)
    ends = time.monotonic() + 3600

    def judge(_to: str, _text: str) -> int:
        return THROTTLED if time.monotonic() < ends and chance.random() < share else 0

    rows = [{"code": code, "status": 2} for code in codes]
    off = "[limits]\nenabled = false"
    async with gateway(tmp_path, rows, judge=judge, smpp=f"rate = {RATE}", extra=off) as line:
        telco = line.operator
        started = time.monotonic()
        ends = started + seconds
        await offer(telco, codes)
        await telco.until(lambda: sum(not one.status for one in telco.submitted) >= len(codes), 120)

    accepted = [one for one in telco.submitted if not one.status]
    for number in {phone(index) for index in range(PHONES)}:
        asked = [code for index, code in enumerate(codes) if phone(index) == number]
        got = [code for text in telco.texts_to(number) for code in asked if code in text]
        assert got == asked, "each once and in order"
    tries = Counter(int(one.at - started) for one in telco.submitted)
    flow = Counter(int(one.at - ends) for one in accepted if one.at >= ends)
    sys.stdout.write(
        f"{share:.0%} for {seconds} s: {len(telco.submitted)} submits for {len(accepted)} answers; "
        f"submits each second {[tries[second] for second in range(max(tries) + 1)]}\n"
    )
    assert min(tries[second] for second in range(1, seconds)) < OFFERED / 2, "it fell"
    if share == 1:
        assert not [one for one in accepted if one.at < ends]
        assert max(flow.values()) > OFFERED / 2, "it came back"


async def test_a_restart_while_everything_is_throttled_leaves_no_doubt(tmp_path: Path) -> None:
    codes = made_codes(12)
    rows = [{"code": code, "status": 2} for code in codes]
    async with gateway(tmp_path, rows, judge=lambda _to, _text: THROTTLED) as line:
        for index, code in enumerate(codes):
            assert await line.operator.deliver(phone(index % 3), code.encode()) == 0
        await line.settled()
        await line.operator.until(lambda: len(line.operator.submitted) > 2)
    assert {row["state"] for row in line.written()} == {"ready"}
    async with gateway(tmp_path, rows) as line:
        await line.operator.until(lambda: len(line.operator.submitted) == len(codes))
        for number in range(3):
            asked = codes[number::3]
            texts = line.operator.texts_to(phone(number))
            assert [code for text in texts for code in asked if code in text] == asked
    assert {(row["state"], row["possible_duplicate"]) for row in line.written()} == {("sent", 0)}
