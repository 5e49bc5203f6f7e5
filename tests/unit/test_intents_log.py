"""The log, one's own dossiers, and codes that fit no shape."""

from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest

from bot.intent import Ask, LookUpLog, MalformedCode, MyDossiers, Outcome, RecordLookUp, Reply
from bot.intents import decide
from bot.limits import Limits
from bot.model import ChannelName, Contact, Question
from dossier_client.models import Status, Step
from tests.unit.worlds import (
    ABSENT,
    DOWN,
    FAR,
    LAND,
    NOW,
    OWNER,
    WARD,
    A,
    B,
    Remembered,
    Systems,
    contact,
    dossier,
    world,
)

STEPS = (Step(at=NOW, name="Tiếp nhận", unit=WARD), Step(at=None, name="Thẩm định", unit=LAND, note="thiếu chữ ký"))
LOG = Systems(dossier(), dossier(B), steps=STEPS)


def templates(outcome: Outcome) -> tuple[str, ...]:
    return tuple(reply.template for reply in outcome.replies)


@dataclass(frozen=True)
class Case:
    label: str
    code: str | None
    reply: str
    found: bool | None = None
    person: Contact = field(default_factory=contact)
    systems: Systems = LOG


CASES = [
    Case("steps", A, "log.steps", found=True),
    Case("no steps yet", A, "log.none", found=True, systems=Systems(dossier())),
    Case("nothing there", ABSENT, "lk.notfound", found=False),
    Case("of another province", FAR, "lk.other_province"),
    Case("down", DOWN, "log.down"),
    Case("without a code", None, "lk.need_code"),
    Case("of the last code", None, "log.steps", found=True, person=contact(last_code=A, last_code_at=NOW)),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.label)
async def test_log(case: Case) -> None:
    outcome = await decide(LookUpLog(case.code), world(case.person, case.systems))
    assert templates(outcome) == (case.reply,)
    code = case.code or A
    assert outcome.writes == (() if case.found is None else (RecordLookUp(code, case.found),))


@pytest.mark.parametrize(
    ("person", "note"),
    [
        pytest.param(contact(), None, id="anybody"),
        pytest.param(contact(OWNER), "thiếu chữ ký", id="the person of the dossier"),
        pytest.param(contact(OWNER, ChannelName.TELEGRAM), None, id="in chat no phone is proven"),
    ],
)
async def test_notes_are_only_for_the_person_of_the_dossier(person: Contact, note: str | None) -> None:
    (reply,) = (await decide(LookUpLog(A), world(person, LOG))).replies
    assert reply.values["steps"] == (
        (date(2026, 6, 10), "Tiếp nhận", "UBND P. Vo Cuong", None),
        (None, "Thẩm định", "Văn phòng Đăng ký đất đai", note),
    )


async def test_a_log_of_a_mistyped_code_asks_and_then_shows_the_log() -> None:
    typed = A.replace("0001", "0011")
    outcome = await decide(LookUpLog(typed), world(systems=LOG, memory=Remembered((A,))))
    question = Question(kind="choose_log", options=(A,), asked_at=NOW, expires_at=NOW + timedelta(minutes=10))
    assert (templates(outcome), outcome.writes) == (("lk.dym1",), (Ask(question),))


async def test_the_log_counts_as_a_look_up() -> None:
    limits = Limits()
    seen = [templates(await decide(LookUpLog(A), world(systems=LOG, limits=limits))) for _ in range(22)]
    assert seen == [*[("log.steps",)] * 20, ("lk.rate",), ()]


async def test_walking_through_logs_is_a_walk() -> None:
    limits = Limits()
    codes = [f"H05.12-260610-{number:04d}" for number in range(1, 13)]
    systems = Systems(*map(dossier, codes), steps=STEPS)
    seen = [templates(await decide(LookUpLog(code), world(systems=systems, limits=limits))) for code in codes]
    assert seen == [*[("log.steps",)] * 10, ("lk.rate",), ()]


class PartlyDown(Systems):
    """One of several systems did not answer."""

    def __init__(self) -> None:
        super().__init__()
        self.complete = False


MINE = {"dossiers": ((A, Status.IN_PROCESS, "Đang xử lý"), (B, None, "Chờ ký")), "count": 2}


@pytest.mark.parametrize(
    ("person", "systems", "reply"),
    [
        pytest.param(
            contact(OWNER),
            Systems(dossier(), dossier(B, None, status_text="Chờ ký")),
            Reply("my.list", MINE),
            id="mine",
        ),
        pytest.param(contact(), Systems(dossier()), Reply("my.none", {}), id="none"),
        pytest.param(contact(), PartlyDown(), Reply("my.down", {}), id="none known, but not all could be asked"),
        pytest.param(contact(OWNER), Systems(down=True), Reply("my.down", {}), id="down"),
        pytest.param(contact(OWNER, ChannelName.ZALO), Systems(dossier()), Reply("my.unverified", {}), id="no phone"),
    ],
)
async def test_my_dossiers(person: Contact, systems: Systems, reply: Reply) -> None:
    assert await decide(MyDossiers(), world(person, systems)) == Outcome((reply,))


async def test_at_most_twenty_of_mine_are_listed_but_all_are_counted() -> None:
    systems = Systems(*(dossier(f"H05.{number}-260610-0001") for number in range(30)))
    (reply,) = (await decide(MyDossiers(), world(contact(OWNER), systems))).replies
    assert (len(reply.values["dossiers"]), reply.values["count"]) == (20, 30)


async def test_my_dossiers_count_as_a_look_up() -> None:
    limits = Limits()
    seen = [templates(await decide(MyDossiers(), world(contact(OWNER), limits=limits))) for _ in range(22)]
    assert seen == [*[("my.list",)] * 20, ("lk.rate",), ()]


SHORT = MalformedCode("H05.12-26061-0001", "too_few_digits")


@pytest.mark.parametrize(
    ("person", "own", "reply"),
    [
        pytest.param(contact(), (), "lk.malformed", id="a stranger is told what is wrong with it"),
        pytest.param(contact(OWNER), (), "lk.dym1", id="like a dossier of the phone"),
        pytest.param(contact(), (A,), "lk.dym1", id="like a code looked up before"),
        pytest.param(contact(), (A, A.replace("260610", "260611")), "lk.dymn", id="like several"),
    ],
)
async def test_malformed(person: Contact, own: tuple[str, ...], reply: str) -> None:
    outcome = await decide(SHORT, world(person, memory=Remembered(own)))
    assert templates(outcome) == (reply,)
    if reply == "lk.malformed":
        assert outcome == Outcome((Reply(reply, {"typed": SHORT.typed, "problem": SHORT.problem}),))
