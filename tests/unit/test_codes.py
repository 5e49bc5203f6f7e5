"""The grammar of codes, and mending: the vectors of the field and the edges of every rule."""

import csv
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossier_client.codes import parse
from dossier_client.mending import classify, find_codes, resembles
from dossier_client.provinces import province_name

TODAY = date(2026, 11, 25)
VECTORS = Path(__file__).parent.parent / "fixtures" / "dossier_code_cases.csv"
CASES = list(csv.DictReader(VECTORS.read_text(encoding="utf-8").splitlines()))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["input"])
def test_vectors_of_the_field(case: dict[str, str]) -> None:
    found = classify(case["input"], TODAY)
    assert (found.normalised, found.kind.value) == (case["normalised"], case["expected_kind"])


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("H05.12-160101-0001", True),
        ("H05.12-151231-0001", False),
        ("H05.12-261125-0001", True),
        ("H05.12-261126-0001", True),
        ("H05.12-261127-0001", False),
        ("H05.12-260229-0001", False),
        ("H05.12-240229-0001", True),
        ("H05.12-260610-01", False),
        ("H05.12-260610-001", True),
        ("H05.12-260610-0000001", True),
        ("H05.12-260610-00000001", False),
        ("H05-260610-0001", True),
        ("H05.1.2.3.4-260610-0001", True),
        ("H05.1.2.3.4.5-260610-0001", False),
        ("H05.12345-260610-0001", False),
        ("000.00.16.H05-260610-000001", True),
        ("000.00.16.H05-260610-0000001", False),
        ("G09.20-20260609-0092637", True),
        ("H05.12-20260609-0001", False),
        ("K05.12-260610-0001", False),
    ],
)
def test_strict_grammar(text: str, *, valid: bool) -> None:
    assert (parse(text, TODAY) is not None) is valid


A = "H05.12-260610-0001"


@pytest.mark.parametrize(
    "text",
    [
        A,
        "h05.12-260610-0001",
        "Tra cứu  H05.12-260610-0001.",
        "ma ho so: H05.12-260610-0001",
        "H05.12-260610-OOO1",
        "h05 12 260610 0001",
        "H05.12-20260610-0001",
        "H0512-2606100001",
        "TD <H05.12-260610-0001>",
        "“H05.12-260610-0001”",
        "(H05.12-260610-0001).",
        "H05.12–260610—0001",
        "Ｈ０５．１２－２６０６１０－０００１",
        "H05.12-26\u200b0610-0001",
        "Н05.12-260610-0001",
        "cho hoi ho so H05.12-260610-0001 xong chua",
        "H05.12-260610-\n0001",
        "TCH05.12-260610-0001",
        "hs:H05.12-260610-0001",
        "https://dvc.bacninh.gov.vn/tra-cuu?code=H05.12-260610-0001&SGT=027090001234",
    ],
)
def test_one_code_however_it_is_typed(text: str) -> None:
    found = find_codes(text, TODAY)
    assert [typed.code.text for typed in found.codes] == [A]
    assert "027090001234" not in found.rest


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("H05.12-261310-0001", "date"),
        ("H05.12-26061-0001", "too_few_digits"),
        ("12-260610-0001", "no_head"),
        ("260610-0001", "no_head"),
        ("H05.12-260610", "no_sequence"),
        ("1.004222", "procedure"),
        ("000.00.15.H05", "agency"),
        ("\u202eH05.12-260610-0001", "bidi"),
    ],
)
def test_what_is_wrong_with_it(text: str, problem: str) -> None:
    found = find_codes(text, TODAY)
    assert not found.codes
    assert [item.problem for item in found.malformed] == [problem]


@pytest.mark.parametrize(
    "text",
    [
        "0912345678",
        "0912 345 678",
        "027090001234",
        "ngay 10/06/2026",
        "12.500.000 d",
        "abc",
        "",
        "so nha 12",
        "29A-123.45",
    ],
)
def test_no_code_and_not_meant_as_one(text: str) -> None:
    found = find_codes(text, TODAY)
    assert (found.codes, found.malformed) == ((), ())


def test_several_codes_in_order_each_once() -> None:
    found = find_codes("H05.12-260610-0002, H05.12-260610-0001 va H05.12-260610-0002", TODAY)
    assert [typed.code.text for typed in found.codes] == ["H05.12-260610-0002", "H05.12-260610-0001"]


@pytest.mark.parametrize(
    ("typed", "own", "alike"),
    [
        ("H05.12-260610-0002", A, True),
        ("H05.12-260610-0010", A, True),
        ("H05.12-26061-0001", A, True),
        ("H05.12-260610-00011", A, True),
        ("12-260610-0001", A, True),
        ("H05.12-260610-0022", A, False),
        ("0001", A, False),
        ("", A, False),
    ],
)
def test_likeness_to_an_own_code(typed: str, own: str, *, alike: bool) -> None:
    assert resembles(typed, own) is alike


@given(st.text(max_size=300))
def test_no_text_breaks_it_and_every_code_found_is_valid(text: str) -> None:
    for typed in find_codes(text, TODAY).codes:
        assert parse(typed.code.text, TODAY) == typed.code


@given(
    unit=st.integers(1, 999), day=st.dates(date(2016, 1, 1), TODAY), number=st.integers(1, 9999), upper=st.booleans()
)
def test_a_valid_code_is_never_changed(unit: int, day: date, number: int, *, upper: bool) -> None:
    code = f"H05.{unit}-{day:%y%m%d}-{number:04d}"
    found = find_codes(code if upper else code.lower(), TODAY)
    assert [(typed.code.text, typed.mended) for typed in found.codes] == [(code, False)]


@pytest.mark.parametrize(
    ("head", "name"), [("H05", "Bắc Ninh"), ("H02", "Bắc Ninh"), ("G01", "Bộ Công an"), ("H99", "")]
)
def test_names_of_heads(head: str, name: str) -> None:
    assert province_name(head) == name
