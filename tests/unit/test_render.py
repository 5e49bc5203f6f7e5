"""How replies become texts: values that may be missing, variants, prefixes, words that stay out."""

import os
import re
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import templates
from bot.intent import Reply
from bot.model import ChannelName, Language, Office
from bot.petitions.record import PetitionState
from bot.render import Renderer
from dossier_client.models import Status

TODAY = frozenset({"HS", "NK", "TC", "MO", "TG", "EN", "VN", "HSCT", "LK", "HLK", "KENH", "RUT", "DL", "XOADL"})
EVERYTHING = TODAY | {"TD", "PA", "DG", "GUI"}
GSM_BASIC = frozenset(map(chr, range(32, 127))) - frozenset("^{}[]~\\|`")
GOLDEN = Path(__file__).parents[1] / "golden"
ROOT = Path(templates.__file__).parent
IDS = sorted(path.stem for path in (ROOT / "vi" / "sms").iterdir())
AT = datetime(2026, 6, 10, 2, 5, tzinfo=UTC)
DUE = date(2026, 6, 17)
LONG_AGENCY = "Ủy ban nhân dân phường Võ Cường và Trung tâm Phục vụ hành chính công tỉnh"

TYPICAL: dict[str, Any] = {
    "code": "H05.12-260610-0001",
    "counter": "3",
    "agency": "UBND P. Vo Cuong",
    "agency_name": "UBND phường Võ Cường",
    "holder": "UBND P. Vo Cuong",
    "hotline": "0222.3822111",
    "received_on": date(2026, 6, 10),
    "due_on": DUE,
    "deadline": date(2026, 6, 25),
    "days_left": 5,
    "days_late": 3,
    "on": date(2026, 6, 12),
    "fetched_at": AT,
    "reason": "Thiếu chữ ký của chủ hộ",
    "reason_en": "not enough information",
    "papers": ("Bản sao CCCD",),
    "amount": 500_000,
    "status": Status.IN_PROCESS,
    "status_text": "Đang thẩm định",
    "procedure_name": "Đăng ký thường trú",
    "applicant_masked": "Nguyễn V. A.",
    "typed": "H05.12-26061-0001",
    "suggestions": ("H05.12-260610-0001", "H05.12-260610-0002"),
    "count": 2,
    "problem": "too_few_digits",
    "province_name": "TP Hồ Chí Minh",
    "command": "TG",
    "topic": "petition",
    "choices": ("subscribe", "lookup_status"),
    "procedure": "Thủ tục đăng ký khai sinh",
    "procedure_code": "1.001193",
    "procedures": ("Thủ tục đăng ký khai sinh", "Thủ tục đăng ký lại khai sinh"),
    "documents": ("Tờ khai đăng ký khai sinh", "Giấy chứng sinh"),
    "forms": ("Tờ khai đăng ký khai sinh",),
    "fee_max": 8_000,
    "time_limit": 1,
    "time_unit": "working_day",
    "filed_at": "Ủy ban nhân dân xã, phường, thị trấn",
    "online": True,
    "body": "court",
    "promised": True,
    "dossiers": (("H05.12-260610-0001", Status.IN_PROCESS, ""), ("H05.12-260601-0009", None, "Chờ ký số")),
    "steps": ((DUE, "Tiếp nhận", "UBND P. Vo Cuong", None), (DUE, "Thẩm định", "VPDK dat dai", "đủ giấy tờ")),
    "offices": (("UBND phường Võ Cường", "UBND P. Vo Cuong"), ("UBND phường Kinh Bắc", "UBND P. Kinh Bac")),
    "hours": "07:30-11:30, 13:30-17:00",
    "closes_at": AT,
    "ticket": "A013",
    "otp": "482913",
    "minutes": 10,
    "channel": "telegram",
    "channels": ("sms", "zalo", "telegram"),
    "left": 4,
    "tickets": 2,
    "link": "https://mc.bacninh.gov.vn/public/data/abcdefghijklmnopqrstuv",
    "old_ticket": "A007",
    "ahead": 12,
    "wait_minutes": 72,
    "will_tell": True,
    "now_serving": "A001",
    "waiting": 13,
    "score": 5,
    "question": "Ông/Bà cho biết số nhà gần nhất?",
    "summary": "Đã thay bóng đèn ngày 12/06/2026",
    "answer": "Kính gửi Ông/Bà,\nUBND phường đã thay bóng đèn trước số nhà 12 Lý Thái Tổ ngày 12/06/2026.",
    "case": "PA26005308",
    "category": "Điện, chiếu sáng, cấp thoát nước, ngập úng",
    "category_en": "power, lighting, water, drainage, flooding",
    "closed_on": date(2026, 6, 22),
    "question_due_on": date(2026, 6, 24),
    "reopen_until_on": date(2026, 6, 26),
    "people": 7,
    "forwarded_to": "Bộ Giao thông vận tải",
    "forwarded_number": "PAKN-2026-00123",
    "text": "Đèn đường trước nhà số 12 Lý Thái Tổ hỏng đã 3 ngày",
    "severity": "S2",
    "condition": "assigned",
    "files": 2,
    "ward": "Võ Cường",
    "wants_place": True,
    "kept": True,
    "days": 30,
    "petitions": (("PA26005442", PetitionState.IN_PROGRESS), ("PA26005308", PetitionState.ANSWERED)),
}
WORST = TYPICAL | {
    "code": "G01.899.909-260916-890028",
    "agency": LONG_AGENCY,
    "agency_name": LONG_AGENCY,
    "holder": LONG_AGENCY.replace("Võ Cường", "Kinh Bắc"),
    "hotline": "0222 3822 111 - 0222 3822 222 (máy lẻ 12)",
    "reason": "Hồ sơ chưa có chữ ký, “chưa đóng dấu” – đề nghị bổ sung…\nngay",
    "papers": ("Bản sao có chứng thực giấy chứng nhận quyền sử dụng đất", "Tờ khai"),
    "amount": 12_500_000,
    "days_left": 1234,
    "days_late": 1234,
    "status": Status.MORE_PAPERS,
    "status_text": "Đang chờ ý kiến của cơ quan phối hợp 😀 [nội bộ] {x} và của bộ chủ quản",
    "typed": "G01.899.909-260916-89002800",
    "suggestions": ("G01.899.909-260916-890028",) * 3,
    "count": 9999,
    "problem": "no_head",
    "province_name": "Bộ Nông nghiệp và Phát triển nông thôn Việt Nam",
    "command": "KHONG NHAN",
    "dossiers": (("G01.899.909-260916-890028", Status.MORE_PAPERS, "x"),) * 9,
    "steps": ((DUE, "Thẩm định hồ sơ và trình lãnh đạo phê duyệt", LONG_AGENCY, "ghi chú rất dài của cán bộ"),) * 3,
    "may_rate": True,
    "address": "Số 123 đường Lý Thái Tổ, phường Kinh Bắc, tỉnh Bắc Ninh, tầng 2 tòa nhà B",
    "offices": ((LONG_AGENCY, LONG_AGENCY),) * 3,
    "ticket": "A12345678901",
    "old_ticket": "B12345678901",
    "now_serving": "C12345678901",
    "ahead": 999,
    "wait_minutes": 999,
    "waiting": 999,
    "reason_en": "The signature of the head of the household is missing",
    "question": "Ông/Bà cho biết rõ số nhà, tên đường và thời gian xảy ra sự việc?",
    "summary": "Đã giao đơn vị quản lý kiểm tra, khắc phục xong",
    "answer": "Ủy ban nhân dân phường đã kiểm tra, thay bóng đèn và sơn lại cột. " * 40,
    "category": "Văn hóa, thể thao, du lịch, quảng cáo",
    "people": 9999,
    "forwarded_to": "Bộ Nông nghiệp và Phát triển nông thôn Việt Nam",
    "forwarded_number": "PAKN-DVCQG-2026-0012345",
    "text": "Đèn đường trước nhà số 12 Lý Thái Tổ hỏng đã 3 ngày, tối đi lại rất nguy hiểm. " * 5,
    "ward": "Thị trấn Gia Bình và các xã lân cận",
    "petitions": (("PA26005442", PetitionState.FORWARDED),) * 9,
}
ONLY_WITH_PETITIONS = {name for name in IDS if name.startswith(("pa.", "al.", "rate."))} - {
    "pa.complaint",
    "pa.emergency",
} | {"unknown.long"}
"""Said only where petitions or ratings are taken."""
LONGEST = "H05.1234.1234.1234.1234-260610-1234567"
LONG_CODE = WORST | {
    "code": LONGEST,
    "suggestions": (LONGEST,) * 3,
    "dossiers": ((LONGEST, Status.MORE_PAPERS, ""),) * 3,
}
ALWAYS_GIVEN = {
    "code",
    "counter",
    "typed",
    "command",
    "suggestions",
    "dossiers",
    "steps",
    "choices",
    "procedure",
    "procedure_code",
    "procedures",
    "offices",
    "ticket",
    "old_ticket",
    "score",
    "petitions",
}


