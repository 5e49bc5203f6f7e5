"""Connections to a one-stop system: what is kept between two requests, and what is not."""

import asyncio
import time
from dataclasses import replace

import pytest

from bot.clock import FixedClock
from dossier_client.models import Found, Unavailable
from dossier_client.settings import BearerAuth, UpstreamSettings
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
    http,
    sends,
)

GOOD = as_json(DOSSIER)
OTHER = as_json(DOSSIER | {"code": OTHER_CODE})


async def drips_headers(_: str, writer: asyncio.StreamWriter) -> None:
    """Never silent, never at the end of its headers."""
    writer.write(b"HTTP/1.1 200 OK\r\n")
    while not writer.is_closing():
        writer.write(b"X: y\r\n")
        await writer.drain()
        await asyncio.sleep(0.02)


async def goes_on_and_on(_: str, writer: asyncio.StreamWriter) -> None:
    """Interim answers for ever."""
    while not writer.is_closing():
        writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        await writer.drain()
        await asyncio.sleep(0.02)


@pytest.mark.parametrize("reply", [drips_headers, goes_on_and_on])
async def test_an_answer_that_never_begins_is_cut(reply: Reply) -> None:
    began = time.monotonic()
    async with asked(reply) as (_, client):
        assert await client.find(CODE) == Unavailable("one")
    assert time.monotonic() - began < SHORT.look_up_s + 5


async def test_connections_are_used_again() -> None:
    talks: set[asyncio.StreamWriter] = set()

    async def reply(head: str, writer: asyncio.StreamWriter) -> None:
        talks.add(writer)
        writer.write(as_json(DOSSIER | {"code": head.split(" ")[1].rsplit("/", 1)[1]}))

    async with asked(reply) as (upstream, client):
        for number in range(5):
            assert isinstance(await client.find(f"H05.1-261120-{number:04d}"), Found)
        assert (len(upstream.requests), len(talks)) == (5, 1)


@pytest.mark.parametrize(
    "first",
    [
        pytest.param(http(500, b"{}"), id="500, the connection stays"),
        pytest.param(GOOD.replace(b"200", b"302"), id="redirect with a body"),
        pytest.param(http(200, b"x" * 2_000_000), id="too big, half of it unread"),
        pytest.param(http(200, b"<html>", kind="text/html"), id="no JSON"),
        pytest.param(GOOD + GOOD, id="two answers to one request"),
    ],
)
async def test_after_a_bad_answer_the_next_request_gets_its_own(first: bytes) -> None:
    async with asked(sends(first)) as (upstream, client):
        await client.find(CODE)
        upstream.reply = sends(OTHER)
        found = await client.find(OTHER_CODE)
        assert isinstance(found, Found)
        assert found.dossier.code == OTHER_CODE


async def test_an_answer_that_comes_too_late_is_not_taken_for_the_next() -> None:
    late: list[asyncio.StreamWriter] = []

    async def reply(head: str, writer: asyncio.StreamWriter) -> None:
        if CODE in head:
            late.append(writer)
            return
        late[0].write(GOOD)
        writer.write(OTHER)

    async with asked(reply, timeout_s=0.1) as (_, client):
        assert await client.find(CODE) == Unavailable("one")
        found = await client.find(OTHER_CODE)
        assert isinstance(found, Found)
        assert found.dossier.code == OTHER_CODE


async def test_fifty_at_once_after_all_connections_were_closed() -> None:
    async def reply(head: str, writer: asyncio.StreamWriter) -> None:
        await closes_after(as_json(DOSSIER | {"code": head.split(" ")[1].rsplit("/", 1)[1]}))(head, writer)

    async with asked(reply) as (_, client):
        for _turn in range(2):
            codes = [f"H05.{_turn + 1}-261120-{number:04d}" for number in range(50)]
            answers = await asyncio.gather(*map(client.find, codes))
            assert [answer.dossier.code for answer in answers if isinstance(answer, Found)] == codes


