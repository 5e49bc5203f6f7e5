"""What goes wrong between us and a one-stop system, through real sockets (F21-F27, B62-B68)."""

import asyncio
import gzip
import json
import logging
import time
import tracemalloc
from dataclasses import replace

import pytest
from aiohappyeyeballs import AddrInfoType

from bot.clock import FixedClock
from dossier_client.client import OneStopClient
from dossier_client.models import Found, NotFound, Unavailable
from dossier_client.settings import Timings, UpstreamSettings
from tests.contract.upstreams import (
    CODE,
    DOSSIER,
    NOW,
    OTHER_CODE,
    SHORT,
    RawUpstream,
    Reply,
    as_json,
    asked,
    client_of,
    closes_after,
    drips,
    hangs,
    http,
    resets,
    sends,
    streams,
)

GOOD = as_json(DOSSIER)
DEEP = b'{"code":' + b"[" * 33 + b"]" * 33 + b"}"
VERY_DEEP = b"[" * 5000 + b"]" * 5000
HTML = b"<html><title>B\xe1\xba\xa3o tr\xc3\xac 0912345678</title></html>"
GZIP_BOMB = gzip.compress(b" " * 60_000_000)
ONCE, TWICE = 1, 2
CALLS = 5

FAULTS = [
    pytest.param(sends(as_json({}, 500)), "status", ONCE, id="500"),
    pytest.param(sends(as_json({}, 502)), "status", TWICE, id="502"),
    pytest.param(sends(as_json({}, 503)), "status", TWICE, id="503"),
    pytest.param(sends(as_json({}, 504)), "status", TWICE, id="504"),
    pytest.param(sends(as_json({}, 429, "Retry-After: 0")), "status", TWICE, id="429, come back at once"),
    pytest.param(sends(as_json({}, 429, "Retry-After: 3")), "status", ONCE, id="429, come back too late"),
    pytest.param(sends(as_json({}, 429)), "status", ONCE, id="429 without a time"),
    pytest.param(sends(as_json({}, 400)), "refused", ONCE, id="400, the code does not please"),
    pytest.param(sends(as_json({}, 401)), "unauthorised", ONCE, id="401"),
    pytest.param(sends(as_json({}, 403)), "unauthorised", ONCE, id="403"),
    pytest.param(sends(as_json({}, 302, "Location: http://127.0.0.1:1/")), "redirect", ONCE, id="redirect"),
    pytest.param(resets, "reset", TWICE, id="reset before headers"),
    pytest.param(closes_after(b""), "reset", TWICE, id="closed before headers"),
    pytest.param(hangs, "timeout", ONCE, id="accepts and hangs"),
    pytest.param(drips, "timeout", ONCE, id="drips, never silent for long"),
    pytest.param(closes_after(GOOD[:-5]), "truncated", ONCE, id="truncated body"),
    pytest.param(closes_after(b"garbage\r\n\r\n"), "bad_http", ONCE, id="garbage instead of a status"),
    pytest.param(sends(http(200, b"{}", "X-Long: " + "x" * 20_000)), "bad_http", ONCE, id="huge header"),
    pytest.param(streams(50_000_000), "too_big", ONCE, id="50 MB"),
    pytest.param(sends(http(200, GZIP_BOMB, "Content-Encoding: gzip")), "too_big", ONCE, id="gzip bomb of 60 MB"),
    pytest.param(sends(http(200, b"xx", "Content-Encoding: gzip")), "bad_http", ONCE, id="gzip that is none"),
    pytest.param(sends(http(200, b'{"code":')), "not_json", ONCE, id="half a JSON"),
    pytest.param(sends(http(200, b"")), "not_json", ONCE, id="empty"),
    pytest.param(sends(http(200, DEEP)), "not_json", ONCE, id="34 levels"),
    pytest.param(sends(http(200, VERY_DEEP)), "not_json", ONCE, id="5,000 levels"),
    pytest.param(sends(http(200, HTML, kind="text/html")), "not_json", ONCE, id="B63 maintenance page"),
    pytest.param(sends(http(404, HTML, kind="text/html")), "not_json", ONCE, id="404 in HTML"),
    pytest.param(sends(http(404, b"")), "not_json", ONCE, id="empty 404"),
    pytest.param(sends(as_json({"error": "no_such_site"}, 404)), "status", ONCE, id="404 of something else"),
    pytest.param(sends(as_json({"error": "database is down"})), "shape", ONCE, id="B62 200 with an error object"),
    pytest.param(sends(as_json(["list"])), "shape", ONCE, id="a list"),
    pytest.param(sends(as_json(DOSSIER | {"code": OTHER_CODE})), "other_dossier", ONCE, id="B68 another dossier"),
]


