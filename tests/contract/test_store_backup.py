"""A copy of the SQLite file, made while it is written: whole, consistent, and a store of its own."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.errors import StoreError
from bot.store import make_store
from bot.store.port import Decision, NewOutbound
from bot.store.sqlite import SqliteStore
from bot.store.sqlite_file import back_up
from tests.contract.store_engines import KEYRING, NOON, SqliteEngine, claimed, reply, text


async def write_on(store: SqliteStore, begun: asyncio.Event, stop: asyncio.Event) -> int:
    count = 0
    while not stop.is_set():
        row = await claimed(store, text(str(count), sender=count))
        new = (NewOutbound(message=reply(store, row, to=row.message.sender), sending=True),)
        await store.decide(Decision(inbound=row, at=NOON, outbound=new))
        count += 1
        begun.set()
    return count


async def test_a_copy_while_writing_can_be_restored(sqlite_engine: SqliteEngine, tmp_path: Path) -> None:
    store = await sqlite_engine.open()
    assert isinstance(store, SqliteStore)
    begun, stop = asyncio.Event(), asyncio.Event()
    writing = asyncio.create_task(write_on(store, begun, stop))
    await begun.wait()
    copies = [tmp_path / f"copy{number}" / "motcua.db" for number in range(5)]
    for copy in copies:
        copy.parent.mkdir()
        await asyncio.to_thread(back_up, store.path, copy)
    stop.set()
    written = await writing
    counts = []
    for copy in copies:
        with closing(sqlite3.connect(copy)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            done = connection.execute("SELECT count(*) FROM inbox WHERE state = 'done'").fetchone()
            assert connection.execute("SELECT count(*) FROM outbox").fetchone() == done, "no half decision"
            assert connection.execute("SELECT count(*) FROM attempt").fetchone() == done
            counts.append(done[0])
        assert copy.stat().st_mode & 0o777 == 0o600
    assert counts == sorted(counts)
    assert 0 < counts[0] <= counts[-1] <= written
    restored = make_store("", copies[-1].parent, KEYRING, sqlite_engine.clock)
    await restored.open()
    assert (await restored.figures(NOON)).in_doubt == counts[-1], "its sends may have happened"
    again = await restored.save_inbound(text("0", sender=0), claim=True)
    assert again.duplicate_of is not None, "what is sent again is recognised"
    await restored.close()


async def test_a_copy_replaces_an_older_one_only_when_it_is_good(sqlite_engine: SqliteEngine, tmp_path: Path) -> None:
    store = await sqlite_engine.open()
    assert isinstance(store, SqliteStore)
    target = tmp_path / "copy.db"
    target.write_text("older")
    with pytest.raises(StoreError, match="does not exist"):
        back_up(tmp_path / "missing" / "motcua.db", target)
    assert target.read_text() == "older"
    await asyncio.to_thread(back_up, store.path, target)
    assert target.read_bytes().startswith(b"SQLite format 3")
    assert not target.with_name("copy.db.partial").exists()
