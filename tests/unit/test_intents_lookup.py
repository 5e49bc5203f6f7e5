"""Looking up codes: which reply, what is remembered, who is told what."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from bot.intent import (
    Ask,
    LookUpDossier,
    Outcome,
    PromiseAnswer,
    RecordLookUp,
    RecordVerification,
    Write,
)
from bot.intents import decide
from bot.intents.world import World
from bot.limits import Limits
from bot.model import ChannelName, Contact, Question
from dossier_client.models import Fee, OwnDossiers, Status, Unavailable
from tests.unit.worlds import (
    ABSENT,
    DIGITS,
    DOWN,
    FAR,
    NOW,
    OWNER,
    A,
    B,
    C,
    D,
    Remembered,
    Systems,
    contact,
    dossier,
    world,
)

ALL = Systems(dossier(A), dossier(B), dossier(C, contact_phones=frozenset()))
PROMISED = PromiseAnswer(DOWN, "bacninh", NOW)


def found(*codes: str) -> tuple[Write, ...]:
    return tuple(RecordLookUp(code, found=True) for code in codes)


def missing(code: str) -> RecordLookUp:
    return RecordLookUp(code, found=False)


def asking(kind: str, *options: str) -> Ask:
    return Ask(Question(kind=kind, options=options, asked_at=NOW, expires_at=NOW + timedelta(minutes=10)))


def templates(outcome: Outcome) -> tuple[str, ...]:
    return tuple(reply.template for reply in outcome.replies)


def remembering(code: str, hours: float) -> Contact:
    return contact(last_code=code, last_code_at=NOW - timedelta(hours=hours))


class NoPhoneBook(Systems):
    """Knows dossiers but cannot be asked by phone now."""

    async def by_phone(self, phone: str) -> OwnDossiers | Unavailable:
        del phone
        return Unavailable("bacninh")


@dataclass(frozen=True)
class Case:
    label: str
    codes: tuple[str, ...]
    replies: tuple[str, ...]
    writes: tuple[Write, ...] = ()
    person: Contact = field(default_factory=contact)
    own: tuple[str, ...] = ()
    systems: Systems = ALL


CASES = [
    Case("one code", (A,), ("st.4",), found(A)),
    Case("three codes", (A, B, C), ("st.4",) * 3, found(A, B, C)),
    Case("nothing there", (ABSENT,), ("lk.notfound",), (missing(ABSENT),)),
    Case("of another province", (FAR,), ("lk.other_province",)),
    Case("the system is down", (DOWN,), ("lk.down",), (PROMISED,)),
    Case("down, with a last known state", (A,), ("lk.stale",), (*found(A), PromiseAnswer(A, "bacninh", NOW)), systems=Systems(dossier(A), stale=True)),
    Case("each of several on its own", (A, ABSENT, DOWN), ("st.4", "lk.notfound", "lk.down"), (*found(A), missing(ABSENT), PROMISED)),
    Case("no code, none looked up", (), ("help",)),
    Case("no code, the last one counts", (), ("st.4",), found(A), remembering(A, 23)),
    Case("no code, the last one is too old", (), ("help",), (), remembering(A, 25)),
    Case("one like a code of the sender's own", (D,), ("lk.dym1",), (asking("choose_code", A),), own=(A,)),
    Case("one like several of the sender's own", (D,), ("lk.dymn",), (asking("choose_code", A, B, C),), own=(A, B, C)),
    Case("at most three are offered", (D,), ("lk.dymn",), (asking("choose_code", A, B, C),), own=(A, B, C, D.replace("0004", "0005"))),
    Case("one like the dossiers of the sender's phone", (D,), ("lk.dymn",), (asking("choose_code", A, B),), contact(OWNER)),
    Case("one unlike the sender's own", (ABSENT,), ("lk.notfound",), (missing(ABSENT),), own=(A,)),
    Case("beside another code nothing is asked", (A, D), ("st.4", "lk.notfound"), (*found(A), missing(D)), own=(A,)),
    Case("the phone cannot be asked about", (D,), ("lk.notfound",), (missing(D),), contact(OWNER), systems=NoPhoneBook(dossier(A))),
    Case("in chat no phone is proven", (D,), ("lk.notfound",), (missing(D),), contact(OWNER, ChannelName.ZALO)),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.label)
async def test_look_up(case: Case) -> None:
    around = world(case.person, case.systems, memory=Remembered(case.own))
    outcome = await decide(LookUpDossier(case.codes), around)
    assert templates(outcome) == case.replies
    assert outcome.writes == case.writes


DOWNS = tuple(f"H05.{unit}-260610-0001" for unit in range(1, 6))


@pytest.mark.parametrize(
    ("codes", "owed", "promised"),
    [
        pytest.param(DOWNS[:1], (), (True,), id="the first"),
        pytest.param(DOWNS[:3], (), (True, True, True), id="three at once"),
        pytest.param(DOWNS[:3], DOWNS[3:4], (True, True, False), id="one was owed already"),
        pytest.param(DOWNS[:1], DOWNS[1:4], (False,), id="three were owed already"),
        pytest.param(DOWNS[:1], DOWNS[:3], (True,), id="it is among those owed"),
        pytest.param((DOWNS[0], DOWNS[3]), DOWNS[:3], (True, False), id="one is owed, one is too many"),
    ],
)
async def test_no_more_is_promised_than_will_be_kept(
    codes: tuple[str, ...], owed: tuple[str, ...], promised: tuple[bool, ...]
) -> None:
    outcome = await decide(LookUpDossier(codes), world(systems=Systems(down=True), memory=Remembered(owed=owed)))
    assert tuple(reply.values["promised"] for reply in outcome.replies) == promised
    kept = [code for code, is_promised in zip(codes, promised, strict=True) if is_promised]
    assert [write.code for write in outcome.writes if isinstance(write, PromiseAnswer)] == kept


async def test_more_than_three_codes_are_told_in_the_last_reply() -> None:
    outcome = await decide(LookUpDossier((A, B, C), more=True), world(systems=ALL))
    assert [reply.values.get("more", False) for reply in outcome.replies] == [False, False, True]


async def test_over_the_limit_more_codes_need_no_note() -> None:
    around = world(limits=over_the_limit())
    assert templates(await decide(LookUpDossier((A, B, C), more=True), around)) == ("lk.rate",)
    assert await decide(LookUpDossier((A, B, C), more=True), around) == Outcome()


def over_the_limit() -> Limits:
    limits = Limits()
    for _ in range(20):
        limits.look_up(contact().id, NOW)
    return limits


async def test_the_limit_is_told_once_with_its_end() -> None:
    limits = over_the_limit()
    (reply,) = (await decide(LookUpDossier((A,)), world(limits=limits))).replies
    assert (reply.template, reply.values) == ("lk.rate", {"count": 20, "at": NOW + timedelta(hours=1)})
    assert await decide(LookUpDossier((A,)), world(limits=limits)) == Outcome()


async def test_ten_codes_that_do_not_exist_end_it() -> None:
    limits = Limits()
    for number in range(10):
        code = f"H05.{number}-260610-0001"
        assert templates(await decide(LookUpDossier((code,)), world(limits=limits))) == ("lk.notfound",)
    assert templates(await decide(LookUpDossier((A,)), world(limits=limits))) == ("lk.rate",)


@pytest.mark.parametrize(
    ("person", "replies"),
    [
        pytest.param(contact(), ["st.4"] * 10 + ["lk.rate", ""], id="a stranger walks"),
        pytest.param(contact(OWNER), ["st.4"] * 12, id="one's own may be neighbours"),
    ],
)
async def test_neighbours(person: Contact, replies: list[str]) -> None:
    codes = [f"H05.12-260610-{number:04d}" for number in range(1, 13)]
    limits, systems = Limits(), Systems(*(dossier(code) for code in codes))
    outcomes = [await decide(LookUpDossier((code,)), world(person, systems, limits=limits)) for code in codes]
    assert ["".join(templates(outcome)) for outcome in outcomes] == replies


FEE = Systems(dossier(A, Status.FEE_DUE, fee=Fee(amount=500_000)))


@dataclass(frozen=True)
class Try:
    label: str
    digits: str
    tries: tuple[int, int]
    reply: str
    passed: bool | None
    tries_left: int | None = None


TRIES = [
    Try("right", DIGITS, (0, 0), "st.6v", passed=True),
    Try("right at the last try", DIGITS, (4, 4), "st.6v", passed=True),
    Try("wrong", "9999", (0, 0), "st.6", passed=False, tries_left=4),
    Try("the fourth wrong one", "9999", (3, 3), "st.6", passed=False, tries_left=1),
    Try("the fifth wrong one", "9999", (4, 4), "lk.rate", passed=False),
    Try("the sixth, even if right", DIGITS, (5, 5), "lk.rate", passed=None),
    Try("the fifteenth wrong one of a person", "9999", (0, 14), "lk.rate", passed=False),
    Try("the sixteenth of a person", DIGITS, (0, 15), "lk.rate", passed=None),
]


@pytest.mark.parametrize("case", TRIES, ids=lambda case: case.label)
async def test_last_four_digits(case: Try) -> None:
    outcome = await decide(LookUpDossier((A,), case.digits), world(systems=FEE, memory=Remembered(tries=case.tries)))
    assert templates(outcome) == (case.reply,)
    assert outcome.replies[0].values.get("tries_left") == case.tries_left
    tried = () if case.passed is None else (RecordVerification(A, case.passed),)
    assert outcome.writes == (*found(A), *tried)
    assert case.digits not in repr(outcome)


@pytest.mark.parametrize(
    ("tries", "count"), [pytest.param((5, 3), 5, id="on the dossier"), pytest.param((0, 15), 15, id="by the person")]
)
async def test_which_limit_of_the_digits_is_told(tries: tuple[int, int], count: int) -> None:
    outcome = await decide(LookUpDossier((A,), DIGITS), world(systems=FEE, memory=Remembered(tries=tries)))
    assert outcome.replies[0].values == {"count": count, "at": NOW + timedelta(days=1)}


class NoProof(Systems):
    """Tells states but cannot check digits now."""

    async def verify(self, code: str, id_last4: str) -> Any:
        self.down = True
        return await super().verify(code, id_last4)


@pytest.mark.parametrize(
    ("around", "asked"),
    [
        pytest.param(world(contact(OWNER)), False, id="the person of the dossier needs no digits"),
        pytest.param(world(systems=Systems(dossier(A), stale=True)), False, id="nothing to check while down"),
        pytest.param(world(systems=NoProof(dossier(A))), True, id="a check that fails costs no try"),
    ],
)
async def test_digits_that_cost_no_try(around: World, *, asked: bool) -> None:
    outcome = await decide(LookUpDossier((A,), "9999"), around)
    assert not [write for write in outcome.writes if isinstance(write, RecordVerification)]
    assert outcome.replies[0].values["tries_left"] is None
    assert isinstance(around.dossiers, Systems)
    assert (f"verify {A}" in around.dossiers.asked) is asked
