"""Finding codes in what people type: what is mended, what is told, and what is left alone."""

from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from dossier_client.codes import parse
from dossier_client.mending import Malformed, TypedCode, find_codes, resembles

TODAY = date(2026, 11, 25)
A = "H05.12-260610-0001"
B = "H05.13-260610-0002"
N = "000.00.15.H05-190626-0003"
SECRET = "038090000001"


def codes_of(text: str) -> list[str]:
    return [typed.code.text for typed in find_codes(text, TODAY).codes]


AS_IT_STANDS = [
    A,
    "h05.12-260610-0001",
    "  H05.12-260610-0001 ",
    "Tra cứu  H05.12-260610-0001.",
    "tc h05.12-260610-0001",
    "TCH05.12-260610-0001",
    "HSH05.12-260610-0001",
    "hs:H05.12-260610-0001",
    "hs=H05.12-260610-0001",
    "mãH05.12-260610-0001",
    "TD <H05.12-260610-0001>",
    "“H05.12-260610-0001”",
    "(H05.12-260610-0001).",
    "[H05.12-260610-0001]?",
    "'H05.12-260610-0001'",
    "cho hoi ho so H05.12-260610-0001 xong chua",
    "ho so\u00a0H05.12-260610-0001",
    "H05.12-260610-\n0001",
    "H05. 12 - 260610 - 0001",
    "HS H05.12-260610-0001 1234",
    "DG H05.12-260610-0001 5 nhanh gon",
    "0912345678 h05.12-260610-0001",
    "027090001234 h05.12-260610-0001",
    "https://dvc.example.vn/tra-cuu?code=H05.12-260610-0001",
    "https://dvc.example.vn/tra-cuu/H05.12-260610-0001",
    "https://dvc.example.vn/#/tc?ref=H05.12-260610-0001",
    "dvc.example.vn/tc?mahoso=h05.12-260610-0001&x=260610-0001",
    "https://dvc.example.vn/tc?ref=H05.13-260610-0002&MHS=H05.12-260610-0001",
    "MHS=H05.12-260610-0001",
]
REPAIRED = [
    "H05.12-260610-OOO1",
    "HO5.I2-Z6O6IO-OOOl",
    "HQ5.|2-260610-DDD1",
    "h05 12 260610 0001",
    "h05 12 260610 0001 1234",
    "h05 12 260610 0001 5",
    "toi nop 2 h05 12 260610 0001",
    "h05 12 260610 0001 nhe 77777",
    "H05.12-20260610-0001",
    "H0512-2606100001",
    "H0512-260610-0001",
    "H05.12-2606100001",
    "H05122606100001",
    "H05_12_260610_0001",
    "H05/12/260610/0001",
    "H05,12-260610-0001",
    "H05·12-260610-0001",
    "H05..12--260610-0001",
    "H05.12–260610—0001",
    "H05.12\u2011260610\u20110001",
    "Ｈ０５．１２－２６０６１０－０００１",
    "H05.12-26\u200b0610-0001",
    "\ufeffH05.12-260610-0\u0301001",
    "Н05.12-260610-0001",
    "Η05.12-260610-ΟΟΟ1",
    "TCHO5.12-260610-0001",
    "https://dvc.example.vn/tc?maHoSo=H05.12-26O610-0001",
]


@pytest.mark.parametrize("text", AS_IT_STANDS)
def test_one_code_as_it_stands(text: str) -> None:
    assert [(typed.code.text, typed.mended) for typed in find_codes(text, TODAY).codes] == [(A, False)]
    assert not find_codes(text, TODAY).malformed


@pytest.mark.parametrize("text", REPAIRED)
def test_one_code_repaired(text: str) -> None:
    assert [(typed.code.text, typed.mended) for typed in find_codes(text, TODAY).codes] == [(A, True)]
    assert not find_codes(text, TODAY).malformed


