"""How much may leave: places, rate, and less of it when the SMSC complains."""

import pytest

from sms.backoff import Backoff, Ended
from sms.settings import Timing
from sms.window import Pace, QueueFullShare, TokenBucket, Window


def allowed(bucket: TokenBucket | Pace, start: float, seconds: float, step: float = 0.01) -> int:
    """How many single requests pass when they are tried all the time."""
    passed = 0
    for number in range(round(seconds / step)):
        while bucket.take(1, start + number * step):
            passed += 1
            assert passed < 100_000
    return passed


@pytest.mark.parametrize("rate", [1, 5, 20, 150])
def test_the_rate_is_kept(rate: float) -> None:
    bucket = TokenBucket(rate, 0)
    assert allowed(bucket, 0, 10) == pytest.approx(10 * rate, abs=0.1 * rate + 1)


def test_no_rate_lets_everything_pass() -> None:
    bucket = TokenBucket(0, 0)
    assert all(bucket.take(100, 0) for _ in range(100))
    assert bucket.wait(0) == 0


def test_a_long_message_overdraws_and_the_next_waits_longer() -> None:
    bucket = TokenBucket(10, 0)
    assert bucket.take(3, 0)
    assert not bucket.take(1, 0.2)
    assert bucket.wait(0.2) == pytest.approx(0.1)
    assert bucket.take(1, 0.31)


def test_what_was_taken_for_nothing_comes_back() -> None:
    bucket = TokenBucket(1, 0)
    assert bucket.take(1, 0)
    bucket.give_back(1)
    assert bucket.take(1, 0)
    assert not bucket.take(1, 0)


def test_throttling_halves_the_rate_and_it_grows_back_to_what_was_agreed() -> None:
    pace = Pace(20, pause=1, now=0)
    assert pace.take(1, 0)
    pace.throttled(0)
    pace.throttled(0.1)
    assert pace.rate == 10, "one burst counts once"
    assert pace.paused_for(0.4) == pytest.approx(0.6)
    assert not pace.take(1, 0.9)
    assert pace.wait(0.9) == pytest.approx(0.1)
    assert pace.take(1, 2)
    assert pace.rate == pytest.approx(12)
    assert pace.take(1, 30)
    assert pace.rate == 20


def test_lasting_throttling_goes_down_to_one_a_second_and_no_further() -> None:
    pace = Pace(20, pause=1, now=0)
    for second in range(0, 40, 2):
        pace.throttled(second)
    assert pace.rate == 1
    assert Pace(0.5, pause=1, now=0).rate == 0.5


def test_without_an_agreed_rate_the_running_one_is_halved_and_the_limit_goes_away_again() -> None:
    pace = Pace(0, pause=1, now=0)
    for number in range(40):
        assert pace.take(1, number / 40)
    pace.throttled(1)
    assert pace.rate == pytest.approx(20, rel=0.1)
    assert pace.take(1, 10)
    assert 40 < pace.rate < 80
    assert pace.take(1, 30)
    assert pace.rate == 0


def test_throttling_before_anything_was_sent_starts_slowly() -> None:
    pace = Pace(0, pause=1, now=0)
    pace.throttled(0)
    assert pace.rate == 1
    pace.give_back(1)


def test_window_places_are_held_and_freed() -> None:
    window = Window(3)
    assert [window.hold(2), window.hold(2), window.hold(1), window.hold(1)] == [2, 0, 1, 0]
    window.free(2)
    window.free(1)
    assert window.hold(9) == 3, "a message longer than the window gets all of it"
    assert window.held == 3


@pytest.mark.parametrize(
    ("full", "others", "crowded"), [(2, 8, False), (3, 7, True), (9, 0, False), (10, 40, False), (11, 39, True)]
)
def test_queue_full_is_about_us_above_a_fifth(full: int, others: int, *, crowded: bool) -> None:
    share = QueueFullShare()
    answers = [share.note(full=number >= others) for number in range(full + others)]
    assert answers[-1] is crowded


def test_queue_full_forgets_what_is_long_ago() -> None:
    share = QueueFullShare()
    for _ in range(50):
        share.note(full=True)
    assert [share.note(full=False) for _ in range(45)][-1] is False


def new_backoff() -> Backoff:
    return Backoff(Timing(), uniform=lambda _low, high: high)


def test_delays_double_up_to_the_cap() -> None:
    backoff = new_backoff()
    delays = [backoff.delay(Ended.LOST, bound_for=0, now=0) for _ in range(9)]
    assert delays == [1, 2, 4, 8, 16, 32, 60, 60, 60]


@pytest.mark.parametrize(("bound_for", "delay"), [(59, 8), (60, 1)])
def test_only_a_steady_bind_starts_the_delays_over(bound_for: float, delay: float) -> None:
    backoff = new_backoff()
    for _ in range(3):
        backoff.delay(Ended.LOST, bound_for=0, now=0)
    assert backoff.delay(Ended.LOST, bound_for=bound_for, now=0) == delay


def test_delays_are_drawn_between_half_and_whole() -> None:
    drawn: list[tuple[float, float]] = []

    def uniform(low: float, high: float) -> float:
        drawn.append((low, high))
        return low

    backoff = Backoff(Timing(), uniform)
    assert [backoff.delay(Ended.LOST, bound_for=0, now=0) for _ in range(2)] == [0.5, 1]
    assert drawn == [(0.5, 1.0)] * 2


def test_already_bound_is_tried_often_in_the_first_minute_then_once_a_minute() -> None:
    backoff, now, delays = new_backoff(), 0.0, []
    while now < 200:
        delays.append(backoff.delay(Ended.ALREADY_BOUND, bound_for=0, now=now))
        now += delays[-1]
    assert delays[:5] == [1, 2, 4, 8, 8]
    assert delays[-2:] == [60, 60]
    assert backoff.delay(Ended.LOST, bound_for=0, now=now) == 1
    assert backoff.delay(Ended.ALREADY_BOUND, bound_for=0, now=now) == 1


def test_wrong_credentials_are_tried_once_a_minute_at_most() -> None:
    assert new_backoff().delay(Ended.CREDENTIALS, bound_for=0, now=0) >= 60
    assert Backoff(Timing(), lambda low, _high: low).delay(Ended.CREDENTIALS, bound_for=0, now=0) >= 60


def test_after_a_good_bye_it_waits_longer() -> None:
    assert new_backoff().delay(Ended.UNBOUND, bound_for=3600, now=0) == 5
