"""Limits per person stop walkers and machines without hurting a person who typed one wrong number."""

import tracemalloc
from collections.abc import Sequence
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
    verdicts = [limits.look_up(ONE, NOW) for number in range(22)]
    assert [ruling.verdict for ruling in verdicts] == [*[Verdict.ALLOWED] * 20, Verdict.TELL, Verdict.SILENT]
    assert (verdicts[20].count, verdicts[20].until) == (20, NOW + timedelta(hours=1))
    assert limits.look_up(OTHER, NOW).verdict is Verdict.ALLOWED
    assert limits.look_up(ONE, NOW + timedelta(hours=1)).verdict is Verdict.ALLOWED


def test_sixty_a_day() -> None:
    limits = Limits()
    for number in range(60):
        assert limits.look_up(ONE, NOW + timedelta(minutes=10 * number)).verdict is Verdict.ALLOWED
    ruling = limits.look_up(ONE, NOW + timedelta(minutes=601))
    assert (ruling.verdict, ruling.count) == (Verdict.TELL, 60)


def test_ten_codes_that_do_not_exist() -> None:
    limits = Limits()
    for number in range(9):
        limits.not_found(ONE, spread(number), NOW)
        limits.not_found(ONE, spread(number), NOW)
    assert limits.look_up(ONE, NOW).verdict is Verdict.ALLOWED
    limits.not_found(ONE, spread(10), NOW)
    assert limits.look_up(ONE, NOW).verdict is Verdict.TELL


def asks(limits: Limits, *numbers: int) -> list[Verdict]:
    """Somebody looks up dossiers of others, one of each number."""
    verdicts = []
    for number in numbers:
        verdicts.append(limits.look_up(ONE, NOW).verdict)
        limits.not_theirs(ONE, f"H05.12-260610-{number:04d}", NOW)
    return verdicts


@pytest.mark.parametrize(
    ("numbers", "allowed"),
    [
        pytest.param(range(1, 20), 10, id="a walk"),
        pytest.param(range(19, 0, -1), 10, id="a walk back"),
        pytest.param((3, 1, 4, 2, 9, 7, 6, 8, 12, 11, 13, 10, 30), 10, id="a walk in disorder"),
        pytest.param(range(1, 99, 7), 10, id="a walk in strides"),
        pytest.param((11, 25, 38, 49, 52), 5, id="five numbers of one day are no walk"),
        pytest.param((1, 2, 3, 7, 9, 20), 6, id="three neighbours are no walk"),
        pytest.param((5,) * 12, 12, id="the same one again and again"),
    ],
)
def test_each_number_of_a_walk_counts_as_not_found(numbers: Sequence[int], allowed: int) -> None:
    verdicts = asks(Limits(), *numbers)
    assert verdicts[:allowed] == [Verdict.ALLOWED] * allowed
    assert (
        verdicts[allowed:]
        == [Verdict.TELL, *[Verdict.SILENT] * (len(numbers) - allowed - 1)][: len(verdicts) - allowed]
    )


@pytest.mark.parametrize(
    ("numbers", "minutes", "verdict"),
    [
        pytest.param(10, 4, Verdict.TELL, id="one each four minutes"),
        pytest.param(10, 120, Verdict.TELL, id="one each two hours"),
        pytest.param(9, 4, Verdict.ALLOWED, id="nine"),
        pytest.param(20, 300, Verdict.ALLOWED, id="five a day learn too little to be stopped"),
    ],
)
def test_a_slow_walk(numbers: int, minutes: int, verdict: Verdict) -> None:
    limits = Limits()
    for number in range(numbers):
        limits.not_theirs(ONE, f"H05.12-260610-{number:04d}", NOW + timedelta(minutes=minutes * number))
    assert limits.look_up(ONE, NOW + timedelta(minutes=minutes * numbers)).verdict is verdict


def test_one_wrong_number_or_a_few_hurt_nobody() -> None:
    limits = Limits()
    for number in (2, 3, 1, 4, 12):
        limits.not_theirs(ONE, f"H05.12-260610-{number:04d}", NOW)
    for unit in range(12):
        limits.not_theirs(ONE, f"H05.{unit}-260611-0001", NOW)
    assert limits.look_up(ONE, NOW).verdict is Verdict.ALLOWED


