"""Every SMS template, filled with typical and with worst-case values, is one plain segment that keeps the code and the date."""

from datetime import UTC, date, datetime
from functools import cache
from typing import Any

import pytest

from bot.intent import Reply
from bot.model import ChannelName, Language, Office
from bot.plain import ALLOWED, plain
from bot.render import Renderer, cut, cut_value, without_hint
from bot.render import _shipped as shipped
from bot.understanding.keywords import BUILT, TABLE
from dossier_client.models import Status

EVERYTHING = frozenset(row.word for row in TABLE)
AT = datetime(2026, 6, 10, 2, 5, tzinfo=UTC)
DUE = date(2026, 6, 17)
LONG_AGENCY = "Ủy ban nhân dân phường Võ Cường và các xã lân cận"
TYPICAL: dict[str, Any] = {
    "code": "H05.12-260610-0001",
    "agency": "UBND P. Vo Cuong",
    "agency_name": "UBND phường Võ Cường",
    "holder": "UBND P. Vo Cuong",
    "hotline": "0222.3822111",
    "received_on": date(2026, 6, 10),
    "due_on": DUE,
    "days_left": 5,
    "days_late": 3,
    "on": date(2026, 6, 10),
    "reason": "Thiếu chữ ký của chủ hộ",
    "papers": ("Bản sao CCCD",),
    "amount": 500_000,
    "status": Status.IN_PROCESS,
    "status_text": "Đang thẩm định",
    "procedure_name": "Đăng ký thường trú",
    "typed": "H05.12-26061-0001",
    "suggestions": ("H05.12-260610-0001",),
    "count": 20,
    "at": AT,
    "problem": "too_few_digits",
    "province_name": "TP Hồ Chí Minh",
    "command": "TG",
    "dossiers": (("H05.12-260610-0001", Status.IN_PROCESS, "Đang xử lý"),),
    "steps": ((DUE, "Tiếp nhận", "UBND P. Vo Cuong", None), (DUE, "Thẩm định", "UBND P. Vo Cuong", "đủ giấy tờ")),
    "may_rate": True,
    "more": True,
}
WORST = TYPICAL | {
    "code": "G01.899.909-260916-890028",
    "agency": LONG_AGENCY,
    "agency_name": LONG_AGENCY,
    "holder": LONG_AGENCY,
    "reason": "Hồ sơ chưa có chữ ký, “chưa đóng dấu” – đề nghị bổ sung…",
    "papers": ("Bản sao có chứng thực giấy chứng nhận quyền sử dụng đất", "Tờ khai"),
    "amount": 12_500_000,
    "days_left": 1234,
    "days_late": 1234,
    "status": Status.MORE_PAPERS,
    "status_text": "Đang chờ ý kiến của cơ quan phối hợp 😀 [nội bộ] {x}",
    "typed": "G01.899.909-260916-89002800",
    "suggestions": ("G01.899.909-260916-890028",) * 3,
    "count": 9999,
    "problem": "date",
    "province_name": "Bộ Nông nghiệp và Phát triển nông thôn",
    "command": "XOADL",
    "dossiers": (("G01.899.909-260916-890028", Status.MORE_PAPERS, "x"),) * 9,
    "steps": ((DUE, "Thẩm định hồ sơ và trình lãnh đạo phê duyệt", LONG_AGENCY, "ghi chú rất dài của cán bộ thụ lý"),)
    * 3,
}
UNDATED = TYPICAL | {"received_on": None, "due_on": None, "on": None, "days_left": None, "days_late": None}
HUGE = WORST | {"code": "H05.1234.1234.1234.1234-260610-1234567"}
NEEDS_DATE = {"st.4today", "st.4late"}
SMS_IDS = sorted({key[2] for key in shipped() if key[1] == "sms"})
WITH_CODE = [
    name
    for name in SMS_IDS
    if name.startswith("st.") or name in {"lk.notfound", "lk.down", "lk.stale", "log.steps", "lk.other_province"}
]


@cache
def renderer(prefix: str, built: frozenset[str]) -> Renderer:
    return Renderer(Office(prefix=prefix, message_price_vnd=2000), built)


