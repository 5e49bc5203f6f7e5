"""Reading what other systems send: each field on its own; what cannot be read is None or empty, never an exception."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypeGuard
from zoneinfo import ZoneInfo

import orjson

from dossier_client.faults import Reason, UpstreamFault

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
MOST_LEVELS = 32
LONGEST_NAME = 300
LONGEST_LABEL = 60
MOST_ITEMS = 100
FIRST_YEAR, LAST_YEAR = 1990, 2100
NOT_DIGITS = re.compile(r"\D+", re.ASCII)
VIETNAMESE_PHONE = re.compile(r"(?:0084|84|0)?([1-9]\d{8,9})", re.ASCII)
SAMPLE_LENGTH = 60


def decode(body: bytes) -> Any:
    """The value of a JSON text. Raises ``UpstreamFault`` when it is none, or nested deeper than 32 levels."""
    try:
        value = orjson.loads(body)
    except (orjson.JSONDecodeError, RecursionError):
        raise UpstreamFault(Reason.NOT_JSON, sample(body)) from None
    if body.count(b"{") + body.count(b"[") > MOST_LEVELS and depth_exceeds(value, MOST_LEVELS):
        raise UpstreamFault(Reason.NOT_JSON, "nested too deep")
    return value


def sample(body: bytes) -> str:
    """What a log may tell of a body: markup shows its beginning without digits; anything else may hold names."""
    if not looks_like_markup(body):
        return f"{len(body)} octets"
    start = body.lstrip()[:SAMPLE_LENGTH].decode("utf-8", "replace")
    return clean(re.sub(r"\d", "#", start), SAMPLE_LENGTH)


def looks_like_markup(body: bytes) -> bool:
    """HTML or XML."""
    return body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


def depth_exceeds(value: Any, levels: int) -> bool:
    """Whether lists and objects are nested deeper than *levels*."""
    layer = [value]
    for _ in range(levels):
        layer = [inner for outer in layer if isinstance(outer, dict | list) for inner in _children(outer)]
        if not layer:
            return False
    return True


def _children(value: dict[str, Any] | list[Any]) -> list[Any]:
    inner = value.values() if isinstance(value, dict) else value
    return [child for child in inner if isinstance(child, dict | list)]


def is_object(value: Any) -> TypeGuard[dict[str, Any]]:
    """Whether it is an object that holds anything."""
    return isinstance(value, dict) and bool(value)


def mapping(value: Any) -> Mapping[str, Any]:
    """An object; anything else is an empty one."""
    return value if isinstance(value, dict) else {}


def sequence(value: Any) -> Sequence[Any]:
    """The first hundred items of a list; anything else is an empty one."""
    return value[:MOST_ITEMS] if isinstance(value, list) else ()


def text(value: Any, longest: int = LONGEST_NAME) -> str:
    """A line of text in NFC without control or invisible signs; numbers are written out; anything else is empty."""
    if isinstance(value, str):
        return clean(value, longest)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)[:longest]
    return ""


def clean(value: str, longest: int) -> str:
    """As ``text``, for what is known to be a string."""
    if not value.isprintable():
        value = "".join(_visible(char) for char in value)
    if "  " in value:
        value = " ".join(value.split())
    return unicodedata.normalize("NFC", value.strip()[: longest * 2])[:longest]


def _visible(char: str) -> str:
    if char.isprintable():
        return char
    return "" if unicodedata.category(char) == "Cf" else " "


def optional_text(value: Any) -> str | None:
    """As ``text``, None when empty."""
    return text(value) or None


def whole(value: Any) -> int | None:
    """A whole number, also when written as a string or as 5.0."""
    if isinstance(value, bool):
        return None
    try:
        number = int(value) if not isinstance(value, str) else int(value.strip())
    except (TypeError, ValueError, OverflowError):
        return None
    return number if abs(number) < 10**15 else None


def boolean(value: Any) -> bool:
    """True for true, 1, "true" and "1": some systems send booleans as strings."""
    return value is True or value in (1, "1") or (isinstance(value, str) and value.strip().lower() == "true")


def moment(value: Any) -> datetime | None:
    """An aware time from ISO 8601; without an offset it is Vietnamese time."""
    if not isinstance(value, str):
        return None
    try:
        return _plausible(datetime.fromisoformat(value.strip()))
    except ValueError:
        return None


def local_moment(value: Any) -> datetime | None:
    """An aware time from ``dd/MM/yyyy HH:mm:ss`` in Vietnam."""
    if not isinstance(value, str) or not value:
        return None
    try:
        return _plausible(datetime.strptime(value.strip(), "%d/%m/%Y %H:%M:%S").replace(tzinfo=VIETNAM))
    except ValueError:
        return None


def _plausible(at: datetime) -> datetime | None:
    if not FIRST_YEAR <= at.year <= LAST_YEAR:
        return None
    return at if at.tzinfo else at.replace(tzinfo=VIETNAM)


def phone(value: Any) -> str | None:
    """E.164 digits without plus, whatever way a Vietnamese number is written."""
    found = VIETNAMESE_PHONE.fullmatch(NOT_DIGITS.sub("", text(value)))
    return f"84{found[1]}" if found else None


def phones(values: Sequence[Any]) -> frozenset[str]:
    """The numbers that can be read."""
    return frozenset(number for value in values if (number := phone(value)))


def normal_code(value: str) -> str:
    """Codes are the same when this is."""
    return value.strip().upper()


def require_same(asked: str, *given: str | None) -> None:
    """Raises ``UpstreamFault`` when the answer is about another dossier than the asked one."""
    if all(normal_code(code or "") != normal_code(asked) for code in given):
        raise UpstreamFault(Reason.OTHER_DOSSIER)
