"""Reply → text: the template of the language and channel, filled, and for SMS fitted to one segment."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from importlib import resources
from typing import Any

from jinja2 import DictLoader, Environment, StrictUndefined, Template

from bot.clock import VIETNAM
from bot.intent import Reply
from bot.model import ChannelName, Language, Office
from bot.plain import plain
from dossier_client.models import Status

SEGMENT = 160
LATE_PREFIX = {Language.VIETNAMESE: "Tra loi yeu cau luc {at}: ", Language.ENGLISH: "Answer to your request at {at}: "}
LATE_PREFIX_CHAT = {
    Language.VIETNAMESE: "Trả lời yêu cầu của Ông/Bà lúc {at}:\n",
    Language.ENGLISH: "Answer to your request at {at}:\n",
}

BUDGETS = {
    "code": 38,
    "agency": 22,
    "holder": 22,
    "agency_name": 22,
    "hotline": 12,
    "office_hotline": 12,
    "web": 22,
    "reason": 32,
    "papers": 36,
}
BUDGETS |= {"typed": 25, "status_text": 30, "province_name": 22, "province": 22, "procedure_name": 40}
"""How many characters a value may take in an SMS (product rule 1.2)."""

ABBREVIATIONS = (
    ("Uy ban nhan dan", "UBND"),
    ("Trung tam Phuc vu hanh chinh cong", "TT PVHCC"),
    ("So Nong nghiep va Moi truong", "So NN va MT"),
    ("Van phong Dang ky dat dai", "VPDK dat dai"),
    ("giay chung nhan quyen su dung dat", "GCN QSD dat"),
    ("giay phep xay dung", "GPXD"),
    ("can cuoc cong dan", "CCCD"),
    ("thu tuc hanh chinh", "TTHC"),
    ("phong chay chua chay", "PCCC"),
    ("Phuong ", "P. "),
    ("phuong ", "P. "),
    ("Xa ", "X. "),
    ("xa ", "X. "),
)
"""Applied only when a value is too long (product rule 1.3)."""

LABELS = {
    Status.NEWLY_REGISTERED: ("Vua dang ky", "Newly registered"),
    Status.RECEIVED: ("Da tiep nhan", "Accepted"),
    Status.NOT_ACCEPTED: ("Khong tiep nhan", "Not accepted"),
    Status.IN_PROCESS: ("Dang xu ly", "In process"),
    Status.MORE_PAPERS: ("Yeu cau bo sung giay to", "More documents needed"),
    Status.FEE_DUE: ("Can nop phi, le phi", "Fee to be paid"),
    Status.WITHDRAWN: ("Yeu cau rut ho so", "Withdrawal requested"),
    Status.STOPPED: ("Ngung xu ly", "Processing stopped"),
    Status.RESULT_READY: ("Da co ket qua", "Result ready"),
    Status.RESULT_RETURNED: ("Da tra ket qua", "Result handed over"),
}
ABSENT: dict[str, Any] = dict.fromkeys(
    (
        "agency",
        "agency_name",
        "holder",
        "hotline",
        "received_on",
        "due_on",
        "days_left",
        "days_late",
        "on",
        "reason",
        "amount",
        "procedure_name",
        "fetched_at",
    )
)
ABSENT |= {"papers": (), "delivery_method": "counter", "more": False, "may_rate": False, "status_text": ""}
"""Values that a template may find missing."""


class Renderer:
    """Fills templates. All are read at the start, so that a broken one is told then and not to a citizen."""

    def __init__(self, office: Office, built: frozenset[str]) -> None:
        """*built*: the keywords that templates may offer."""
        self._environment = Environment(undefined=StrictUndefined, autoescape=False, loader=DictLoader({}))  # noqa: S701 - plain texts; values are only values
        self._environment.filters |= FILTERS
        self._templates = {key: self._environment.from_string(text) for key, text in _shipped().items()}
        self._common: dict[str, Any] = {
            "short_code": office.short_code,
            "web": office.web,
            "office_hotline": office.hotline,
            "opening_hours": office.opening_hours,
            "example_code": office.example_code,
            "price": office.message_price_vnd,
            "province": office.province,
            "prefix": f"{office.prefix} " if office.prefix else "",
            "built": built,
        }

    def render(self, reply: Reply, language: Language, channel: ChannelName) -> str:
        """The text of a reply. By SMS at most 160 plain characters, whatever the values."""
        values = ABSENT | self._common | {key: value for key, value in reply.values.items() if value is not None}
        if not values["hotline"]:
            values["hotline"] = values["office_hotline"]
        if channel is ChannelName.SMS:
            return self._sms(
                self._templates[language, "sms", reply.template], values, _late(reply, LATE_PREFIX[language])
            )
        values["papers"] = ", ".join(values["papers"])
        text = self._templates[language, "default", reply.template].render(values)
        return _late(reply, LATE_PREFIX_CHAT[language]) + "\n".join(line for line in text.split("\n") if line.strip())

    def _sms(self, template: Template, values: Mapping[str, Any], prefix: str) -> str:
        budgeted = {key: _budgeted(key, value) for key, value in values.items()}
        text = prefix + plain(template.render(budgeted))
        if len(text) > SEGMENT:
            text = without_hint(text)
        if len(text) > SEGMENT:
            budgeted |= {
                "agency": "UBND",
                "holder": "UBND",
                "province": "tinh",
                "province_name": "tinh khac",
                "example_code": "",
            }
            text = without_hint(prefix + plain(template.render(budgeted)))
        return cut(text, SEGMENT)


def _late(reply: Reply, wording: str) -> str:
    if reply.late_prefix_at is None:
        return ""
    return wording.format(at=_clock(reply.late_prefix_at))


def without_hint(text: str) -> str:
    """The text without its last sentence, when it has several."""
    body, separator, _ = text.rstrip().rstrip(".").rpartition(". ")
    return f"{body}." if separator else text


def _budgeted(key: str, value: Any) -> Any:
    if key == "papers":
        return cut_value(", ".join(value), BUDGETS[key])
    if key in BUDGETS and isinstance(value, str):
        return cut_value(value, BUDGETS[key])
    return value


def cut_value(value: str, room: int) -> str:
    """A value in plain letters within its budget: abbreviated first, then cut at a word with ``..``."""
    short = plain(value)
    for words, letters in ABBREVIATIONS:
        if len(short) <= room:
            return short
        short = short.replace(words, letters)
    return cut(short, room)


def cut(text: str, room: int) -> str:
    """The text within *room*, cut at a word and marked with ``..``."""
    if len(text) <= room:
        return text
    head = text[: room - 2]
    return (head.rpartition(" ")[0] or head).rstrip(" ,;:") + ".."


def _date(day: date) -> str:
    local = day.astimezone(VIETNAM) if isinstance(day, datetime) else day
    return f"{local:%d/%m/%Y}"


def _clock(moment: datetime) -> str:
    return f"{moment.astimezone(VIETNAM):%H:%M}"


def _money(amount: int) -> str:
    return f"{amount:,}".replace(",", ".") + "d"


def _label(status: Status | None) -> str:
    return LABELS[status][0] if status else "Dang cap nhat"


def _label_en(status: Status | None) -> str:
    return LABELS[status][1] if status else "being updated"


FILTERS: dict[str, Callable[..., Any]] = {
    "date": _date,
    "clock": _clock,
    "money": _money,
    "label": _label,
    "label_en": _label_en,
    "cut": cut_value,
}


def _shipped() -> dict[tuple[Language, str, str], str]:
    """The text of every template: (language, channel, id)."""
    root = resources.files("templates")
    return {
        (language, channel, file.name.removesuffix(".j2")): file.read_text(encoding="utf-8").strip("\n")
        for language in Language
        for channel in ("sms", "default")
        for file in root.joinpath(language.value, channel).iterdir()
        if file.name.endswith(".j2")
    }
