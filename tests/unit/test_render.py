"""How replies become texts: values that may be missing, variants, prefixes, words that stay out."""

import os
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import templates
from bot.intent import Reply
from bot.model import ChannelName, Language, Office
from bot.render import Renderer
from bot.template_samples import AT, TYPICAL, WORST
from dossier_client.models import Status

TODAY = frozenset({"HS", "NK", "TC", "MO", "TG", "EN", "VN", "HSCT", "LK", "HLK", "KENH", "RUT", "DL", "XOADL"})
EVERYTHING = TODAY | {"TD", "PA", "DG", "GUI"}
GSM_BASIC = frozenset(map(chr, range(32, 127))) - frozenset("^{}[]~\\|`")
GOLDEN = Path(__file__).parents[1] / "golden"
ROOT = Path(templates.__file__).parent
IDS = sorted(path.stem for path in (ROOT / "vi" / "sms").iterdir())
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
