"""What templates print: the values of a reply, cleaned, cut to their budgets and completed by what the office is."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from bot.clock import VIETNAM
from bot.model import Office
from bot.plain import plain
from bot.render_petitions import answer, answer_cut, category, listed_petitions, sentence
from bot.render_procedures import choices, listed, titled
from bot.render_style import Style, phone, shortened
from dossier_client.models import Status

DEFAULTS: Mapping[str, Any] = {
    "code": "",
    "agency": "",
    "agency_short": "",
    "agency_name": "",
    "holder": "",
    "received_on": None,
    "due_on": None,
    "days_left": None,
    "days_late": None,
    "deadline": None,
    "reason": "",
    "reason_en": "",
    "papers": "",
    "amount": None,
    "on": None,
    "at": None,
    "fetched_at": None,
    "status": None,
    "status_text": "",
    "typed": "",
    "suggestions": (),
    "command": "",
    "count": None,
    "problem": "",
    "otp": "",
    "minutes": None,
    "channel": "",
    "channels": (),
    "link": "",
    "left": None,
    "tickets": None,
    "province_name": "",
    "dossiers": (),
    "more": False,
    "tries_left": None,
    "promised": False,
    "topic": "",
    "not_here": "",
    "choices": (),
    "facet": "",
    "procedure": "",
    "procedure_code": "",
    "procedures": (),
    "documents": (),
    "forms": (),
    "fee_min": None,
    "fee_max": None,
    "time_limit": None,
    "time_unit": "",
    "filed_at": "",
    "online": False,
    "body": "",
    "steps": (),
    "delivery_method": "counter",
    "applicant_masked": "",
    "procedure_name": "",
    "mended": False,
    "may_rate": False,
    "changed": False,
    "counter": "",
    "short": False,
    "former": False,
    "address": "",
    "own_phone": False,
    "hours": "",
    "saturday_hours": "",
    "holiday": "",
    "first_off": None,
    "last_off": None,
    "unconfirmed": False,
    "closes_at": None,
    "opens_at": None,
    "opens_today": False,
    "offices": (),
    "ticket": "",
    "old_ticket": "",
    "ahead": None,
    "wait_minutes": None,
    "will_tell": False,
    "passing": False,
    "now_serving": "",
    "waiting": None,
    "score": None,
    "closed_on": None,
    "question": "",
    "question_due_on": None,
    "reopen_until_on": None,
    "summary": "",
    "answer": "",
    "answer_cut": False,
    "case": "",
    "people": None,
    "category": "",
    "category_en": "",
    "forwarded_to": "",
    "forwarded_number": "",
    "text": "",
    "severity": "",
    "condition": "",
    "files": None,
    "ward": "",
    "wants_place": False,
    "kept": False,
    "days": None,
    "petitions": (),
}
"""What a template may rely on when an intent does not give it; any other name in a template is a mistake and raises."""

CODE_LENGTH = 38
BUDGETS = {
    "agency": 22,
    "holder": 22,
    "reason": 32,
    "reason_en": 32,
    "papers": 36,
    "typed": 25,
    "command": 12,
    "status_text": 40,
    "province_name": 32,
    "web": 26,
    "province": 22,
    "step_name": 22,
    "step_unit": 20,
    "filed_at": 36,
    "address": 70,
    "holiday": 24,
    "ticket": 12,
    "old_ticket": 12,
    "now_serving": 12,
    "case": 12,
    "counter": 8,
    "forwarded_to": 22,
    "forwarded_number": 16,
    "text": 80,
    "ward": 24,
}
QUESTION, SUMMARY = 36, 36
"""Most characters of a value in an SMS."""
LABEL_BUDGET = 60
UNITS_REMEMBERED = 1024

NOTES = frozenset({"more", "tries_left", "not_here"})
"""Values that add a line to any message."""
CLOCK_RUNS = frozenset({Status.RECEIVED, Status.IN_PROCESS})
"""Days left or late are told only while the agency's time runs."""


def of_office(office: Office, built: frozenset[str], style: Style) -> dict[str, Any]:
    """What every template may use, the same for all replies; made once."""
    web = office.web.removeprefix("https://").removeprefix("http://").rstrip("/")
    return dict(DEFAULTS) | {
        "hotline": office.hotline,
        "office_hotline": office.hotline,
        "clock_runs": False,
        "unit": "",
        "label": "",
        "short_code": office.short_code,
        "web": style.text(web, BUDGETS["web"]),
        "opening_hours": style.text(office.opening_hours),
        "example_code": office.example_code,
        "head": office.head,
        "price": office.message_price_vnd,
        "prefix": f"{office.prefix} " if office.prefix else "",
        "province": style.text(office.province, BUDGETS["province"]),
        "built": built,
    }


