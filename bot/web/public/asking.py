"""What a question to ``requests`` means: the parameters of Open311 GeoReport v2, "GET Service Requests", and pages."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime, time, timedelta
from typing import TypeVar

from bot.clock import VIETNAM
from bot.petitions.codes import is_petition_code
from bot.store.port_public import MOST_SKIPPED, PublicFilter

LONGEST_SPAN = timedelta(days=90)
"""Of the standard: also what is listed when no date is given."""
PAGE_SIZE, LARGEST_PAGE = 50, 200
MOST_CODES = 50
LONGEST_QUOTE = 40
STATES = {"open": True, "closed": False}
FIRST_YEAR, LAST_YEAR = 2000, 2999
Value = TypeVar("Value")


class BadQuestion(Exception):
    """A parameter that cannot be read; its text says which one and why, in one line."""

    def __init__(self, name: str, why: str, given: str) -> None:
        super().__init__(f"{name}: {why}, not {given[:LONGEST_QUOTE]!r}")


def asked(query: Mapping[str, str], services: Collection[str], now: datetime) -> PublicFilter:
    """The petitions that are asked for. Unknown parameters are left alone, as the standard wants. Raises ``BadQuestion``."""
    size = _number(query, "page_size", PAGE_SIZE, LARGEST_PAGE)
    skipped = (_number(query, "page", 1, MOST_SKIPPED) - 1) * size
    if skipped > MOST_SKIPPED:
        raise BadQuestion(
            "page", f"at most {MOST_SKIPPED} requests can be skipped: ask for a shorter time", query["page"]
        )
    codes = _list(query, "service_request_id", is_petition_code, "codes of requests separated by commas")
    if codes:
        return PublicFilter(codes=codes, skipped=skipped, most=size)
    since, until = _span(query, now)
    states = {STATES[word] for word in _list(query, "status", STATES.__contains__, "open or closed")}
    return PublicFilter(
        categories=_list(query, "service_code", services.__contains__, "codes of services separated by commas"),
        is_open=states.pop() if len(states) == 1 else None,
        sent_from=since,
        sent_until=until,
        skipped=skipped,
        most=size,
    )


def _number(query: Mapping[str, str], name: str, usual: int, most: int) -> int:
    text = query.get(name, "")
    if not text:
        return usual
    if not (text.isascii() and text.isdigit() and len(text) < len(str(most)) + 1 and 1 <= int(text) <= most):
        raise BadQuestion(name, f"a number from 1 to {most}", text)
    return int(text)


def _list(query: Mapping[str, str], name: str, fits: Callable[[str], bool], rule: str) -> tuple[str, ...]:
    text = query.get(name, "")
    words = tuple(dict.fromkeys(word for part in text.split(",") if (word := part.strip())))
    if len(words) > MOST_CODES or not all(map(fits, words)):
        raise BadQuestion(name, rule, text)
    return words


def _span(query: Mapping[str, str], now: datetime) -> tuple[datetime, datetime]:
    """From when, and before when."""
    first, last = _moment(query, "start_date", time.min), _moment(query, "end_date", time.max)
    if last is None:
        last = now if first is None else first + LONGEST_SPAN
    if first is None:
        first = last - LONGEST_SPAN
    if not first <= last <= first + LONGEST_SPAN + timedelta(days=1):
        raise BadQuestion("end_date", "not before start_date and at most 90 days after it", query.get("end_date", ""))
    return first, last + timedelta(microseconds=1)


def _moment(query: Mapping[str, str], name: str, of_day: time) -> datetime | None:
    """A moment or a day of ISO 8601; without a zone it is Vietnam's. A plus that was not escaped came as a blank."""
    text = query.get(name, "").strip()
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError:
        at = None
    if at is None or not FIRST_YEAR <= at.year <= LAST_YEAR:
        raise BadQuestion(name, "a day or moment such as 2026-06-10 or 2026-06-10T00:00:00+07:00", query[name])
    if len(text) == len("2026-06-10"):
        return datetime.combine(at.date(), of_day, VIETNAM)
    return at if at.tzinfo else at.replace(tzinfo=VIETNAM)
