"""Our own contract, spoken by the sandbox and by systems that were built for the gateway."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from dossier_client.faults import Reason, UpstreamFault
from dossier_client.kinds import Ask, Count, QueueKind
from dossier_client.kinds.onestop_queues import OneStopQueues
from dossier_client.models import (
    Apology,
    CurrentStep,
    Delivery,
    Dossier,
    Fee,
    GivenRating,
    Procedure,
    Status,
    Step,
    Taken,
    Unit,
)
from dossier_client.reading import (
    LONGEST_LABEL,
    boolean,
    is_object,
    mapping,
    moment,
    optional_text,
    phones,
    require_same,
    sequence,
    text,
    whole,
)
from dossier_client.transport import Answer, Request

DOSSIERS = "/api/v1/dossiers"
BY_PHONE_MOST = 20
UNITS_SHARED = 1024
LONGEST_OFFICER = 40
HTTP_OK, HTTP_NO_CONTENT, HTTP_NOT_FOUND, HTTP_TOO_MANY = 200, 204, 404, 429
DELIVERY_METHODS = frozenset({"counter", "post", "online"})
STATUSES = {int(status): status for status in Status}


class OneStop:
    """The kind ``onestop``."""

    headers: Mapping[str, str] = {}
    publishes_procedures = True

    def __init__(self, count: Count) -> None:
        self._count = count
        self.queues: QueueKind | None = OneStopQueues()

    async def dossier(self, ask: Ask, code: str) -> Dossier | None:
        """By code or national reference."""
        data = _value(await ask(Request(f"{DOSSIERS}/{quote(code, safe='')}")))
        if data is None:
            return None
        dossier = read_dossier(data, self._count)
        require_same(code, dossier.code, dossier.reference)
        return dossier

    async def history(self, ask: Ask, code: str) -> tuple[Step, ...] | None:
        """The steps, oldest first."""
        data = _value(await ask(Request(f"{DOSSIERS}/{quote(code, safe='')}/history")))
        return None if data is None else tuple(_step(mapping(item)) for item in _items(data))

    async def by_phone(self, ask: Ask, phone: str) -> tuple[Dossier, ...] | None:
        """Newest first; an item that is not of this phone is left out."""
        data = _value(await ask(Request(f"{DOSSIERS}?phone={quote(phone, safe='')}&limit={BY_PHONE_MOST}")))
        if data is None:
            raise UpstreamFault(Reason.SHAPE, "no list")
        read = (self._of_phone(item, phone) for item in _items(data))
        return tuple(dossier for dossier in read if dossier is not None)

    async def verify(self, ask: Ask, code: str, id_last4: str) -> bool | None:
        """Too many tries count as wrong digits."""
        path = f"{DOSSIERS}/{quote(code, safe='')}/verify"
        answer = await ask(Request(path, "POST", json={"id_last4": id_last4}))
        if answer.status == HTTP_TOO_MANY:
            return False
        data = _value(answer)
        return None if data is None else data.get("verified") is True

    async def rate(self, ask: Ask, code: str, rating: GivenRating) -> Taken | None:
        """204 also for one that is there already."""
        body: dict[str, str | int | None] = {
            "rating_id": rating.id,
            "score": rating.score,
            "comment": rating.comment or None,
            "channel": rating.channel,
        }
        path = f"{DOSSIERS}/{quote(code, safe='')}/ratings"
        answer = await ask(Request(path, "POST", json=body))
        if answer.status in {HTTP_OK, HTTP_NO_CONTENT}:
            return Taken()
        if answer.status == HTTP_NOT_FOUND:
            return None
        raise answer.fault()

    def _of_phone(self, item: Any, phone: str) -> Dossier | None:
        try:
            dossier = read_dossier(mapping(item), self._count)
        except UpstreamFault as fault:
            self._count(fault.reason.value)
            return None
        if dossier.contact_phones != frozenset() and phone not in dossier.contact_phones:
            self._count(Reason.OTHER_DOSSIER.value)
            return None
        return dossier


def read_dossier(data: Mapping[str, Any], count: Count) -> Dossier:
    """A dossier of the contract, from a look-up or an event. Raises ``UpstreamFault`` when it has no code or no state at all."""
    code = text(data.get("code"))
    status = STATUSES.get(whole(data.get("status")) or 0)
    status_text = text(data.get("status_text"), LONGEST_LABEL)
    if not code or (status is None and not status_text):
        raise UpstreamFault(Reason.SHAPE, "no code or no state")
    if status is None:
        count("unknown_status")
    return Dossier(
        code=code,
        status=status,
        status_text=status_text,
        reference=optional_text(data.get("reference")),
        procedure=_procedure(data.get("procedure")) or Procedure(),
        unit=_unit(data.get("unit")) or Unit(),
        holding_unit=_unit(data.get("holding_unit")),
        delivery=_delivery(data.get("delivery")),
        applicant=optional_text(data.get("applicant")),
        contact_phones=phones(sequence(data.get("contact_phones"))),
        received_at=moment(data.get("received_at")),
        due_at=moment(data.get("due_at")),
        extended_due_at=moment(data.get("extended_due_at")),
        finished_at=moment(data.get("finished_at")),
        returned_at=moment(data.get("returned_at")),
        step=_current_step(data.get("step")),
        fee=_fee(data.get("fee")),
        missing_papers=tuple(paper for item in sequence(data.get("missing_papers")) if (paper := text(item))),
        reason=optional_text(data.get("reason")),
        apology=_apology(data.get("apology")),
        updated_at=moment(data.get("updated_at")),
        handled_by=_officer(data.get("handled_by")),
    )


def _value(answer: Answer) -> Mapping[str, Any] | None:
    """The object of a 200, None for a 404 that speaks of a missing dossier. Raises ``UpstreamFault``."""
    if answer.status not in {HTTP_OK, HTTP_NOT_FOUND}:
        raise answer.fault()
    data = answer.value()
    if not isinstance(data, dict):
        raise UpstreamFault(Reason.SHAPE, "no object")
    if answer.status == HTTP_OK:
        return data
    if data.get("error", "not_found") != "not_found":
        raise answer.fault()
    return None


def _items(data: Mapping[str, Any]) -> list[Any]:
    if not isinstance(data.get("items"), list):
        raise UpstreamFault(Reason.SHAPE, "no items")
    return list(sequence(data["items"]))


def _procedure(data: Any) -> Procedure | None:
    if not is_object(data):
        return None
    return Procedure(id=text(data.get("id")), name=text(data.get("name")), sensitive=boolean(data.get("sensitive")))


def _unit(data: Any) -> Unit | None:
    if not is_object(data):
        return None
    return _shared_unit(
        text(data.get("code")),
        text(data.get("name")),
        optional_text(data.get("short_name")),
        optional_text(data.get("phone")),
    )


@lru_cache(maxsize=UNITS_SHARED)
def _shared_unit(code: str, name: str, short_name: str | None, phone: str | None) -> Unit:
    """A province has some hundred units and a hundred thousand dossiers."""
    return Unit(code=code, name=name, short_name=short_name, phone=phone)


def _delivery(data: Any) -> Delivery | None:
    if not is_object(data):
        return None
    method = data.get("method")
    if not isinstance(method, str) or method not in DELIVERY_METHODS:
        return None
    return Delivery(method=method, place=optional_text(data.get("place")))


def _current_step(data: Any) -> CurrentStep | None:
    name = text(data.get("name")) if is_object(data) else ""
    return CurrentStep(name=name, order=whole(data.get("order")), total=whole(data.get("total"))) if name else None


def _fee(data: Any) -> Fee | None:
    amount = whole(data.get("amount")) if is_object(data) else None
    if amount is None or amount < 0:
        return None
    return Fee(amount=amount, paid=boolean(data.get("paid")), pay_url=_web_address(data.get("pay_url")))


def _web_address(value: Any) -> str | None:
    address = text(value)
    return address if address.startswith("https://") else None


def _officer(data: Any) -> str:
    return text(data.get("officer_id"), LONGEST_OFFICER) if is_object(data) else ""


def _apology(data: Any) -> Apology | None:
    if not is_object(data):
        return None
    return Apology(
        issued_at=moment(data.get("issued_at")),
        new_due_at=moment(data.get("new_due_at")),
        reason=text(data.get("reason")),
    )


def _step(data: Mapping[str, Any]) -> Step:
    return Step(
        at=moment(data.get("at")),
        name=text(data.get("name")),
        unit=_unit(data.get("unit")) or Unit(),
        status=STATUSES.get(whole(data.get("status")) or 0),
        note=optional_text(data.get("note")),
    )
