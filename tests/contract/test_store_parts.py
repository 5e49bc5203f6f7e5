"""Long texts in parts, on both engines."""

from datetime import timedelta

import pytest

from tests.contract.store_engines import NOON, Engine, part, text

LATER = NOON + timedelta(seconds=5)


@pytest.mark.parametrize("order", [(1, 2, 3), (3, 1, 2), (2, 3, 1)], ids=str)
async def test_the_last_part_completes_the_group(engine: Engine, order: tuple[int, ...]) -> None:
    store = await engine.open()
    groups = [await store.save_part(part(index)) for index in order]
    assert groups[:2] == [None, None]
    assert groups[2] is not None
    assert [found.index for found in groups[2].parts] == [1, 2, 3]
    assert groups[2].parts == tuple(part(index) for index in (1, 2, 3))


async def test_a_repeated_part_changes_nothing(engine: Engine) -> None:
    store = await engine.open()
    await store.save_part(part(1))
    assert await store.save_part(part(1, at=LATER)) is None
    assert len(await engine.rows("SELECT 1 FROM inbox_part")) == 1
    await store.save_part(part(2))
    group = await store.save_part(part(3))
    assert group is not None
    await store.finish_group(group.id, text("joined"), claim=True)
    assert await store.save_part(part(3, at=LATER)) is None, "also after the group was joined"
    assert len(await engine.rows("SELECT 1 FROM part_group")) == 1


async def test_a_group_is_joined_once(engine: Engine) -> None:
    store = await engine.open()
    group = await store.save_part(part(1, total=1))
    assert group is not None
    first = await store.finish_group(group.id, text("joined", content_hash=b""), claim=True)
    again = await store.finish_group(group.id, text("joined", content_hash=b""), claim=True)
    assert first.claimed is not None
    assert (again.duplicate_of, again.claimed) == (first.id, None)
    assert len(await engine.rows("SELECT 1 FROM inbox")) == 1


async def test_other_octets_under_the_same_number_are_another_text(engine: Engine) -> None:
    store = await engine.open()
    await store.save_part(part(1))
    await store.save_part(part(1, body="another long text"))
    assert len(await engine.rows("SELECT 1 FROM part_group")) == 2


async def test_groups_to_join_survive_a_restart(engine: Engine) -> None:
    store = await engine.open()
    await store.save_part(part(1, reference=1))
    for index in (1, 2, 3):
        await store.save_part(part(index, reference=2, at=LATER))
    await engine.abandon(store)
    store = await engine.open()
    complete = await store.due_groups(NOON, 10)
    assert [[found.index for found in group.parts] for group in complete] == [[1, 2, 3]]
    waited = await store.due_groups(NOON + timedelta(seconds=1), 10)
    assert [len(group.parts) for group in waited] == [1, 3]
    assert waited[0].parts == (part(1, reference=1),)
    assert (waited[0].opened_at, waited[0].total) == (NOON, 3)


async def test_a_late_part_is_stored_and_stays_quiet(engine: Engine) -> None:
    store = await engine.open()
    await store.save_part(part(1, total=2))
    (group,) = await store.due_groups(NOON + timedelta(seconds=120), 10)
    await store.finish_group(group.id, text("what there was", partial=True), claim=True)
    assert await store.save_part(part(2, total=2, at=NOON + timedelta(seconds=130))) is None
    assert await store.due_groups(NOON + timedelta(hours=1), 10) == []
    assert len(await engine.rows("SELECT 1 FROM inbox_part")) == 2


async def test_the_same_reference_much_later_is_another_text(engine: Engine) -> None:
    store = await engine.open()
    await store.save_part(part(1, total=2))
    later = NOON + timedelta(minutes=11)
    assert await store.save_part(part(2, total=2, at=later)) is None
    group = await store.save_part(part(1, total=2, at=later))
    assert group is not None
    assert group.opened_at == later
