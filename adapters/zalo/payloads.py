"""Fields of Zalo's JSON as they come: ids as texts or numbers, times as texts, anything missing or of another shape."""

import math
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

IDENTITY = re.compile(r"[0-9A-Za-z_~.:-]{1,128}", re.ASCII)
MOBILE = re.compile(r"84[35789][0-9]{8}", re.ASCII)
FIRST_TIME = 1_577_836_800_000
"""2020 in milliseconds: what lies before is no time but an example of the documentation."""
LAST_TIME = 4_102_444_800_000
MOST_ATTACHMENTS = 10
LONGEST_URL = 2048
Fields = Mapping[str, Any]


class SomebodyElse(Exception):
    """The event belongs to another app or account."""


def mapping(fields: Fields, name: str) -> Fields:
    """The object under *name*, or an empty one."""
    value = fields.get(name)
    return value if isinstance(value, dict) else {}


def text_of(value: Any) -> str:
    """A text, or "" for anything else."""
    return value if isinstance(value, str) else ""


def identity(value: Any) -> str:
    """An id, or a time, as text: they exceed what other languages hold as a number. "" for anything else."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    return value if isinstance(value, str) and IDENTITY.fullmatch(value) else ""


def time_of(value: Any) -> datetime | None:
    """Milliseconds since 1970, as text or number."""
    written = identity(value)
    if not written.isdecimal() or not FIRST_TIME <= int(written) <= LAST_TIME:
        return None
    return datetime.fromtimestamp(int(written) / 1000, UTC)


def msisdn(value: Any) -> str:
    """A Vietnamese mobile number as ``84…``, or ""."""
    digits = re.sub(r"[^0-9]", "", identity(value) if isinstance(value, int) else text_of(value)[:32])
    if digits.startswith("0"):
        digits = f"84{digits[1:]}"
    return digits if MOBILE.fullmatch(digits) else ""


def attachments(message: Fields) -> Iterator[tuple[str, Fields]]:
    """Kind and payload of each."""
    found = message.get("attachments")
    for item in (found if isinstance(found, list) else [])[:MOST_ATTACHMENTS]:
        if isinstance(item, dict):
            yield text_of(item.get("type")), mapping(item, "payload")


def urls(message: Fields, kinds: set[str]) -> tuple[str, ...]:
    """The addresses of attachments of these kinds; whoever fetches one must check it first."""
    found = (text_of(payload.get("url")) for kind, payload in attachments(message) if kind in kinds)
    return tuple(url for url in found if url and len(url) <= LONGEST_URL)


def coordinates(message: Fields) -> tuple[float, float] | None:
    """Latitude and longitude of the first place, written as texts."""
    for kind, payload in attachments(message):
        if kind == "location":
            where = mapping(payload, "coordinates")
            latitude, longitude = _degrees(where.get("latitude"), 90), _degrees(where.get("longitude"), 180)
            if latitude is not None and longitude is not None:
                return latitude, longitude
    return None


def _degrees(value: Any, most: int) -> float | None:
    try:
        degrees = float(value)
    except (TypeError, ValueError):
        return None
    return degrees if math.isfinite(degrees) and abs(degrees) <= most else None
