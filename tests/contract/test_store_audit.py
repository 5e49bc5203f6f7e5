"""The audit log on both engines: without gaps, and whoever changes it past the program is found out."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.access.records import AuditEntry, ChainCheck
from bot.store import audit
from bot.store.audit import AuditWish
from bot.store.officer_book import OfficerBook
from tests.contract.store_engines import KEYRING, NOON, Engine


def entry(subject: str, **more: object) -> AuditEntry:
    facts: dict[str, object] = {"at": NOON, "who": "an", "officer": 1, "address": "192.0.2.1", "action": "viewed"}
    return AuditEntry(subject=subject, data={"reason": "khiếu nại", "a": 1}, **(facts | more))  # type: ignore[arg-type]


async def filled(engine: Engine, count: int = 5) -> OfficerBook:
    book = OfficerBook(await engine.open(), KEYRING, engine.clock)
    for number in range(count):
        await book.record(entry(f"PA{number}"))
    return book


async def test_entries_come_back_newest_first(engine: Engine) -> None:
    book = await filled(engine)
    rows = await book.log(AuditWish(limit=2))
    assert [(row.number, row.entry) for row in rows] == [(5, entry("PA4")), (4, entry("PA3"))]
    assert [row.number for row in await book.log(AuditWish(before=4))] == [3, 2, 1]
    assert [row.number for row in await book.log(AuditWish(subject="PA1"))] == [2]
    assert [row.number for row in await book.log(AuditWish(officer=2))] == []
    assert [row.number for row in await book.log(AuditWish(action="exported"))] == []
    assert len(await book.log(AuditWish(since=NOON, until=NOON + timedelta(seconds=1)))) == 5


async def test_many_at_once_make_one_chain(engine: Engine) -> None:
    book = await filled(engine, 0)
    await asyncio.gather(*(book.record(entry(f"{number}a"), entry(f"{number}b")) for number in range(40)))
    assert await book.check_log() == ChainCheck(rows=80)


@pytest.mark.parametrize(
    ("damage", "broken_at"),
    [
        pytest.param("UPDATE audit SET data = '{}' WHERE number = 3", 3, id="a changed row"),
        pytest.param("UPDATE audit SET officer = 9 WHERE number = 1", 1, id="the first row changed"),
        pytest.param("DELETE FROM audit WHERE number = 3", 3, id="a missing row"),
        pytest.param("DELETE FROM audit WHERE number = 5", 5, id="the newest row missing"),
        pytest.param("DELETE FROM audit", 1, id="everything gone"),
        pytest.param("UPDATE audit SET number = 9 WHERE number = 5", 5, id="a row moved"),
    ],
)
async def test_a_change_past_the_program_shows(engine: Engine, damage: str, broken_at: int) -> None:
    book = await filled(engine)
    assert await book.check_log() == ChainCheck(rows=5)
    await engine.change(damage)
    assert (await book.check_log()).broken_at == broken_at


async def test_another_key_makes_no_chain_that_holds(engine: Engine) -> None:
    book = await filled(engine)
    forged = audit.Record(entries=(entry("PA9"),), digest=lambda content: content[:16])
    await book._store.write(audit.record, forged)
    assert (await book.check_log()).broken_at == 6


async def test_long_logs_are_checked_in_pieces(engine: Engine) -> None:
    book = await filled(engine, 0)
    await book.record(*(entry(str(number)) for number in range(2 * audit.CHECKED_AT_ONCE)))
    assert await book.check_log() == ChainCheck(rows=2 * audit.CHECKED_AT_ONCE)


async def test_what_is_five_years_old_goes_and_the_rest_still_holds(engine: Engine) -> None:
    book = await filled(engine, 3)
    await book.record(replace(entry("later"), at=NOON + timedelta(days=900)))
    engine.clock.advance(5.5 * 365 * 86_400)
    await book.tidy()
    assert [row.entry.subject for row in await book.log(AuditWish())] == ["later"]
    assert (await book.check_log()).broken_at is None
