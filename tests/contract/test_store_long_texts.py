"""More about long texts in parts, on both engines: several lines, bursts, restarts, time."""

import asyncio
import itertools
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.model import Address, ChannelName, PartGroup
from tests.contract.store_engines import NOON, Engine, PostgresEngine, part, text


@pytest.mark.parametrize("order", list(itertools.permutations((1, 2, 3))), ids=str)
async def test_all_parts_in_one_group_commit(engine: Engine, order: tuple[int, ...]) -> None:
    store = await engine.open()
    groups = await asyncio.gather(*(store.save_part(part(index)) for index in order))
    complete = [group for group in groups if group is not None]
    assert [[found.index for found in group.parts] for group in complete] == [[1, 2, 3]]


async def test_parts_over_two_lines_of_one_process(engine: Engine) -> None:
    store = await engine.open()
    await store.save_part(part(1))
    await store.save_part(replace(part(2), session="1:2"))
    group = await store.save_part(replace(part(3), session="1:2"))
    assert group is not None
    assert [found.session for found in group.parts] == ["1:1", "1:2", "1:2"]


async def test_parts_over_two_processes(postgres_engine: PostgresEngine) -> None:
    stores = [await postgres_engine.open() for _ in range(3)]
    for reference in range(10):
        groups = await asyncio.gather(
            *(store.save_part(part(index, reference=reference)) for index, store in enumerate(stores, 1))
        )
        complete = [group for group in groups if group is not None]
        assert len(complete) == 1
        assert len(complete[0].parts) == 3


async def test_two_processes_join_a_group_once(postgres_engine: PostgresEngine) -> None:
    one, two = await postgres_engine.open(), await postgres_engine.open()
    for reference in range(5):
        group = await one.save_part(part(1, total=1, reference=reference))
        assert group is not None
        joined = text(f"joined {reference}", content_hash=b"")
        saved = await asyncio.gather(*(store.finish_group(group.id, joined, claim=False) for store in (one, two)))
        assert sorted(item.duplicate_of is None for item in saved) == [False, True]
        assert len({item.duplicate_of or item.id for item in saved}) == 1


async def test_every_part_three_times_is_one_text(engine: Engine) -> None:
    store = await engine.open()
    parts = [part(index) for index in (2, 1, 3)] * 3
    groups = [group for item in parts if (group := await store.save_part(item)) is not None]
    assert len(groups) == 1
    assert len(await engine.rows("SELECT 1 FROM inbox_part")) == 3


async def test_two_long_texts_of_one_person_do_not_mix(engine: Engine) -> None:
    store = await engine.open()
    for index in (1, 2):
        await store.save_part(part(index, reference=1))
        await store.save_part(part(index, reference=2))
    groups = [await store.save_part(part(3, reference=reference)) for reference in (2, 1)]
    assert [group.parts for group in groups if group] == [
        tuple(part(index, reference=reference) for index in (1, 2, 3)) for reference in (2, 1)
    ]


OTHERS = [
    pytest.param({"sender": Address(ChannelName.SMS, "84912345999")}, id="person"),
    pytest.param({"recipient": "8284"}, id="short code"),
    pytest.param({"route": "smpp:other"}, id="route"),
    pytest.param({"method": "udh16"}, id="way of counting"),
    pytest.param({"reference": 8}, id="reference"),
    pytest.param({"total": 4}, id="total"),
]


@pytest.mark.parametrize("other", OTHERS)
async def test_a_part_of_another_text(engine: Engine, other: dict[str, object]) -> None:
    store = await engine.open()
    await store.save_part(part(1))
    await store.save_part(part(2))
    assert await store.save_part(replace(part(3), **other)) is None
    assert len(await engine.rows("SELECT 1 FROM part_group")) == 2


async def test_the_longest_text(engine: Engine) -> None:
    store = await engine.open()
    groups = await asyncio.gather(*(store.save_part(part(index, total=255)) for index in range(255, 0, -1)))
    (group,) = [found for found in groups if found is not None]
    assert [found.index for found in group.parts] == list(range(1, 256))


async def test_parts_and_texts_in_one_burst(engine: Engine) -> None:
    store = await engine.open()
    parts = [store.save_part(part(index, reference=reference)) for reference in range(20) for index in (1, 2, 3)]
    texts = [store.save_inbound(text(sender=number), claim=True) for number in range(30)]
    results = await asyncio.gather(*parts, *texts)
    assert len([item for item in results if isinstance(item, PartGroup)]) == 20
    assert await engine.rows("SELECT count(*) FROM inbox") == [(30,)]


async def test_a_part_that_never_comes_is_waited_for_and_given_up_once(engine: Engine) -> None:
    store = await engine.open()
    await store.save_part(part(2))
    await engine.abandon(store)
    store = await engine.open()
    await store.save_part(part(3, at=NOON + timedelta(seconds=100)))
    assert await store.due_groups(NOON, 10) == [], "it was opened by its first part"
    (group,) = await store.due_groups(NOON + timedelta(microseconds=1), 10)
    assert ([found.index for found in group.parts], group.total) == ([2, 3], 3)
    saved = await store.finish_group(group.id, text("partial", partial=True), claim=True)
    assert saved.claimed is not None
    assert await store.due_groups(NOON + timedelta(hours=1), 10) == []


async def test_due_groups_are_limited_and_oldest_first(engine: Engine) -> None:
    store = await engine.open()
    for reference in range(5):
        await store.save_part(part(1, reference=reference, at=NOON + timedelta(seconds=reference)))
    found = await store.due_groups(NOON + timedelta(hours=1), 3)
    assert [group.opened_at for group in found] == [NOON + timedelta(seconds=number) for number in range(3)]