def of(name: str, values: dict[str, Any]) -> dict[str, Any]:
    """The values with the code of a petition for its texts."""
    return values | {"code": "PA26005442"} if name.startswith(("pa.", "al.")) else values


@cache
def renderer(built: frozenset[str] = TODAY, prefix: str = "", price: int = 0) -> Renderer:
    return Renderer(Office(prefix=prefix, message_price_vnd=price), built)


def sms(name: str, values: dict[str, Any], language: Language = Language.VIETNAMESE, **kind: Any) -> str:
    return renderer(**kind).render(Reply(name, values), language, ChannelName.SMS)


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("built", [TODAY, EVERYTHING], ids=["today", "everything"])
def test_nothing_is_dropped_within_the_budgets(language: Language, built: frozenset[str]) -> None:
    roomy = Renderer(Office(), built, segments_allowed=3)
    values = WORST | {"holder": "", "days_left": 12, "days_late": 12, "count": 99, "problem": "", "at": AT}
    for name in set(IDS) - {"help", "my.list", "log.steps"}:
        reply = Reply(name, of(name, values))
        one = renderer(built).render(reply, language, ChannelName.SMS)
        assert one == roomy.render(reply, language, ChannelName.SMS), name


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("channel", [ChannelName.SMS, ChannelName.ZALO])
def test_any_value_may_be_unknown(language: Language, channel: ChannelName) -> None:
    for name in IDS:
        for missing in set(TYPICAL) - ALWAYS_GIVEN:
            for values in (TYPICAL | {missing: None}, {k: v for k, v in TYPICAL.items() if k != missing}):
                text = renderer().render(Reply(name, values | {"at": AT}), language, channel)
                assert "None" not in text, (name, missing, text)
                assert not re.search(r"  | [,.;:]|\(\)|: ?\.", text), (name, missing, text)


