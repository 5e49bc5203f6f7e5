"""Limits per person stop walkers and machines without hurting a person who typed one wrong number."""

import tracemalloc
from datetime import UTC, datetime, timedelta

import pytest

from bot.limits import Limits, Verdict
from bot.loop_guard import LoopGuard

NOW = datetime(2026, 6, 10, 2, 0, tzinfo=UTC)
ONE, OTHER = b"1" * 16, b"2" * 16


def spread(number: int) -> str:
    return f"H05.{number}-260610-0001"


def test_twenty_an_hour_then_told_once_then_silence() -> None:
    limits = Limits()
    verdicts = [limits.look_up(ONE, spread(number), NOW) for number in range(22)]
    assert [ruling.verdict for ruling in verdicts] == [*[Verdict.ALLOWED] * 20, Verdict.TELL, Verdict.SILENT]
    assert (verdicts[20].count, verdicts[20].until) == (20, NOW + timedelta(hours=1))
    assert limits.look_up(OTHER, spread(1), NOW).verdict is Verdict.ALLOWED
    assert limits.look_up(ONE, spread(1), NOW + timedelta(hours=1)).verdict is Verdict.ALLOWED


def test_sixty_a_day() -> None:
    limits = Limits()
    for number in range(60):
        assert limits.look_up(ONE, spread(number), NOW + timedelta(minutes=10 * number)).verdict is Verdict.ALLOWED
    ruling = limits.look_up(ONE, spread(61), NOW + timedelta(minutes=601))
    assert (ruling.verdict, ruling.count) == (Verdict.TELL, 60)


def test_ten_codes_that_do_not_exist() -> None:
    limits = Limits()
    for number in range(9):
        limits.not_found(ONE, spread(number), NOW)
        limits.not_found(ONE, spread(number), NOW)
    assert limits.look_up(ONE, spread(50), NOW).verdict is Verdict.ALLOWED
    limits.not_found(ONE, spread(10), NOW)
    assert limits.look_up(ONE, spread(51), NOW).verdict is Verdict.TELL


def test_a_walk_through_numbers_counts_as_not_found() -> None:
    limits = Limits()
    walk = [limits.look_up(ONE, f"H05.12-260610-{number:04d}", NOW).verdict for number in range(1, 20)]
    assert Verdict.TELL in walk
    assert walk.index(Verdict.TELL) < 15
    careful = Limits()
    assert all(
        careful.look_up(ONE, f"H05.12-260610-{number:04d}", NOW).verdict is Verdict.ALLOWED
        for number in (1, 2, 3, 7, 9, 20)
    )


def test_other_brakes() -> None:
    limits = Limits()
    assert [limits.may_say_unknown(ONE, NOW) for _ in range(4)] == [True, True, True, False]
    assert [limits.may_reply(ONE, NOW) for _ in range(31)] == [*[True] * 30, False]
    assert limits.may_reply(ONE, NOW + timedelta(hours=1))
    assert not limits.may_say_unknown(ONE, NOW + timedelta(minutes=59))


@pytest.mark.parametrize(("on_dossier", "by_person", "allowed"), [(4, 14, True), (5, 0, False), (0, 15, False)])
def test_last_four_digits(on_dossier: int, by_person: int, *, allowed: bool) -> None:
    assert Limits().verification(on_dossier, by_person) is allowed


def test_switched_off_for_load_tests() -> None:
    limits = Limits(enabled=False)
    assert all(limits.look_up(ONE, "H05.12-260610-0001", NOW).verdict is Verdict.ALLOWED for _ in range(100))
    assert all(limits.may_reply(ONE, NOW) and limits.may_say_unknown(ONE, NOW) for _ in range(100))
    assert limits.verification(99, 99)


def test_memory_is_bounded() -> None:
    limits = Limits(most_contacts=10)
    for number in range(100):
        limits.may_reply(number.to_bytes(16), NOW)
    assert len(limits._contacts) == 10


def test_a_contact_that_wrote_once_takes_little_memory() -> None:
    limits, guard, contacts = Limits(), LoopGuard(), [number.to_bytes(16) for number in range(1000)]
    tracemalloc.start()
    for contact in contacts:
        limits.look_up(contact, "H05.12-260610-0001", NOW)
        limits.may_reply(contact, NOW)
        guard.may_answer(contact, "xin chao", NOW)
    octets, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert octets / len(contacts) < 1500


def test_loops_end() -> None:
    guard = LoopGuard()
    guard.sent("HS H05.12-260610-0001: dang xu ly.", NOW)
    assert not guard.may_answer(ONE, "hs h05.12-260610-0001: dang xu ly", NOW)
    assert guard.may_answer(ONE, "hs h05.12-260610-0001: dang xu ly", NOW + timedelta(hours=25))
    assert not guard.may_answer(ONE, "Tôi đang bận họp, sẽ gọi lại sau", NOW)
    assert [guard.may_answer(ONE, "abc", NOW) for _ in range(3)] == [True, True, False]
    assert guard.may_answer(OTHER, "abc", NOW)
    assert guard.may_answer(ONE, "abc", NOW + timedelta(minutes=11))


def test_the_guard_can_be_switched_off() -> None:
    guard = LoopGuard(enabled=False)
    guard.sent("abc", NOW)
    assert all(guard.may_answer(ONE, "abc", NOW) for _ in range(5))
