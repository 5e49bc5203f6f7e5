"""A dossier's state in words: which template, with which values, for whom."""

from datetime import date
from typing import Any

from bot.intent import Reply
from bot.intents.world import World, day_of
from dossier_client.models import Dossier, Found, Status

DETAILED = frozenset({Status.NOT_ACCEPTED, Status.MORE_PAPERS, Status.FEE_DUE})
"""States whose reason, papers or amount only the person of the dossier is told."""
COUNTER = "counter"
LATE = "late"
UNTOLD = "as_chosen"
"""How the result is handed over when it is not at the counter and the asker is not known."""


def status_reply(found: Found, world: World, *, verified: bool) -> Reply:
    """The sentence for the dossier's state. T1 details are among the values only when *verified*."""
    dossier = found.dossier
    if found.stale:
        return Reply("lk.stale", _values(dossier, world) | {"at": found.fetched_at})
    details = _details(dossier) if verified else {}
    values = _values(dossier, world) | details | {"fetched_at": found.fetched_at}
    return Reply(_template(dossier, world, verified=verified), values)


def _template(dossier: Dossier, world: World, *, verified: bool) -> str:
    if dossier.status is None:
        return "st.other"
    lateness = _lateness(day_of(dossier.promised_at), world.today)
    if dossier.status is Status.IN_PROCESS:
        return f"st.4{lateness}"
    if dossier.status is Status.RECEIVED and lateness == LATE:
        return "st.4late"
    if dossier.status is Status.FEE_DUE and dossier.fee is not None and dossier.fee.paid:
        return "st.6paid"
    detailed = verified and dossier.status in DETAILED and _has_details(dossier)
    return f"st.{dossier.status.value}" + ("v" if detailed else "")


def _lateness(due: date | None, today: date) -> str:
    if due is None or due > today:
        return ""
    return "today" if due == today else LATE


def _has_details(dossier: Dossier) -> bool:
    match dossier.status:
        case Status.NOT_ACCEPTED:
            return bool(dossier.reason)
        case Status.MORE_PAPERS:
            return bool(dossier.missing_papers)
        case _:
            return dossier.fee is not None


def _values(dossier: Dossier, world: World) -> dict[str, Any]:
    """What anyone with the code may see (T0).

    The sources have no day of their own by which papers or a fee are due: the promised day stands for it until it is past.
    """
    due = day_of(dossier.promised_at)
    holder = dossier.holding_unit or dossier.unit
    return {
        "code": dossier.code,
        "agency": dossier.unit.short_name or dossier.unit.name,
        "agency_name": dossier.unit.name,
        "holder": holder.short_name or holder.name,
        "hotline": holder.phone or dossier.unit.phone or world.office.hotline,
        "status": dossier.status,
        "status_text": dossier.status_text,
        "received_on": day_of(dossier.received_at),
        "due_on": due,
        "deadline": due if due and due >= world.today else None,
        "days_left": world.calendar.working_days_left(world.now, due) if due else None,
        "days_late": world.calendar.working_days_late(world.now, due) if due else None,
        "on": day_of(dossier.returned_at or dossier.finished_at or dossier.updated_at),
        "delivery_method": COUNTER if _method(dossier) == COUNTER else UNTOLD,
        "procedure_name": None
        if dossier.procedure.sensitive or dossier.procedure.id in world.office.sensitive_procedures
        else dossier.procedure.name,
    }


def _details(dossier: Dossier) -> dict[str, Any]:
    """What only the person of the dossier may see (T1)."""
    return {
        "reason": dossier.reason,
        "papers": dossier.missing_papers,
        "amount": dossier.fee.amount if dossier.fee else None,
        "applicant_masked": masked(dossier.applicant or ""),
        "delivery_method": _method(dossier),
        "procedure_name": dossier.procedure.name,
    }


def _method(dossier: Dossier) -> str:
    return dossier.delivery.method if dossier.delivery else COUNTER


def masked(name: str) -> str:
    """``Nguyễn V. A.`` of ``NGUYỄN VĂN AN``; a single word only by its first letter."""
    first, *others = name.title().split() or [""]
    return " ".join([first, *(f"{word[0]}." for word in others)]) if others else f"{first[:1]}." if first else ""