def test_several_senders_are_not_taken_for_one() -> None:
    limits = Limits()
    for number in range(12):
        limits.not_theirs(number.to_bytes(16), f"H05.12-260610-{number:04d}", NOW)
    assert all(limits.look_up(number.to_bytes(16), NOW).verdict is Verdict.ALLOWED for number in range(12))


def test_asking_whether_one_may_look_up_counts_nothing() -> None:
    limits = Limits()
    assert all(limits.may_look_up(ONE, NOW) for _ in range(30))
    for _ in range(20):
        limits.look_up(ONE, NOW)
    assert not limits.may_look_up(ONE, NOW)
    assert limits.look_up(ONE, NOW).verdict is Verdict.TELL


def test_codes_without_a_number_are_no_neighbours() -> None:
    limits = Limits()
    for _ in range(12):
        limits.not_theirs(ONE, "mtc", NOW)
    assert limits.look_up(ONE, NOW).verdict is Verdict.ALLOWED


def test_unknown_three_times_then_silence_until_something_is_understood() -> None:
    limits = Limits()
    limits.understood(ONE)
    assert [limits.may_say_unknown(ONE, NOW) for _ in range(4)] == [True, True, True, False]
    limits.understood(ONE)
    assert limits.may_say_unknown(ONE, NOW)


def test_other_brakes() -> None:
    limits = Limits()
    assert [limits.may_say_unknown(ONE, NOW) for _ in range(4)] == [True, True, True, False]
    assert [limits.may_reply(ONE, NOW) for _ in range(31)] == [*[True] * 30, False]
    assert limits.may_reply(ONE, NOW + timedelta(hours=1))
    assert not limits.may_say_unknown(ONE, NOW + timedelta(minutes=59))


@pytest.mark.parametrize(
    ("on_dossier", "by_person", "left"), [(0, 0, 5), (4, 10, 1), (0, 14, 1), (5, 0, 0), (0, 15, 0), (9, 0, 0)]
)
def test_last_four_digits(on_dossier: int, by_person: int, left: int) -> None:
    assert Limits().tries_left(on_dossier, by_person) == left


def test_switched_off_for_load_tests() -> None:
    limits = Limits(enabled=False)
    assert all(limits.look_up(ONE, NOW).verdict is Verdict.ALLOWED for _ in range(100))
    assert all(limits.may_reply(ONE, NOW) and limits.may_say_unknown(ONE, NOW) for _ in range(100))
    assert limits.tries_left(99, 99) > 0


def test_memory_is_bounded() -> None:
    limits = Limits(most_contacts=10)
    for number in range(100):
        limits.may_reply(number.to_bytes(16), NOW)
    assert len(limits._contacts) == 10


def test_a_contact_that_wrote_once_takes_little_memory() -> None:
    limits, guard, contacts = Limits(), LoopGuard(), [number.to_bytes(16) for number in range(1000)]
    tracemalloc.start()
    for contact in contacts:
        limits.look_up(contact, NOW)
        limits.not_theirs(contact, "H05.12-260610-0001", NOW)
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


def test_commands_are_obeyed_as_often_as_they_come() -> None:
    guard = LoopGuard()
    assert all(guard.may_answer(ONE, text, NOW) for text in ("TC", "từ chối", "MO", "tg") * 4)


def test_two_machines_stop_after_three_rounds() -> None:
    guard = LoopGuard()
    rounds = [
        guard.may_answer(ONE, f"Away since {minute}.", NOW) and guard.may_say(ONE, "?", NOW) for minute in range(5)
    ]
    assert rounds == [True, True, True, False, False]
    assert guard.may_say(OTHER, "?", NOW)
    assert guard.may_say(ONE, "another text", NOW)
    assert guard.may_say(ONE, "?", NOW + timedelta(minutes=10))


def test_a_person_who_asks_the_same_again_is_answered_again() -> None:
    guard = LoopGuard()
    assert all(guard.may_say(ONE, "the state", NOW + timedelta(seconds=30 * number)) for number in range(20))


def test_the_guard_can_be_switched_off() -> None:
    guard = LoopGuard(enabled=False)
    guard.sent("abc", NOW)
    assert all(guard.may_answer(ONE, "abc", NOW) and guard.may_say(ONE, "abc", NOW) for _ in range(5))
