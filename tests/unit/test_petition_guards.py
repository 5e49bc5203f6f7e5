"""What forbids a step, and that nothing else does."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from bot.clock import VIETNAM
from bot.petitions import commands as c
from bot.petitions.deciding import decide
from bot.petitions.record import CITIZEN, SYSTEM, Actor, Confidentiality, Draft, Petition, PetitionState
from tests.unit.petition_samples import (
    ANSWER,
    HANDLER,
    HEAD,
    LEAD,
    NOW,
    OTHER,
    OTHER_OFFICER,
    PHONE,
    PROPOSER,
    RECEPTION,
    RECEPTIONIST,
    TWO_STEPS,
    WARD,
    around,
    officer,
    petition,
    refused,
    submit,
)

S = PetitionState
LONG_AFTER = NOW + timedelta(days=40)


def draft(text: str, *, emergency: bool = False) -> Draft:
    return Draft(texts=(text,), told_at=(PHONE,), opened_at=NOW, changed_at=NOW, is_emergency=emergency)


def at(day: int, hour: int = 17, month: int = 6) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=VIETNAM)


@dataclass(frozen=True)
class Case:
    reason: str
    before: Petition | None
    command: c.Command
    actor: Actor
    now: datetime = NOW
    case: Petition | None = None
    agencies: dict[str, object] = field(default_factory=dict)


CLOSED_WARD = {WARD: replace(TWO_STEPS[WARD], is_open=False)}
WRITTEN = c.SendAnswer(text=ANSWER, summary="Da thay bong den")
CASES = [
    Case("text_too_short", None, submit(draft=draft("hong den")), CITIZEN),
    Case("text_too_short", None, submit(draft=draft("hong den" + "\u200b" * 30)), CITIZEN),
    Case("text_too_long", None, submit(draft=draft("x" * 2001)), CITIZEN),
    Case("category_unknown", None, submit(category="XX"), CITIZEN),
    Case("agency_unknown", None, submit(agency="H05.99"), CITIZEN),
    Case("agency_unknown", petition(), c.Assign(agency="H05.99"), RECEPTIONIST),
    Case("agency_unknown", petition(), c.Assign(agency=WARD), RECEPTIONIST, agencies=dict(CLOSED_WARD)),
    Case("category_unknown", petition(category=""), c.Assign(agency=WARD), RECEPTIONIST),
    Case("officer_elsewhere", petition(), c.Assign(agency=WARD, officer=OTHER_OFFICER), RECEPTIONIST),
    Case("officer_elsewhere", petition(), c.Assign(agency=WARD, officer=99), RECEPTIONIST),
    Case("not_by_a_rule", petition(), c.Assign(agency=WARD), SYSTEM),
    Case("agency_is_other", petition(S.IN_PROGRESS), c.Assign(agency=OTHER), LEAD),
    Case("reason_too_short", petition(S.ASSIGNED), c.ReturnToReception(reason="không"), HANDLER),
    Case(
        "returned_too_often",
        petition(S.ASSIGNED, returns=2),
        c.ReturnToReception(reason="Không phải của phường"),
        HANDLER,
    ),
    Case("agency_is_same", petition(S.ASSIGNED), c.Transfer(agency=WARD), RECEPTIONIST),
    Case("question_missing", petition(S.ASSIGNED), c.AskCitizen(question=" \u200b"), HANDLER),
    Case("question_too_long", petition(S.ASSIGNED), c.AskCitizen(question="x" * 301), HANDLER),
    Case("too_early_to_remind", petition(S.NEED_INFO), c.RemindCitizen(), SYSTEM, now=at(16, 7)),
    Case("reminded_before", petition(S.NEED_INFO, question_reminded_at=NOW), c.RemindCitizen(), SYSTEM, now=at(17)),
    Case("not_reminded", petition(S.NEED_INFO), c.LimitPassed(), SYSTEM, now=LONG_AFTER),
    Case("limit_not_passed", petition(S.NEED_INFO, question_reminded_at=NOW), c.LimitPassed(), SYSTEM, now=at(17)),
    Case("extended_before", petition(S.IN_PROGRESS, extensions=1), c.Extend(until=at(15), reason="Chờ"), LEAD),
    Case("past_due", petition(S.IN_PROGRESS), c.Extend(until=at(16), reason="Chờ"), LEAD, now=at(12, 18)),
    Case("reason_missing", petition(S.IN_PROGRESS), c.Extend(until=at(15), reason=" "), LEAD),
    Case("until_too_early", petition(S.IN_PROGRESS), c.Extend(until=at(12), reason="Chờ"), LEAD),
    Case("until_too_late", petition(S.IN_PROGRESS), c.Extend(until=at(18), reason="Chờ"), LEAD),
    Case("until_on_a_day_off", petition(S.IN_PROGRESS), c.Extend(until=at(14), reason="Chờ"), LEAD),
    Case("no_approval_needed", petition(S.IN_PROGRESS), c.ProposeAnswer(text=ANSWER, summary="Xong"), HANDLER),
    Case("needs_approval", petition(S.IN_PROGRESS), WRITTEN, HANDLER, agencies=dict(TWO_STEPS)),
    Case("needs_approval", petition(S.PENDING_APPROVAL), WRITTEN, HANDLER, agencies=dict(TWO_STEPS)),
    Case("answer_too_short", petition(S.IN_PROGRESS), replace(WRITTEN, text="Đã sửa." + "\u200b" * 40), HANDLER),
    Case("summary_missing", petition(S.IN_PROGRESS), replace(WRITTEN, summary=""), HANDLER),
    Case("summary_too_long", petition(S.IN_PROGRESS), replace(WRITTEN, summary="x" * 37), HANDLER),
    Case(
        "holds_personal_data",
        petition(S.IN_PROGRESS),
        replace(WRITTEN, text=f"{ANSWER} Gọi ông Ba 0912345678."),
        HANDLER,
    ),
    Case("comment_missing", petition(S.PENDING_APPROVAL), c.ReturnProposal(comment=""), LEAD),
    Case("too_early_to_close", petition(S.ANSWERED), c.Close(because="no_reply"), SYSTEM, now=at(17)),
    Case("reopen_window_over", petition(S.ANSWERED), c.Reopen(reason="Đèn lại hỏng rồi"), CITIZEN, now=at(24, 18)),
    Case("reopen_window_over", petition(S.CLOSED, reopen_until=None), c.Reopen(reason="Đèn lại hỏng rồi"), CITIZEN),
    Case("reopened_too_often", petition(S.CLOSED, reopenings=2), c.Reopen(reason="Đèn lại hỏng rồi"), CITIZEN),
    Case("reason_too_short", petition(S.CLOSED), c.Reopen(reason="hỏng"), CITIZEN),
    Case("rating_over", petition(S.CLOSED), c.Rated(score=5), CITIZEN, now=LONG_AFTER),
    Case("reason_unknown", petition(), c.Reject(reason="because"), HEAD),
    Case(
        "needs_another_reviewer", petition(disagreements=1, rejected_by=HEAD.officer), c.Reject(reason="not_ours"), HEAD
    ),
    Case("disagreed_before", petition(S.REJECTED, disagreements=1), c.Disagree(), CITIZEN),
    Case("body_missing", petition(), c.Forward(body=" "), RECEPTIONIST),
    Case("case_is_itself", petition(), c.Merge(case="PA26005442"), RECEPTIONIST),
    Case("case_unknown", petition(), c.Merge(case="PA26005308"), RECEPTIONIST),
    Case(
        "case_unknown",
        petition(S.ASSIGNED),
        c.Merge(case="PA26005308"),
        HANDLER,
        case=petition(S.ASSIGNED, code="PA26005308", agency=OTHER),
    ),
    Case(
        "case_not_open",
        petition(),
        c.Merge(case="PA26005308"),
        RECEPTIONIST,
        case=petition(S.MERGED, code="PA26005308"),
    ),
    Case("another_must_confirm", petition(spam_proposed_by=RECEPTIONIST.officer), c.MarkSpam(), RECEPTIONIST),
    Case("not_proposed", petition(), c.RestoreSpam(), RECEPTIONIST),
    Case("restore_window_over", petition(S.SPAM), c.RestoreSpam(), RECEPTIONIST, now=LONG_AFTER),
    Case("note_missing", petition(), c.AddNote(text="\n"), RECEPTIONIST),
    Case(
        "not_public",
        petition(confidentiality=Confidentiality.NOT_PUBLIC),
        c.Release(public_text="Đèn hỏng"),
        RECEPTIONIST,
    ),
    Case("public_text_holds_personal_data", petition(), c.Release(public_text="Gọi 0912345678"), RECEPTIONIST),
    Case("not_late", petition(S.IN_PROGRESS), c.TellLate(), SYSTEM, now=at(12, 18)),
    Case("late_told_before", petition(S.IN_PROGRESS, late_told_at=NOW), c.TellLate(), SYSTEM, now=LONG_AFTER),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.reason)
def test_refused(case: Case) -> None:
    there = around(case.now, case=case.case)
    there = replace(there, agencies={**there.agencies, **case.agencies})
    assert refused(decide(case.before, case.command, case.actor, there)) == case.reason


def test_a_refusal_says_what_it_is_about() -> None:
    outcome = decide(petition(S.CLOSED), c.Reopen(reason="hỏng"), CITIZEN, around())
    assert not hasattr(outcome, "after")
    assert outcome.values["code"] == "PA26005442"
    assert outcome.values["reopen_until"] == at(24)


@pytest.mark.parametrize(
    ("before", "command", "actor"),
    [
        pytest.param(None, submit(draft=draft("cháy nhà", emergency=True)), CITIZEN, id="an emergency however short"),
        pytest.param(None, submit(draft=draft("x" * 20)), CITIZEN, id="twenty characters"),
        pytest.param(
            petition(S.IN_PROGRESS),
            replace(WRITTEN, text=f"{ANSWER} Liên hệ phường: 02223812345."),
            HANDLER,
            id="the agency's own number",
        ),
        pytest.param(
            petition(S.IN_PROGRESS),
            replace(WRITTEN, text=f"{ANSWER} Gọi 0912345678.", despite_personal_data="Số của tổ trưởng"),
            HANDLER,
            id="personal data with a reason",
        ),
        pytest.param(
            petition(disagreements=1, rejected_by=PROPOSER), c.Reject(reason="not_ours"), HEAD, id="another one"
        ),
        pytest.param(petition(S.IN_PROGRESS), c.Extend(until=at(17, 9), reason="Chờ"), LEAD, id="as many days more"),
        pytest.param(petition(), c.Release(public_text=""), RECEPTIONIST, id="taking back"),
        pytest.param(
            petition(S.IN_PROGRESS, agency=RECEPTION),
            c.Transfer(agency=WARD),
            officer(LEAD.role, RECEPTION),
            id="from the centre",
        ),
    ],
)
def test_allowed(before: Petition | None, command: c.Command, actor: Actor) -> None:
    assert hasattr(decide(before, command, actor, around()), "after")
