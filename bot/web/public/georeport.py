"""Released petitions in the shape of Open311 GeoReport v2, in JSON and XML (https://wiki.open311.org/GeoReport_v2)."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from html import escape
from typing import Any

import orjson

from bot.clock import VIETNAM
from bot.petitions.categories import PetitionCategory, category_of
from bot.petitions.record import OPEN, PetitionState
from bot.store.port_public import PublicPetition
from bot.web.public.plain import plain, without_people

Fields = Mapping[str, Any]
HEAD = '<?xml version="1.0" encoding="utf-8"?>'
STATES = {
    PetitionState.RECEIVED: "Mới tiếp nhận",
    PetitionState.ASSIGNED: "Đã chuyển xử lý",
    PetitionState.IN_PROGRESS: "Đang xử lý",
    PetitionState.NEED_INFO: "Chờ bổ sung thông tin",
    PetitionState.PENDING_APPROVAL: "Đang xử lý",
    PetitionState.ANSWERED: "Đã trả lời",
    PetitionState.CLOSED: "Đã kết thúc",
    PetitionState.REJECTED: "Không tiếp nhận",
    PetitionState.FORWARDED: "Đã chuyển cơ quan ngoài tỉnh",
    PetitionState.MERGED: "Đã gộp vào vụ việc",
    PetitionState.WITHDRAWN: "Người gửi đã rút",
    PetitionState.SPAM: "Tin rác",
}
"""As people read them; what waits for approval inside is being handled."""
VERSION = "2026-11-25"
"""When this interface changed last."""


def service(category: PetitionCategory) -> Fields:
    """A field of petitions as the standard's service."""
    return {
        "service_code": category.code,
        "service_name": category.name,
        "description": f"{category.name_en}; {category.days} working days",
        "metadata": False,
        "type": "realtime",
        "keywords": "",
        "group": "",
    }


def definition(code: str) -> Fields:
    """Of a service; none asks for anything more."""
    return {"service_code": code, "attributes": []}


def request(found: PublicPetition, categories: Mapping[str, PetitionCategory], address: str) -> Fields:
    """A petition as the standard's service request. *address* is where this gateway is served, without a slash at its end."""
    is_open = found.state in OPEN
    return {
        "service_request_id": found.code,
        "status": "open" if is_open else "closed",
        "status_notes": without_people(found.answer) or STATES[found.state],
        "service_name": category_of(categories, found.category).name,
        "service_code": found.category,
        "description": plain(found.text),
        "agency_responsible": None,
        "service_notice": None,
        "requested_datetime": moment(found.sent_at),
        "updated_datetime": moment(found.changed_at),
        "expected_datetime": moment(found.answer_due) if is_open else None,
        "address": plain(found.ward) or None,
        "address_id": None,
        "zipcode": None,
        "lat": found.latitude,
        "long": found.longitude,
        "media_url": f"{address}{picture_address(found.pictures[0])}" if found.pictures else None,
    }


def picture_address(name: str) -> str:
    """Where a released picture is, on our own site."""
    return f"/public/pictures/{name}.jpg"


def discovery(address: str, contact: str) -> Fields:
    """Where what is found, as of Open311 Service Discovery."""
    return {
        "changeset": VERSION,
        "contact": contact,
        "key_service": "no key is needed",
        "endpoints": [
            {
                "specification": "http://wiki.open311.org/GeoReport_v2",
                "url": address,
                "changeset": VERSION,
                "type": "production",
                "formats": ["text/xml", "application/json"],
            }
        ],
    }


def problem(status: int, text: str) -> Sequence[Fields]:
    """An error as the standard tells it."""
    return [{"code": status, "description": plain(text)}]


def as_json(found: Any) -> bytes:
    """UTF-8."""
    return orjson.dumps(found)


def as_xml(root: str, item: str, found: Sequence[Fields]) -> bytes:
    """A list of *item* inside *root*, UTF-8."""
    lines = [HEAD, f"<{root}>", *(line for fields in found for line in _element(item, fields)), f"</{root}>"]
    return "\n".join(lines).encode()


def definition_as_xml(found: Fields) -> bytes:
    """The definition of one service."""
    return "\n".join([HEAD, *_element("service_definition", found)]).encode()


def moment(at: datetime) -> str:
    """In Vietnam, to the second: ``2026-06-10T09:00:00+07:00``."""
    return at.astimezone(VIETNAM).isoformat(timespec="seconds")


def _element(name: str, fields: Fields) -> Iterator[str]:
    yield f"<{name}>"
    for key, value in fields.items():
        text = _text(value)
        yield f"<{key}>{escape(text)}</{key}>" if text else f"<{key}/>"
    yield f"</{name}>"


def _text(value: Any) -> str:
    match value:
        case None | []:
            return ""
        case bool():
            return str(value).lower()
        case _:
            return plain(str(value))
