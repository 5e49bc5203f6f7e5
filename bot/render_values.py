"""What templates print: the values of a reply, cleaned, cut to their budgets and completed by what the office is."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

from bot.clock import VIETNAM
from bot.model import Language, Office
from bot.plain import plain
from dossier_client.models import Status

DEFAULTS: Mapping[str, Any] = {
    "code": "",
    "agency": "",
    "agency_short": "",
    "holder": "",
    "received_on": None,
    "due_on": None,
    "days_left": None,
    "days_late": None,
    "deadline": None,
    "reason": "",
    "papers": "",
    "amount": None,
    "on": None,
    "at": None,
    "fetched_at": None,
    "status": None,
    "status_text": "",
    "typed": "",
    "suggestion": "",
    "suggestions": (),
    "keyword": "",
    "count": None,
    "problem": "",
    "province_name": "",
    "dossiers": (),
    "more": False,
    "steps": (),
    "delivery_method": "counter",
    "applicant_masked": "",
    "procedure_name": "",
    "mended": False,
    "may_rate": False,
    "short": False,
}
"""What a template may rely on when an intent does not give it; any other name in a template is a mistake and raises."""

CODE_LENGTH = 38
PHONE_LENGTH = 12
BUDGETS = {
    "agency": 22,
    "holder": 22,
    "reason": 32,
    "papers": 36,
    "typed": 25,
    "keyword": 12,
    "status_text": 40,
    "province_name": 32,
    "web": 26,
    "province": 22,
    "step_name": 22,
    "step_unit": 20,
}
"""Most characters of a value in an SMS."""
SMS_BUDGET, CHAT_BUDGET, LABEL_BUDGET = 40, 500, 60

ABBREVIATIONS = {
    "uy ban nhan dan": "UBND",
    "trung tam phuc vu hanh chinh cong": "TT PVHCC",
    "so nong nghiep va moi truong": "So NN va MT",
    "van phong dang ky dat dai": "VPDK dat dai",
    "giay chung nhan quyen su dung dat": "GCN QSD dat",
    "giay phep xay dung": "GPXD",
    "can cuoc cong dan": "CCCD",
    "thu tuc hanh chinh": "TTHC",
    "phong chay chua chay": "PCCC",
    "phuong": "P.",
    "xa": "X.",
}
"""Applied only to a value that would not fit its budget."""
_ABBREVIATED = re.compile(r"\b(?:" + "|".join(ABBREVIATIONS) + r")\b", re.IGNORECASE)
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+")

STATUS_WORDS: Mapping[str, Mapping[Status, str]] = {
    "vi": {
        Status.NEWLY_REGISTERED: "Mới đăng ký",
        Status.RECEIVED: "Được tiếp nhận",
        Status.NOT_ACCEPTED: "Không được tiếp nhận",
        Status.IN_PROCESS: "Đang xử lý",
        Status.MORE_PAPERS: "Yêu cầu bổ sung giấy tờ",
        Status.FEE_DUE: "Yêu cầu thực hiện nghĩa vụ tài chính",
        Status.WITHDRAWN: "Công dân yêu cầu rút hồ sơ",
        Status.STOPPED: "Dừng xử lý",
        Status.RESULT_READY: "Đã xử lý xong, có kết quả",
        Status.RESULT_RETURNED: "Đã trả kết quả",
    },
    "vi-sms": {
        Status.NEWLY_REGISTERED: "Vua dang ky",
        Status.RECEIVED: "Da tiep nhan",
        Status.NOT_ACCEPTED: "Khong tiep nhan",
        Status.IN_PROCESS: "Dang xu ly",
        Status.MORE_PAPERS: "Yeu cau bo sung giay to",
        Status.FEE_DUE: "Can nop phi, le phi",
        Status.WITHDRAWN: "Yeu cau rut ho so",
        Status.STOPPED: "Ngung xu ly",
        Status.RESULT_READY: "Da co ket qua",
        Status.RESULT_RETURNED: "Da tra ket qua",
    },
    "en": {
        Status.NEWLY_REGISTERED: "Newly registered",
        Status.RECEIVED: "Accepted",
        Status.NOT_ACCEPTED: "Not accepted",
        Status.IN_PROCESS: "In process",
        Status.MORE_PAPERS: "More documents needed",
        Status.FEE_DUE: "Fee to be paid",
        Status.WITHDRAWN: "Withdrawal requested",
        Status.STOPPED: "Processing stopped",
        Status.RESULT_READY: "Result ready",
        Status.RESULT_RETURNED: "Result handed over",
    },
}


@dataclass(frozen=True, slots=True)
class Style:
    """How values look on one kind of channel, in one language."""

    sms: bool
    language: Language

    def text(self, value: str, budget: int = 0) -> str:
        """One line of clean text; in an SMS unaccented and not longer than *budget*."""
        if not self.sms:
            return shortened(" ".join(unicodedata.normalize("NFC", _UNSEEN.sub(" ", value)).split()), CHAT_BUDGET)
        return fitted(" ".join(plain(value).split()), budget or SMS_BUDGET)

    def status(self, status: Status | None) -> str:
        """The word for a status of the national list; "" without one."""
        key = "vi-sms" if self.sms and self.language is Language.VIETNAMESE else self.language.value
        return STATUS_WORDS[key][status] if status else ""

    def money(self, amount: int) -> str:
        """``12.500.000d`` in an SMS, ``12.500.000 đ`` in chat."""
        return f"{amount:,}".replace(",", ".") + ("d" if self.sms else " đ")


def fitted(text: str, budget: int) -> str:
    """*text*, abbreviated and then cut at a word if it is longer than *budget*."""
    if len(text) <= budget:
        return text
    return shortened(_ABBREVIATED.sub(lambda match: ABBREVIATIONS[match[0].lower()], text), budget)


def shortened(text: str, budget: int) -> str:
    """*text* cut at a word so that it ends with ``..`` within *budget*."""
    if len(text) <= budget:
        return text
    kept = text[: budget - 1].rpartition(" ")[0] or text[: budget - 2]
    return kept[: budget - 2].rstrip(" .,;:-") + ".."


def phone(value: str, otherwise: str) -> str:
    """The first number of *value* in at most 12 characters; *otherwise* when there is none."""
    first = re.split(r"[,;/]| - ", value, maxsplit=1)[0].strip()
    number = first.replace(" ", "." if first.count(" ") == 1 else "")
    if len(number) > PHONE_LENGTH:
        number = re.sub(r"\D", "", number)
    return number if number.isascii() and 3 <= len(number) <= PHONE_LENGTH and number[-1].isdigit() else otherwise  # noqa: PLR2004 - 113 is the shortest


def of_office(office: Office, built: frozenset[str], style: Style) -> dict[str, Any]:
    """What every template may use, the same for all replies; made once."""
    web = office.web.removeprefix("https://").removeprefix("http://").rstrip("/")
    return dict(DEFAULTS) | {
        "hotline": office.hotline,
        "unit": "",
        "note": "",
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


def of_reply(values: Mapping[str, Any], office: Office, style: Style) -> dict[str, Any]:
    """The values of one reply as templates print them. Dates stay dates: the environment formats them."""
    given: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, str):
            given[name] = style.text(value, BUDGETS.get(name, 0))
        elif isinstance(value, datetime):
            given[name] = value.astimezone(VIETNAM)
        elif value is not None:
            given[name] = value
    for name, prepare in _PREPARED.items():
        if values.get(name):
            given[name] = prepare(values[name], style)
    given["hotline"] = phone(values.get("hotline") or "", office.hotline)
    given["unit"] = given.get("agency_short") or given.get("agency") or ""
    given["at"] = given.get("at") or given.get("fetched_at")
    given["label"] = style.status(given.get("status")) or given.get("status_text") or ""
    return given


def shown(value: Any) -> Any:
    """How the environment prints a value: dates as people write them; nothing is printed for a thing that is not known."""
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


def _dossiers(values: Iterable[tuple[str, Status | None]], style: Style) -> list[tuple[str, str]]:
    return [(_code(code, style), style.status(status)) for code, status in values]


def _steps(values: Iterable[tuple[date | None, str, str, str | None]], style: Style) -> list[tuple[Any, str, str, str]]:
    return [
        (
            on.astimezone(VIETNAM) if isinstance(on, datetime) else on,
            style.text(name, BUDGETS["step_name"]),
            style.text(unit or "", BUDGETS["step_unit"]),
            style.text(note or ""),
        )
        for on, name, unit, note in values
    ]


def _label(value: str, style: Style) -> str:
    return shortened(style.text(value, BUDGETS["status_text"]), LABEL_BUDGET)


_PREPARED: Mapping[str, Any] = {
    "code": _code,
    "suggestion": _code,
    "suggestions": _codes,
    "papers": _papers,
    "dossiers": _dossiers,
    "steps": _steps,
    "status_text": _label,
    "agency_short": partial(lambda budget, value, style: style.text(value, budget), BUDGETS["agency"]),
}
