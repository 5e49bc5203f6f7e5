"""What a provider's answer to our call means."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from http import HTTPStatus
from typing import Any

from sms.http.dialect import Extract, Outbound
from sms.http.fields import MOST_BRACKETS, element_text

MOST_SHOWN = 40


class Meaning(Enum):
    """What became of a call that was answered."""

    ACCEPTED = auto()
    BUSY = auto()
    TEMPORARY = auto()
    ACCOUNT = auto()
    PERMANENT = auto()
    UNCLEAR = auto()
    """Nobody told us what this value means."""
    UNKNOWN = auto()
    """It may have left."""


STATUSES: Mapping[int, Meaning] = {
    HTTPStatus.UNAUTHORIZED: Meaning.ACCOUNT,
    HTTPStatus.PAYMENT_REQUIRED: Meaning.ACCOUNT,
    HTTPStatus.FORBIDDEN: Meaning.ACCOUNT,
    HTTPStatus.NOT_FOUND: Meaning.ACCOUNT,
    HTTPStatus.METHOD_NOT_ALLOWED: Meaning.ACCOUNT,
    HTTPStatus.REQUEST_TIMEOUT: Meaning.TEMPORARY,
    HTTPStatus.TOO_MANY_REQUESTS: Meaning.BUSY,
    HTTPStatus.SERVICE_UNAVAILABLE: Meaning.TEMPORARY,
    HTTPStatus.BAD_GATEWAY: Meaning.UNKNOWN,
    HTTPStatus.GATEWAY_TIMEOUT: Meaning.UNKNOWN,
}
"""HTTP's own words where the answer is none of the dialect's. Others: 5xx may have left, 4xx is refused for good."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """One answer, judged."""

    meaning: Meaning
    value: str
    """The provider's word, for the log."""
    provider_id: str = ""


def judge(rules: Outbound, status: int, body: str, *, again: bool) -> Verdict:
    """What this answer means; *again* tells that the message may have left before."""
    value = found(rules.value, body)
    by_word = _of_word(rules, value, again=again) if value is not None else None
    if by_word is None and status == HTTPStatus.OK:
        by_word = Meaning.UNCLEAR
    if by_word is None or (by_word is Meaning.ACCEPTED and status >= HTTPStatus.BAD_REQUEST):
        return Verdict(_of_status(status), f"HTTP {status}")
    provider_id = (found(rules.id, body) or "") if rules.id and by_word is Meaning.ACCEPTED else ""
    return Verdict(by_word, (value or "nothing")[:MOST_SHOWN], provider_id)


def found(where: Extract, body: str) -> str | None:
    """The value that stands there; None when nothing does."""
    if where.json_path:
        return _in_json(body, where.json_path)
    if where.xml_element:
        return element_text(body, where.xml_element)
    if where.pattern:
        match = re.search(where.pattern, body)
        return match[1] if match else None
    return body.strip()


def _of_word(rules: Outbound, value: str, *, again: bool) -> Meaning | None:
    verdicts = rules.verdicts
    if again and value in verdicts.repeated:
        return Meaning.ACCEPTED
    words = (
        (verdicts.accepted, Meaning.ACCEPTED),
        (verdicts.busy, Meaning.BUSY),
        (verdicts.temporary, Meaning.TEMPORARY),
        (verdicts.account, Meaning.ACCOUNT),
        (verdicts.permanent, Meaning.PERMANENT),
    )
    return next((meaning for known, meaning in words if value in known), None)


def _of_status(status: int) -> Meaning:
    if (known := STATUSES.get(status)) is not None:
        return known
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Meaning.UNKNOWN
    return Meaning.PERMANENT if status >= HTTPStatus.BAD_REQUEST else Meaning.UNCLEAR


def _in_json(body: str, path: str) -> str | None:
    if body.count("[") + body.count("{") > MOST_BRACKETS:
        return None
    try:
        value: Any = json.loads(body)
    except ValueError:
        return None
    for name in path.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    return None if value is None or isinstance(value, dict | list) else str(value)
