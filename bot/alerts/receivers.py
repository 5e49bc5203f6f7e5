"""Who is to know of an alert now. Rows say whom it was meant for; people leave, are away, and petitions move on."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.officers import Officer, OfficerRole
from bot.petitions.record import OPEN, Petition, PetitionState, TaskAlert

REPLY = "pa_reply"
"""Something that a citizen wrote: it is told whatever became of the petition."""

ONLY_IN = {
    **{key: {PetitionState.RECEIVED} for key in ("new", "returned", "classify", "classify_late", "unmerged", "spam")},
    **{key: {PetitionState.ASSIGNED} for key in ("accept", "accept_late")},
    "approval": {PetitionState.PENDING_APPROVAL},
    "proposal_returned": {PetitionState.IN_PROGRESS},
}
"""The state that an alert speaks of; others speak of any open one."""


def still_right(alert: TaskAlert, petition: Petition) -> TaskAlert | None:
    """The alert for who handles the petition now; None when there is nothing to do any more."""
    if petition.state not in ONLY_IN.get(alert.condition, OPEN) and alert.source != REPLY:
        return None
    if not alert.agency:
        return alert
    return replace(alert, agency=petition.agency or "", officer=petition.officer)


def receivers(alert: TaskAlert, officers: Iterable[Officer], now: datetime) -> Sequence[Officer]:
    """Those to tell: the officer, the lead, or everybody who sorts or handles; the lead when there is nobody else.

    Who is away is replaced by the substitute.
    """
    present = [officer for officer in officers if officer.left_at is None]
    known = {officer.id: officer for officer in present}
    there = [officer for officer in present if _is_of(officer, alert.agency)]
    leads = [officer for officer in there if officer.role is OfficerRole.LEAD]
    found = leads if alert.to_lead else _handlers(alert, there) or leads
    return tuple({officer.id: officer for officer in (_present(one, known, now) for one in found)}.values())


def _is_of(officer: Officer, agency: str) -> bool:
    return officer.agency == agency if agency else officer.at_reception


def _handlers(alert: TaskAlert, there: Sequence[Officer]) -> Sequence[Officer]:
    named = [officer for officer in there if officer.id == alert.officer]
    role = OfficerRole.OFFICER if alert.agency else OfficerRole.RECEPTION
    return named or [officer for officer in there if officer.role is role]


def _present(officer: Officer, known: Mapping[int, Officer], now: datetime) -> Officer:
    is_away = officer.away_until is not None and officer.away_until > now
    substitute = known.get(officer.substitute) if is_away and officer.substitute else None
    return substitute or officer
