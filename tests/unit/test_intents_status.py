"""A dossier's state in words: which template and values, for the person of the dossier and for anybody else."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.intent import Reply
from bot.intents.status import masked, status_reply
from bot.model import Office
from dossier_client.models import Delivery, Dossier, Fee, Found, Procedure, Status
from tests.unit.worlds import LAND, NOW, A, dossier, world

FRIDAY = datetime(2026, 6, 5, 10, 0, tzinfo=UTC)
ANY_PAPERS = {"missing_papers": ("Bản sao CCCD",), "reason": "Thiếu chữ ký", "fee": Fee(amount=500_000)}
SECRETS = ("reason", "papers", "amount", "applicant_masked")


def told(about: Dossier, *, verified: bool = False, stale: bool = False, now: datetime = NOW) -> Reply:
    return status_reply(Found(about, NOW, "bacninh", stale=stale), world(now=now), verified=verified)


@dataclass(frozen=True)
class Case:
    status: Status | None
    anyone: str
    known: str
    details: dict[str, Any] | None = None


CASES = [
    Case(Status.NEWLY_REGISTERED, "st.1", "st.1"),
    Case(Status.RECEIVED, "st.2", "st.2"),
    Case(Status.NOT_ACCEPTED, "st.3", "st.3v"),
    Case(Status.NOT_ACCEPTED, "st.3", "st.3", {}),
    Case(Status.IN_PROCESS, "st.4", "st.4"),
    Case(Status.MORE_PAPERS, "st.5", "st.5v"),
    Case(Status.MORE_PAPERS, "st.5", "st.5", {}),
    Case(Status.FEE_DUE, "st.6", "st.6v"),
    Case(Status.FEE_DUE, "st.6", "st.6", {}),
    Case(Status.FEE_DUE, "st.6paid", "st.6paid", {"fee": Fee(amount=500_000, paid=True)}),
    Case(Status.WITHDRAWN, "st.7", "st.7"),
    Case(Status.STOPPED, "st.8", "st.8"),
    Case(Status.RESULT_READY, "st.9", "st.9"),
    Case(Status.RESULT_RETURNED, "st.10", "st.10"),
    Case(None, "st.other", "st.other"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.anyone} {case.known}")
def test_each_state(case: Case) -> None:
    about = dossier(A, case.status, **(ANY_PAPERS if case.details is None else case.details))
    anyone, known = told(about), told(about, verified=True)
    assert (anyone.template, known.template) == (case.anyone, case.known)
    assert not set(SECRETS) & set(anyone.values)
    assert set(SECRETS) <= set(known.values)


@pytest.mark.parametrize("verified", [True, False])
def test_a_last_known_state_tells_no_details(*, verified: bool) -> None:
    reply = told(dossier(A, Status.FEE_DUE, **ANY_PAPERS), verified=verified, stale=True)
    assert reply.template == "lk.stale"
    assert not set(SECRETS) & set(reply.values)


@dataclass(frozen=True)
class Day:
    label: str
    now: datetime
    template: str
    left: int
    late: int


DAYS = [
    Day("days before", NOW.replace(day=1), "st.4", 4, 0),
    Day("the day itself, after hours", FRIDAY.replace(hour=16), "st.4today", 0, 0),
    Day("Saturday", FRIDAY.replace(day=6), "st.4late", 0, 0),
    Day("Sunday", FRIDAY.replace(day=7), "st.4late", 0, 0),
    Day("Monday", FRIDAY.replace(day=8), "st.4late", 0, 1),
    Day("half past midnight on Saturday in Vietnam", FRIDAY.replace(hour=17, minute=30), "st.4late", 0, 0),
]


@pytest.mark.parametrize(
    ("day", "template"), [(5, "st.2"), (8, "st.4late")], ids=["on the promised day", "past the promised day"]
)
def test_received_and_past_its_date_is_apologised_for(day: int, template: str) -> None:
    assert told(dossier(A, Status.RECEIVED, due_at=FRIDAY), now=FRIDAY.replace(day=day)).template == template


@pytest.mark.parametrize("case", DAYS, ids=lambda case: case.label)
def test_days(case: Day) -> None:
    reply = told(dossier(due_at=FRIDAY), now=case.now)
    assert (reply.template, reply.values["days_left"], reply.values["days_late"]) == (
        case.template,
        case.left,
        case.late,
    )


def test_without_a_day_nothing_is_counted() -> None:
    reply = told(dossier(due_at=None))
    assert reply.template == "st.4"
    assert [reply.values[name] for name in ("due_on", "deadline", "days_left", "days_late")] == [None] * 4


def test_the_extended_day_is_told() -> None:
    reply = told(dossier(extended_due_at=datetime(2026, 6, 24, 10, 0, tzinfo=UTC)))
    assert reply.values["due_on"] == date(2026, 6, 24)


@pytest.mark.parametrize(
    ("now", "deadline"),
    [
        pytest.param(NOW, date(2026, 6, 17), id="to come"),
        pytest.param(NOW.replace(day=17), date(2026, 6, 17), id="today"),
        pytest.param(NOW.replace(day=18), None, id="past: nobody is asked to be in time any more"),
    ],
)
def test_papers_and_fees_have_their_day(now: datetime, deadline: date | None) -> None:
    assert told(dossier(A, Status.MORE_PAPERS), now=now).values["deadline"] == deadline


@pytest.mark.parametrize(
    ("method", "anyone", "known"),
    [
        (None, "counter", "counter"),
        ("counter", "counter", "counter"),
        ("post", "as_chosen", "post"),
        ("online", "as_chosen", "online"),
    ],
)
def test_how_the_result_comes_is_for_the_person_of_the_dossier(method: str | None, anyone: str, known: str) -> None:
    about = dossier(A, Status.RESULT_READY, delivery=Delivery(method=method) if method else None)
    assert told(about).values["delivery_method"] == anyone
    assert told(about, verified=True).values["delivery_method"] == known


def test_who_holds_the_dossier_now_and_whom_to_call() -> None:
    here, there = told(dossier()).values, told(dossier(holding_unit=LAND)).values
    assert (here["holder"], here["hotline"]) == ("UBND P. Vo Cuong", "0222.3822111")
    assert (there["agency"], there["holder"]) == ("UBND P. Vo Cuong", "Văn phòng Đăng ký đất đai")
    assert there["hotline"] == "0222.3822111", "the land office has no phone of its own"


@pytest.mark.parametrize(
    ("procedure", "sensitive", "shown"),
    [
        (Procedure(id="1", name="Đăng ký kết hôn"), frozenset(), "Đăng ký kết hôn"),
        (Procedure(id="1", name="Thay đổi giới tính", sensitive=True), frozenset(), None),
        (Procedure(id="1", name="Nhận cha, mẹ, con"), frozenset({"1"}), None),
    ],
)
def test_a_sensitive_procedure_is_not_named_to_strangers(
    procedure: Procedure, sensitive: frozenset[str], shown: str | None
) -> None:
    office = Office(sensitive_procedures=sensitive)
    for verified in (False, True):
        found = Found(dossier(procedure=procedure), NOW, "bacninh")
        reply = status_reply(found, world(office=office), verified=verified)
        assert reply.values["procedure_name"] == (procedure.name if verified else shown)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("NGUYỄN VĂN AN", "Nguyễn V. A."),
        ("Trần Thị Thu Hà", "Trần T. T. H."),
        ("an", "A."),
        ("", ""),
        ("  ", ""),
    ],
)
def test_names_are_masked(name: str, shown: str) -> None:
    assert masked(name) == shown
