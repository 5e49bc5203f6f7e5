"""OpenCPS 2.x, the open-source one-stop system of many provinces, over ``/o/rest/v2``."""

import hmac
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from dossier_client.codes import shape_of
from dossier_client.faults import Reason, UpstreamFault
from dossier_client.kinds import Ask, Count, QueueKind
from dossier_client.models import CurrentStep, Dossier, GivenRating, Procedure, Status, Step, Taken, Unit
from dossier_client.reading import (
    LONGEST_LABEL,
    decode,
    local_moment,
    looks_like_markup,
    mapping,
    normal_code,
    optional_text,
    phones,
    require_same,
    sequence,
    text,
    whole,
)
from dossier_client.transport import Answer, Request

DOSSIERS = "/o/rest/v2/dossiers"
LOGS = "/o/rest/v2/dossierlogs"
LIST_MOST, LOGS_MOST = 10, 50
LAST_DIGITS = 4
HTTP_OK, HTTP_REFUSED, HTTP_NOT_FOUND, HTTP_ERROR = 200, 203, 404, 500
MISSING = re.compile(rb"No\s?Such|not\s?found|does not exist|kh\xc3\xb4ng t\xc3\xacm th\xe1\xba\xa5y", re.IGNORECASE)
"""How the 500 of a missing dossier reads; the versions differ."""
STATUSES = {
    "new": Status.NEWLY_REGISTERED,
    "collecting": Status.NEWLY_REGISTERED,
    "receiving": Status.NEWLY_REGISTERED,
    "processing": Status.IN_PROCESS,
    "interoperating": Status.IN_PROCESS,
    "handover": Status.IN_PROCESS,
    "correcting": Status.IN_PROCESS,
    "waiting": Status.MORE_PAPERS,
    "paying": Status.FEE_DUE,
    "cancelling": Status.WITHDRAWN,
    "cancelled": Status.WITHDRAWN,
    "releasing": Status.RESULT_READY,
    "posting": Status.RESULT_READY,
    "done": Status.RESULT_RETURNED,
    "denied": Status.NOT_ACCEPTED,
    "unresolved": Status.STOPPED,
}
"""The word before "_" of ``dossierSubStatus``, else of ``dossierStatus``. Any other word: no status, its text, and a count."""
PAUSED, PAUSED_TEXT = "pausing", "Tạm dừng xử lý"
"""On no national list: the dossier may wait for papers, but as well for another agency."""
CLOCK_STOPPED = frozenset({"PAUSE", "PAUSE_OVERDUE"})
RUNNING = frozenset({Status.RECEIVED, Status.IN_PROCESS})
EXPLAINED = frozenset({Status.NOT_ACCEPTED, Status.MORE_PAPERS, Status.STOPPED})
"""The states in which the note of the last action is a reason that concerns the citizen."""


