"""PostgreSQL goes away in every way: a commit is never guessed, nothing acknowledged is lost, nothing is stored twice."""

import asyncio
import signal
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import pytest

from bot.clock import FixedClock
from bot.errors import StoreRefused
from bot.store import make_store
from bot.store.base import PlanStore
from bot.store.port import Decision, NewOutbound
from tests.contract.store_engines import KEYRING, NOON, ROUTE, PostgresEngine, claimed, new_database, reply, text
from tests.contract.store_postgres import PostgresServer
from tests.proxy import Cut, Proxy, proxy_to

SOCKET = ".s.PGSQL.5432"
PATIENCE = 30


@pytest.fixture
async def proxy(postgres: PostgresServer) -> AsyncIterator[Proxy]:
    async with proxy_to(postgres.folder / SOCKET) as line:
        yield line


@pytest.fixture
async def store(postgres: PostgresServer, proxy: Proxy) -> AsyncIterator[PlanStore]:
    """A store behind the line that can be cut."""
    url = await new_database(postgres, migrated=True)
    store = make_store(proxy.url(url.partition("?")[0].rpartition("/")[2]), Path(), KEYRING, FixedClock(NOON))
    await store.open()
    yield store
    proxy.thaw()
    proxy.away = False
    await store.close()


async def count(store: PlanStore, table: str) -> int:
    rows = await store._session.execute(f"SELECT count(*) FROM {table}")  # type: ignore[attr-defined]
    return int(rows[0][0])


@pytest.mark.parametrize("cut", [Cut.BEFORE, Cut.AFTER], ids=lambda cut: cut.value)
async def test_a_text_whose_commit_was_cut_is_stored_once(store: PlanStore, proxy: Proxy, cut: Cut) -> None:
    proxy.cut = cut
    saved = await store.save_inbound(text(), claim=True)
    assert proxy.cuts == 1
    assert saved.claimed is not None
    assert saved.duplicate_of is None
    assert await count(store, "inbox") == 1


@pytest.mark.parametrize("cut", [Cut.BEFORE, Cut.AFTER], ids=lambda cut: cut.value)
async def test_a_decision_whose_commit_was_cut_is_stored_once(store: PlanStore, proxy: Proxy, cut: Cut) -> None:
    row = await claimed(store, text())
    proxy.cut = cut
    out = reply(store, row)
    await store.decide(Decision(inbound=row, at=NOON, outbound=(NewOutbound(message=out, sending=True),)))
    await store.record_sent(out, ["a1"], NOON)
    assert (proxy.cuts, await count(store, "outbox"), await count(store, "attempt")) == (1, 1, 1)


@pytest.mark.parametrize("cut", [Cut.BEFORE, Cut.AFTER], ids=lambda cut: cut.value)
async def test_a_claim_whose_commit_was_cut_is_ours_once(store: PlanStore, proxy: Proxy, cut: Cut) -> None:
    saved = await store.save_inbound(text(), claim=False)
    proxy.cut = cut
    assert [(row.id, row.attempts) for row in await store.claim_inbound(10)] == [(saved.id, 1)]


@pytest.mark.parametrize("cut", [Cut.BEFORE, Cut.AFTER], ids=lambda cut: cut.value)
async def test_when_nobody_can_tell_the_sender_is_asked_to_come_again(store: PlanStore, proxy: Proxy, cut: Cut) -> None:
    """The server is gone right after the commit was asked for. Whichever way it went: one row, one message to work on."""
    proxy.cut, proxy.away_after_cut = cut, True
    with pytest.raises(StoreRefused):
        await store.save_inbound(text(), claim=True)
    proxy.away = False
    before = store.epoch
    again = await store.save_inbound(text(), claim=False)
    assert (again.duplicate_of is not None) is (cut is Cut.AFTER), "the repeat finds what was stored"
    await store.renew()
    assert store.epoch != before, "rows may be ours without our knowing: they are given back"
    (row,) = await store.claim_inbound(10)
    assert row.id == (again.duplicate_of or again.id)


async def test_a_silent_server_is_not_waited_for_for_ever(store: PlanStore, proxy: Proxy) -> None:
    await store.save_inbound(text("before"), claim=False)
    await asyncio.gather(*(store.claim_inbound(1) for _ in range(8)))  # several lines are open, so none is made anew
    proxy.freeze()
    started = time.monotonic()
    with pytest.raises(StoreRefused):
        await store.save_inbound(text("during"), claim=False)
    assert time.monotonic() - started < PATIENCE
    proxy.thaw()
    proxy.drop_all()
    assert await store.save_inbound(text("after"), claim=False)
    await store.renew()