@pytest.mark.parametrize(("reply", "reason", "attempts"), FAULTS)
async def test_fault(reply: Reply, reason: str, attempts: int, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "dossier_client")
    began = time.monotonic()
    async with asked(reply) as (upstream, client):
        assert await client.find(CODE) == Unavailable("one")
        assert len(upstream.requests) == attempts
        assert client.health()["one"].counts[reason] == 1
    assert time.monotonic() - began < SHORT.look_up_s + 5
    assert f"upstream one: {reason}" in caplog.text
    assert "0912345678" not in caplog.text


@pytest.mark.parametrize(("reply", "reason", "attempts"), FAULTS)
async def test_what_was_known_is_told_with_its_time(reply: Reply, reason: str, attempts: int) -> None:
    clock = FixedClock(NOW)
    async with asked(sends(GOOD), clock) as (upstream, client):
        fresh = await client.find(CODE)
        assert isinstance(fresh, Found)
        clock.advance(3600)
        upstream.reply = reply
        assert await client.find(CODE) == Found(fresh.dossier, NOW, "one", stale=True), (reason, attempts)
        clock.advance(24 * 3600)
        assert isinstance(await client.find(CODE), Unavailable)


@pytest.mark.parametrize(
    "first",
    [
        pytest.param(closes_after(b""), id="closed"),
        pytest.param(resets, id="reset"),
        pytest.param(sends(as_json({}, 503)), id="503"),
        pytest.param(sends(as_json({}, 429, "Retry-After: 0")), id="429"),
    ],
)
async def test_the_second_attempt_helps(first: Reply) -> None:
    async with asked(first) as (upstream, client):

        async def reply(head: str, writer: asyncio.StreamWriter) -> None:
            await (first if len(upstream.requests) == 1 else sends(GOOD))(head, writer)

        upstream.reply = reply
        assert isinstance(await client.find(CODE), Found)
        assert len(upstream.requests) == 2


async def test_retries_stay_within_their_budget() -> None:
    async with asked(sends(as_json({}, 503)), timings=Timings(), timeout_s=3.0) as (upstream, client):
        for number in range(5):
            await client.find(f"H05.1-261120-{number:04d}")
        assert len(upstream.requests) == 5 + 3


async def test_a_connection_closed_between_requests_is_not_noticed() -> None:
    async with asked(closes_after(GOOD)) as (upstream, client):
        assert isinstance(await client.find(CODE), Found)
        upstream.reply = sends(as_json(DOSSIER | {"code": OTHER_CODE}))
        assert isinstance(await client.find(OTHER_CODE), Found)


async def test_huge_bodies_leave_no_memory_behind() -> None:
    async with asked(streams(50_000_000)) as (upstream, client):
        tracemalloc.start()
        try:
            await client.find(CODE)
            upstream.reply = sends(http(200, GZIP_BOMB, "Content-Encoding: gzip"))
            await client.find(CODE)
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert peak < 16 * 1024 * 1024


async def test_nobody_listens() -> None:
    async with RawUpstream(hangs) as upstream:
        url = upstream.url
    async with client_of(UpstreamSettings(name="one", base_url=url, heads=("H05",))) as client:
        assert await client.find(CODE) == Unavailable("one")
        assert client.health()["one"].counts == {"calls": 1, "retries": 1, "connect": 1}


@pytest.mark.parametrize(("silent", "reason"), [(False, "dns"), (True, "connect")])
async def test_f27_names(*, silent: bool, reason: str) -> None:
    async def resolve(host: str, _port: int) -> list[AddrInfoType]:
        """A name server that refuses, or never answers."""
        if silent:
            await asyncio.Event().wait()
        raise OSError(f"unknown {host}")

    settings = UpstreamSettings(name="one", base_url="http://onestop.invalid", heads=("H05",))
    timings = Timings(look_up_s=1.0, connect_s=0.1)
    async with client_of(settings, timings=timings, resolve=resolve) as client:
        assert await client.find(CODE) == Unavailable("one")
        assert client.health()["one"].counts[reason] == 1


async def test_f22_the_breaker_opens_after_five_and_then_answers_at_once() -> None:
    clock = FixedClock(NOW)
    async with asked(hangs, clock, timeout_s=0.4) as (upstream, client):
        for _ in range(5):
            await client.find(CODE)
        assert client.breakers() == {"one": "open"}
        assert await client.find(CODE) == Unavailable("one")
        assert len(upstream.requests) == 5


