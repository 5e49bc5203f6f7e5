"""Every SMS template, both languages, every branch, filled with the longest values: one plain segment that keeps its code and date."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import product
from typing import Any

import pytest
from jinja2 import Template, nodes

from bot.intent import Reply
from bot.intents.procedures import KNOWN_UNITS
from bot.model import ChannelName, Language, Office
from bot.petitions.record import PetitionState
from bot.render import Renderer, _environment
from bot.render_petitions import LONG_TEXTS
from bot.render_style import Style
from bot.template_samples import LONG_AGENCY
from bot.understanding.free_text import NEVER_OFFERED
from bot.understanding.shapes import SHAPES
from dossier_client.models import Status
from tests.unit.test_render import EVERYTHING, GSM_BASIC, IDS, TODAY

AT = datetime(2026, 6, 10, 2, 5, tzinfo=UTC)
DUE, DEADLINE, ON = date(2026, 6, 17), date(2026, 6, 25), date(2026, 6, 12)
OTHER_AGENCY = LONG_AGENCY.replace("Võ Cường", "Kinh Bắc")
LONG_LABEL = "Đang chờ ý kiến của cơ quan phối hợp 😀 [nội bộ] {x} và của bộ chủ quản"
LONG_NOTE = "ghi chú rất dài của cán bộ thụ lý hồ sơ"
BUDGET, LONGEST = "G01.899.909-260916-890028", "H05.1234.1234.1234.1234-260610-1234567"
PRINT_CODES = {"code", "typed", "suggestions", "dossiers"}
CODES = {"budget": BUDGET, "longest": LONGEST}
PROBLEMS = (
    *("date", "too_few_digits", "too_many_digits", "no_head", "no_sequence"),
    *("procedure", "agency", "bidi", "not_a_code"),
)
HOURS = "07:30-11:30, 13:30-17:00"
STEP = (DUE, "Thẩm định hồ sơ và trình lãnh đạo phê duyệt", LONG_AGENCY, LONG_NOTE)
PAPER = "Bản sao có chứng thực giấy chứng nhận quyền sử dụng đất, quyền sở hữu nhà ở và tài sản khác gắn liền với đất"
LONG_QUESTION = "Ông/Bà cho biết rõ số nhà, tên đường và thời gian xảy ra sự việc? "
LONG_NAME = f"Thủ tục đăng ký biến động đối với {PAPER}"
BODIES = ("court", "bank", "hospital", "tax", "insurance", "police", "power", "post")
TOPICS = ("follow", "petition", "rating", "link", "data")
CHOICES = tuple(name for name in SHAPES if name not in NEVER_OFFERED)
MOST_OF_LONG = 3 * 153
PETITION, PETITION_CODE = "pa.", "PA26005442"
MAY_BE_WITHOUT_CODE = frozenset({"pa.emergency", "pa.hidden", "pa.public"})
LATE = ("st.", "lk.notfound", "lk.other_province")
DATES = {"due_on": "17/06/2026", "question_due_on": "25/06/2026", "reopen_until_on": "25/06/2026"}
DATES |= {"deadline": "25/06/2026", "on": "12/06/2026", "received_on": "11/06/2026"}
DATE_OF = {
    **dict.fromkeys(("st.2", "st.4", "st.4today", "st.4late", "st.other", "lk.stale"), "due_on"),
    **dict.fromkeys(("st.5", "st.5v", "st.6", "st.6v"), "deadline"),
    **dict.fromkeys(("st.7", "st.8", "st.10", "pa.withdrawn"), "on"),
    **dict.fromkeys(("pa.dup", "pa.st.received"), "received_on"),
    **dict.fromkeys(("pa.receipt", "pa.st.assigned", "pa.st.progress", "pa.st.late"), "due_on"),
    **dict.fromkeys(("pa.st.extended", "pa.st.reopened"), "due_on"),
    "pa.st.needinfo": "question_due_on",
    **dict.fromkeys(("pa.st.closed", "pa.reopen_no"), "reopen_until_on"),
}
KINDS = {
    "least": (Office(), frozenset({"HS", "TC", "TG"})),
    "today": (Office(), TODAY),
    "everything": (Office(), EVERYTHING),
    "shared number with a price": (Office(prefix="DVC", message_price_vnd=20_000), EVERYTHING),
    "price": (Office(message_price_vnd=20_000), TODAY),
    "long names": (
        Office(province="thành phố Hồ Chí Minh", web="dichvucong.bacninh.vn", hotline="0222.3822222"),
        TODAY,
    ),
}

CONDITIONS = (
    *("new", "assigned", "classify_late", "proposal_returned"),
    *("near", "half", "late_for_days", "disagreed"),
    "",
)
Fragment = dict[str, Any]


def variants(code: str) -> dict[str, tuple[Fragment, ...]]:
    """What a value that a template prints or asks about may be: the longest, another shape, or nothing."""
    row, bare_step = (code, Status.MORE_PAPERS, ""), (None, STEP[1], "", None)
    return {
        "unit": ({"agency": LONG_AGENCY, "agency_name": LONG_AGENCY}, {}),
        "holder": ({"holder": OTHER_AGENCY}, {}),
        "hotline": ({"hotline": "0222 3822 111 - 0222 3822 222 (máy lẻ 12)"}, {}),
        "received_on": ({"received_on": date(2026, 6, 11)}, {}),
        "due_on": ({"due_on": DUE}, {}),
        "deadline": ({"deadline": DEADLINE}, {}),
        "on": ({"on": ON}, {}),
        "at": ({"at": AT}, {}),
        "days_left": ({"days_left": 1234}, {"days_left": 1}, {"days_left": 0}),
        "days_late": ({"days_late": 1234}, {"days_late": 1}, {"days_late": 0}),
        "reason": ({"reason": "Hồ sơ chưa có chữ ký, “chưa đóng dấu” – đề nghị bổ sung…\nngay"}, {}),
        "reason_en": ({"reason_en": "The signature of the head of the household is missing"}, {}),
        "papers": ({"papers": ("Bản sao có chứng thực giấy chứng nhận quyền sử dụng đất", "Tờ khai")}, {}),
        "amount": ({"amount": 12_500_000}, {}),
        "label": (*({"status": status} for status in Status), {"status_text": LONG_LABEL}, {}),
        "delivery_method": tuple({"delivery_method": way} for way in ("counter", "post", "online", "as_chosen")),
        "may_rate": ({"may_rate": True}, {}),
        "changed": ({"changed": True}, {}),
        "question": ({"question": LONG_QUESTION}, {}),
        "summary": ({"summary": "Đã giao đơn vị quản lý kiểm tra, khắc phục xong"}, {}),
        "answer": ({"answer": "Đã kiểm tra và khắc phục xong."}, {}),
        "answer_cut": ({"answer": LONG_QUESTION * 40}, {}),
        "case": ({"case": "PA26005308"}, {}),
        "category": ({"category": "một lĩnh vực mới do văn phòng tỉnh đặt tên, và nữa"}, {}),
        "category_en": ({"category_en": "a new field named by the office of the province, and more"}, {}),
        "closed_on": ({"closed_on": ON}, {}),
        "question_due_on": ({"question_due_on": DEADLINE}, {}),
        "reopen_until_on": ({"reopen_until_on": DEADLINE}, {}),
        "forwarded_to": ({"forwarded_to": "Bộ Nông nghiệp và Phát triển nông thôn Việt Nam"}, {}),
        "forwarded_number": ({"forwarded_number": "PAKN-DVCQG-2026-0012345"}, {}),
        "text": ({"text": LONG_QUESTION * 40},),
        "severity": tuple({"severity": severity} for severity in ("S1", "S2", "S3", "S4")),
        "condition": tuple({"condition": condition} for condition in CONDITIONS),
        "kept": ({"kept": True}, {}),
        "days": ({"days": 30}, {}),
        "petitions": tuple(
            {"petitions": ((PETITION_CODE, PetitionState.FORWARDED),) * number} for number in (1, 2, 3, 9)
        ),
        "problem": tuple({"problem": problem} for problem in PROBLEMS),
        "suggestions": tuple({"suggestions": (code,) * count} for count in (1, 2, 3)),
        "count": ({"count": 9999}, {"count": 1}, {}),
        "province_name": ({"province_name": "Bộ Nông nghiệp và Phát triển nông thôn Việt Nam"}, {}),
        "tries_left": ({"tries_left": 4}, {}),
        "promised": ({"promised": True}, {}),
        "short": ({"short": True}, {}),
        "topic": tuple({"topic": topic} for topic in (*TOPICS, "")),
        "choices": tuple(
            {"choices": choice} for choice in (*product(CHOICES, CHOICES), *((name,) for name in CHOICES))
        ),
        "procedure_code": ({"procedure_code": "1.014753.000.00.00.H05"},),
        "documents": ({"documents": (PAPER, PAPER), "count": 12}, {"documents": ("Tờ khai",), "count": 1}, {}),
        "forms": ({"forms": (PAPER, PAPER)}, {}),
        "fee_max": ({"fee_max": 12_500_000}, {"fee_max": 12_500_000, "fee_min": 10_500_000}, {}),
        "time_limit": (*({"time_limit": 1234, "time_unit": unit} for unit in KNOWN_UNITS), {}),
        "filed_at": ({"filed_at": LONG_AGENCY}, {}),
        "online": ({"online": True}, {}),
        "body": tuple({"body": body} for body in (*BODIES, "other", "")),
        "procedures": tuple({"procedures": (LONG_NAME,) * count} for count in (1, 2, 3)),
        "address": (
            {"address": "Số 123 đường Lý Thái Tổ, phường Kinh Bắc, tỉnh Bắc Ninh, tầng 2 tòa nhà B, cổng sau"},
            {},
        ),
        "own_phone": ({"own_phone": True}, {}),
        "former": ({"former": True}, {}),
        "hours": ({"hours": HOURS}, {}),
        "saturday_hours": ({"saturday_hours": HOURS}, {}),
        "holiday": ({"holiday": "Tết Nguyên đán Đinh Mùi và ngày nghỉ bù"}, {}),
        "first_off": ({"first_off": ON, "last_off": DUE}, {}),
        "unconfirmed": ({"unconfirmed": True}, {}),
        "closes_at": ({"closes_at": AT}, {}),
        "opens_at": ({"opens_at": AT}, {"opens_at": AT, "opens_today": True}, {}),
        "offices": tuple({"offices": ((LONG_AGENCY, LONG_AGENCY),) * count} for count in (2, 3)),
        "ahead": ({"ahead": 9999}, {"ahead": 1}, {"ahead": 0}, {}),
        "wait_minutes": ({"wait_minutes": 9999}, {}),
        "will_tell": ({"will_tell": True}, {}),
        "now_serving": ({"now_serving": "A12345678901"}, {}),
        "waiting": ({"waiting": 9999}, {}),
        "dossiers": tuple({"dossiers": (row,) * count} for count in (1, 3, 9)),
        "otp": ({"otp": "482913"}, {}),
        "minutes": ({"minutes": 10}, {}),
        "channel": ({"channel": "telegram"}, {}),
        "channels": ({"channels": ("sms", "zalo", "telegram", "webchat")}, {}),
        "left": ({"left": 4}, {}),
        "tickets": ({"tickets": 99}, {}),
        "steps": tuple({"steps": steps} for steps in ((STEP,) * 3, (STEP,), (bare_step,), (bare_step, STEP))),
    }


class Watched:
    """A renderer whose SMS templates tell which way each of their conditions went."""

    def __init__(self, language: Language, office: Office, built: frozenset[str]) -> None:
        self._renderer = Renderer(office, built)
        self._language = language
        self.shelf = self._renderer._shelves[language, ChannelName.SMS]
        self.seen: defaultdict[str, set[bool]] = defaultdict(set)
        environment = _environment(Style(sms=True, language=language))
        environment.filters["seen"] = self._note
        for name in IDS:
            self.shelf.texts[name] = replace(self.shelf.text(name), template=self._watched(environment, name))

    def sms(self, reply: Reply) -> str:
        return self._renderer.render(reply, self._language, ChannelName.SMS)

    def _note(self, value: Any, place: str) -> Any:
        self.seen[place].add(bool(value))
        return value

    def _watched(self, environment: Any, name: str) -> Template:
        file = f"{self._language.value}/sms/{name}.j2"
        tree = environment.parse(environment.loader.get_source(environment, file)[0])
        for number, node in enumerate(tree.find_all((nodes.If, nodes.CondExpr, nodes.Or))):
            place = nodes.Const(f"{file}:{node.lineno}#{number}")
            asked = "left" if isinstance(node, nodes.Or) else "test"
            watched = nodes.Filter(getattr(node, asked), "seen", [place], [], None, None)
            setattr(node, asked, watched)
            self.seen[place.value] = set()
        tree.set_environment(environment)
        return Template.from_code(environment, environment.compile(tree, file), environment.make_globals(None))


def replies(name: str, names: frozenset[str], code: str) -> Iterator[Reply]:
    """Every combination of the values that the template uses."""
    always = {
        "procedure": LONG_NAME,
        "ticket": "A12345678901",
        "old_ticket": "B12345678901",
        "score": 5,
        "counter": "B2345678",
    }
    always |= {"code": code, "typed": code + "00", "command": "KHONG NHAN", "suggestions": (code,), "steps": ()}
    if name == "lk.late_answer":
        always["at"] = AT
    used = [fragments for value, fragments in variants(code).items() if value in names]
    notes = (
        {},
        {"more": True},
        {"tries_left": 4},
        {"more": True, "tries_left": 4},
        *({"not_here": topic} for topic in TOPICS),
    )
    if name.startswith(PETITION):
        used.append(
            ({"code": PETITION_CODE}, {"code": ""}) if name in MAY_BE_WITHOUT_CODE else ({"code": PETITION_CODE},)
        )
    for fragments in product(*used, notes if name.startswith(("st.", "cmd.not_here")) else notes[:2]):
        values = dict(always)
        for fragment in fragments:
            values |= fragment
        for late in (None, AT) if name.startswith(LATE) else (None,):
            yield Reply(name, values, late)


def faults(text: str, reply: Reply) -> Iterator[str]:
    values, name = reply.values, reply.template
    if len(text) > (MOST_OF_LONG if name in LONG_TEXTS else 160):
        yield f"{len(text)} septets"
    if not set(text) <= GSM_BASIC:
        yield "not in the basic alphabet"
    if "None" in text or re.search(r"  |\{|\.\.\.|\(\)| [,.;:)]|[?.;]\?", text):
        yield "an unfilled place"
    if (
        name.startswith(("st.", "lk.notfound", "lk.down", "lk.stale", "lk.other", "log."))
        and values["code"] not in text
    ):
        yield "no code"
    if name.startswith("pa.st.") and PETITION_CODE not in text:
        yield "no code of the petition"
    if name in DATE_OF and DATE_OF[name] in values and DATES[DATE_OF[name]] not in text:
        yield "no date"
    if name == "st.6v" and "amount" in values and "12.500.000d" not in text:
        yield "no amount"
    if name in {"st.6", "st.6v"} and not re.search("Khong chuyen tien cho ca nhan|Never pay a private person", text):
        yield "no warning"
    if reply.late_prefix_at and "09:05" not in text:
        yield "no time of asking"


@pytest.mark.parametrize("language", Language)
def test_every_text_is_one_plain_segment_and_every_branch_is_taken(language: Language) -> None:
    seen: defaultdict[str, set[bool]] = defaultdict(set)
    drawn: set[tuple[str, str]] = set()
    for kind, (office, built) in KINDS.items():
        watched = Watched(language, office, built)
        for name in IDS:
            of_the_office = (name, repr(sorted(watched.shelf.common(name).items())))
            if of_the_office in drawn:
                continue  # nothing that this text prints of the office differs from one that was looked at
            drawn.add(of_the_office)
            names = watched.shelf.text(name).names
            for code in CODES.values() if names & PRINT_CODES else [LONGEST]:
                for reply in replies(name, names, code):
                    text = watched.sms(reply)
                    assert not list(faults(text, reply)), (kind, text, reply)
        for place, ways in watched.seen.items():
            seen[place] |= ways
    assert [place for place, ways in seen.items() if ways != {True, False}] == []
