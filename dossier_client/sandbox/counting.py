"""How many dossiers, for the statistics of leaders."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from dossier_client.models import Status
from dossier_client.sandbox.catalogue import procedures
from dossier_client.sandbox.life import OPEN, moment

PAUSED = frozenset({Status.MORE_PAPERS, Status.FEE_DUE})
GROUPS = ("unit", "procedure", "field", "month")
FIGURES = ("received", "received_online", "early", "on_time", "late", "open", "open_late", "paused")


def count(
    dossiers: Iterable[dict[str, Any]], first: date, last: date, group: str, now: datetime
) -> list[dict[str, Any]]:
    """One item a group over the dossiers received from *first* to *last*, both inclusive.

    Late means finished after the first promised day; early means a day before it or more.
    """
    groups: defaultdict[str, dict[str, Any]] = defaultdict(lambda: dict.fromkeys(FIGURES, 0))
    for dossier in dossiers:
        received = moment(dossier.get("received_at"))
        if received and first <= received.date() <= last:
            key, name = _key(dossier, group)
            counted = groups[key]
            counted["name"] = name
            for figure in _figures(dossier, now):
                counted[figure] += 1
    return [{"key": key, **groups[key]} for key in sorted(groups)]


def _key(dossier: dict[str, Any], group: str) -> tuple[str, str | None]:
    unit, procedure = dossier.get("unit") or {}, dossier.get("procedure") or {}
    known = procedures().get(procedure.get("id", ""))
    return {
        "unit": (unit.get("code", ""), unit.get("name")),
        "procedure": (procedure.get("id", ""), procedure.get("name")),
        "field": (known.field if known else "", known.field if known else None),
        "month": ((dossier.get("received_at") or "")[:7], None),
    }[group]


def _figures(dossier: dict[str, Any], now: datetime) -> Iterable[str]:
    yield "received"
    if str(dossier.get("submitted_via") or "").startswith("online"):
        yield "received_online"
    due, finished = moment(dossier.get("due_at")), moment(dossier.get("finished_at"))
    if finished and due:
        yield "late" if finished > due else "early" if finished.date() < due.date() else "on_time"
    if dossier["status"] in OPEN:
        yield "open"
        if due and due < now:
            yield "open_late"
    if dossier["status"] in PAUSED:
        yield "paused"
