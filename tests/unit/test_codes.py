"""The grammar of codes: the vectors of the field and the edges of every rule."""

import csv
from datetime import date
from pathlib import Path

import pytest

from dossier_client.codes import CodeKind, DossierCode, classify, parse

TODAY = date(2026, 11, 25)
VECTORS = Path(__file__).parent.parent / "fixtures" / "dossier_code_cases.csv"
CASES = list(csv.DictReader(VECTORS.read_text(encoding="utf-8").splitlines()))


def test_all_vectors_are_read() -> None:
    assert len(CASES) == 43


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["input"])
def test_vectors_of_the_field(case: dict[str, str]) -> None:
    found = classify(case["input"], TODAY)
    assert (found.normalised, found.kind.value) == (case["normalised"], case["expected_kind"])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (
            "H05.12-260610-0001",
            ("H05.12-260610-0001", "H05", "H05.12", date(2026, 6, 10), "0001", CodeKind.QD20_PROVINCE),
        ),
        (
            "000.00.16.H05-260610-0002",
            ("000.00.16.H05-260610-0002", "H05", "000.00.16.H05", date(2026, 6, 10), "0002", CodeKind.NATIONAL_2018),
        ),
        (
            "G09.20-20260609-0092637",
            ("G09.20-20260609-0092637", "G09", "G09.20", date(2026, 6, 9), "0092637", CodeKind.QD20_MINISTRY),
        ),
    ],
)
def test_parts_of_a_code(text: str, code: tuple[str, str, str, date, str, CodeKind]) -> None:
    assert parse(text, TODAY) == DossierCode(*code)


VALID = [
    "H05-260610-0001",
    "H05.1.22.333.4444-260610-0001",
    "H05.12-160101-0001",
    "H05.12-261125-0001",
    "H05.12-261126-0001",
    "H05.12-240229-0001",
    "H05.12-260610-001",
    "H05.12-260610-0000001",
    "G18-260609-180123",
    "G18.4-20160101-001",
    "000.302.136.K05-260610-001",
    "000.00.16.H05-260610-000001",
]
INVALID = [
    "",
    "H05.12-151231-0001",
    "H05.12-261127-0001",
    "H05.12-260229-0001",
    "H05.12-260010-0001",
    "H05.12-260600-0001",
    "H05.12-260610-01",
    "H05.12-260610-00000001",
    "H05.1.2.3.4.5-260610-0001",
    "H05.12345-260610-0001",
    "H05.-260610-0001",
    "H05.12-20260610-0001",
    "H05.12-2606101-0001",
    "K05.12-260610-0001",
    "G18.4-20151231-0001",
    "G18.4-2026061-0001",
    "000.00.16.H05-260610-01",
    "000.00.16.H05-260610-0000001",
    "000.0.16.H05-260610-0001",
    "000.00.1616.H05-260610-0001",
    "00.00.16.H05-260610-0001",
    "h05.12-260610-0001",
    " H05.12-260610-0001",
    "H05.12-260610-0001\n",
    "H05.12-26061٠-0001",
]


@pytest.mark.parametrize("text", VALID)
def test_fits_the_grammar(text: str) -> None:
    assert parse(text, TODAY) is not None


@pytest.mark.parametrize("text", INVALID)
def test_does_not_fit_the_grammar(text: str) -> None:
    assert parse(text, TODAY) is None


@pytest.mark.parametrize(
    ("text", "normalised", "kind"),
    [
        ("H05.12-261127-0001", "H05.12-261127-0001", CodeKind.BAD_DATE),
        ("h05 12 261310 0001", "H05.12-261310-0001", CodeKind.BAD_DATE),
        ("TC H0512-2606100001", "H05.12-260610-0001", CodeKind.QD20_PROVINCE),
        ("+84912345678", "+84912345678", CodeKind.PHONE),
        ("0084912345678", "0084912345678", CodeKind.PHONE),
        ("0412345678", "", CodeKind.UNKNOWN),
        ("H05", "", CodeKind.UNKNOWN),
        ("H05.12.1.2.3", "H05.12.1.2.3", CodeKind.AGENCY),
        ("12/2025/QĐ-UBND", "12/2025/QĐ-UBND", CodeKind.OFFICIAL_DOCUMENT),
        ("", "", CodeKind.UNKNOWN),
    ],
)
def test_what_one_typed_thing_is(text: str, normalised: str, kind: CodeKind) -> None:
    found = classify(text, TODAY)
    assert (found.normalised, found.kind) == (normalised, kind)