def of_reply(values: Mapping[str, Any], names: frozenset[str], office: Office, style: Style) -> dict[str, Any]:
    """The values of one reply as templates print them; of *names* only. Dates stay dates: the environment formats them."""
    given = {name: _prepared(name, values[name], style) for name in names & values.keys() if values[name] is not None}
    for name in names & _DERIVED.keys():
        given[name] = _DERIVED[name](values, style)
    if "hotline" in names:
        given["hotline"] = phone(values.get("hotline") or "", office.hotline)
    given |= {name: values[name] for name in NOTES & values.keys()}
    return given


def _prepared(name: str, value: Any, style: Style) -> Any:
    if name in _PREPARED:
        return _PREPARED[name](value, style)
    return style.text(value, BUDGETS.get(name, 0)) if isinstance(value, str) else value


def _unit(values: Mapping[str, Any], style: Style) -> str:
    named = values.get("agency") or ""
    full, short = values.get("agency_name") or named, values.get("agency_short") or named
    return _name(short or full if style.sms else full or short, BUDGETS["agency"], style)


def _holder(values: Mapping[str, Any], style: Style) -> str:
    """Only another unit than the one that took the dossier in."""
    holder = values.get("holder") or ""
    same = holder in {values.get("agency"), values.get("agency_short"), values.get("agency_name")}
    return "" if same else _name(holder, BUDGETS["holder"], style)


@lru_cache(UNITS_REMEMBERED)
def _name(unit: str, budget: int, style: Style) -> str:
    return style.text(unit, budget)


def _at(values: Mapping[str, Any], _style: Style) -> datetime | None:
    at: datetime | None = values.get("at") or values.get("fetched_at")
    return at.astimezone(VIETNAM) if at else None


def _status_label(values: Mapping[str, Any], style: Style) -> str:
    return style.status(values.get("status")) or _label(values.get("status_text") or "", style)


def _clock_runs(values: Mapping[str, Any], _style: Style) -> bool:
    return values.get("status") in CLOCK_RUNS


_DERIVED: Mapping[str, Callable[[Mapping[str, Any], Style], Any]] = {
    "unit": _unit,
    "holder": _holder,
    "at": _at,
    "label": _status_label,
    "clock_runs": _clock_runs,
    "answer_cut": answer_cut,
}


def shown(value: Any) -> Any:
    """How the environment prints a value: dates as people write them; nothing is printed for a thing that is not known."""
    if isinstance(value, datetime):
        value = value.astimezone(VIETNAM)
    if isinstance(value, date):
        return f"{value.day:02d}/{value.month:02d}/{value.year}"
    if value is None:
        raise ValueError("a template prints a value that is not known: it needs a condition")
    return value


def clock(at: datetime) -> str:
    """``09:05``, Vietnamese time."""
    local = at.astimezone(VIETNAM)
    return f"{local.hour:02d}:{local.minute:02d}"


def times(number: int, noun: str) -> str:
    """``1 day``, ``2 days``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _code(value: str, style: Style) -> str:
    return " ".join((plain(value) if style.sms else value).split())[:CODE_LENGTH]


def _codes(values: Iterable[str], style: Style) -> list[str]:
    return [_code(value, style) for value in values]


def _papers(value: str | Iterable[str], style: Style) -> str:
    return style.text(value if isinstance(value, str) else ", ".join(value), BUDGETS["papers"])


def _dossiers(values: Iterable[tuple[str, Status | None, str]], style: Style) -> list[tuple[str, str]]:
    return [(_code(code, style), style.status(status) or _label(text, style)) for code, status, text in values]


def _steps(values: Iterable[tuple[date | None, str, str, str | None]], style: Style) -> list[tuple[Any, str, str, str]]:
    return [
        (
            on,
            style.text(name, BUDGETS["step_name"]),
            style.text(unit or "", BUDGETS["step_unit"]),
            style.text(note or ""),
        )
        for on, name, unit, note in values
    ]


def _offices(values: Iterable[tuple[str, str]], style: Style) -> list[str]:
    """From names and short names."""
    return [_name(short if style.sms else name, BUDGETS["agency"], style) for name, short in values]


def _question(value: str, style: Style) -> str:
    text = sentence(value, style, QUESTION)
    return text if text.endswith("..") else f"{text}?"


def _summary(value: str, style: Style) -> str:
    return sentence(value, style, SUMMARY)


def _label(value: str, style: Style) -> str:
    return shortened(style.text(value, BUDGETS["status_text"]), LABEL_BUDGET)


_PREPARED: Mapping[str, Callable[[Any, Style], Any]] = {
    "code": _code,
    "suggestions": _codes,
    "papers": _papers,
    "procedure": titled,
    "procedures": choices,
    "documents": listed,
    "forms": listed,
    "dossiers": _dossiers,
    "steps": _steps,
    "offices": _offices,
    "question": _question,
    "summary": _summary,
    "answer": answer,
    "category": category,
    "category_en": category,
    "petitions": listed_petitions,
}