@pytest.mark.parametrize(
    ("stall_s", "breaker", "reason"), [(0.0, "open", "timeout"), (2.0, "closed", "stalled")], ids=["theirs", "ours"]
)
async def test_time_outs_because_we_stood_still_do_not_open_the_breaker(
    stall_s: float, breaker: str, reason: str
) -> None:
    asked_all = asyncio.Barrier(CALLS + 1)

    async def reply(head: str, writer: asyncio.StreamWriter) -> None:
        await asked_all.wait()
        await hangs(head, writer)

    timings = replace(SHORT, look_up_s=20.0, read_s=5.0, connect_s=5.0)
    async with asked(reply, timings=timings, timeout_s=0.8) as (_, client):
        look_ups = [asyncio.create_task(client.find(f"H05.1-261120-{number:04d}")) for number in range(CALLS)]
        await asked_all.wait()
        time.sleep(stall_s)  # noqa: ASYNC251 - standing still is what is tested
        await asyncio.gather(*look_ups)
        assert client.breakers() == {"one": breaker}
        assert client.health()["one"].counts[reason] == CALLS


async def test_f26_down_for_ten_minutes_then_back() -> None:
    clock = FixedClock(NOW)
    async with asked(sends(as_json({}, 500)), clock) as (upstream, client):
        for second in range(600):
            await asyncio.gather(client.find(f"H05.1-261120-{second:04d}"), client.find(CODE))
            clock.advance(1)
        assert len(upstream.requests) <= 6 + 8, "one call a pause of at least 12, 24, 48 and then 96 s"
        upstream.reply = sends(GOOD)
        for _ in range(120):
            if isinstance(await client.find(CODE), Found):
                break
            clock.advance(1)
        assert client.breakers() == {"one": "closed"}


@pytest.mark.parametrize(
    "answer", [as_json(DOSSIER | {"code": OTHER_CODE}), as_json({}, 422)], ids=["other", "refused"]
)
async def test_one_bad_code_again_and_again_does_not_close_the_service(answer: bytes) -> None:
    async with asked(sends(answer)) as (_, client):
        for _ in range(10):
            assert await client.find(CODE) == Unavailable("one")
        assert client.breakers() == {"one": "closed"}


async def test_fifty_citizens_one_call() -> None:
    async with asked(sends(GOOD)) as (upstream, client):
        answers = await asyncio.gather(*(client.find(CODE) for _ in range(50)))
        assert all(isinstance(answer, Found) for answer in answers)
        assert len(upstream.requests) == 1


async def test_waiting_takes_no_longer_than_a_look_up_and_harms_nobody() -> None:
    async with asked(drips, timeout_s=5.0, max_concurrent=1, max_waiting=2) as (upstream, client):
        began = time.monotonic()
        codes = [f"H05.1-261120-{number:04d}" for number in range(4)]
        answers = await asyncio.gather(*map(client.find, codes))
        assert answers == [Unavailable("one")] * 4
        assert time.monotonic() - began < 3 * SHORT.look_up_s, "not one after the other"
        counts = client.health()["one"].counts
        assert len(upstream.requests) <= 3, "whoever gets the place of one whose time is over may still ask"
        assert counts["busy"] == 1
        assert (client.health()["one"].running, client.health()["one"].waiting) == (0, 0)


async def test_many_in_line_are_all_answered() -> None:
    def answer(head: str) -> bytes:
        return as_json(DOSSIER | {"code": head.split(" ")[1].rsplit("/", 1)[1]})

    async def reply(head: str, writer: asyncio.StreamWriter) -> None:
        writer.write(answer(head))

    long = Timings(look_up_s=60, connect_s=60, read_s=60)
    async with asked(reply, timings=long, timeout_s=60, max_concurrent=4, max_waiting=256) as (upstream, client):
        codes = [f"H05.1-261120-{number:04d}" for number in range(200)]
        answers = await asyncio.gather(*map(client.find, codes))
        assert [found.dossier.code for found in answers if isinstance(found, Found)] == codes
        assert len(upstream.requests) == 200


async def test_not_found_is_no_fault() -> None:
    async with asked(sends(as_json({"error": "not_found", "code": CODE}, 404))) as (_, client):
        for number in range(20):
            assert await client.find(f"H05.1-261120-{number:04d}") == NotFound()
        assert client.breakers() == {"one": "closed"}


async def test_chunked_and_unasked_compression_are_read() -> None:
    body = json.dumps(DOSSIER).encode()
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
    async with asked(sends(chunked)) as (upstream, client):
        assert isinstance(await client.find(CODE), Found)
        upstream.reply = sends(
            http(200, gzip.compress(json.dumps(DOSSIER | {"code": OTHER_CODE}).encode()), "Content-Encoding: gzip")
        )
        assert isinstance(await client.find(OTHER_CODE), Found)


async def test_before_start_and_after_close_nothing_raises() -> None:
    client = OneStopClient([UpstreamSettings(name="one", base_url="http://127.0.0.1:1", heads=("H05",))], lambda: NOW)
    assert await client.find(CODE) == Unavailable("one")
    await client.start()
    await client.close()
    await client.close()
    assert await client.find(CODE) == Unavailable("one")
