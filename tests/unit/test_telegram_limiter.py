"""How fast the bot talks: one person, one group, all together; and only who is too fast waits."""

from datetime import UTC, datetime

import pytest

from adapters.telegram.limiter import BURST, MOST_CHATS, Limiter
from adapters.telegram.settings import Rates
from bot.clock import FixedClock

NOW = datetime(2026, 6, 12, 3, 0, tzinfo=UTC)
PERSON, OTHER, GROUP = "84001", "84002", "-100200"


def made(rates: Rates | None = None) -> tuple[Limiter, FixedClock]:
    clock = FixedClock(NOW)
    return Limiter(rates or Rates(), clock.monotonic), clock


def sent_in(seconds: float, limiter: Limiter, clock: FixedClock, chat: str) -> int:
    """How many messages go to *chat* when it always wants one more."""
    sent, until = 0, clock.monotonic() + seconds
    while clock.monotonic() < until:
        wait = limiter.wait_for(chat)
        if wait > 0:
            clock.advance(wait + 1e-9)
        else:
            limiter.take_for(chat)
            sent += 1
    return sent


def test_one_person_gets_a_short_burst_then_one_a_second() -> None:
    limiter, clock = made()
    assert sent_in(10, limiter, clock, PERSON) == BURST + 9
    limiter.take_for(PERSON)
    assert 0 < limiter.wait_for(PERSON) <= 1
    assert limiter.wait_for(OTHER) == 0


def test_a_group_gets_twenty_a_minute_after_its_first_twenty() -> None:
    limiter, clock = made()
    assert sent_in(60, limiter, clock, GROUP) in {39, 40}


def test_all_together() -> None:
    limiter, clock = made()
    sent = 0
    while clock.monotonic() < 2:
        if wait := limiter.wait():
            clock.advance(wait + 1e-9)
        else:
            limiter.take()
            sent += 1
    assert 88 <= sent <= 91


@pytest.mark.parametrize("rates", [Rates(overall=0, chat=0, group=0)])
def test_no_limit_of_ours(rates: Rates) -> None:
    limiter, _ = made(rates)
    for _ in range(1000):
        assert limiter.wait() == limiter.wait_for(PERSON) == limiter.wait_for(GROUP) == 0
        limiter.take()
        limiter.take_for(PERSON)
        limiter.take_for(GROUP)


def test_only_the_refused_chat_waits() -> None:
    limiter, clock = made()
    limiter.pause(PERSON, 30)
    assert limiter.wait_for(PERSON) == 30
    assert limiter.wait_for(OTHER) == limiter.wait() == 0
    clock.advance(30)
    assert limiter.wait_for(PERSON) == 0


def test_several_refused_chats_mean_everybody() -> None:
    limiter, clock = made()
    for chat in (PERSON, OTHER, "84003"):
        limiter.pause(chat, 5)
    assert limiter.wait() == limiter.wait_for("84004") == 5
    clock.advance(5)
    assert limiter.wait() == limiter.wait_for(PERSON) == 0


def test_refusals_of_long_ago_do_not_add_up() -> None:
    limiter, clock = made()
    for chat in (PERSON, OTHER, "84003"):
        limiter.pause(chat, 5)
        clock.advance(6)
    assert limiter.wait() == 0


def test_memory_is_bounded() -> None:
    limiter, clock = made()
    for number in range(MOST_CHATS + 10):
        limiter.take_for(str(number))
        clock.advance(1)
    assert len(limiter._chats) <= MOST_CHATS
