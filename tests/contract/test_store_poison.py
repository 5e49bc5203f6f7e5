"""What cannot be stored fails alone, on both engines: others of its group are stored, and nothing of it is logged."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from bot.errors import StoreError, StoreRefused
from bot.store.base import PlanStore
from tests.contract.store_engines import NOON, Engine, answered, text

SECRET = "chuyen rieng"
Guilty = Callable[[Engine, PlanStore], Awaitable[Awaitable[Any]]]


async def unreadable_person(engine: Engine, store: PlanStore) -> Awaitable[Any]:
    """Somebody damaged the row of the sender."""
    await store.save_inbound(text("first", sender=9), claim=False)
    await engine.rows(f"UPDATE contact SET question = '{{{SECRET}' RETURNING 1")
    return store.save_inbound(text(SECRET, sender=9), claim=True)


async def unwritable_id(engine: Engine, store: PlanStore) -> Awaitable[Any]:
    """A provider's id that is no text."""
    del engine
    return store.record_sent(await answered(store, text(sender=9)), [f"{SECRET}\ud800"], NOON)


async def unwritable_external_id(engine: Engine, store: PlanStore) -> Awaitable[Any]:
    """A channel's id that is no text."""
    del engine
    return store.save_inbound(text(SECRET, sender=9, external_id=f"{SECRET}\udcff"), claim=True)


@pytest.mark.parametrize("guilty", [unreadable_person, unwritable_id, unwritable_external_id])
async def test_the_guilty_unit_fails_alone(engine: Engine, guilty: Guilty, capfd: pytest.CaptureFixture[str]) -> None:
    store = await engine.open()
    bad = await guilty(engine, store)
    others = [store.save_inbound(text(sender=number), claim=True) for number in range(8)]
    results = await asyncio.gather(*others[:4], bad, *others[4:], return_exceptions=True)
    failed = results.pop(4)
    assert isinstance(failed, StoreRefused), failed
    assert all(not isinstance(result, BaseException) and result.claimed for result in results)
    assert (await store.save_inbound(text("after", sender=20), claim=True)).claimed, "the writer lives"
    said = "".join(capfd.readouterr())
    assert "broke" in said
    assert SECRET not in said + str(failed), "nobody's words are in logs or errors"


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("a\0b", "a\ufffdb"),
        ("a\ud800b", "a\ufffdb"),
        ("\udcff", "\ufffd"),
        ("\ud83d\ude00", "\U0001f600"),
        ("Tiếng Việt \U0001f600", "Tiếng Việt \U0001f600"),
        ("x" * 2000, "x" * 2000),
    ],
    ids=["NUL", "half a character", "the other half", "both halves", "whole characters", "the longest"],
)
async def test_any_text_is_stored(engine: Engine, written: str, stored: str) -> None:
    store = await engine.open()
    await store.save_inbound(text(written, content_hash=b""), claim=False)
    (row,) = await store.claim_inbound(1)
    assert row.message.text == stored


async def test_a_plan_with_a_fault_of_ours_does_not_stop_the_store(engine: Engine) -> None:
    store = await engine.open()

    def broken(units: Any) -> Any:
        yield from ()
        raise ZeroDivisionError(units)

    with pytest.raises(StoreError):
        await store.write(broken, SECRET)
    assert (await store.save_inbound(text(), claim=True)).claimed
