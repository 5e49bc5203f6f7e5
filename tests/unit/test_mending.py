"""Finding codes in what people type: what stands as it is, and what is mended."""

import pytest

from dossier_client.mending import find_codes
from tests.unit.typed import TODAY, A, B, N, codes_of

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