@pytest.mark.parametrize("language", Language)
def test_only_built_commands_are_offered(language: Language) -> None:
    words = re.compile(r"\b(?:TD|PA|DG|GUI|DS|HUY(?! SO)|CB|XEM)\b|Theo dõi để")
    for name in set(IDS) - ONLY_WITH_PETITIONS:
        for channel in (ChannelName.SMS, ChannelName.TELEGRAM):
            text = renderer().render(Reply(name, TYPICAL | {"may_rate": True, "at": AT}), language, channel)
            assert not words.search(text), (name, text)


@pytest.mark.parametrize("language", Language)
def test_a_prefix_stands_before_every_keyword(language: Language) -> None:
    bare = re.compile(r"(?<!DVC )\b(?:TD|PA|DG|NK|TC|TG|MO|EN|VN|HSCT)\b")
    for name in IDS:
        values = TYPICAL | {"at": AT, "may_rate": True, "province_name": "", "status_text": ""}
        text = sms(name, values, language, built=EVERYTHING, prefix="DVC")
        assert not bare.search(text), (name, text)


@pytest.mark.parametrize(
    ("name", "values", "words"),
    [
        ("st.4", {"holder": "VPDK dat dai"}, "VPDK dat dai dang xu ly"),
        ("st.4late", {"holder": "VPDK dat dai"}, "xin loi Ong/Ba: HS H05.12-260610-0001 tre hen 3 ngay lam viec"),
        ("st.4late", {"holder": "VPDK dat dai"}, "VPDK dat dai dang xu ly"),
        ("st.4late", {"days_late": 0}, "tre hen (hen tra 17/06/2026)"),
        ("st.4", {"due_on": None}, "UBND P. Vo Cuong dang xu ly."),
        ("st.4", {"days_left": 0}, "hen tra ket qua 17/06/2026."),
        ("st.4", {"agency": "", "agency_name": "", "holder": ""}, "H05.12-260610-0001: dang xu ly, hen"),
        ("st.9", {"delivery_method": "post"}, "qua buu dien"),
        ("st.9", {"delivery_method": "online"}, "trong tai khoan tai dvc.bacninh.gov.vn"),
        ("st.9", {"delivery_method": "counter"}, "Moi Ong/Ba den UBND P. Vo Cuong de nhan"),
        ("st.other", {"status": None}, ": Dang tham dinh, tai UBND"),
        ("st.5", {"hotline": None}, "DT 0222.3822222"),
        ("lk.malformed", {"problem": "date"}, "(sai ngay thang)"),
        ("lk.malformed", {"problem": "no_head"}, "(thieu phan dau H05)"),
        ("lk.malformed", {"problem": "procedure"}, "(la ma thu tuc)"),
        ("lk.malformed", {"problem": "not_a_code"}, "chua hop le. Ma HS"),
        ("my.list", {}, "H05.12-260601-0009 Cho ky so"),
        ("optin", {"count": 0}, "Da mo lai tin bao cho Ong/Ba. Tu choi tin:"),
        ("lk.dym1", {"suggestions": ("H05.12-260610-0001",)}, "hoi HS H05.12-260610-0001?"),
    ],
)
def test_variants(name: str, values: dict[str, Any], words: str) -> None:
    assert words in sms(name, TYPICAL | values)


