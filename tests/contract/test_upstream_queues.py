"""The queue calls of the client: against the sandbox, and against systems that answer badly."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest

from bot.clock import VIETNAM, FixedClock
from dossier_client.models import Unavailable, Unit
from dossier_client.queues import GivenBack, NoQueue, Queue, QueueClosed, Queues
from dossier_client.sandbox import Faults, SandboxData, SandboxOneStop, SandboxOptions
from dossier_client.settings import UpstreamSettings
from tests.contract.upstreams import NOW, Reply, as_json, asked, client_of, hangs, http, sends

CENTRE, ELSEWHERE = "H05.22", "H29.1"


@asynccontextmanager
async def sandbox(faults: Faults | None = None) -> AsyncIterator[tuple[Queues, str]]:
    system = SandboxOneStop(
        SandboxData.loaded([], seed=1, today=NOW.date()), SandboxOptions(), now=lambda: NOW.astimezone(VIETNAM)
    )
    system.faults = faults or Faults()
    url = f"http://127.0.0.1:{await system.start('127.0.0.1', 0)}"
    settings = UpstreamSettings(name="bacninh", base_url=url, heads=("H05",), timeout_s=0.6)
    try:
        async with client_of(settings, clock=FixedClock(NOW)) as client:
            yield client.queues, url
    finally:
        await system.close()


async def advance(url: str, by: int) -> None:
    path = f"{url}/sandbox/queues/{CENTRE}/advance?by={by}"
    async with aiohttp.ClientSession() as http_client, http_client.post(path) as answer:
        assert answer.status == 200


async def taken(queues: Queues, request_id: str = "r1") -> Queue:
    queue = await queues.take(CENTRE, request_id)
    assert isinstance(queue, Queue)
    return queue


async def state(queues: Queues, ticket: str | None) -> Queue:
    queue = await queues.state(CENTRE, ticket)
    assert isinstance(queue, Queue)
    return queue


async def test_a_ticket_moves_to_the_front() -> None:
    async with sandbox() as (queues, url):
        first = await taken(queues)
        assert first.ticket
        assert (first.ahead, first.unit.code, first.is_open) == (first.waiting - 1, CENTRE, True)
        assert first.ahead
        await advance(url, 1)
        assert (await state(queues, first.ticket)).ahead == first.ahead - 1
        await advance(url, first.ahead)
        called = await state(queues, first.ticket)
        assert (called.ahead, called.now_serving) == (0, first.ticket)


async def test_who_was_called_before_has_no_place_any_more() -> None:
    async with sandbox() as (queues, url):
        first, _ = await taken(queues), await taken(queues, "r2")
        await advance(url, 1000)
        assert (await state(queues, first.ticket)).ahead is None


async def test_the_same_request_gets_the_same_ticket() -> None:
    async with sandbox() as (queues, _):
        assert (await taken(queues)).ticket == (await taken(queues)).ticket != (await taken(queues, "r2")).ticket


async def test_a_ticket_is_given_back() -> None:
    async with sandbox() as (queues, _):
        ticket = (await taken(queues)).ticket or ""
        assert [await queues.give_back(CENTRE, ticket) for _ in range(2)] == [GivenBack()] * 2
        assert (await state(queues, ticket)).ahead is None


async def test_a_closed_counter_gives_no_ticket() -> None:
    async with sandbox(Faults(queues_closed=True)) as (queues, _):
        assert await queues.take(CENTRE, "r1") == QueueClosed()
        assert not (await state(queues, None)).is_open


@pytest.mark.parametrize("unit", ["H05.99999", ELSEWHERE, "", "../x", "H05.22/tickets"])
async def test_no_line_for_an_agency_that_nobody_serves(unit: str) -> None:
    async with sandbox() as (queues, _):
        assert await queues.state(unit) == NoQueue()
        assert await queues.take(unit, "r1") == NoQueue()


@dataclass(frozen=True)
class Case:
    label: str
    reply: Reply
    expected: Any


SERVED = {"ticket": "A7", "ahead": "3", "waiting": 4, "now_serving": "A3"}
BAD = [
    Case(
        "numbers as texts",
        sends(as_json(SERVED, 201)),
        Queue(unit=Unit(), ticket="A7", ahead=3, waiting=4, now_serving="A3"),
    ),
    Case(
        "negative places",
        sends(as_json(SERVED | {"ahead": -1}, 201)),
        Queue(unit=Unit(), ticket="A7", waiting=4, now_serving="A3"),
    ),
    Case("no ticket", sends(as_json({"waiting": 4}, 201)), Unavailable("one")),
    Case(
        "a ticket that no message has room for", sends(as_json(SERVED | {"ticket": "A" * 40}, 201)), Unavailable("one")
    ),
    Case("a list", sends(as_json([], 201)), Unavailable("one")),
    Case("a page", sends(http(200, b"<html>", kind="text/html")), Unavailable("one")),
    Case("an error", sends(http(500, b"{}")), Unavailable("one")),
    Case("no such line", sends(as_json({"error": "not_found"}, 404)), NoQueue()),
    Case("silence", hangs, Unavailable("one")),
]


@pytest.mark.parametrize("case", BAD, ids=lambda case: case.label)
async def test_bad_answers(case: Case) -> None:
    async with asked(case.reply) as (_, client):
        assert await client.queues.take(CENTRE, "r1") == case.expected


async def test_a_kind_without_queues_is_not_asked() -> None:
    settings = UpstreamSettings(name="two", kind="opencps", base_url="http://127.0.0.1:9", heads=("H05",))
    async with client_of(settings) as client:
        assert await client.queues.take(CENTRE, "r1") == NoQueue()
        assert "calls" not in client.health()["two"].counts
