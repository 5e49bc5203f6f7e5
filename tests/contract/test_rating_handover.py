"""Ratings of dossiers reach the one-stop system once each, whatever breaks on the way."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from bot.clock import VIETNAM, FixedClock
from bot.intent import KeepRating, RatingSubject
from bot.logs import get_log
from bot.rating_handover import RatingHandover
from bot.store.base import PlanStore
from dossier_client.client import OneStopClient
from dossier_client.models import GivenRating, NotFound, Taken, Unavailable
from dossier_client.sandbox import Faults, SandboxData, SandboxOneStop, SandboxOptions
from dossier_client.settings import UpstreamSettings
from tests.contract.store_engines import NOON, Engine, text
from tests.contract.store_petitions import does
from tests.contract.upstreams import client_of

A, ABSENT = "H05.12-260610-0001", "H05.12-260610-9999"
ROW = {"code": A, "status": 10, "status_text": "Đã trả kết quả", "unit": {"code": "H05.12", "name": "UBND phường"}}
LATER = NOON + timedelta(days=1, minutes=1)


@asynccontextmanager
async def one_stop() -> AsyncIterator[tuple[OneStopClient, SandboxOneStop, SandboxData]]:
    data = SandboxData.loaded([ROW], seed=1, today=NOON.date())
    system = SandboxOneStop(data, SandboxOptions(), now=lambda: NOON.astimezone(VIETNAM))
    url = f"http://127.0.0.1:{await system.start('127.0.0.1', 0)}"
    settings = UpstreamSettings(name="bacninh", base_url=url, heads=("H05",), timeout_s=0.6)
    try:
        async with client_of(settings, clock=FixedClock(NOON)) as client:
            yield client, system, data
    finally:
        await system.close()


async def rated(store: PlanStore, reference: str, score: int, note: str = "", sender: int = 0) -> None:
    kept = KeepRating(
        subject=RatingSubject.DOSSIER, reference=reference, agency="H05.12", score=score, note=note, handled_by="cb-7"
    )
    await does(store, text(f"DG {reference} {score}", sender=sender, at=NOON), kept)


async def test_each_is_handed_over_once_and_tells_nothing_of_the_person(engine: Engine) -> None:
    store = await engine.open()
    await rated(store, A, 2, "Chờ lâu, gọi tôi 0912345678")
    await rated(store, A, 5, sender=1)
    await rated(store, ABSENT, 4, sender=2)
    async with one_stop() as (client, _, data):
        clock = FixedClock(NOON + timedelta(hours=23))
        handover = RatingHandover(store, client, clock, get_log())
        assert await handover.round() == 0, "it may still be replaced"
        clock.advance(2 * 3600)
        assert await handover.round() == 3
        assert await handover.round() == 0
        found = sorted((one["score"], one["comment"], one["channel"]) for one in data.ratings.values())
        assert found == [(2, "Chờ lâu, gọi tôi [đã ẩn số điện thoại]", "sms"), (5, None, "sms")]


async def test_a_system_that_is_down_gets_them_later(engine: Engine) -> None:
    store = await engine.open()
    await rated(store, A, 2)
    async with one_stop() as (client, system, data):
        clock = FixedClock(LATER)
        handover = RatingHandover(store, client, clock, get_log())
        system.faults = Faults(error_rate=1.0)
        assert await handover.round() == 0
        assert not data.ratings
        system.faults = Faults()
        assert await handover.round() == 1
        assert len(data.ratings) == 1


async def test_what_is_refused_for_a_month_is_given_up(engine: Engine) -> None:
    store = await engine.open()
    await rated(store, A, 2)
    async with one_stop() as (client, system, _):
        system.faults = Faults(error_rate=1.0)
        clock = FixedClock(NOON + timedelta(days=31))
        assert await RatingHandover(store, client, clock, get_log()).round() == 1


async def test_the_call() -> None:
    async with one_stop() as (client, system, data):
        rating = GivenRating(id="1", score=3)
        assert await client.rate(A, rating) == Taken()
        assert await client.rate(A, rating) == Taken()
        assert await client.rate(ABSENT, rating) == NotFound()
        assert len(data.ratings) == 1
        system.faults = Faults(error_rate=1.0)
        assert await client.rate(A, rating) == Unavailable("bacninh")
