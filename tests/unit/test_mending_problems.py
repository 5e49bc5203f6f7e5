"""What was meant as a code and is none, and what was never meant as one."""

import pytest

from dossier_client.mending import find_codes
from tests.unit.typed import TODAY, A

SECRET = "038090000001"


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
        ("H05.12-260610-01", "several_readings", "H05.12-260610-01"),
        ("h05 12 26061 0001", "too_few_digits", "H05.12-26061-0001"),
        ("H0512-260610001", "too_few_digits", "H0512-260610001"),
        ("000.00.5.H05-190626-0003", "too_few_digits", "000.00.5.H05-190626-0003"),
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
        ("https://x.vn/tc?MHS=la-gi-1", "not_a_code", "1A-G1-1"),
        ("\u202eH05.12-26061-0001", "too_few_digits", "H05.12-26061-0001"),
        ("HO5.I2-26061-OOO1", "too_few_digits", "H05.12-26061-0001"),
        ("H05-1234", "too_few_digits", "H05-1234"),
        ("H05 123456", "too_few_digits", "H05-123456"),
        ("H5.12-260610-0001", "no_head", "H5.12-260610-0001"),
        ("G09.20-2606-0001", "too_few_digits", None),
        ("K05-2606-0001", "too_few_digits", None),
        ("H05.1234.2.3.4.5-260610-0001", "not_a_code", None),
        ("H05.12345-260610-261111", "too_many_digits", None),
        ("000.0.15.H05-190626-0003", "too_few_digits", None),
        ("000.00.1.H05-190626-0003", "too_few_digits", None),
        ("000.0000.15.H05-190626-0003", "too_many_digits", None),
        ("000.00.1500.H05-190626-0003", "too_many_digits", None),
        ("000.00.15.H0519062600031", "too_many_digits", None),
        ("H0599999999999999999999999999999999999", "too_many_digits", None),
        ("12-260610-001", "no_head", None),
        ("12-260610-1234567", "no_head", None),
        ("000.302.136-191326-0003", "no_head", None),
        ("000-00-15-191326-0003", "no_head", None),
        ("000_00_15_191326_0003", "no_head", None),
        ("000/00/15/191326/0003", "no_head", None),
        ("X05-2606101-0001", "not_a_code", None),
        ("X05-20260610-0001", "not_a_code", None),
        ("X05-260610-001", "not_a_code", None),
        ("X05-260610-1234567", "not_a_code", None),
        ("X05/260610/0001", "not_a_code", None),
        ("X05_260610_0001", "not_a_code", None),
        ("X05.260610.0001", "not_a_code", None),
        ("260610-0001VN", "not_a_code", None),
        ("G15-ĐĐ07", "not_a_code", None),
        ("000.302.136.H05", "agency", None),
        ("G09.20", "agency", None),
    ],
)
def test_what_is_wrong(text: str, problem: str, part: str | None) -> None:
    found = find_codes(text, TODAY)
    assert not found.codes
    assert [item.problem for item in found.malformed] == [problem]
    assert part is None or found.malformed[0].part == part
    assert len(found.malformed[0].typed) <= 60


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
        "X05-26061-0001",
        "X05-202606101-0001",
        "X05-260610-01",
        "X05-260610-12345678",
        "X260610-0001",
        "H05-123",
        "H05 12345",
        "000.00.15-1913-0003",
        "12-191326-0003",
        "260610 0001",
        "12-260610-12345678",
    ],
)
def test_not_meant_as_a_code(text: str) -> None:
    found = find_codes(text, TODAY)
    assert (found.codes, found.malformed) == ((), ())


def test_what_was_typed_is_told_in_at_most_60_characters() -> None:
    (found,) = find_codes(f"H05.12.34.56.78-2606101-{'0001' * 20}", TODAY).malformed
    assert found.typed == f"H05.12.34.56.78-2606101-{'0001' * 9}"