@pytest.mark.parametrize(
    "text",
    [
        "000.00.15.H051906260003",
        "0000015H051906260003",
        "000.00.15H05-190626-0003",
        "000 00 15 H05 190626 0003",
        "ooo oo 15 H05 190626 0003",
        "oo0.oo.15.H05-19O626-OOO3",
        "000.00.15 H05-190626-0003",
        "TC000.00.15.H05-190626-0003",
        "000,00,15,H05-190626-0003",
        "000.00.15.H05-20190626-0003",
        "5 000.00.15.H05 - 190626-0003 va",
    ],
)
def test_the_national_form(text: str) -> None:
    assert codes_of(text) == [N]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("g09 20 20260609 0092637", "G09.20-20260609-0092637"),
        ("G09.20-202606090092637", "G09.20-20260609-0092637"),
        ("G18.4-260609180123", "G18.4-260609-180123"),
        ("G18.4-2606091801234", "G18.4-260609-1801234"),
        ("h05 12 260610 001", "H05.12-260610-001"),
        ("H05112-2507150012", "H05.112-250715-0012"),
        ("H05.50.05.13-2610080975", "H05.50.05.13-261008-0975"),
        ("H05-2606100001", "H05-260610-0001"),
        ("000.00.01.K05 260610 0001", "000.00.01.K05-260610-0001"),
        ("000 302 136 H05 260610 000001", "000.302.136.H05-260610-000001"),
        ("000.00.15.A05-190626-0003", "000.00.15.A05-190626-0003"),
    ],
)
def test_other_forms(text: str, code: str) -> None:
    assert codes_of(text) == [code]


@pytest.mark.parametrize(
    "text",
    [
        f"{A} {B}",
        f"{A},{B}",
        f"{A}, {B}",
        f"{A}/{B}",
        f"{A};{B}",
        f"{A}\n{B}",
        f"{A} va {B} va {A}",
        "H05 12 260610 0001, H05 13 260610 0002",
        "h05 12 260610 0001\nh05 13 260610 0002",
        f"h05 12 260610 0001 {B}",
        f"{A} https://dvc.example.vn/tc?MHS={B}",
    ],
)
def test_several_codes_in_order_each_once(text: str) -> None:
    assert codes_of(text) == [A, B]


@pytest.mark.parametrize("before", ["027090001234", "0912345678", "1.004222"])
def test_numbers_of_other_kinds_are_no_part_of_a_run(before: str) -> None:
    assert codes_of(f"{before} h05 260610 0001 {before}") == ["H05-260610-0001"]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("12 H05-260610-0001", []),
        ("1 H05-260610-0001", ["H05-260610-0001"]),
        (f"12 {A}", [A]),
        ("12 h05 12 260610 0001", [A]),
        (f"{A} 12 H05-260610-0001", [A]),
        ("h05 12 260610 0001 12345", []),
        (f"{A} 12345", [A]),
    ],
)
def test_digits_beside_a_code(text: str, codes: list[str]) -> None:
    assert codes_of(text) == codes


def test_ten_codes_have_no_cap() -> None:
    assert codes_of(" ".join(f"H05.12-260610-{number:04d}" for number in range(10))) == [
        f"H05.12-260610-{number:04d}" for number in range(10)
    ]


