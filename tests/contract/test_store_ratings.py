"""Ratings, on both engines: one for each person and thing, the last one counts, and whose it was is forgotten in time."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.intent import AskForRating, KeepRating, RatingSubject
from bot.linking import Erase, Join
from bot.model import ChannelName, MessageId
from bot.petitions.record import Severity, TaskAlert
from bot.ratings import NationalLevel, national_level
from bot.store.base import PlanStore
from bot.store.port import Decision
from bot.store.retention import Retention
from tests.contract.store_engines import KEYRING, NOON, Engine, claimed, person, text
from tests.contract.store_petitions import CHAT, PHONE, chat_text, does

HOUR = timedelta(hours=1)


async def rate(store: PlanStore, score: int, *, sender: int = 0, at: datetime = NOON, **more: Any) -> None:
    row = await claimed(store, text(f"{score} {at} {more}", sender=sender, at=at))
    facts: dict[str, Any] = {"subject": RatingSubject.COUNTER, "reference": "3", "agency": "H05.22"} | more
    await store.decide(Decision(inbound=row, at=at, writes=(KeepRating(score=score, **facts),)))


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


async def test_counters_of_two_agencies_are_two_things(engine: Engine) -> None:
    store = await engine.open()
    await rate(store, 1)
    await rate(store, 5, agency="H05.9", at=NOON + timedelta(minutes=1))
    kept = await store.ratings(NOON - timedelta(days=1), MessageId(0), 10)
    assert [(rating.agency, rating.score) for rating in kept] == [("H05.22", 1), ("H05.9", 5)]


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


DOSSIER: dict[str, Any] = {"subject": RatingSubject.DOSSIER, "reference": "H05.12-260610-0001"}
DAY = timedelta(days=1)
PERSON = KEYRING.contact_id(person())


def asked(reference: str = "H05.12-260610-0001") -> AskForRating:
    return AskForRating(subject=RatingSubject.DOSSIER, reference=reference, agency="H05.12", handled_by="Nguyễn Văn A")


async def test_after_a_day_it_is_another_opinion(engine: Engine) -> None:
    store = await engine.open()
    await rate(store, 1)
    await rate(store, 2, at=NOON + DAY - timedelta(seconds=1))
    assert await scores(store) == [("3", 2, "")]
    await rate(store, 5, at=NOON + 2 * DAY)
    assert await scores(store) == [("3", 2, ""), ("3", 5, "")]
    assert [rating.score for rating in await store.ratings_of(RatingSubject.COUNTER, "3")] == [5, 2]


async def test_a_person_is_asked_once_and_not_often(engine: Engine) -> None:
    store = await engine.open()
    assert await store.request_rating(PERSON, asked(), NOON)
    assert not await store.request_rating(PERSON, asked("H05.12-260610-0002"), NOON + 7 * DAY - HOUR)
    assert not await store.request_rating(PERSON, asked(), NOON + 30 * DAY), "for this very dossier"
    assert await store.request_rating(PERSON, asked("H05.12-260610-0002"), NOON + 7 * DAY)
    assert await store.request_rating(KEYRING.contact_id(person(1)), asked(), NOON), "somebody else"
    found = await store.rating_requests(PERSON, NOON)
    assert [request.reference for request in found] == ["H05.12-260610-0002", "H05.12-260610-0001"]
    assert [request.asked_at for request in await store.rating_requests(PERSON, NOON + DAY)] == [NOON + 7 * DAY]


async def test_two_who_ask_at_once(engine: Engine) -> None:
    store = await engine.open()
    await claimed(store, text("hello"))
    results = await asyncio.gather(*(store.request_rating(PERSON, asked(f"{number}"), NOON) for number in range(4)))
    assert sum(results) == 1


async def test_the_answer_to_a_request(engine: Engine) -> None:
    store = await engine.open()
    row = await claimed(store, text("H05.12-260610-0001"))
    await store.decide(Decision(inbound=row, at=NOON, writes=(asked(),)))
    await rate(store, 4, at=NOON + HOUR, handled_by="Nguyễn Văn A", **DOSSIER)
    ((rating,), (request,)) = (
        await store.ratings_of(RatingSubject.DOSSIER, DOSSIER["reference"]),
        await store.rating_requests(PERSON, NOON),
    )
    assert (rating.asked_at, rating.handled_by, rating.score) == (NOON, "Nguyễn Văn A", 4)
    assert (request.rated_at, request.handled_by) == (NOON + HOUR, "Nguyễn Văn A")


async def test_joined_accounts_are_one_person(engine: Engine) -> None:
    store = await engine.open()
    assert await store.request_rating(PERSON, asked(), NOON)
    await does(store, text("hello"))
    await does(store, chat_text("LK"), Join(other=PHONE, how="code"))
    assert not await store.request_rating(KEYRING.contact_id(CHAT), asked("x"), NOON + DAY)
    assert len(await store.rating_requests(KEYRING.contact_id(CHAT), NOON)) == 1


async def test_counts(engine: Engine) -> None:
    store = await engine.open()
    for number, score in enumerate((5, 5, 2)):
        await rate(store, score, sender=number, handled_by="7", **DOSSIER | {"reference": f"{number}"})
    await rate(store, 5, sender=9)
    await rate(store, 1, at=NOON + DAY, sender=8)
    found = await store.count_ratings(NOON, NOON + DAY)
    assert [(count.subject.value, count.handled_by, count.reference, count.score, count.count) for count in found] == [
        ("counter", "", "3", 5, 1),
        ("dossier", "7", "", 2, 1),
        ("dossier", "7", "", 5, 2),
    ]


async def test_handed_over_when_nobody_replaces_it(engine: Engine) -> None:
    store = await engine.open()
    await rate(store, 4, **DOSSIER)
    await rate(store, 3)
    assert await store.ratings_to_hand_over(RatingSubject.DOSSIER, NOON + DAY - HOUR, 10) == []
    (rating,) = await store.ratings_to_hand_over(RatingSubject.DOSSIER, NOON + DAY, 10)
    assert rating.score == 4
    await store.ratings_handed_over([rating.id], NOON + DAY)
    assert await store.ratings_to_hand_over(RatingSubject.DOSSIER, NOON + DAY, 10) == []


@pytest.mark.parametrize(("score", "level"), [(5, 0), (4, 1), (3, 1), (2, 2), (1, 2)])
def test_national_levels(score: int, level: int) -> None:
    assert national_level(score) is list(NationalLevel)[level]


async def test_erasing_forgets_requests(engine: Engine) -> None:
    store = await engine.open()
    assert await store.request_rating(PERSON, asked(), NOON)
    await does(store, text("XOADL"), Erase())
    assert await store.rating_requests(PERSON, NOON) == []


async def test_what_a_person_gave_on_any_account(engine: Engine) -> None:
    store = await engine.open()
    await rate(store, 4, **DOSSIER)
    await does(store, chat_text("LK"), Join(other=PHONE, how="code"))
    found = await store.ratings_by(KEYRING.contact_id(CHAT), 10)
    assert [(rating.reference, rating.score) for rating in found] == [(DOSSIER["reference"], 4)]
    assert await store.ratings_by(KEYRING.contact_id(person(1)), 10) == []


async def test_comments_of_an_agency_newest_first(engine: Engine) -> None:
    store = await engine.open()
    await rate(store, 1, note="Chờ lâu")
    await rate(store, 2, note="Chưa rõ", sender=1, at=NOON + HOUR)
    await rate(store, 5, sender=2)
    await rate(store, 5, sender=3, note="Tốt", agency="H05.9")
    found = await store.rating_notes("H05.22", NOON, NOON + DAY, 10)
    assert [rating.note for rating in found] == ["Chưa rõ", "Chờ lâu"]
    assert await store.rating_notes("H05.22", NOON + DAY, NOON + 2 * DAY, 10) == []


async def test_a_rating_alerts_the_lead_once(engine: Engine) -> None:
    store = await engine.open()
    alert = TaskAlert(
        severity=Severity.S3,
        source="rating",
        subject="H05.22-3",
        condition="low",
        agency="H05.22",
        to_lead=True,
        officer=None,
    )
    await rate(store, 1, note="Chờ lâu", alerts=(alert,))
    await rate(store, 1, note="Chờ quá lâu", alerts=(alert,), at=NOON + HOUR)
    (kept,) = await store.alerts_of("H05.22-3")
    assert (kept.alert.source, kept.alert.to_lead, kept.raised) == ("rating", True, 2)