@pytest.mark.parametrize("template", SMS_IDS)
@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("values", [TYPICAL, WORST, UNDATED, HUGE], ids=["typical", "worst", "undated", "huge"])
@pytest.mark.parametrize("built", [BUILT, EVERYTHING], ids=["today", "everything"])
@pytest.mark.parametrize("prefix", ["", "DVC"])
def test_one_plain_segment(
    template: str, language: Language, values: dict[str, Any], built: frozenset[str], prefix: str
) -> None:
    if values is UNDATED and template in NEEDS_DATE:
        pytest.skip("these sentences exist only for a known date")
    text = renderer(prefix, built).render(Reply(template, values), language, ChannelName.SMS)
    assert len(text) <= 160
    assert set(text) <= ALLOWED
    assert "{" not in text
    assert "  " not in text
    assert "None" not in text
    if template in WITH_CODE:
        assert values["code"] in text


@pytest.mark.parametrize(
    "template", ["st.2", "st.4", "st.4today", "st.4late", "st.5", "st.6", "st.5v", "st.6v", "lk.stale"]
)
@pytest.mark.parametrize("language", Language)
def test_the_date_is_never_dropped(template: str, language: Language) -> None:
    written = renderer("", BUILT)
    assert "17/06/2026" in written.render(Reply(template, WORST), language, ChannelName.SMS)
    late = written.render(Reply(template, WORST, late_prefix_at=AT), language, ChannelName.SMS)
    assert len(late) <= 160
    assert "09:05" in late
    assert WORST["code"] in late


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("template", SMS_IDS)
def test_chat_text(template: str, language: Language) -> None:
    text = renderer("", BUILT).render(Reply(template, TYPICAL), language, ChannelName.ZALO)
    assert text
    assert "None" not in text
    assert "{{" not in text


@pytest.mark.parametrize(
    ("template", "text"),
    [
        (
            "st.4",
            "HS H05.12-260610-0001: UBND P. Vo Cuong dang xu ly, hen tra ket qua 17/06/2026 (con 5 ngay lam viec).",
        ),
        (
            "st.4late",
            (
                "UBND P. Vo Cuong xin loi Ong/Ba: HS H05.12-260610-0001 tre hen 3 ngay lam viec (hen tra 17/06/2026), "
                "dang khan truong giai quyet. DT 0222.3822111."
            ),
        ),
        (
            "st.9",
            "HS H05.12-260610-0001: da co ket qua. Moi Ong/Ba den UBND P. Vo Cuong de nhan, mang theo giay hen va giay to tuy than. DT 0222.3822111.",
        ),
        (
            "lk.notfound",
            "Khong tim thay HS H05.12-260610-0001. Moi Ong/Ba kiem tra lai ma in tren giay hen roi soan lai gui 8283. Ho tro: 0222.3822222.",
        ),
        ("help", "Soan gui 8283: <ma HS> tra cuu; NK <ma HS> nhat ky; TC tu choi tin. Ho tro: 0222.3822222."),
    ],
)
def test_wording(template: str, text: str) -> None:
    values = {key: value for key, value in TYPICAL.items() if key != "more"}
    assert Renderer(Office(), BUILT).render(Reply(template, values), Language.VIETNAMESE, ChannelName.SMS) == text


def test_help_tells_the_price() -> None:
    assert "2.000d" in Renderer(Office(message_price_vnd=2000), BUILT).render(
        Reply("help", {}), Language.VIETNAMESE, ChannelName.SMS
    )


def test_every_message_exists_in_every_language_and_form() -> None:
    keys = set(shipped())
    assert {(language, form, name) for language in Language for form in ("sms", "default") for name in SMS_IDS} == keys


def test_values_are_only_values() -> None:
    text = Renderer(Office(), BUILT).render(
        Reply("lk.malformed", {"typed": "{{ 6*6 }}", "problem": "x"}), Language.VIETNAMESE, ChannelName.SMS
    )
    assert "36" not in text
    assert "6*6" in text


@pytest.mark.parametrize(
    ("value", "room", "short"),
    [
        ("Ủy ban nhân dân phường Võ Cường", 22, "UBND phuong Vo Cuong"),
        ("Sở Nội vụ", 22, "So Noi vu"),
        ("một hai ba bốn năm sáu bảy", 12, "mot hai.."),
        ("dai" * 10, 10, "daidaida.."),
    ],
)
def test_values_are_shortened(value: str, room: int, short: str) -> None:
    assert cut_value(value, room) == short


def test_helpers() -> None:
    assert without_hint("A. B. C.") == "A. B."
    assert without_hint("A.") == "A."
    assert cut("abc", 3) == "abc"
    assert plain("“Đúng” – ạ… €") == '"Dung" - a...'