@pytest.mark.parametrize(
    ("text", "problem", "part"),
    [
        ("H05.12-261310-0001", "date", "H05.12-261310-0001"),
        ("TC H05.12-260631-0001", "date", "H05.12-260631-0001"),
        ("H0512-2613100001", "date", "H05.12-261310-0001"),
        ("h05 12 261310 0001", "date", "H05.12-261310-0001"),
        ("H05.12-151231-0001", "date", "H05.12-151231-0001"),
        ("H05.12-261127-0001", "date", "H05.12-261127-0001"),
        ("H05.12-26061-0001", "too_few_digits", "H05.12-26061-0001"),
        ("H05.12-260610-01", "too_few_digits", "H05.12-260610-01"),
        ("h05 12 26061 0001", "too_few_digits", "H05.12-26061-0001"),
        ("H0512-260610001", "too_few_digits", "H0512-260610001"),
        ("00.00.15.H05-190626-0003", "too_few_digits", "00.00.15.H05-190626-0003"),
        ("000.00.15.H05190626003", "too_few_digits", "000.00-15-H05190626003"),
        ("H05.12-2606101-0001", "too_many_digits", "H05.12-2606101-0001"),
        ("H05.12-1260610-0001", "too_many_digits", "H05.12-1260610-0001"),
        ("H05.12-260610-00000001", "too_many_digits", "H05.12-260610-00000001"),
        ("H05.12345-260610-0001", "too_many_digits", "H05.12345-260610-0001"),
        ("0000.00.15.H05-190626-0003", "too_many_digits", "0000.00.15.H05-190626-0003"),
        ("H05.12-19260610-0001", "not_a_code", None),
        ("12-260610-0001", "no_head", "12-260610-0001"),
        ("12-260610-OOO1", "no_head", "12-260610-0001"),
        ("12 260610 0001", "no_head", "12-260610-0001"),
        ("190626-0003", "no_head", "190626-0003"),
        ("HS05.12-260610-0001", "no_head", "05.12-260610-0001"),
        ("000.00.15-190626-0003", "no_head", "000.00.15-190626-0003"),
        ("000.00.15-191326-0003", "no_head", "000.00.15-191326-0003"),
        ("000.00.15.H05-190626", "no_sequence", None),
        ("H05.12-260610", "no_sequence", None),
        ("H05-260610", "no_sequence", None),
        ("1.004222", "procedure", None),
        ("thu tuc 2.000815.000.00.00.H29 gom gi", "procedure", None),
        ("000.00.15.H05", "agency", None),
        ("H56.14", "agency", None),
        ("X05.12-260610-0001", "not_a_code", None),
        ("H05.12-260610-0001VN", "not_a_code", None),
        ("K05.12-260610-0001", "not_a_code", "K05.12-260610-0001"),
        ("G15-TP07", "not_a_code", None),
        ("000.00.00.G01-KQ003617", "not_a_code", None),
        ("H0512260610001", "not_a_code", None),
        ("H05.1.2.3.4.5-260610-0001", "not_a_code", None),
        ("000.00 H05-190626-0003", "not_a_code", None),
        ("12 000.00.15.H05 - 190626-0003", "not_a_code", None),
        ("h05 12 260610 0001 77", "not_a_code", None),
        (f"\u202e{A}", "bidi", ""),
        ("H05.12-260610\u202e-0001", "bidi", ""),
        ("h05 12 \u2066260610 0001", "bidi", ""),
        ("https://x.vn/tc?MHS=H05.12-26%E2%80%AE0610-0001", "bidi", ""),
        (f"https://x.vn/tc?SoDinhDanh={SECRET}&code=H05.12-261310-0001", "date", None),
        ("https://x.vn/tc?MHS=la-gi-1", "not_a_code", None),
    ],
)
def test_what_is_wrong(text: str, problem: str, part: str | None) -> None:
    found = find_codes(text, TODAY)
    assert not found.codes
    assert [item.problem for item in found.malformed] == [problem]
    assert part is None or found.malformed[0].part == part
    assert len(found.malformed[0].typed) <= 25


@pytest.mark.parametrize(
    "text",
    [
        "",
        "abc",
        "123456",
        "0912345678",
        "0912 345 678",
        "84912345678",
        "027090001234",
        "027 090 001234",
        "0222.3822222",
        "ngay 10/06/2026 luc 08:30",
        "2026-06-10 08:30",
        "20260610 0830",
        "tien 12.500.000 va 1.250.000 d",
        "can ho B12 tang 5 toa H12 so 3",
        "toa H12 5 6",
        "7816/VPCP-TTĐT",
        "29A-123.45",
        "PA26005442",
        "H05",
        "'; DROP TABLE hs; --1",
        "{{ 6*6 }} %(x)s",
        "1+1=2",
        "\ud800 1",
        "https://dvc.example.vn/huong-dan/260610-0001",
    ],
)
def test_not_meant_as_a_code(text: str) -> None:
    found = find_codes(text, TODAY)
    assert (found.codes, found.malformed) == ((), ())


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("TC H05.12-260610-0001 nhanh", "TC nhanh"),
        ("HS H05.12-260610-0001 1234", "HS 1234"),
        ("TCH05.12-260610-0001", "TC"),
        ("TC H05.12-26061-0001", "TC"),
        (f"{A} {A}", ""),
        ("xin chao 1", "xin chao 1"),
        ("cảm ơn", "cảm ơn"),
    ],
)
def test_rest_is_the_text_without_runs(text: str, rest: str) -> None:
    assert find_codes(text, TODAY).rest == rest


@pytest.mark.parametrize(
    "text",
    [
        f"https://x.vn/tc?MHS={A}&SGT={SECRET}",
        f"https://x.vn/tc?SGT={SECRET}&MHS={A}",
        f"https://x.vn/tc?SGT={SECRET}&y=2",
        f"https://x.vn/tc?identity-number={SECRET}",
        f"https%3A%2F%2Fx.vn%2Ftc%3FMHS%3D{A}%26SGT%3D{SECRET}",
        f"https://x.vn/go?url=https%253A%252F%252Fx.vn%253FMHS%253D{A}%2526SGT%253D{SECRET}",
        f"MHS={A};SoDinhDanh={SECRET}",
        f"SGT={SECRET}",
        f"xem https://x.vn/tc?MHS=000.00&CCCD={SECRET} voi 1",
    ],
)
def test_identity_numbers_in_links_are_never_returned(text: str) -> None:
    assert SECRET not in repr(find_codes(text, TODAY))


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (f"tc {A}.", A),
        ("mã “h05 12 260610 0001”", "h05 12 260610 0001"),
        ("ﬁ ½ H05.12-26\u200b0610-0001 ß", "H05.12-26\u200b0610-0001"),
        ("ß Ｈ０５.12-260610-0001", "Ｈ０５.12-260610-0001"),
        ("TC12-260610-0001!", "12-260610-0001"),
        (f"xem https://x.vn/tc?MHS={A} nhe", f"https://x.vn/tc?MHS={A}"),
    ],
)
def test_places_are_those_of_the_typed_text(text: str, place: str) -> None:
    found = find_codes(text, TODAY)
    findings: list[TypedCode | Malformed] = [*found.codes, *found.malformed]
    assert [text[finding.start : finding.end] for finding in findings] == [place]


