"""What the clock does with petitions, and when."""

from dataclasses import dataclass, replace
from datetime import datetime

import pytest

from bot.clock import VIETNAM
from bot.petitions import commands as c
from bot.petitions.drafts import DraftDue, due_for
from bot.petitions.record import CITIZEN, SYSTEM, Draft, Petition, PetitionState
from bot.petitions.reminders import due_now, next_look
from tests.unit.petition_samples import ANSWER, HANDLER, NOW, RECEPTIONIST, WARD, around, petition, submit, take

S = PetitionState


def at(day: int, hour: int = 8, minute: int = 0, second: int = 0) -> datetime:
    return datetime(2026, 6, day, hour, minute, second, tzinfo=VIETNAM)


@dataclass(frozen=True)
class Look:
    """What is found at a time, as it is told in one line each."""

    at: datetime
    found: tuple[str, ...]


def lived(found: Petition, until: datetime) -> list[Look]:
    """Every look until then, alerts raised and steps taken as they come."""
    looks = []
    while found.clock_at and found.clock_at <= until:
        now = found.clock_at
        due = due_now(found, around(now))
        lines = tuple(
            f"{alert.severity} {alert.source} {alert.condition}{' lead' if alert.to_lead else ''}"
            for alert in due.alerts
        )
        steps = tuple(type(command).__name__ for command in due.commands)
        looks.append(Look(now, (*lines, *steps)))
        for command in due.commands:
            found = take(found, command, SYSTEM, now)
        if not due.commands:
            found = replace(found, clock_at=next_look(found, around(now)))
    return looks


def test_nobody_sorts_it() -> None:
    new = take(None, submit(category="KH"), CITIZEN)
    assert lived(new, at(12)) == [
        Look(at(10, 15), ("S3 pa classify",)),
        Look(at(11, 17), ("S2 pa classify_late lead",)),
    ]


def test_nobody_accepts_it() -> None:
    new = take(None, submit(category="KH"), CITIZEN)
    assigned = take(new, c.Assign(agency=WARD), RECEPTIONIST)
    assert lived(assigned, at(12)) == [
        Look(at(10, 15), ("S2 pa accept",)),
        Look(at(11, 17), ("S2 pa accept_late lead",)),
    ]


def test_nobody_answers() -> None:
    working = petition(S.IN_PROGRESS)
    working = replace(working, clock_at=next_look(working, around()))
    assert lived(working, at(30)) == [
        Look(at(11, 8), ("S2 pa_near near",)),
        Look(at(12, 17, 0, 1), ("S1 pa_late late", "S1 pa_late late lead")),
        Look(at(15), ("TellLate",)),
        Look(at(16), ("S2 pa_late late_for_days lead",)),
    ]


def test_half_of_the_time_without_a_word_of_the_officer() -> None:
    long = petition(S.IN_PROGRESS, days=10, answer_due=at(24, 17))
    assert lived(replace(long, clock_at=next_look(long, around())), at(23)) == [
        Look(at(18, 7, 30), ("S3 pa_near half",)),
        Look(at(23, 7, 30), ("S2 pa_near near",)),
    ]
    noted = take(long, c.AddNote(text="Đã gọi điện"), HANDLER, at(10, 10))
    assert [alert.condition for alert in due_now(replace(noted, clock_at=NOW), around(at(23))).alerts] == ["near"]


def test_the_citizen_does_not_reply() -> None:
    asked = take(petition(S.IN_PROGRESS), c.AskCitizen(question="Cột số mấy?"), HANDLER)
    assert lived(asked, at(30)) == [Look(at(16), ("RemindCitizen",)), Look(at(18), ("LimitPassed",))]


def test_the_citizen_says_nothing_to_the_answer() -> None:
    answered = take(petition(S.IN_PROGRESS), c.SendAnswer(text=ANSWER, summary="Xong"), HANDLER)
    assert lived(answered, at(30)) == [Look(at(18), ("Close",))]


@pytest.mark.parametrize("state", [S.CLOSED, S.REJECTED, S.FORWARDED, S.MERGED, S.WITHDRAWN, S.SPAM])
def test_time_does_nothing_to_what_is_over(state: PetitionState) -> None:
    assert next_look(petition(state), around()) is None


def test_late_is_told_once_for_each_promise() -> None:
    told = take(petition(S.IN_PROGRESS), c.TellLate(), SYSTEM, at(15))
    asked = take(told, c.AskCitizen(question="Cột số mấy?"), HANDLER, at(16))
    replied = take(asked, c.AddInformation(text="Cột số 5"), CITIZEN, at(17))
    assert not any(isinstance(command, c.TellLate) for command in due_now(replied, around(at(30))).commands)
    answered = take(replied, c.SendAnswer(text=ANSWER, summary="Xong"), HANDLER, at(18))
    again = take(answered, c.Reopen(reason="Đèn lại hỏng rồi"), CITIZEN, at(19))
    assert any(isinstance(command, c.TellLate) for command in due_now(again, around(at(30))).commands)


def test_who_was_away_long_finds_all_at_once_and_no_step_is_lost() -> None:
    working = replace(petition(S.IN_PROGRESS), clock_at=at(11))
    due = due_now(working, around(at(30)))
    assert [alert.condition for alert in due.alerts] == ["near", "late", "late", "late_for_days"]
    assert [type(command) for command in due.commands] == [c.TellLate]
    assert next_look(working, around(at(30))) == at(30)


def test_the_closing_waits_for_the_reminder() -> None:
    asked = petition(S.NEED_INFO, clock_at=at(16))
    assert due_now(asked, around(at(26))).commands == (c.RemindCitizen(),)
    reminded = take(asked, c.RemindCitizen(), SYSTEM, at(26))
    assert (reminded.question_due, reminded.clock_at) == (at(29, 17), at(30))


@pytest.mark.parametrize(
    ("minutes", "changes", "due"),
    [
        pytest.param(29, {}, None, id="fresh"),
        pytest.param(30, {}, DraftDue.REMIND, id="half an hour"),
        pytest.param(60, {"reminded_at": NOW}, None, id="reminded"),
        pytest.param(60, {"is_offer": True}, None, id="only an offer"),
        pytest.param(24 * 60, {"reminded_at": NOW}, DraftDue.DROP, id="a day"),
        pytest.param(24 * 60, {"is_offer": True}, DraftDue.DROP, id="an offer of yesterday"),
    ],
)
def test_drafts(minutes: int, changes: dict[str, object], due: DraftDue | None) -> None:
    draft = replace(Draft(opened_at=NOW, changed_at=NOW), **changes)  # type: ignore[arg-type]
    now = datetime.fromtimestamp(NOW.timestamp() + minutes * 60, tz=VIETNAM)
    assert due_for(draft, now) == due
