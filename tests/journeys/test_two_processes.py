"""The lines and the answering as processes of their own on one PostgreSQL: any of them may die, no answer does."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from tests import processes
from tests.place import Place, place


@pytest.fixture
async def here(tmp_path: Path, unused_tcp_port: int, postgres_url: str) -> AsyncIterator[Place]:
    async with place(tmp_path, unused_tcp_port, database_url=postgres_url, codes=200) as found:
        yield found


async def text(here: Place, codes: Sequence[str]) -> None:
    await asyncio.gather(*(here.telco.deliver(f"849{20_000_000 + int(code[-4:])}", code) for code in codes))


async def judge(here: Place, codes: Sequence[str]) -> None:
    """Each acknowledged text is done with one reply, and what a phone got twice is flagged."""
    told = await processes.messages(here.config)
    done = {row["id"]: row for row in told if row["direction"] == "in" and row["duplicate_of"] is None}
    assert {row["state"] for row in done.values()} == {"done"}
    assert sorted(code for row in done.values() for code in row["codes"]) == sorted(codes)
    replies = [row for row in told if row["direction"] == "out"]
    assert sorted(row["reply_to"] for row in replies) == sorted(done)
    flagged = {code for row in replies if row["possible_duplicate"] for code in row["codes"]}
    twice = {code for code, texts in here.telco.answers.items() if len(texts) > 1}
    assert twice <= flagged
    assert max(len(texts) for texts in here.telco.answers.values()) <= 2


async def test_a_text_goes_from_one_process_to_the_other_and_back(here: Place) -> None:
    lines, worker = await here.start("sms"), await here.start("worker")
    try:
        await text(here, here.codes[:50])
        await here.answered(here.codes[:50])
        assert await worker.stop() == 0
        assert await lines.stop() == 0
    finally:
        await worker.kill()
        await lines.kill()
    await judge(here, here.codes[:50])
    assert not [code for code, texts in here.telco.answers.items() if len(texts) != 1]


@pytest.mark.long
@pytest.mark.timeout(500)
async def test_the_worker_dies_and_comes_back(here: Place) -> None:
    """What the dead one had claimed is free after thirty seconds; what arrived meanwhile waited."""
    lines, worker = await here.start("sms"), await here.start("worker")
    first, second = here.codes[:40], here.codes[40:80]
    try:
        sending = asyncio.create_task(text(here, first))
        await here.answered(first[:1])
        await worker.kill()
        await sending
        await text(here, second)
        worker = await here.start("worker")
        await here.answered([*first, *second], seconds=60)
        assert await worker.stop() == 0
        assert await lines.stop() == 0
    finally:
        await worker.kill()
        await lines.kill()
    await judge(here, [*first, *second])


@pytest.mark.long
@pytest.mark.timeout(500)
async def test_the_process_of_the_lines_dies_and_comes_back(here: Place) -> None:
    """Answers under way are in doubt: sent once more with a flag, never left out."""
    lines, worker = await here.start("sms"), await here.start("worker")
    first, second = here.codes[:40], here.codes[40:60]
    try:
        here.telco.hold = True
        await text(here, first)
        await here.answered(first[:5])
        await lines.kill()
        here.telco.hold = False
        sending = asyncio.create_task(text(here, second))
        lines = await here.start("sms")
        await sending
        await here.answered([*first, *second], seconds=90)
        await settled(here)
        assert await worker.stop() == 0
        assert await lines.stop() == 0
    finally:
        await worker.kill()
        await lines.kill()
    await judge(here, [*first, *second])


async def test_two_workers_share_the_work(here: Place) -> None:
    lines = await here.start("sms")
    workers = [await here.start("worker"), await here.start("worker")]
    try:
        await text(here, here.codes)
        await here.answered(here.codes, seconds=90)
        assert [await worker.stop() for worker in workers] == [0, 0]
        assert await lines.stop() == 0
    finally:
        for program in (*workers, lines):
            await program.kill()
    await judge(here, here.codes)
    assert not [code for code, texts in here.telco.answers.items() if len(texts) != 1]


async def settled(here: Place) -> None:
    """Nothing is in doubt that may still be repeated."""
    for _ in itertools.repeat(None, 60):
        told = await processes.messages(here.config)
        if not [row for row in told if row["state"] in {"in_doubt", "sending"} and row["attempts"] < 2]:
            return
        await asyncio.sleep(1)
    raise AssertionError("something stays in doubt")