@pytest.mark.parametrize(
    ("typed", "alike"),
    [
        (A, True),
        ("h05.12-260610-0002", True),
        ("H05.12-260610-0010", True),
        ("H05.12-260601-0001", True),
        ("H05.12-26061-0001", True),
        ("H05.12-260610-00011", True),
        ("12-260610-0001", True),
        ("260610-0001", True),
        ("0001", True),
        ("100001", True),
        ("H05.12", True),
        ("H05.12-260610-0022", False),
        ("H05.13-260610-0002", False),
        ("1000", False),
        ("001", False),
        ("", False),
    ],
)
def test_likeness_to_an_own_code(typed: str, *, alike: bool) -> None:
    assert resembles(typed, A) is alike


DAYS = st.dates(date(2016, 1, 1), TODAY + timedelta(days=1))
LEVELS = st.lists(st.from_regex(r"[0-9]{1,4}", fullmatch=True), min_size=1, max_size=4)
PROVINCE = st.builds(
    lambda head, levels, day, number: f"H{head:02d}.{'.'.join(levels)}-{day:%y%m%d}-{number}",
    st.integers(1, 63),
    LEVELS,
    DAYS,
    st.from_regex(r"[0-9]{3,7}", fullmatch=True),
)
NATIONAL = st.builds(
    lambda unit, head, day, number: f"{unit}.H{head:02d}-{day:%y%m%d}-{number}",
    st.from_regex(r"[0-9]{3}\.[0-9]{2,3}\.[0-9]{2,3}", fullmatch=True),
    st.integers(1, 63),
    DAYS,
    st.from_regex(r"[0-9]{3,6}", fullmatch=True),
)
VALID = PROVINCE | NATIONAL


@given(VALID)
def test_a_code_that_fits_is_returned_unchanged(code: str) -> None:
    (typed,) = find_codes(code, TODAY).codes
    assert (typed.code, typed.typed, typed.mended) == (parse(code, TODAY), code, False)


@given(VALID, st.data())
def test_case_blanks_and_dashes_do_not_matter(code: str, data: st.DataObject) -> None:
    dashes = st.sampled_from(["-", "–", "—", " - ", "\u2011", "- ", "_", " "])
    head, day, number = code.split("-")
    text = f"{head}{data.draw(dashes)}{day}{data.draw(dashes)}{number}"
    assert codes_of(data.draw(st.sampled_from([text, text.lower(), f"Tra cứu {text}.", f"({text})"]))) == [code]


@given(VALID, st.data())
def test_one_digit_more_or_less_in_the_date_is_never_guessed(code: str, data: st.DataObject) -> None:
    head, day, number = code.split("-")
    place = data.draw(st.integers(0, 5))
    shorter, longer = (
        day[:place] + day[place + 1 :],
        day[:place] + data.draw(st.sampled_from("0123456789")) + day[place:],
    )
    for wrong in (shorter, longer):
        assert not codes_of(f"{head}-{wrong}-{number}")


@given(st.text(max_size=200) | st.text(alphabet="H05G.12-6 O/=?&%mhs\n\u202e\u200b－", max_size=80))
def test_no_text_breaks_it_and_every_code_is_one(text: str) -> None:
    found = find_codes(text, TODAY)
    for typed in found.codes:
        assert parse(typed.code.text, TODAY) == typed.code
        assert 0 <= typed.start < typed.end <= len(text)


@given(VALID, st.from_regex(r"[0-9A-Z]{1,3}", fullmatch=True), st.sampled_from(["-", "."]))
def test_a_code_that_does_not_use_up_its_run_is_none(code: str, more: str, separator: str) -> None:
    text = f"{code}{separator}{more}"
    assume(parse(text, TODAY) is None)
    assert not codes_of(text)
