"""Several systems as one: who is asked, what is remembered, what late answers may take."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.clock import FixedClock
from dossier_client.models import (
    Dossier,
    Dossiers,
    Found,
    History,
    NotFound,
    OtherProvince,
    OwnDossiers,
    Status,
    Unavailable,
    Verified,
)
from dossier_client.settings import UpstreamSettings
from tests.contract.upstreams import (
    CODE,
    DOSSIER,
    NOW,
    OTHER_CODE,
    RawUpstream,
    Reply,
    as_json,
    asked,
    client_of,
    sends,
)

GOOD = sends(as_json(DOSSIER))
MISSING = sends(as_json({"error": "not_found"}, 404))
BROKEN = sends(as_json({}, 500))
BARE = Dossier(code=CODE, status=Status.IN_PROCESS, status_text="Đang xử lý")


def two(first: RawUpstream, second: RawUpstream) -> list[UpstreamSettings]:
    return [
        UpstreamSettings(name="first", base_url=first.url, heads=("H05",)),
        UpstreamSettings(name="second", base_url=second.url + "/", heads=("*",)),
    ]


@pytest.mark.parametrize(
    ("first", "second", "result"),
    [
        pytest.param(GOOD, BROKEN, Found(BARE, NOW, "first"), id="the first knows"),
        pytest.param(MISSING, GOOD, Found(BARE, NOW, "second"), id="the second knows"),
        pytest.param(BROKEN, GOOD, Found(BARE, NOW, "second"), id="the first is down, the second knows"),
        pytest.param(MISSING, MISSING, NotFound(), id="nobody knows"),
        pytest.param(BROKEN, MISSING, Unavailable("first"), id="not found is not certain"),
        pytest.param(MISSING, BROKEN, Unavailable("second"), id="not found is not certain either"),
    ],
)
async def test_in_order(first: Reply, second: Reply, result: object) -> None:
    async with RawUpstream(first) as one, RawUpstream(second) as other, client_of(*two(one, other)) as client:
        assert await client.find(CODE) == result


@pytest.mark.parametrize(
    ("code", "result"),
    [
        pytest.param("H29.1-261120-0001", OtherProvince("H29", "TP Hồ Chí Minh"), id="another province"),
        pytest.param("H99.1-261120-0001", OtherProvince("H99", ""), id="a head on no list"),
        pytest.param("12345", NotFound(), id="legacy number, nobody takes it"),
        pytest.param("../../admin", NotFound(), id="no code at all"),
    ],
)
async def test_no_route(code: str, result: object) -> None:
    async with asked(GOOD) as (upstream, client):
        found = await client.find(code)
        assert found == result
        assert await client.history(code) == found
        assert await client.verify(code, "1234") == NotFound()
        assert upstream.requests == []


@pytest.mark.parametrize("code", ["..", "....", "A" * 50, "12 345", "12345?x=1", "12345#", "x", "", "<b>12"])
async def test_what_is_no_code_is_sent_to_nobody(code: str) -> None:
    async with asked(GOOD, heads=("*",)) as (upstream, client):
        assert await client.find(code) == NotFound()
        assert upstream.requests == []


async def test_found_is_fresh_for_a_minute() -> None:
    clock = FixedClock(NOW)
    async with asked(GOOD, clock) as (upstream, client):
        for seconds, requests in ((0, 1), (60, 1), (1, 2)):
            clock.advance(seconds)
            assert isinstance(await client.find(CODE.lower()), Found)
            assert len(upstream.requests) == requests


async def test_what_only_the_person_may_know_is_asked_for_anew() -> None:
    answer = DOSSIER | {"status": 3, "reason": "Thiếu chữ ký", "contact_phones": ["84912345678"]}
    clock = FixedClock(NOW)
    async with asked(sends(as_json(answer)), clock) as (upstream, client):
        for requests in (1, 2):
            found = await client.find(CODE)
            assert isinstance(found, Found)
            assert (found.dossier.reason, len(upstream.requests)) == ("Thiếu chữ ký", requests)
        upstream.reply = BROKEN
        stale = await client.find(CODE)
        assert isinstance(stale, Found)
        assert (stale.stale, stale.dossier.reason, "84912345678" in stale.dossier.contact_phones) == (True, None, True)


async def test_not_found_is_remembered_for_half_a_minute_and_replaces_what_was_known() -> None:
    clock = FixedClock(NOW)
    async with asked(GOOD, clock) as (upstream, client):
        await client.find(CODE)
        clock.advance(61)
        upstream.reply = MISSING
        for seconds, requests in ((0, 2), (30, 2), (1, 3)):
            clock.advance(seconds)
            assert await client.find(CODE) == NotFound()
            assert len(upstream.requests) == requests
        clock.advance(31)
        upstream.reply = BROKEN
        assert await client.find(CODE) == Unavailable("one")
        upstream.reply = GOOD
        assert isinstance(await client.find(CODE), Found)


async def test_what_another_system_said_is_not_told_for_the_one_that_is_down() -> None:
    clock = FixedClock(NOW)
    async with (
        RawUpstream(MISSING) as one,
        RawUpstream(GOOD) as other,
        client_of(*two(one, other), clock=clock) as client,
    ):
        await client.find(CODE)
        clock.advance(61)
        one.reply, other.reply = BROKEN, MISSING
        assert await client.find(CODE) == Unavailable("first")


def own(code: str, received_at: str) -> dict[str, object]:
    return DOSSIER | {"code": code, "received_at": received_at}


async def test_by_phone_asks_all_and_merges_newest_first() -> None:
    early, late = own(CODE, "2026-11-20T01:00:00Z"), own(OTHER_CODE, "2026-11-21T01:00:00Z")
    first, second = sends(as_json({"items": [early]})), sends(as_json({"items": [early, late]}))
    async with RawUpstream(first) as one, RawUpstream(second) as other, client_of(*two(one, other)) as client:
        older = replace(BARE, received_at=datetime(2026, 11, 20, 1, tzinfo=UTC))
        newer = replace(BARE, code=OTHER_CODE, received_at=datetime(2026, 11, 21, 1, tzinfo=UTC))
        assert await client.by_phone("84912345678") == OwnDossiers((newer, older))
        other.reply = BROKEN
        assert await client.by_phone("84912345678") == OwnDossiers((older,), complete=False)
        one.reply = BROKEN
        assert await client.by_phone("84912345678") == Unavailable("first")


async def test_late_answers_take_a_fifth_of_the_places() -> None:
    together, most, release = 0, 0, asyncio.Event()

    async def reply(head: str, writer: asyncio.StreamWriter) -> None:
        nonlocal together, most
        together, most = together + 1, max(most, together + 1)
        await release.wait()
        together -= 1
        writer.write(as_json(DOSSIER | {"code": head.split(" ")[1].rsplit("/", 1)[1]}))

    async with asked(reply, max_concurrent=10) as (upstream, client):
        assert client.drain_rate("one") == 2
        late = [asyncio.create_task(client.background.find(f"H05.1-261120-{number:04d}")) for number in range(10)]
        async with asyncio.timeout(2):
            while len(upstream.requests) < 2:
                await asyncio.wait(late, timeout=0.01)
        citizen = asyncio.create_task(client.find("H05.1-261120-0000"))
        async with asyncio.timeout(2):
            while len(upstream.requests) < 3:
                await asyncio.wait([citizen], timeout=0.01)
        assert most == 3, "two late answers and the citizen, who does not wait behind them"
        release.set()
        assert all(isinstance(answer, Found) for answer in await asyncio.gather(citizen, *late))


async def test_the_background_view_offers_the_same() -> None:
    async with asked(sends(as_json({"items": [], "verified": True}))) as (_, client):
        background: Dossiers = client.background
        assert await background.history(CODE) == History(())
        assert await background.by_phone("84912345678") == OwnDossiers(())
        assert await background.verify(CODE, "1234") == Verified(passed=True)


async def test_probing() -> None:
    clock = FixedClock(NOW)
    async with asked(BROKEN, clock) as (upstream, client):
        assert await client.probe("one"), "closed: nothing is sent"
        assert upstream.requests == []
        for _ in range(5):
            await client.find(CODE)
        assert (client.is_back("one"), await client.probe("one"), len(upstream.requests)) == (False, False, 5)
        clock.advance(16)
        assert client.health()["one"].breaker == "half_open"
        assert (await client.probe("one"), len(upstream.requests)) == (False, 6)
        clock.advance(31)
        upstream.reply = MISSING
        assert await client.probe("one")
        assert client.is_back("one")


async def test_a_system_that_was_taken_out_keeps_nobody_waiting() -> None:
    async with asked(GOOD) as (_, client):
        assert client.is_back("gone")
        assert await client.probe("gone")
        assert client.drain_rate("gone") == 1


async def test_memory_is_bounded() -> None:
    async def reply(head: str, writer: asyncio.StreamWriter) -> None:
        writer.write(as_json(DOSSIER | {"code": head.split(" ")[1].rsplit("/", 1)[1]}))

    async with RawUpstream(reply) as upstream:
        settings = UpstreamSettings(name="one", base_url=upstream.url, heads=("H05",))
        async with client_of(settings, cache_octets=1500) as client:
            for number in (*range(5), 0):
                await client.find(f"H05.1-261120-{number:04d}")
            assert len(upstream.requests) == 6
