"""Petitions, agencies, officers and commands for the tests of what is decided about them."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.calendar import Calendars, WorkingCalendar
from bot.clock import VIETNAM
from bot.model import Address, ChannelName, Destination
from bot.officers import AgencyKind, AgencyRecord, Officer, OfficerRole
from bot.petitions import commands
from bot.petitions.around import Around, Refused
from bot.petitions.categories import shipped_categories
from bot.petitions.deciding import decide
from bot.petitions.record import (
    Actor,
    ActorKind,
    Confidentiality,
    Draft,
    Petition,
    PetitionChange,
    PetitionState,
)

NOW = datetime(2026, 6, 10, 9, 0, tzinfo=VIETNAM)
"""A Wednesday."""
PERSON, OTHER_PERSON = b"p" * 16, b"q" * 16
PHONE = Destination(Address(ChannelName.SMS, "84987654321"), "8283", "smpp:telco")
CHAT = Destination(Address(ChannelName.ZALO, "u1"), "oa", "zalo")
TEXT = "Đèn đường trước nhà số 12 Lý Thái Tổ phường Võ Cường hỏng đã 3 ngày"

RECEPTION, WARD, OTHER = "H05.00", "H05.12", "H05.13"
AGENCIES = {
    RECEPTION: AgencyRecord(
        code=RECEPTION,
        name="Trung tâm Phục vụ hành chính công tỉnh",
        short_name="TTPVHCC",
        kind=AgencyKind.RECEPTION,
    ),
    WARD: AgencyRecord(
        code=WARD, name="UBND phường Võ Cường", short_name="UBND P. Vo Cuong", kind=AgencyKind.WARD, phone="02223812345"
    ),
    OTHER: AgencyRecord(code=OTHER, name="UBND phường Kinh Bắc", short_name="UBND P. Kinh Bac", kind=AgencyKind.WARD),
}
TWO_STEPS = AGENCIES | {WARD: replace(AGENCIES[WARD], two_step_approval=True)}
WARD_OFFICER, OTHER_OFFICER, PROPOSER = 7, 8, 9
OFFICERS = {
    WARD_OFFICER: Officer(id=WARD_OFFICER, user_name="an", name="An", role=OfficerRole.OFFICER, agency=WARD),
    OTHER_OFFICER: Officer(id=OTHER_OFFICER, user_name="ba", name="Ba", role=OfficerRole.OFFICER, agency=OTHER),
}
ANSWER = "Phường đã thay bóng đèn mới và kiểm tra cả tuyến đường trong sáng nay."


def officer(role: OfficerRole, agency: str, identity: int = 1) -> Actor:
    return Actor(
        kind=ActorKind.OFFICER,
        officer=identity,
        name="Cán bộ",
        role=role,
        agency=agency,
        at_reception=agency == RECEPTION,
    )


RECEPTIONIST = officer(OfficerRole.RECEPTION, RECEPTION, 21)
HEAD = officer(OfficerRole.LEAD, RECEPTION, 22)
HANDLER = officer(OfficerRole.OFFICER, WARD, WARD_OFFICER)
LEAD = officer(OfficerRole.LEAD, WARD, 23)


def around(now: datetime = NOW, **changes: Any) -> Around:
    usual = Around(
        now=now,
        calendars=Calendars(WorkingCalendar()),
        categories=shipped_categories(),
        agencies=AGENCIES,
        officers=OFFICERS,
    )
    return replace(usual, **changes)


def submit(**changes: Any) -> commands.Submit:
    return replace(
        commands.Submit(
            draft=Draft(texts=(TEXT,), told_at=(PHONE,), opened_at=NOW, changed_at=NOW),
            code="PA26005442",
            person=PERSON,
            category="DN",
        ),
        **changes,
    )


def petition(state: PetitionState = PetitionState.RECEIVED, **changes: Any) -> Petition:
    """One that came on Tuesday morning and stands in *state* since Wednesday morning."""
    return replace(_PLAIN, state=state, **{**_OF_STATE.get(state, {}), **changes})


def done(outcome: PetitionChange | Refused) -> PetitionChange:
    assert isinstance(outcome, PetitionChange), outcome
    return outcome


def refused(outcome: PetitionChange | Refused) -> str:
    assert isinstance(outcome, Refused), outcome.event.name
    return outcome.reason


def take(
    before: Petition | None, command: commands.Command, actor: Actor, now: datetime = NOW, **changes: Any
) -> Petition:
    """The petition after a step that has to be allowed."""
    return done(decide(before, command, actor, around(now, **changes))).after


YESTERDAY = NOW - timedelta(days=1)
_PLAIN = Petition(
    code="PA26005442",
    person=PERSON,
    told_at=(PHONE,),
    channel=ChannelName.SMS,
    sent_at=YESTERDAY,
    text=TEXT,
    category="DN",
    confidentiality=Confidentiality.PUBLIC,
    state_since=NOW,
    changed_at=NOW,
    days=3,
    classify_due=datetime(2026, 6, 10, 17, tzinfo=VIETNAM),
    answer_due=datetime(2026, 6, 12, 17, tzinfo=VIETNAM),
)
_ANSWERED = {
    "agency": WARD,
    "officer": WARD_OFFICER,
    "answer": ANSWER,
    "answered_at": NOW,
    "reopen_until": datetime(2026, 6, 24, 17, tzinfo=VIETNAM),
}
_OF_STATE: dict[PetitionState, dict[str, Any]] = {
    PetitionState.ASSIGNED: {"agency": WARD, "accept_due": NOW + timedelta(hours=6)},
    PetitionState.IN_PROGRESS: {"agency": WARD, "officer": WARD_OFFICER},
    PetitionState.NEED_INFO: {
        "agency": WARD,
        "officer": WARD_OFFICER,
        "question": "Cột đèn số mấy",
        "question_due": datetime(2026, 6, 17, 17, tzinfo=VIETNAM),
        "paused_at": NOW,
    },
    PetitionState.PENDING_APPROVAL: {"agency": WARD, "officer": WARD_OFFICER, "answer": ANSWER, "summary": "Da sua"},
    PetitionState.ANSWERED: _ANSWERED,
    PetitionState.CLOSED: {**_ANSWERED, "closed_at": NOW, "closed_because": "answered"},
    PetitionState.REJECTED: {"closed_at": NOW, "closed_because": "not_ours", "rejected_by": 22},
    PetitionState.FORWARDED: {"closed_at": NOW, "forwarded_to": "Bộ Công an"},
    PetitionState.MERGED: {"agency": WARD, "case": "PA26005308"},
    PetitionState.WITHDRAWN: {"agency": WARD, "closed_at": NOW},
    PetitionState.SPAM: {"closed_at": NOW, "spam_proposed_by": PROPOSER},
}
