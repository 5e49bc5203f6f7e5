"""The history that the benchmark writes is one that the store could have written."""

from datetime import datetime, timedelta
from pathlib import Path

from benchmarks.history import fill, opened
from bot.store import DATABASE_NAME


async def test_the_made_history_can_be_read_and_purged(tmp_path: Path) -> None:
    async with opened(tmp_path):
        pass
    fill(tmp_path / DATABASE_NAME, 80)
    now = datetime.now().astimezone()
    async with opened(tmp_path) as store:
        lines = [line async for line in store.messages(now - timedelta(days=900))]
        assert [line["direction"] for line in lines] == ["in", "out"] * 80
        while await store.sweep(now, 10):
            pass
        left = [line async for line in store.messages(now - timedelta(days=900))]
    assert 140 < len(left) < 150