@pytest.mark.parametrize(
    ("values", "words"),
    [({"days_left": 1}, "(1 working day left)"), ({"days_left": 2}, "(2 working days left)")],
)
def test_english_counts(values: dict[str, Any], words: str) -> None:
    assert words in sms("st.4", TYPICAL | values, Language.ENGLISH)


@pytest.mark.parametrize(
    ("given", "printed"),
    [
        ("0222.3822111", "0222.3822111"),
        ("0222 3822 111", "02223822111"),
        ("0222 3822111", "0222.3822111"),
        ("(0222) 3822-111, 0222.3822112", "02223822111"),
        ("0222.3822111/0222.3822112", "0222.3822111"),
        ("số máy lẻ 12 phòng một cửa", "0222.3822222"),
        ("", "0222.3822222"),
    ],
)
def test_phones_are_whole_or_the_office_is_called(given: str, printed: str) -> None:
    assert sms("st.5", TYPICAL | {"hotline": given}).endswith(f"DT {printed}.")


def test_values_are_only_values() -> None:
    text = sms("lk.malformed", {"typed": "{{ 6*6 }} <b>", "problem": "x"})
    assert "36" not in text
    assert "6*6 <b>" in text
    chat = renderer().render(Reply("lk.malformed", {"typed": "{{ 6*6 }} <b>"}), Language.VIETNAMESE, ChannelName.ZALO)
    assert "{{ 6*6 }} <b>" in chat


def test_a_wrong_name_is_told() -> None:
    with pytest.raises(KeyError):
        sms("st.11", {})


def test_the_price_is_told_when_there_is_one() -> None:
    assert "2.000d" in sms("help", {}, price=2000)
    assert "d/tin" not in sms("help", {})


def test_a_late_answer_keeps_its_prefix() -> None:
    late = renderer().render(Reply("st.4late", WORST, AT), Language.VIETNAMESE, ChannelName.SMS)
    assert late.startswith("Tra loi yeu cau luc 09:05: ")
    longest = renderer().render(Reply("st.4late", LONG_CODE, AT), Language.VIETNAMESE, ChannelName.SMS)
    assert "09:05: " in longest
    chat = renderer().render(Reply("st.4", TYPICAL, AT), Language.VIETNAMESE, ChannelName.TELEGRAM)
    assert chat.startswith("Trả lời yêu cầu của Ông/Bà lúc 09:05:\nHồ sơ H05.12-260610-0001\n")


def test_every_text_exists_in_every_language_and_form() -> None:
    for language in Language:
        for folder in ("sms", "default"):
            found = {path.stem for path in (ROOT / language.value / folder).glob("*.j2")} - {"_card", "_procedure"}
            assert found == set(IDS), (language, folder)


def test_harmful_words_are_kept_out() -> None:
    harmful = re.compile(r"\b(da cho|da bat|moi dang ky|khong thay|dung xu ly|nhan gui|(?<!nguoi )truoc)\b")
    for name in IDS:
        assert not harmful.search((ROOT / "vi" / "sms" / f"{name}.j2").read_text("utf-8")), name


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("channel", [ChannelName.SMS, ChannelName.ZALO])
def test_typical_texts_are_as_reviewed(language: Language, channel: ChannelName) -> None:
    """After a wanted change of wording run the test once with REWRITE_GOLDEN=1 and review the difference."""
    texts = [(name, renderer().render(Reply(name, of(name, TYPICAL | {"at": AT})), language, channel)) for name in IDS]
    written = "\n".join(f"[{name}] {len(text)}\n{text}\n" for name, text in texts)
    path = GOLDEN / f"{'sms' if channel is ChannelName.SMS else 'chat'}_{language.value}.txt"
    if os.environ.get("REWRITE_GOLDEN"):
        path.write_text(written, encoding="utf-8")
    assert written == path.read_text(encoding="utf-8")
