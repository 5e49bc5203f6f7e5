"""Room for sends over HTTP: so many at a time, none while a pause runs."""

from datetime import UTC, datetime

from bot.clock import FixedClock
from bot.pacing import Pace


def test_so_many_at_a_time() -> None:
    pace, told = Pace(FixedClock(datetime(2026, 6, 10, tzinfo=UTC)), at_once=2), []
    pace.on_room(lambda: told.append(1))
    first, second = pace.reserve(), pace.reserve()
    assert first is not None
    assert second is not None
    assert pace.reserve() is None
    first.release()
    first.release()
    assert told == [1], "a place is given back once"
    assert pace.reserve() is not None
    assert pace.reserve() is None


def test_nothing_leaves_in_a_pause() -> None:
    clock = FixedClock(datetime(2026, 6, 10, tzinfo=UTC))
    pace = Pace(clock, at_once=1)
    pace.pause(3)
    pace.pause(1)
    assert pace.reserve() is None
    clock.advance(2.9)
    assert not pace.is_open()
    clock.advance(0.2)
    assert pace.reserve() is not None