class OpenCps:
    """The kind ``opencps``."""

    def __init__(self, count: Count, group_id: str) -> None:
        """*group_id* is the Liferay site of the agency; without it nothing is ever found."""
        self.headers: Mapping[str, str] = {"groupId": group_id}
        self.publishes_procedures = False
        self.queues: QueueKind | None = None
        self._count = count

    async def dossier(self, ask: Ask, code: str) -> Dossier | None:
        """By code or portal reference."""
        data = await _detail(ask, code)
        return None if data is None else self._read(data)

    async def history(self, ask: Ask, code: str) -> tuple[Step, ...] | None:
        """The log of the dossier, under the number that OpenCPS itself gave it."""
        data = await _detail(ask, code)
        number = whole(data.get("dossierId")) if data else None
        if number is None:
            return None
        page = _page(await ask(Request(f"{LOGS}/{number}/logs?start=0&end={LOGS_MOST}")))
        steps = [_step(mapping(item)) for item in page]
        return tuple(sorted(steps, key=lambda step: step.at.timestamp() if step.at else 0.0))

    async def by_phone(self, ask: Ask, phone: str) -> tuple[Dossier, ...] | None:  # noqa: ARG002 - part of the protocol
        """OpenCPS cannot search by phone."""
        return None

    async def verify(self, ask: Ask, code: str, id_last4: str) -> bool | None:
        """Compared here with the end of ``applicantIdNo``, which is not kept."""
        data = await _detail(ask, code)
        if data is None:
            return None
        known = text(data.get("applicantIdNo"))[-LAST_DIGITS:]
        return len(known) == LAST_DIGITS and hmac.compare_digest(known.encode(), id_last4.encode())

    async def rate(self, ask: Ask, code: str, rating: GivenRating) -> Taken | None:
        """Its votes belong to forms that each site makes for itself: none is handed over."""
        del ask, code, rating
        return None

    def _read(self, data: Mapping[str, Any]) -> Dossier:
        status, status_text = self._status(data)
        returned = status is Status.RESULT_RETURNED
        finished_at = local_moment(data.get("finishDate"))
        step = text(data.get("stepName"))
        return Dossier(
            code=text(data.get("dossierNo")) or text(data.get("referenceUid")),
            status=status,
            status_text=status_text,
            reference=optional_text(data.get("referenceUid")),
            procedure=Procedure(id=text(data.get("serviceCode")), name=text(data.get("serviceName"))),
            unit=Unit(code=text(data.get("govAgencyCode")), name=text(data.get("govAgencyName"))),
            applicant=optional_text(data.get("applicantName")),
            contact_phones=phones([data.get("contactTelNo"), data.get("delegateTelNo")]),
            received_at=local_moment(data.get("receiveDate")),
            due_at=local_moment(data.get("dueDate")),
            extended_due_at=local_moment(data.get("extendDate")),
            finished_at=local_moment(data.get("releaseDate")) or finished_at,
            returned_at=finished_at if returned else None,
            step=CurrentStep(name=step) if step else None,
            reason=optional_text(data.get("lastActionNote")) if status in EXPLAINED else None,
            updated_at=local_moment(data.get("modifiedDate")),
        )

    def _status(self, data: Mapping[str, Any]) -> tuple[Status | None, str]:
        """The national state and the text to show where there is none."""
        words = (text(data.get(key)).lower().split("_")[0] for key in ("dossierSubStatus", "dossierStatus"))
        word = next((word for word in words if word in STATUSES or word == PAUSED), None)
        if word is None:
            self._count("unknown_status")
        status = STATUSES.get(word) if word else None
        if word == PAUSED or (status in RUNNING and text(data.get("lockState")) in CLOCK_STOPPED):
            return None, PAUSED_TEXT
        texts = (text(data.get(key), LONGEST_LABEL) for key in ("dossierSubStatusText", "dossierStatusText"))
        return status, next(filter(None, texts), "")


async def _detail(ask: Ask, code: str) -> Mapping[str, Any] | None:
    """The raw dossier. A code of no known shape is searched for: as ``{id}``, digits would be read as a primary key."""
    if shape_of(code) is None:
        return _same(
            _page(await ask(Request(f"{DOSSIERS}?dossierNo={quote(code, safe='')}&start=0&end={LIST_MOST}"))), code
        )
    data = _value(await ask(Request(f"{DOSSIERS}/{quote(code, safe='')}")))
    if data is None or data.get("total") == 0:
        return None
    number, reference = text(data.get("dossierNo")), text(data.get("referenceUid"))
    if not number and not reference:
        raise UpstreamFault(Reason.SHAPE, "no dossierNo")
    require_same(code, number, reference)
    return data


def _same(items: list[Any], code: str) -> Mapping[str, Any] | None:
    """The search goes by part of the number on some versions: only the whole one counts."""
    return next((item for item in map(mapping, items) if normal_code(text(item.get("dossierNo"))) == code), None)


def _page(answer: Answer) -> list[Any]:
    data = _value(answer)
    return [] if data is None else list(sequence(data.get("data")))


def _value(answer: Answer) -> Mapping[str, Any] | None:
    """The object of the answer, None when it says "no such dossier" in one of its many ways. Raises ``UpstreamFault``."""
    if answer.status == HTTP_REFUSED:  # a wrong secret or captcha: not to be told from "not found"
        return None
    if looks_like_markup(answer.body):  # HTML, or XML in spite of Accept
        raise UpstreamFault(Reason.NOT_JSON) if answer.status == HTTP_OK else answer.fault()
    if answer.status == HTTP_NOT_FOUND or (answer.status == HTTP_ERROR and MISSING.search(answer.body)):
        return None
    if answer.status != HTTP_OK:
        raise answer.fault()
    if not answer.body.strip():
        return None
    data = answer.value()
    if not isinstance(data, dict):
        raise UpstreamFault(Reason.SHAPE, "no object")
    return data


def _step(data: Mapping[str, Any]) -> Step:
    """The author is left out: officers' names are not shown."""
    return Step(
        at=local_moment(data.get("createDate")), name=_step_name(data.get("payload")) or text(data.get("content"))
    )


def _step_name(payload: Any) -> str:
    if not isinstance(payload, str) or not payload.startswith("{"):
        return text(mapping(payload).get("stepName"))
    try:
        return text(mapping(decode(payload.encode("utf-8", "replace"))).get("stepName"))
    except UpstreamFault:
        return ""
