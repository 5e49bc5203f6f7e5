"""What is a repeat, of a message and of a part; which text a part belongs to."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.model import Address, ChannelName, InboundPart, MessageId
from bot.store.transitions import (
    Earlier,
    OpenedGroup,
    group_of_part,
    is_repeat,
    is_repeated_part,
    session_epoch,
    session_is_open,
)

NOON = datetime(2026, 6, 10, 5, 0, tzinfo=UTC)
MOMENT = timedelta(microseconds=1)


def seconds(number: float) -> timedelta:
    return timedelta(seconds=number)


@pytest.mark.parametrize("sign", [1, -1], ids=["later", "earlier by a clock set back"])
@pytest.mark.parametrize(
    ("age", "session_open", "expected"),
    [
        pytest.param(seconds(0), True, True, id="at once"),
        pytest.param(seconds(30) - MOMENT, True, True, id="just under 30 s on the open line"),
        pytest.param(seconds(30), True, False, id="30 s on the open line"),
        pytest.param(seconds(30), False, True, id="30 s, the line is gone"),
        pytest.param(seconds(120) - MOMENT, False, True, id="just under 120 s"),
        pytest.param(seconds(120) - MOMENT, True, False, id="just under 120 s on the open line"),
        pytest.param(seconds(120), False, False, id="120 s"),
    ],
)
def test_is_repeat(age: timedelta, sign: int, *, session_open: bool, expected: bool) -> None:
    earlier = Earlier(id=MessageId(1), received_at=NOON, session_open=session_open)
    assert is_repeat(NOON + age * sign, earlier, None) is expected


@pytest.mark.parametrize(
    ("asked_at", "expected"),
    [(None, True), (NOON - MOMENT, True), (NOON, True), (NOON + MOMENT, False)],
    ids=["no question", "asked before", "asked at that moment", "asked afterwards"],
)
def test_the_answer_to_a_question_is_no_repeat(asked_at: datetime | None, *, expected: bool) -> None:
    earlier = Earlier(id=MessageId(1), received_at=NOON, session_open=False)
    assert is_repeat(NOON + seconds(5), earlier, asked_at) is expected


@pytest.mark.parametrize(
    ("session", "epoch"), [("7:telco.1", 7), ("12:", 12), ("", None), ("telco", None), ("x:1", None), (":1", None), ("7", 7)]
)  # fmt: skip
def test_session_epoch(session: str, epoch: int | None) -> None:
    assert session_epoch(session) == epoch


@pytest.mark.parametrize(
    ("session", "is_open"),
    [
        pytest.param("7:a", True, id="ours, open"),
        pytest.param("7:b", False, id="ours, closed"),
        pytest.param("8:a", True, id="of another living process"),
        pytest.param("9:a", False, id="of a dead process"),
        pytest.param("", False, id="none"),
        pytest.param("a", False, id="without a process"),
    ],
)
def test_session_is_open(session: str, *, is_open: bool) -> None:
    assert session_is_open(session, 7, {"7:a", "a", ""}, {7, 8}) is is_open


PART = InboundPart(
    sender=Address(ChannelName.SMS, "84912345678"),
    recipient="8283",
    route="smpp:telco",
    method="udh8",
    reference=7,
    total=3,
    index=2,
    octets=b"two",
    data_coding=0,
    content_hash=b"two",
    received_at=NOON,
)


def group(key: int, *indexes: int, age: timedelta = timedelta(0), finished: bool = False) -> OpenedGroup:
    names = {1: b"one", 2: b"two", 3: b"three"}
    hashes = {index: names[index] for index in indexes}
    return OpenedGroup(id=MessageId(key), opened_at=NOON - age, finished=finished, hashes=hashes)


TEN_MINUTES = timedelta(minutes=10)


@pytest.mark.parametrize(
    ("groups", "expected"),
    [
        pytest.param([], False, id="nothing known"),
        pytest.param([group(1, 2)], True, id="stored"),
        pytest.param([group(1, 2, finished=True)], True, id="stored, its text is joined"),
        pytest.param([group(1, 1, 3)], False, id="missing"),
        pytest.param([group(1, 1), group(2, 2)], True, id="stored in another group"),
        pytest.param([group(1, 2, age=TEN_MINUTES - MOMENT)], True, id="just under ten minutes"),
        pytest.param([group(1, 2, age=TEN_MINUTES)], False, id="ten minutes"),
        pytest.param([group(1, 2, age=-TEN_MINUTES + MOMENT)], True, id="just under, the clock was set back"),
        pytest.param([group(1, 2, age=-TEN_MINUTES)], False, id="ten minutes, the clock was set back"),
    ],
)
def test_is_repeated_part(groups: list[OpenedGroup], *, expected: bool) -> None:
    assert is_repeated_part(PART, groups) is expected


def test_other_octets_at_the_same_place_are_no_repeat() -> None:
    assert not is_repeated_part(replace(PART, content_hash=b"other"), [group(1, 2)])


@pytest.mark.parametrize(
    ("groups", "expected"),
    [
        pytest.param([], None, id="the first part"),
        pytest.param([group(1, 1)], 1, id="it misses this part"),
        pytest.param([group(1, 1, 2)], None, id="it has that place"),
        pytest.param([group(1, 1), group(2, 3)], 2, id="the newest that misses it"),
        pytest.param([group(1, 1), group(2, 2)], 1, id="the only one that misses it"),
        pytest.param([group(1, 1, finished=True)], 1, id="a late part joins the text that was given up"),
        pytest.param([group(1, 1, age=TEN_MINUTES)], None, id="too old"),
        pytest.param([group(1, 1, age=TEN_MINUTES - MOMENT)], 1, id="just young enough"),
    ],
)
def test_group_of_part(groups: list[OpenedGroup], expected: int | None) -> None:
    assert group_of_part(PART, groups) == expected
