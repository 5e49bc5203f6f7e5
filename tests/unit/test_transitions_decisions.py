"""What a decision leaves behind: the contact, the codes, the promises."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.intent import (
    Ask,
    ForgetQuestion,
    PromiseAnswer,
    RecordLookUp,
    RecordVerification,
    SetLanguage,
    SetOptOut,
    SetQuiet,
    SetUnreachable,
    Write,
)
from bot.linking import StopEverywhere
from bot.model import Address, ChannelName, Contact, Language, Question
from bot.store.transitions import (
    codes_of,
    known_codes,
    opts_out,
    promises_to_make,
    question_after,
    sets,
    settings_after,
)

NOON = datetime(2026, 6, 10, 5, 0, tzinfo=UTC)
LATER = NOON + timedelta(minutes=1)
QUESTION = Question(kind="choose_code", options=("A", "B"), asked_at=NOON, expires_at=LATER)
CONTACT = Contact(
    id=b"c" * 16,
    address=Address(ChannelName.SMS, "84912345678"),
    turn=7,
    language=Language.ENGLISH,
    opted_out_at=NOON,
    question=QUESTION,
    last_code="A",
    last_code_at=NOON,
)


def promise(code: str) -> PromiseAnswer:
    return PromiseAnswer(code, "bacninh", NOON)


OTHER_QUESTION = replace(QUESTION, kind="x")
QUESTIONS = [
    pytest.param((), QUESTION, id="nothing"),
    pytest.param((Ask(OTHER_QUESTION),), OTHER_QUESTION, id="asked"),
    pytest.param((ForgetQuestion(),), None, id="answered"),
    pytest.param((ForgetQuestion(), Ask(QUESTION)), QUESTION, id="answered, then asked"),
    pytest.param((Ask(QUESTION), ForgetQuestion()), None, id="asked, then answered"),
    pytest.param((RecordLookUp("B", found=True), SetOptOut(LATER)), QUESTION, id="others"),
]


@pytest.mark.parametrize(("writes", "question"), QUESTIONS)
def test_question_after(writes: tuple[Write, ...], question: Question | None) -> None:
    assert question_after(QUESTION, writes) == question


SETTINGS = [
    pytest.param((), {}, id="nothing"),
    pytest.param((SetLanguage(Language.VIETNAMESE),), {"language": Language.VIETNAMESE}, id="language"),
    pytest.param((SetOptOut(LATER),), {"opted_out_at": LATER}, id="opted out"),
    pytest.param((SetOptOut(None),), {"opted_out_at": None}, id="opted in"),
    pytest.param((SetOptOut(LATER), SetOptOut(None)), {"opted_out_at": None}, id="the last one counts"),
    pytest.param((SetQuiet(LATER),), {"quiet_until": LATER}, id="quiet"),
    pytest.param((SetUnreachable(LATER),), {"unreachable_at": LATER}, id="unreachable"),
    pytest.param((Ask(OTHER_QUESTION), ForgetQuestion(), RecordLookUp("B", found=True)), {}, id="what accounts share"),
    pytest.param((RecordVerification("B", passed=True), promise("B"), StopEverywhere(NOON)), {}, id="records only"),
]


@pytest.mark.parametrize(("writes", "changes"), SETTINGS)
def test_settings_after(writes: tuple[Write, ...], changes: dict[str, Any]) -> None:
    assert settings_after(CONTACT, writes) == replace(CONTACT, **changes)
    assert sets(writes) is bool(changes)


@pytest.mark.parametrize(
    ("writes", "codes"),
    [
        ((), []),
        ((RecordLookUp("B", found=True), RecordLookUp("A", found=False)), ["B", "A"]),
        ((RecordLookUp("B", found=True), promise("B"), promise("A")), ["B", "A"]),
        ((RecordVerification("V", passed=True), SetOptOut(NOON), RecordLookUp("A", found=True)), ["A"]),
    ],
    ids=["none", "in order", "each once", "a tried code is none"],
)
def test_codes_of(writes: tuple[Write, ...], codes: list[str]) -> None:
    assert codes_of(writes) == codes


PROMISES = [
    pytest.param("", "", [], id="none"),
    pytest.param("ABC", "", [(10, "A"), (11, "B"), (12, "C")], id="three"),
    pytest.param("ABCD", "", [(10, "A"), (11, "B"), (12, "C")], id="a fourth is not made"),
    pytest.param("AB", "A", [(11, "B")], id="one is owed: the place of the other stays"),
    pytest.param("ABC", "XY", [(10, "A")], id="room for one"),
    pytest.param("A", "XYZ", [], id="no room"),
    pytest.param("A", "A", [], id="owed already"),
    pytest.param("AAB", "", [(10, "A"), (12, "B")], id="the same code twice"),
    pytest.param("XA", "XYZ", [], id="owed ones still take their room"),
]


@pytest.mark.parametrize(("wanted", "owed", "made"), PROMISES)
def test_promises_to_make(wanted: str, owed: str, made: list[tuple[int, str]]) -> None:
    writes: list[Write] = [promise(code) for code in wanted]
    writes.insert(1, RecordLookUp("Z", found=True))
    assert [(ordinal, write.code) for ordinal, write in promises_to_make(writes, set(owed))] == made


@pytest.mark.parametrize(
    ("writes", "expected"),
    [
        ((), False),
        ((SetOptOut(NOON),), True),
        ((SetOptOut(None),), False),
        ((SetLanguage(Language.ENGLISH), SetOptOut(NOON)), True),
        ((Ask(QUESTION), ForgetQuestion()), False),
    ],
    ids=["nothing", "out", "in again", "among others", "others"],
)
def test_opts_out(writes: tuple[Write, ...], *, expected: bool) -> None:
    assert opts_out(writes) is expected


DAY = 86_400_000_000
MANY = [(f"O{number}", 50 * DAY) for number in range(25)]
KNOWN = [
    pytest.param([], "", [], id="nothing"),
    pytest.param([("A", 50 * DAY)], "", ["A"], id="what was known stays"),
    pytest.param([("A", 50 * DAY)], "B", ["B", "A"], id="newest first"),
    pytest.param([], "AB", ["B", "A"], id="the last of two first"),
    pytest.param([("A", 50 * DAY), ("B", 40 * DAY)], "B", ["B", "A"], id="each once"),
    pytest.param([("A", 10 * DAY)], "B", ["B", "A"], id="ninety days old"),
    pytest.param([("A", 10 * DAY - 1)], "B", ["B"], id="older"),
    pytest.param(MANY, "B", ["B", *(code for code, _ in MANY[:19])], id="twenty at most"),
]


@pytest.mark.parametrize(("known", "found", "codes"), KNOWN)
def test_known_codes(known: list[tuple[str, int]], found: str, codes: list[str]) -> None:
    at = 100 * DAY
    writes = (*(RecordLookUp(code, found=True) for code in found), RecordLookUp("X", found=False), promise("P"))
    after = known_codes(known, writes, at)
    assert [code for code, _ in after] == codes
    times = dict(known) | dict.fromkeys(found, at)
    assert after == [(code, times[code]) for code in codes], "each with the time it was last asked for"