async def test_all_lines_cut_at_once_go_unnoticed(store: PlanStore, proxy: Proxy) -> None:
    for number in range(5):
        proxy.drop_all()
        saved = await asyncio.gather(
            *(store.save_inbound(text(sender=number * 20 + n), claim=False) for n in range(20))
        )
        assert len({item.id for item in saved}) == 20
    await store.renew()
    assert await count(store, "inbox") == 100


async def test_a_locked_table_refuses_the_whole_group_soon(postgres_engine: PostgresEngine) -> None:
    store = await postgres_engine.open()
    locker = await asyncpg.connect(postgres_engine.url)
    await locker.execute("BEGIN; LOCK TABLE inbox IN ACCESS EXCLUSIVE MODE")
    started = time.monotonic()
    first = [store.save_inbound(text(sender=number), claim=False) for number in range(50)]
    results = await asyncio.gather(*first, return_exceptions=True)
    assert {type(result) for result in results} == {StoreRefused}
    assert time.monotonic() - started < 10, "not one lock time for each message"
    await locker.execute("ROLLBACK")
    await locker.close()
    assert await store.save_inbound(text(), claim=False)
    await store.renew()


FULL = """
CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$;
CREATE TRIGGER full_disk BEFORE INSERT ON inbox EXECUTE FUNCTION full_disk();
"""


async def test_a_full_disk_refuses_and_heals(postgres_engine: PostgresEngine) -> None:
    store = await postgres_engine.open()
    admin = await asyncpg.connect(postgres_engine.url)
    await admin.execute(FULL)
    results = await asyncio.gather(
        *(store.save_inbound(text(sender=number), claim=False) for number in range(20)), return_exceptions=True
    )
    assert {type(result) for result in results} == {StoreRefused}
    assert await store.claim_inbound(10) == [], "what needs no space goes on"
    await admin.execute("DROP TRIGGER full_disk ON inbox")
    await admin.close()
    assert await store.save_inbound(text(), claim=False)


@pytest.fixture(scope="module")
def own_server() -> Iterator[PostgresServer]:
    """A server that this file may kill."""
    server = PostgresServer(durable=True)
    yield server
    server.remove()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGQUIT, signal.SIGKILL], ids=lambda how: how.name)
async def test_a_restart_of_the_server(own_server: PostgresServer, how: signal.Signals) -> None:
    """Fast, as a crash, and killed: while texts arrive, are decided and sent."""
    engine = PostgresEngine(await new_database(own_server, migrated=True))
    store = await engine.open()
    stored: list[int] = []
    stop = asyncio.Event()

    async def arrive(lane: int) -> None:
        number = 0
        while not stop.is_set():
            number += 1
            try:
                saved = await store.save_inbound(text(f"{number}", sender=lane), claim=True)
                stored.append(saved.id)
                if saved.claimed:
                    out = reply(store, saved.claimed, to=saved.claimed.message.sender)
                    new = NewOutbound(message=out, sending=True)
                    await store.decide(Decision(inbound=saved.claimed, at=NOON, outbound=(new,)))
                    await store.record_sent(out, [f"{out.id:x}"], NOON)
            except StoreRefused:
                await asyncio.sleep(0.05)

    lanes = [asyncio.create_task(arrive(lane)) for lane in range(8)]
    await asyncio.sleep(0.3)
    await asyncio.to_thread(own_server.stop, how)
    await asyncio.to_thread(own_server.start)
    before, started = len(stored), time.monotonic()
    while len(stored) < before + 50:
        await asyncio.sleep(0.02)
        assert time.monotonic() - started < 60, "reconnects by itself"
    stop.set()
    await asyncio.gather(*lanes)
    await store.renew()
    found = {row[0] for row in await engine.rows("SELECT id FROM inbox")}
    assert set(stored) <= found, "what was acknowledged is there"
    assert len(stored) == len(set(stored))
    twice = await engine.rows("SELECT reply_to FROM outbox GROUP BY reply_to HAVING count(*) > 1")
    assert twice == []
    assert await store.claim_outbound(ROUTE, 10, NOON) == []
    await engine.close()
