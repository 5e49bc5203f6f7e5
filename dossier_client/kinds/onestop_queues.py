"""The queue calls of our own contract."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from dossier_client.faults import Reason, UpstreamFault
from dossier_client.kinds import Ask
from dossier_client.models import Unit
from dossier_client.queues import GivenBack, Queue, QueueClosed
from dossier_client.reading import boolean, is_object, optional_text, text, whole
from dossier_client.transport import Answer, Request

QUEUES = "/api/v1/queues"
HTTP_OK, HTTP_CREATED, HTTP_NO_CONTENT, HTTP_NOT_FOUND, HTTP_CONFLICT = 200, 201, 204, 404, 409
LONGEST_TICKET = 12


class OneStopQueues:
    """Implements ``QueueKind``."""

    async def state(self, ask: Ask, unit_code: str, ticket: str | None) -> Queue | None:
        """The line; a ticket that does not wait any more has no place in it."""
        asked = f"?ticket={quote(ticket, safe='')}" if ticket else ""
        return _queue(await ask(Request(f"{QUEUES}/{quote(unit_code, safe='')}{asked}")))

    async def take(self, ask: Ask, unit_code: str, request_id: str) -> Queue | QueueClosed | None:
        """A ticket. One that cannot be printed in a message is no ticket."""
        path = f"{QUEUES}/{quote(unit_code, safe='')}/tickets"
        answer = await ask(Request(path, "POST", json={"request_id": request_id}))
        if answer.status == HTTP_CONFLICT:
            return QueueClosed()
        queue = _queue(answer)
        if queue is not None and not queue.ticket:
            raise UpstreamFault(Reason.SHAPE, "no ticket")
        return queue

    async def give_back(self, ask: Ask, unit_code: str, ticket: str) -> GivenBack | None:
        """204 also when it was not there; a system without this line says 404."""
        path = f"{QUEUES}/{quote(unit_code, safe='')}/tickets/{quote(ticket, safe='')}"
        answer = await ask(Request(path, "DELETE"))
        if answer.status in {HTTP_OK, HTTP_NO_CONTENT}:
            return GivenBack()
        if answer.status == HTTP_NOT_FOUND:
            return None
        raise answer.fault()


def _queue(answer: Answer) -> Queue | None:
    """The line, None when the system has no such line. Raises ``UpstreamFault``."""
    if answer.status == HTTP_NOT_FOUND:
        return None
    if answer.status not in {HTTP_OK, HTTP_CREATED}:
        raise answer.fault()
    data = answer.value()
    if not is_object(data):
        raise UpstreamFault(Reason.SHAPE, "no object")
    return _read(data)


def _read(data: Mapping[str, Any]) -> Queue:
    return Queue(
        unit=_unit(data.get("unit")),
        ticket=_ticket(data.get("ticket")),
        now_serving=_ticket(data.get("now_serving")),
        ahead=_count(data.get("ahead")),
        waiting=_count(data.get("waiting")) or 0,
        counter=_ticket(data.get("counter")),
        wait_minutes=_count(data.get("estimated_wait_minutes")),
        is_open=boolean(data.get("open")) if "open" in data else True,
    )


def _unit(data: Any) -> Unit:
    if not is_object(data):
        return Unit()
    short_name, phone = optional_text(data.get("short_name")), optional_text(data.get("phone"))
    return Unit(code=text(data.get("code")), name=text(data.get("name")), short_name=short_name, phone=phone)


def _ticket(value: Any) -> str | None:
    """A cut one would be another ticket."""
    ticket = text(value)
    return ticket if 0 < len(ticket) <= LONGEST_TICKET else None


def _count(value: Any) -> int | None:
    number = whole(value)
    return None if number is None or number < 0 else number