CLOSED_BY_LENGTH = GOOD.replace(b"X\r\n", b"X\r\nConnection: close\r\n", 1)
WITHOUT_LENGTH = b"HTTP/1.1 200 OK\r\n\r\n" + GOOD.partition(b"\r\n\r\n")[2]
CUT_CHUNKS = b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"cod'


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param(sends(b"HTTP/1.1 100 Continue\r\nX: y\r\n\r\n" + GOOD), id="after an interim answer"),
        pytest.param(sends(CLOSED_BY_LENGTH), id="the last one on its connection"),
        pytest.param(closes_after(WITHOUT_LENGTH), id="as long as the connection"),
        pytest.param(closes_after(WITHOUT_LENGTH.replace(b"1.1", b"1.0")), id="HTTP/1.0"),
    ],
)
async def test_other_forms_of_a_good_answer(reply: Reply) -> None:
    async with asked(reply) as (upstream, client):
        assert isinstance(await client.find(CODE), Found)
        upstream.reply = sends(OTHER)
        assert isinstance(await client.find(OTHER_CODE), Found)
        assert len(upstream.requests) == 2


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        pytest.param(closes_after(CUT_CHUNKS), "truncated", id="cut between two chunks"),
        pytest.param(closes_after(b"HTTP/1.1 200 OK\r\nContent-"), "reset", id="cut within the head"),
        pytest.param(sends(b"HTTP/1.1 200 OK\r\nX: " + b"y" * 20_000), "bad_http", id="a header without end"),
        pytest.param(sends(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 9_000), "bad_http", id="headers without end"),
        pytest.param(sends(GOOD.replace(b"Length: ", b"Length: -")), "bad_http", id="a length below nothing"),
        pytest.param(
            sends(b"HTTP/1.1 101 X\r\nConnection: upgrade\r\nUpgrade: h2c\r\n\r\n"), "bad_http", id="another protocol"
        ),
    ],
)
async def test_other_forms_of_a_bad_answer(reply: Reply, reason: str) -> None:
    async with asked(reply) as (_, client):
        assert await client.find(CODE) == Unavailable("one")
        assert client.health()["one"].counts[reason] == 1


async def test_octets_that_nobody_asked_for_end_their_connection() -> None:
    talks: list[asyncio.StreamWriter] = []

    async def reply(head: str, writer: asyncio.StreamWriter) -> None:
        talks.append(writer)
        writer.write(OTHER if OTHER_CODE in head else GOOD)

    async with asked(reply) as (upstream, client):
        await client.find(CODE)
        talks[0].write(GOOD)
        await talks[0].wait_closed()
        assert isinstance(await client.find(OTHER_CODE), Found)
        assert len(upstream.requests) == len(set(talks)) == 2


async def test_an_idle_connection_is_closed() -> None:
    talks: list[asyncio.StreamWriter] = []

    async def reply(_: str, writer: asyncio.StreamWriter) -> None:
        talks.append(writer)
        writer.write(GOOD)

    async with asked(reply, timings=replace(SHORT, idle_s=0.05)) as (_, client):
        assert isinstance(await client.find(CODE), Found)
        await talks[0].wait_closed()


async def test_a_name_within_the_address_signs_in() -> None:
    async with RawUpstream(sends(GOOD)) as upstream:
        address = upstream.url.replace("://", "://gateway:open@")
        async with client_of(UpstreamSettings(name="one", base_url=address, heads=("H05",))) as client:
            assert isinstance(await client.find(CODE), Found)
        assert "Authorization: Basic Z2F0ZXdheTpvcGVu" in upstream.requests[0]


async def test_no_header_of_somebody_else_gets_in() -> None:
    async with asked(sends(GOOD), auth=BearerAuth("token\r\nX-Other: 1")) as (upstream, client):
        assert await client.find(CODE) == Unavailable("one")
        assert upstream.requests == []


async def test_no_cookie_goes_back() -> None:
    clock = FixedClock(NOW)
    async with asked(sends(as_json(DOSSIER, 200, "Set-Cookie: session=stolen; Path=/")), clock) as (upstream, client):
        for _ in range(2):
            await client.find(CODE)
            clock.advance(61)
        assert len(upstream.requests) == 2
        assert "cookie" not in upstream.requests[1].lower()


async def test_no_proxy_and_no_netrc_of_the_machine_are_used(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    async with asked(sends(GOOD)) as (upstream, client):
        assert isinstance(await client.find(CODE), Found)
        assert "authorization" not in upstream.requests[0].lower()


async def test_a_token_is_not_taken_along_to_another_place() -> None:
    moved = as_json({}, 302, "Location: http://127.0.0.1:1/steal")
    async with asked(sends(moved), auth=BearerAuth("secret-token")) as (upstream, client):
        assert await client.find(CODE) == Unavailable("one")
        assert len(upstream.requests) == 1
        assert client.health()["one"].counts["redirect"] == 1
