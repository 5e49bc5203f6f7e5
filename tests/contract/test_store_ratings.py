"""Ratings, on both engines: one for each person and thing, the last one counts, and whose it was is forgotten in time."""

from datetime import datetime, timedelta

from bot.intent import KeepRating, RatingSubject
from bot.model import ChannelName, MessageId
from bot.store.base import PlanStore
from bot.store.port import Decision
from bot.store.retention import Retention
from tests.contract.store_engines import NOON, Engine, claimed, text


async def rate(store: PlanStore, score: int, *, sender: int = 0, at: datetime = NOON, **more: str) -> None:
    row = await claimed(store, text(f"{score} {at} {more}", sender=sender, at=at))
    facts = {"reference": "3", "agency": "H05.22"} | more
    kept = KeepRating(subject=RatingSubject.COUNTER, score=score, **facts)
    await store.decide(Decision(inbound=row, at=at, writes=(kept,)))


async def scores(store: PlanStore, since: datetime = NOON - timedelta(days=1)) -> list[tuple[str, int, str]]:
    kept = await store.ratings(since, MessageId(0), 100)
    return [(rating.reference, rating.score, rating.note) for rating in kept]


async def test_what_is_kept(engine: Engine) -> None:
    store = await engine.open()
    await rate(store, 2, note="Thời gian chờ")
    (rating,) = await store.ratings(NOON, MessageId(0), 10)
    assert (rating.subject, rating.reference, rating.agency) == (RatingSubject.COUNTER, "3", "H05.22")
    assert (rating.score, rating.note, rating.channel, rating.rated_at) == (2, "Thời gian chờ", ChannelName.SMS, NOON)


async def test_the_last_opinion_counts(engine: Engine) -> None:
    store = await engine.open()
    await rate(store, 1)
    await rate(store, 4, at=NOON + timedelta(minutes=1), note="nhanh")
    await rate(store, 5, reference="4")
    await rate(store, 3, sender=1)
    assert sorted(await scores(store)) == [("3", 3, ""), ("3", 4, "nhanh"), ("4", 5, "")]


async def test_pages(engine: Engine) -> None:
    store = await engine.open()
    for number in range(3):
        await rate(store, number + 1, sender=number)
    first = await store.ratings(NOON, MessageId(0), 2)
    rest = await store.ratings(NOON, first[-1].id, 2)
    assert [rating.score for rating in (*first, *rest)] == [1, 2, 3]
    assert await scores(store, NOON + timedelta(days=1)) == []


async def test_the_opinion_outlives_the_person(engine: Engine) -> None:
    store = await engine.open(retention=Retention(addresses=timedelta(days=90), messages=timedelta(days=730)))
    await rate(store, 5)
    while await store.sweep(NOON + timedelta(days=100), 100):
        pass
    assert await engine.rows("SELECT contact, score FROM rating") == [(None, 5)]
    while await store.sweep(NOON + timedelta(days=800), 100):
        pass
    assert await engine.rows("SELECT count(*) FROM rating") == [(0,)]
