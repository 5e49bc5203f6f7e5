"""Every state, every command, everybody who may try: allowed or refused exactly as written down here."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import product

import pytest

from bot.clock import VIETNAM
from bot.officers import OfficerRole
from bot.petitions import commands as c
from bot.petitions.around import Refused
from bot.petitions.deciding import decide
from bot.petitions.record import CITIZEN, SYSTEM, Actor, Confidentiality, Petition, PetitionState
from bot.petitions.transitions import TABLE
from tests.unit.petition_samples import (
    ANSWER,
    HEAD,
    NOW,
    OTHER,
    RECEPTION,
    TWO_STEPS,
    WARD,
    around,
    officer,
    petition,
    submit,
)

S = PetitionState
STATES = tuple(PetitionState)
OPEN = (S.RECEIVED, S.ASSIGNED, S.IN_PROGRESS, S.NEED_INFO, S.PENDING_APPROVAL)
PLACES = {"reception": RECEPTION, "own": WARD, "other": OTHER}
ACTORS: Mapping[str, Actor] = {
    "citizen": CITIZEN,
    "system": SYSTEM,
    **{f"{role} at {place}": officer(role, code) for role, (place, code) in product(OfficerRole, PLACES.items())},
}
RECEPTION_STAFF = ("reception at reception", "lead at reception")
RECEPTION_HEAD = ("lead at reception",)
HANDLERS = ("officer at own", "lead at own")
LEADS = ("lead at own",)
CASE = petition(S.IN_PROGRESS, code="PA26005308")
WITH_OWN_AGENCY = tuple(state for state in STATES if state not in {S.RECEIVED, S.REJECTED, S.FORWARDED, S.SPAM})
"""In the other states of the samples no agency has it, so that nobody but the reception office acts."""


@dataclass(frozen=True)
class Case:
    command: c.Command
    allowed: Mapping[tuple[str, ...], Mapping[PetitionState, PetitionState]]
    """By whom: from which state to which."""
    now: datetime = NOW
    with_approval: bool = False
    sample: Mapping[str, object] | None = None


def stay(*states: PetitionState) -> dict[PetitionState, PetitionState]:
    return {state: state for state in states}


def to(after: PetitionState, *before: PetitionState) -> dict[PetitionState, PetitionState]:
    return dict.fromkeys(before, after)


LATE = datetime(2026, 6, 15, 8, 0, tzinfo=VIETNAM)
LONG_AFTER = NOW + timedelta(days=12)
CASES = {
    "assign": Case(
        c.Assign(agency=WARD, officer=7),
        {RECEPTION_STAFF: to(S.ASSIGNED, S.RECEIVED), LEADS: stay(*OPEN[1:])},
    ),
    "assign by a rule": Case(
        c.Assign(agency=WARD, by_rule=True),
        {(*RECEPTION_STAFF, "system"): to(S.ASSIGNED, S.RECEIVED), LEADS: stay(*OPEN[1:])},
    ),
    "accept": Case(c.Accept(), {HANDLERS: to(S.IN_PROGRESS, S.ASSIGNED)}),
    "return": Case(
        c.ReturnToReception(reason="Không thuộc địa bàn phường"),
        {HANDLERS: to(S.RECEIVED, S.ASSIGNED, S.IN_PROGRESS)},
    ),
    "transfer": Case(
        c.Transfer(agency=OTHER),
        {
            RECEPTION_STAFF: to(S.ASSIGNED, S.RECEIVED, S.ASSIGNED, S.IN_PROGRESS),
            LEADS: to(S.ASSIGNED, S.ASSIGNED, S.IN_PROGRESS),
        },
    ),
    "ask": Case(c.AskCitizen(question="Cột đèn số mấy?"), {HANDLERS: to(S.NEED_INFO, S.ASSIGNED, S.IN_PROGRESS)}),
    "add": Case(
        c.AddInformation(text="Cột số 5"),
        {("citizen",): stay(*STATES) | {S.NEED_INFO: S.IN_PROGRESS}},
    ),
    "remind": Case(
        c.RemindCitizen(), {("system",): stay(S.NEED_INFO)}, now=datetime(2026, 6, 16, 8, 0, tzinfo=VIETNAM)
    ),
    "limit": Case(
        c.LimitPassed(),
        {("system",): to(S.CLOSED, S.NEED_INFO)},
        now=LONG_AFTER,
        sample={"question_reminded_at": NOW},
    ),
    "extend": Case(
        c.Extend(until=datetime(2026, 6, 15, 17, tzinfo=VIETNAM), reason="Chờ vật tư"),
        {LEADS: stay(S.IN_PROGRESS)},
    ),
    "tell late": Case(
        c.TellLate(), {("system",): stay(S.RECEIVED, S.ASSIGNED, S.IN_PROGRESS, S.PENDING_APPROVAL)}, now=LATE
    ),
    "propose": Case(
        c.ProposeAnswer(text=ANSWER, summary="Da thay bong den"),
        {HANDLERS: to(S.PENDING_APPROVAL, S.IN_PROGRESS)},
        with_approval=True,
    ),
    "propose where nobody approves": Case(c.ProposeAnswer(text=ANSWER, summary="Da thay bong den"), {}),
    "return proposal": Case(c.ReturnProposal(comment="Nêu rõ ngày"), {LEADS: to(S.IN_PROGRESS, S.PENDING_APPROVAL)}),
    "answer": Case(
        c.SendAnswer(text=ANSWER, summary="Da thay bong den"),
        {HANDLERS: to(S.ANSWERED, S.IN_PROGRESS, S.PENDING_APPROVAL, S.MERGED)},
    ),
    "answer that needs approval": Case(
        c.SendAnswer(text=ANSWER, summary="Da thay bong den"),
        {LEADS: to(S.ANSWERED, S.IN_PROGRESS, S.PENDING_APPROVAL, S.MERGED)},
        with_approval=True,
    ),
    "close": Case(c.Close(because="answered"), {("citizen",): to(S.CLOSED, S.ANSWERED)}),
    "close after silence": Case(
        c.Close(because="no_reply"), {("citizen", "system"): to(S.CLOSED, S.ANSWERED)}, now=LONG_AFTER
    ),
    "rate 5": Case(c.Rated(score=5), {("citizen",): to(S.CLOSED, S.ANSWERED, S.CLOSED)}),
    "rate 1": Case(c.Rated(score=1), {("citizen",): stay(S.ANSWERED, S.CLOSED)}),
    "rate 1, settled": Case(c.Rated(score=1, settled=True), {("citizen",): to(S.CLOSED, S.ANSWERED, S.CLOSED)}),
    "rate 2, not settled": Case(
        c.Rated(score=2, settled=False), {("citizen",): to(S.IN_PROGRESS, S.ANSWERED, S.CLOSED)}
    ),
    "reopen": Case(c.Reopen(reason="Đèn lại hỏng rồi"), {("citizen",): to(S.IN_PROGRESS, S.ANSWERED, S.CLOSED)}),
    "reject": Case(c.Reject(reason="not_ours"), {RECEPTION_HEAD: to(S.REJECTED, S.RECEIVED, S.ASSIGNED)}),
    "disagree": Case(c.Disagree(), {("citizen",): to(S.RECEIVED, S.REJECTED)}),
    "forward": Case(
        c.Forward(body="Bộ Công an"),
        {RECEPTION_STAFF: to(S.FORWARDED, S.RECEIVED, S.ASSIGNED, S.FORWARDED)},
    ),
    "merge": Case(
        c.Merge(case=CASE.code),
        {RECEPTION_STAFF: to(S.MERGED, *OPEN), HANDLERS: to(S.MERGED, *OPEN[1:])},
    ),
    "unmerge": Case(c.Unmerge(), {RECEPTION_STAFF: to(S.RECEIVED, S.MERGED)}),
    "withdraw": Case(c.Withdraw(), {("citizen",): to(S.WITHDRAWN, *OPEN)}),
    "spam, first": Case(c.MarkSpam(), {RECEPTION_STAFF: stay(S.RECEIVED)}),
    "spam, second": Case(c.MarkSpam(), {RECEPTION_STAFF: to(S.SPAM, S.RECEIVED)}, sample={"spam_proposed_by": 9}),
    "restore": Case(
        c.RestoreSpam(), {RECEPTION_STAFF: to(S.RECEIVED, S.SPAM, S.RECEIVED)}, sample={"spam_proposed_by": 9}
    ),
    "note": Case(c.AddNote(text="Đã gọi điện"), {RECEPTION_STAFF: stay(*STATES), HANDLERS: stay(*WITH_OWN_AGENCY)}),
    "field": Case(c.Recategorise(category="MT"), {RECEPTION_STAFF: stay(*OPEN), HANDLERS: stay(*OPEN[1:])}),
    "release": Case(
        c.Release(public_text="Đèn đường hỏng"),
        {
            RECEPTION_STAFF: stay(*(state for state in STATES if state not in {S.WITHDRAWN, S.SPAM})),
            HANDLERS: stay(*(state for state in WITH_OWN_AGENCY if state is not S.WITHDRAWN)),
        },
    ),
    "confidentiality": Case(
        c.SetConfidentiality(confidentiality=Confidentiality.NOT_PUBLIC), {("citizen",): stay(*STATES)}
    ),
}


def attempted(case: Case, state: PetitionState, actor: Actor) -> PetitionState | None:
    """The state afterwards; None when it was refused."""
    before: Petition = petition(state)
    if case.sample:
        before = replace(before, **case.sample)  # type: ignore[arg-type]  # fields of a sample
    there = around(case.now, case=CASE)
    there = replace(there, agencies=TWO_STEPS) if case.with_approval else there
    outcome = decide(before, case.command, actor, there)
    return None if isinstance(outcome, Refused) else outcome.after.state


@pytest.mark.parametrize("name", CASES)
def test_allowed_exactly_as_declared(name: str) -> None:
    case = CASES[name]
    expected = {
        (who, state): after
        for people, steps in case.allowed.items()
        for who in people
        for state, after in steps.items()
    }
    found = {
        (who, state): after
        for (who, actor), state in product(ACTORS.items(), STATES)
        if (after := attempted(case, state, actor))
    }
    assert found == expected


def test_every_command_has_its_case() -> None:
    tried = {type(case.command) for case in CASES.values()} | {c.Submit}
    assert tried == set(c.Command.__args__) == {row.command for row in TABLE}


@pytest.mark.parametrize(("who", "actor"), ACTORS.items())
def test_who_may_submit(who: str, actor: Actor) -> None:
    allowed = not isinstance(decide(None, submit(on_behalf=actor is not CITIZEN), actor, around()), Refused)
    assert allowed == (who in {"citizen", *RECEPTION_STAFF})


@pytest.mark.parametrize("state", STATES)
def test_a_petition_is_not_submitted_again(state: PetitionState) -> None:
    assert isinstance(decide(petition(state), submit(), CITIZEN, around()), Refused)


def test_nothing_but_a_draft_becomes_a_petition() -> None:
    assert isinstance(decide(None, c.Accept(), HEAD, around()), Refused)


def test_at_the_reception_office_its_own_petitions_are_handled() -> None:
    own = petition(S.IN_PROGRESS, agency=RECEPTION)
    answer = c.SendAnswer(text=ANSWER, summary="Da tra loi")
    by = {role: decide(own, answer, officer(role, RECEPTION), around()) for role in OfficerRole}
    allowed = {role for role, outcome in by.items() if not isinstance(outcome, Refused)}
    assert allowed == {OfficerRole.OFFICER, OfficerRole.LEAD}
