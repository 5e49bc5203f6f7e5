"""What a step changes: dues, pauses, who is told and alerted, what goes with it."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import VIETNAM
from bot.petitions import commands as c
from bot.petitions.deciding import decide
from bot.petitions.record import CITIZEN, SYSTEM, Confidentiality, Petition, PetitionState, Severity, StoredFile
from tests.unit.petition_samples import (
    ANSWER,
    CHAT,
    HANDLER,
    HEAD,
    LEAD,
    NOW,
    OTHER,
    PHONE,
    RECEPTIONIST,
    TEXT,
    WARD,
    around,
    done,
    petition,
    submit,
    take,
)

S = PetitionState
CALENDAR = around().calendar_of("")


def at(day: int, hour: int = 17, minute: int = 0) -> datetime:
    return datetime(2026, 6, day, hour, minute, tzinfo=VIETNAM)


def test_a_draft_becomes_a_petition() -> None:
    change = done(decide(None, submit(), CITIZEN, around()))
    new = change.after
    assert (change.before, new.state, new.version, new.text, new.channel) == (None, S.RECEIVED, 1, TEXT, "sms")
    assert (new.answer_due, new.classify_due, new.days) == (at(15), at(11), 3)
    assert [told.template for told in change.told] == ["pa.receipt"]
    assert change.told[0].values["due_on"] == at(15).date()
    assert [(alert.condition, alert.agency, alert.severity) for alert in change.alerts] == [("new", "", Severity.S3)]
    assert change.event.data["text"] == TEXT
    assert "person" not in change.event.data
    assert str(PHONE.address.id) not in str(change.event.data)


def test_a_rule_assigns_at_once() -> None:
    change = done(decide(None, submit(agency=WARD), CITIZEN, around()))
    assert (change.after.state, change.after.agency, change.after.accept_due) == (S.ASSIGNED, WARD, at(10, 15))
    assert change.alerts[0].agency == WARD


def test_an_alert_tells_no_personal_data() -> None:
    told = submit()
    text = f"{TEXT}, gọi cho tôi 0912345678"
    draft = told.draft.__class__(texts=(text,), told_at=(PHONE,), opened_at=NOW, changed_at=NOW)
    change = done(decide(None, submit(draft=draft), CITIZEN, around()))
    assert "0912345678" not in change.alerts[0].values["text"]


def test_the_way_to_an_answer() -> None:
    new = take(None, submit(), CITIZEN)
    assigned = take(new, c.Assign(agency=WARD, officer=7), RECEPTIONIST, at(10, 10))
    taken = take(assigned, c.Accept(), HANDLER, at(10, 11))
    answered = take(taken, c.SendAnswer(text=ANSWER, summary="Da thay bong"), HANDLER, at(11, 9))
    closed = take(answered, c.Close(because="no_reply"), SYSTEM, at(19, 8))
    assert [step.state for step in (assigned, taken, answered, closed)] == [
        S.ASSIGNED,
        S.IN_PROGRESS,
        S.ANSWERED,
        S.CLOSED,
    ]
    assert (assigned.accept_due, taken.accept_due, taken.officer) == (at(10, 16), None, 7)
    assert (answered.answered_at, answered.reopen_until) == (at(11, 9), at(25))
    assert (closed.closed_at, closed.closed_because, closed.reopen_until) == (at(19, 8), "no_reply", at(25))
    assert closed.version == 5
    assert {step.answer_due for step in (new, assigned, taken, answered, closed)} == {at(15)}


def test_the_answer_is_told_with_all_that_templates_say() -> None:
    change = done(decide(petition(S.IN_PROGRESS), c.SendAnswer(text=ANSWER, summary="Da thay bong"), HANDLER, around()))
    told = change.told[0]
    assert told.template == "pa.st.answered"
    assert (told.values["answer"], told.values["summary"], told.values["agency"]) == (
        ANSWER,
        "Da thay bong",
        "UBND phường Võ Cường",
    )


def test_asking_pauses_and_the_reply_resumes() -> None:
    before = petition(S.IN_PROGRESS)
    asked = take(before, c.AskCitizen(question="Cột số mấy?"), HANDLER, at(10, 10))
    assert (asked.paused_at, asked.question_due, asked.answer_due) == (at(10, 10), at(17), before.answer_due)
    replied = take(asked, c.AddInformation(text="Cột số 5", told_at=(CHAT,)), CITIZEN, at(11, 9))
    assert (replied.paused_at, replied.question_due, replied.state) == (None, None, S.IN_PROGRESS)
    assert replied.answer_due == CALENDAR.add_working_time(before.answer_due, timedelta(hours=6, minutes=30))
    assert replied.told_at == (PHONE, CHAT)


@given(
    st.datetimes(datetime(2026, 1, 5, 7), datetime(2026, 11, 1), timezones=st.just(VIETNAM)),  # noqa: DTZ001
    st.timedeltas(timedelta(), timedelta(days=9)),
    st.timedeltas(timedelta(), timedelta(days=9)),
)
def test_a_pause_costs_exactly_the_working_time_that_passed(
    sent: datetime, before: timedelta, pause: timedelta
) -> None:
    asked_at, replied_at = sent + before, sent + before + pause
    new = take(None, submit(agency=WARD), CITIZEN, sent)
    asked = take(new, c.AskCitizen(question="Cột số mấy?"), HANDLER, asked_at)
    replied = take(asked, c.AddInformation(text="Cột số 5"), CITIZEN, replied_at)
    passed = CALENDAR.working_time_between(asked_at, replied_at)
    assert CALENDAR.working_time_between(new.answer_due, replied.answer_due) == passed
    assert CALENDAR.is_working_day(replied.answer_due.date())


@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 11, 1), timezones=st.just(VIETNAM)))  # noqa: DTZ001
def test_nothing_is_due_on_a_day_off(now: datetime) -> None:
    new = take(None, submit(agency=WARD), CITIZEN, now)
    asked = take(new, c.AskCitizen(question="Cột số mấy?"), HANDLER, now)
    answered = take(petition(S.IN_PROGRESS), c.SendAnswer(text=ANSWER, summary="Xong"), HANDLER, now)
    dues = (new.answer_due, new.classify_due, new.accept_due, asked.question_due, answered.reopen_until)
    assert all(due is not None and CALENDAR.is_working_day(due.date()) for due in dues)


def test_the_reminder_leaves_a_working_day() -> None:
    asked = petition(S.NEED_INFO)
    in_time = take(asked, c.RemindCitizen(), SYSTEM, at(16, 8))
    late = take(asked, c.RemindCitizen(), SYSTEM, at(20, 8))
    assert (in_time.question_due, late.question_due) == (at(17), at(23))
    closed = done(decide(in_time, c.LimitPassed(), SYSTEM, around(at(18, 8))))
    assert (closed.after.closed_because, closed.after.reopen_until) == (
        "no_information",
        datetime(2026, 7, 2, 17, tzinfo=VIETNAM),
    )
    assert [told.template for told in closed.told] == ["pa.st.closed"]


def test_an_extension_is_a_new_promise() -> None:
    change = done(decide(petition(S.IN_PROGRESS), c.Extend(until=at(15, 9), reason="Chờ vật tư"), LEAD, around()))
    assert (change.after.answer_due, change.after.extensions) == (at(15), 1)
    assert (change.told[0].values["reason"], change.told[0].values["due_on"]) == ("Chờ vật tư", at(15).date())


@pytest.mark.parametrize(("days", "due"), [(3, at(15)), (5, at(15)), (7, at(16)), (15, at(22))])
def test_reopened_for_half_of_the_days(days: int, due: datetime) -> None:
    closed = petition(S.CLOSED, days=days, late_told_at=NOW)
    change = done(decide(closed, c.Reopen(reason="Đèn lại hỏng rồi"), CITIZEN, around()))
    again = change.after
    assert (again.answer_due, again.reopenings, again.late_told_at, again.closed_at) == (due, 1, None, None)
    assert [(alert.severity, alert.to_lead) for alert in change.alerts] == [(Severity.S2, False), (Severity.S2, True)]


def test_a_low_score_after_the_window_is_only_a_score() -> None:
    late = petition(S.CLOSED)
    change = done(decide(late, c.Rated(score=1, settled=False), CITIZEN, around(at(26))))
    assert (change.after.state, change.after.score) == (S.CLOSED, 1)


def test_the_second_return_goes_to_the_head() -> None:
    back = c.ReturnToReception(reason="Không phải của phường")
    first = done(decide(petition(S.ASSIGNED), back, HANDLER, around()))
    second = done(decide(petition(S.ASSIGNED, returns=1), back, HANDLER, around()))
    assert [alert.to_lead for change in (first, second) for alert in change.alerts] == [False, True]
    assert (first.after.agency, first.after.officer, first.after.answer_due) == ("", None, petition().answer_due)


def test_what_comes_after_closing_reaches_an_officer() -> None:
    closed = petition(S.CLOSED)
    in_time = done(decide(closed, c.AddInformation(text="Vẫn hỏng"), CITIZEN, around()))
    too_late = done(decide(closed, c.AddInformation(text="Vẫn hỏng"), CITIZEN, around(at(26))))
    assert [change.told[0].template for change in (in_time, too_late)] == ["pa.added", "pa.reopen_no"]
    assert {alert.severity for change in (in_time, too_late) for alert in change.alerts} == {Severity.S3}
    assert {alert.source for change in (in_time, too_late) for alert in change.alerts} == {"pa_reply"}


def test_disagreeing_gives_back_the_time() -> None:
    rejected = take(petition(), c.Reject(reason="not_ours"), HEAD, at(10, 10))
    again = done(decide(rejected, c.Disagree(), CITIZEN, around(at(11, 10))))
    assert (again.after.state, again.after.disagreements, again.after.rejected_by) == (S.RECEIVED, 1, HEAD.officer)
    assert again.after.answer_due == at(15)


def test_the_reason_of_a_rejection_is_told_in_words() -> None:
    change = done(decide(petition(), c.Reject(reason="not_ours"), HEAD, around()))
    assert change.told[0].values["reason"] == "không thuộc phạm vi"
    assert change.told[0].values["reason_en"] == "outside our scope"


def test_the_number_elsewhere_may_come_later() -> None:
    forwarded = take(petition(), c.Forward(body="Bộ Công an"), RECEPTIONIST)
    change = done(decide(forwarded, c.Forward(body="Bộ Công an", number="BCA-77"), RECEPTIONIST, around()))
    assert (change.after.forwarded_to, change.after.forwarded_number, change.told) == ("Bộ Công an", "BCA-77", ())


def test_what_is_not_public_any_more_is_taken_back() -> None:
    shown = take(petition(), c.Release(public_text="Đèn đường hỏng"), RECEPTIONIST)
    assert shown.released_at == NOW
    assert take(shown, c.SetConfidentiality(confidentiality=Confidentiality.NAME_HIDDEN), CITIZEN).released_at is None


def test_two_people_make_spam_of_it() -> None:
    first = take(petition(), c.MarkSpam(), RECEPTIONIST)
    spam = take(first, c.MarkSpam(), HEAD)
    back = take(spam, c.RestoreSpam(), RECEPTIONIST, at(12, 9))
    assert (first.state, first.spam_proposed_by, spam.state) == (S.RECEIVED, RECEPTIONIST.officer, S.SPAM)
    assert (back.state, back.spam_proposed_by, back.answer_due) == (S.RECEIVED, None, at(16))


PARENT = petition(S.IN_PROGRESS, code="PA26005308")
CHILDREN = tuple(
    petition(S.MERGED, code=code, person=code.encode(), case=PARENT.code, agency="")
    for code in ("PA26005443", "PA26005444")
)


def test_everybody_of_a_case_is_answered() -> None:
    command = c.SendAnswer(
        text=ANSWER, summary="Da thay bong", files=(StoredFile(name="x", media_type="image/png", octets=9),)
    )
    change = done(decide(PARENT, command, HANDLER, around(children=CHILDREN)))
    assert [other.after.state for other in change.also] == [S.ANSWERED, S.ANSWERED]
    assert [(other.told[0].template, other.told[0].values["code"]) for other in change.also] == [
        ("pa.st.answered", child.code) for child in CHILDREN
    ]
    assert {other.after.agency for other in change.also} == {WARD}
    assert all(other.after.clock_at for other in change.also)


@pytest.mark.parametrize(
    ("parent", "command", "actor"),
    [
        pytest.param(PARENT, c.Withdraw(), CITIZEN, id="withdrawn"),
        pytest.param(petition(code=PARENT.code), c.Reject(reason="not_ours"), HEAD, id="rejected"),
        pytest.param(petition(code=PARENT.code), c.Forward(body="Bộ Công an"), RECEPTIONIST, id="forwarded"),
    ],
)
def test_those_merged_stand_alone_when_the_case_ends_unanswered(
    parent: Petition, command: c.Command, actor: object
) -> None:
    change = done(decide(parent, command, actor, around(children=CHILDREN)))  # type: ignore[arg-type]
    assert [(other.after.state, other.after.case) for other in change.also] == [(S.RECEIVED, None)] * 2
    assert all(other.alerts[0].agency == "" for other in change.also)


def test_a_case_that_is_merged_takes_its_own_with_it() -> None:
    bigger = petition(S.IN_PROGRESS, code="PA26005309", agency=OTHER)
    change = done(decide(PARENT, c.Merge(case=bigger.code), RECEPTIONIST, around(case=bigger, children=CHILDREN)))
    assert {other.after.case for other in change.also} == {bigger.code}
    assert not any(other.told for other in change.also)


def test_five_people_with_the_same_matter_are_told_to_the_lead() -> None:
    members = [petition(S.MERGED, person=bytes([number]) * 16) for number in range(4)]
    few = done(
        decide(petition(), c.Merge(case=PARENT.code), RECEPTIONIST, around(case=PARENT, case_members=members[:2]))
    )
    many = done(
        decide(
            petition(person=b"z"), c.Merge(case=PARENT.code), RECEPTIONIST, around(case=PARENT, case_members=members)
        )
    )
    assert few.alerts == ()
    assert [(alert.subject, alert.condition, alert.to_lead) for alert in many.alerts] == [
        (PARENT.code, "many_people", True)
    ]
    assert many.told[0].values["people"] == 6


def test_an_answer_of_its_own_for_one_that_is_merged() -> None:
    own = done(decide(CHILDREN[0], c.SendAnswer(text=ANSWER, summary="Rieng"), HANDLER, around(case=PARENT)))
    assert (own.after.state, own.after.summary, own.after.agency) == (S.ANSWERED, "Rieng", WARD)


def test_dates_already_told_do_not_move() -> None:
    before = petition(S.IN_PROGRESS, category="DN")
    assert take(before, c.Recategorise(category="QD"), HANDLER).answer_due == before.answer_due
    assert take(before, c.Transfer(agency=OTHER), LEAD).answer_due == before.answer_due
