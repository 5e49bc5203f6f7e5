"""What the figures of the understanding are made with: shares, intervals, typing styles, plain ways."""

import random

import pytest

from benchmarks.understanding import baselines
from benchmarks.understanding.evaluate import table
from benchmarks.understanding.figures import Share, macro_f1
from benchmarks.understanding.measures import intent_of, procedure_of
from benchmarks.understanding.styles import STYLES, typed


def test_a_share_tells_its_interval() -> None:
    assert str(Share(88, 100)) == "88.0 % (80–93)"
    assert Share(0, 0).value == 0
    assert Share(0, 0).interval() == (0.0, 1.0)


def test_macro_f1_counts_each_label_alike() -> None:
    assert macro_f1(["a", "a", "b"], ["a", "a", "a"]) == pytest.approx((0.8 + 0) / 2)


@pytest.mark.parametrize(
    ("style", "typed_as"),
    [
        ("accents", "Được không ạ"),
        ("no_accents", "Duoc khong a"),
        ("upper_no_accents", "DUOC KHONG A"),
        ("telex", "Dduwowcj khoong aj"),
        ("vni", "D9u7o7c5 kho6ng a5"),
    ],
)
def test_styles(style: str, typed_as: str) -> None:
    assert typed("Được không ạ", style) == typed_as


@pytest.mark.parametrize("style", STYLES)
def test_a_style_is_the_same_each_time_and_leaves_codes_alone(style: str) -> None:
    text = "Hồ sơ H05.12-260610-0001 đến đâu rồi"
    assert typed(text, style) == typed(text, style)
    assert "H05.12-260610-0001" in typed(text, style).upper()


def test_every_style_takes_any_text() -> None:
    chance = random.Random(1)
    assert all(style("", chance) == "" for style in STYLES.values())


def test_ways_of_reading() -> None:
    text = "cho tôi gặp cán bộ"
    assert intent_of(text) == "human_agent"
    assert baselines.commonest_intent(text) == "out_of_scope"
    assert baselines.nearest_phrase("tôi muốn gặp cán bộ tư vấn") == "human_agent"
    assert procedure_of("giấy độc thân") == "1.004873"
    assert baselines.words_of_official_name("thu tuc dang ky khai sinh") == "1.001193"
    assert baselines.official_name("xóa đăng ký thường trú") == "1.003197"
    assert baselines.words_of_field("cống tắc ngập nước") == baselines.commonest_field("") == "DN"


def test_plain_ways_of_hiding() -> None:
    assert baselines.only_digits("gọi 0912345678") == [(4, 14)]
    assert baselines.digits_and_capitals("ông Nguyễn Văn Hùng 0912345678") == [(20, 30), (4, 19)]


def test_tables() -> None:
    assert table(("a", "b"), [(1, "x")]) == "| a | b |\n| --- | --- |\n| 1 | x |\n"
