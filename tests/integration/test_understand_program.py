"""``motcua understand`` as a program: JSON lines from a pipe, the sandbox one-stop behind it."""

import asyncio
import json
import os
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests import processes

PHONE = "84912345678"
CODE = "H05.12-260610-0001"
FORMS = ("{code}", "HS {code}", "cho em hoi {code} xong chua", "NK {code}", "{near}", "hs cua toi", "TG", "cam on")


@pytest.fixture
async def config(tmp_path: Path) -> AsyncIterator[Path]:
    data = tmp_path / "dossiers.json"
    rows = [{"code": f"H05.12-260610-{number:04d}", "phone": PHONE, "status": 2} for number in range(1, 500, 2)]
    data.write_text(json.dumps({"dossiers": rows}))
    one_stop = await processes.start("sandbox", "onestop", "--port", "0", "--data", str(data), log=tmp_path / "log")
    yield processes.write_config(tmp_path, smsc_port=1, upstream=one_stop.address)
    await one_stop.stop()


def line(key: object, text: str) -> str:
    return json.dumps({"id": key, "text": text, "channel": "sms", "sender": PHONE}) + "\n"


def made_lines(count: int) -> list[str]:
    codes = [f"H05.12-260610-{number * 2 % 500 + 1:04d}" for number in range(count)]
    nears = [f"{code[:-1]}{(int(code[-1]) + 1) % 10}" for code in codes]
    texts = [FORMS[number % len(FORMS)].format(code=codes[number], near=nears[number]) for number in range(count)]
    return [line(number, text) for number, text in enumerate(texts)]


async def answers(config: Path, given: str, *more: str) -> list[dict[str, Any]]:
    code, out, errors = await processes.run("understand", "--config", str(config), *more, given=given)
    assert (code, errors) == (0, "")
    return [json.loads(answer) for answer in out.splitlines()]


async def test_answers_come_in_order_and_bad_lines_have_theirs(config: Path) -> None:
    lines = made_lines(300)
    lines[7] = "rubbish\n"
    found = await answers(config, "".join(lines))
    assert [answer["id"] for answer in found] == [number if number != 7 else None for number in range(300)]
    assert [number for number, answer in enumerate(found) if "error" in answer] == [7]
    assert any(answer.get("suggestions") for answer in found)
    assert not (config.parent / "data").exists()


async def test_no_lines_no_answers(config: Path) -> None:
    assert await answers(config, "") == []


async def test_the_time_can_be_fixed(config: Path) -> None:
    (answer,) = await answers(config, line(1, CODE), "--at", "2026-06-01T09:00:00+07:00")
    assert answer["slots"] == {}
    (answer,) = await answers(config, line(1, CODE), "--at", "2026-06-11T09:00:00+07:00")
    assert answer["resolved"] == [CODE]


async def test_an_upstream_that_is_down(tmp_path: Path) -> None:
    config = processes.write_config(tmp_path, smsc_port=1, upstream="http://127.0.0.1:1")
    found = await answers(config, line(1, CODE) + line(2, "TG"))
    assert found[0] == {"id": 1, "error": "upstream"}
    assert found[1]["intent"] == "help"


async def test_a_line_is_answered_before_the_next_one_comes(config: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "understand", "--config", str(config)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env=dict(os.environ),
    )
    assert process.stdin is not None
    assert process.stdout is not None
    for key in range(3):
        process.stdin.write(line(key, CODE).encode())
        async with asyncio.timeout(20):
            assert json.loads(await process.stdout.readline())["id"] == key
    process.stdin.close()
    assert await process.wait() == 0


@pytest.mark.long
async def test_ten_thousand_lines_take_less_than_a_minute(config: Path) -> None:
    given = "".join(made_lines(10_000))
    began = time.monotonic()
    found = await answers(config, given)
    seconds = time.monotonic() - began
    assert [answer["id"] for answer in found] == list(range(10_000))
    assert not [answer for answer in found if "error" in answer]
    assert seconds < 60, f"{10_000 / seconds:.0f} lines a second"
