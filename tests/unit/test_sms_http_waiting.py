"""Replies that go into the response of the provider's own request."""

import asyncio

from sms.http.waiting import REMEMBERED_SECONDS, Given, Waiting

REPLY = Given("Ho so dang xu ly", "42")


class Time:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


async def test_a_reply_in_time_goes_into_the_response() -> None:
    waiting = Waiting(Time())
    waiter = waiting.open("a")
    giving = asyncio.create_task(waiting.give("a", REPLY))
    assert await waiting.reply("a", waiter, 5) == REPLY
    waiting.close("a", waiter, written=True)
    assert await giving
    assert len(waiting) == 0


async def test_a_response_that_could_not_be_written_is_told() -> None:
    waiting = Waiting(Time())
    waiter = waiting.open("a")
    giving = asyncio.create_task(waiting.give("a", REPLY))
    await waiting.reply("a", waiter, 5)
    waiting.close("a", waiter, written=False)
    assert not await giving
    assert waiting.given("a") is None


async def test_a_reply_that_comes_too_late_finds_no_response() -> None:
    waiting = Waiting(Time())
    waiter = waiting.open("a")
    assert await waiting.reply("a", waiter, 0) is None
    assert not await waiting.give("a", REPLY)


async def test_a_provider_that_asks_again_takes_over() -> None:
    waiting = Waiting(Time())
    first = waiting.open("a")
    second = waiting.open("a")
    assert await waiting.reply("a", first, 5) is None
    giving = asyncio.create_task(waiting.give("a", REPLY))
    assert await waiting.reply("a", second, 5) == REPLY
    waiting.close("a", first, written=False)
    waiting.close("a", second, written=True)
    assert await giving


async def test_a_reply_that_was_given_is_given_again_for_ten_minutes() -> None:
    time = Time()
    waiting = Waiting(time)
    waiter = waiting.open("a")
    giving = asyncio.create_task(waiting.give("a", REPLY))
    await waiting.reply("a", waiter, 5)
    waiting.close("a", waiter, written=True)
    await giving
    time.now = REMEMBERED_SECONDS
    assert waiting.given("a") == REPLY
    time.now += 1
    assert waiting.given("a") is None


async def test_a_reply_to_nobody() -> None:
    assert not await Waiting(Time()).give("a", REPLY)
