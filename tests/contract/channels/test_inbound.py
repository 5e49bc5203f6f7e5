"""What every channel does with what comes in: stored once and answered once, or refused with the right word."""

import asyncio
import contextlib
import sqlite3
from urllib.parse import urlsplit

import pytest

from tests.contract.channels.channel import Request
from tests.contract.channels.conftest import CODES, Gateway, Start


def forgiven(request: Request | None) -> Request:
    """Tests of what a channel does not have are left out, and counted."""
    if request is None:
        pytest.skip("this channel has no such thing")
    return request


async def test_a_text_is_stored_then_acknowledged_and_answered(gateway: Gateway) -> None:
    person = gateway.channel.person(1)
    assert await gateway.post(gateway.channel.text(person, CODES[0], "first")) == gateway.channel.stored
    (row,) = gateway.rows("inbox")
    assert (row["channel"], row["text"]) == (gateway.channel.name, CODES[0])
    (answer,) = await gateway.told(1)
    assert answer.to == person
    assert CODES[0] in answer.text
    (sent,) = gateway.rows("outbox")
    assert sent["state"] in {"sent", "delivered"}


async def test_five_repeats_have_one_effect(gateway: Gateway) -> None:
    request = gateway.channel.text(gateway.channel.person(1), CODES[0], "first")
    statuses = [await gateway.post(request) for _ in range(5)]
    assert statuses == [gateway.channel.stored] * 5
    assert len(await gateway.told(1)) == 1
    assert len([row for row in gateway.rows("inbox") if row["dup_of"] is None]) == 1


async def test_repeats_at_the_same_moment_have_one_effect(gateway: Gateway) -> None:
    request = gateway.channel.text(gateway.channel.person(1), CODES[0], "first")
    statuses = await asyncio.gather(*(gateway.post(request) for _ in range(5)))
    assert set(statuses) == {gateway.channel.stored}
    assert len(await gateway.told(1)) == 1


async def test_a_replay_after_a_restart_has_no_effect(start: Start) -> None:
    async with start() as gateway:
        request = gateway.channel.text(gateway.channel.person(1), CODES[0], "first")
        await gateway.post(request)
        await gateway.told(1)
    async with start() as gateway:
        assert await gateway.post(request) == gateway.channel.stored
        other = gateway.channel.text(gateway.channel.person(2), CODES[1], "second")
        assert await gateway.post(other) == gateway.channel.stored
        assert [CODES[1] in arrived.text for arrived in await gateway.told(2)] == [False, True]


async def test_the_same_words_again_are_a_new_question(gateway: Gateway) -> None:
    person = gateway.channel.person(1)
    for key in ("first", "second"):
        await gateway.post(gateway.channel.text(person, CODES[0], key))
        await gateway.settled()
    assert len(await gateway.told(2)) == 2


async def test_forged_is_refused_and_not_stored(gateway: Gateway) -> None:
    request = gateway.channel.forge(gateway.channel.text(gateway.channel.person(1), CODES[0], "first"))
    assert await gateway.post(request) == gateway.channel.forged
    assert gateway.rows("inbox") == []


async def test_too_big_is_refused(gateway: Gateway) -> None:
    assert await gateway.post(gateway.channel.oversized()) == 413
    assert gateway.rows("inbox") == []


async def test_unreadable_is_refused(gateway: Gateway) -> None:
    assert await gateway.post(forgiven(gateway.channel.unreadable())) == 400
    assert gateway.rows("inbox") == []


async def test_an_unknown_event_is_acknowledged_and_left(gateway: Gateway) -> None:
    assert await gateway.post(forgiven(gateway.channel.unknown())) == gateway.channel.stored
    assert gateway.rows("inbox") == []


async def test_a_slow_body_keeps_nobody_waiting(gateway: Gateway) -> None:
    request = gateway.channel.text(gateway.channel.person(1), CODES[0], "first")
    address = urlsplit(gateway.address)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    try:
        head = f"{request.method} {request.path} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(request.body)}\r\n\r\n"
        writer.write(head.encode() + request.body[:10])
        await writer.drain()
        other = gateway.channel.text(gateway.channel.person(2), CODES[1], "second")
        assert await gateway.post(other) == gateway.channel.stored
        assert len(await gateway.told(1)) == 1
        async with asyncio.timeout(30):
            status = await reader.readline()
        assert status == b"" or b" 4" in status, "whoever does not end the body is sent away"
    finally:
        writer.close()


async def test_nothing_is_acknowledged_while_the_store_refuses(gateway: Gateway) -> None:
    path = gateway.folder / "data" / "motcua.db"
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        request = gateway.channel.text(gateway.channel.person(1), CODES[0], "first")
        assert await gateway.post(request) == 503
    assert await gateway.post(request) == gateway.channel.stored
    assert len(await gateway.told(1)) == 1
