"""The edges of every shape: one character more, one less, a letter for a digit."""

from datetime import date

import pytest

from dossier_client.codes import CodeKind, kind_of, parse, received_on
from tests.unit.typed import TODAY

K = CodeKind
SAMPLES = {
    "000.00.16.H05-260610-0001": K.NATIONAL_2018,
    "H05.12-260610-0001": K.QD20_PROVINCE,
    "G09.20-20260609-0092637": K.QD20_MINISTRY,
    "G09.20-260609-0092637": K.QD20_MINISTRY,
    "000.00.00.G01-KQ003617": K.PAPER,
    "G15-TP07": K.FIELD,
    "1.004222": K.PROCEDURE,
    "1.001193.02": K.PROCEDURE,
    "2.000815.000.00.00.H29": K.PROCEDURE,
    "2.000815.000.00.00.H29.02": K.PROCEDURE,
    "2.000815.02.000.00.00.H29": K.PROCEDURE,
    "000.00.15.H05": K.AGENCY,
    "H56.14": K.AGENCY,
    "027090001234": K.PERSONAL_ID,
    "0912345678": K.PHONE,
    "7816/VPCP-TH": K.OFFICIAL_DOCUMENT,
    "7816/2025/VPCP-TH": K.OFFICIAL_DOCUMENT,
}


@pytest.mark.parametrize(("text", "kind"), SAMPLES.items())
def test_a_sample_of_each_kind(text: str, kind: CodeKind) -> None:
    assert kind_of(text, TODAY) is kind


@pytest.mark.parametrize(("text", "kind"), SAMPLES.items())
def test_a_letter_or_a_foreign_digit_is_no_digit(text: str, kind: CodeKind) -> None:
    for place, character in enumerate(text):
        for other in "Aa٣" if character.isdigit() else "":
            assert kind_of(text[:place] + other + text[place + 1 :], TODAY) is not kind, other


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        pytest.param("000.302.136.H05", K.AGENCY, id="three digits in the middle"),
        pytest.param("000.3.13.H05", K.UNKNOWN, id="one digit"),
        pytest.param("000.30.1.H05", K.UNKNOWN, id="one digit at the end"),
        pytest.param("000.3023.13.H05", K.UNKNOWN, id="four digits"),
        pytest.param("000.30.1302.H05", K.UNKNOWN, id="four digits at the end"),
        pytest.param("G09.1234.1.22.333", K.AGENCY, id="four levels"),
        pytest.param("H05.12345", K.UNKNOWN, id="five digits in a level"),
        pytest.param("H05.", K.UNKNOWN, id="an empty level"),
        pytest.param("H05.1.2.3.4.5", K.UNKNOWN, id="five levels"),
        pytest.param("K05.12", K.UNKNOWN, id="only provinces and ministries have levels"),
        pytest.param("G15-ĐĐ07", K.FIELD, id="Đ is a letter of fields"),
        pytest.param("0312345678", K.PHONE, id="phones begin with 3"),
        pytest.param("+84512345678", K.PHONE, id="with 5"),
        pytest.param("84712345678", K.PHONE, id="with 7"),
        pytest.param("0084812345678", K.PHONE, id="with 8"),
        pytest.param("0612345678", K.UNKNOWN, id="not with 6"),
        pytest.param("+840912345678", K.UNKNOWN, id="not with both"),
        pytest.param("1/QĐ-TT", K.OFFICIAL_DOCUMENT, id="one digit, Đ"),
        pytest.param("12345/CP-TH-KT", K.OFFICIAL_DOCUMENT, id="five digits, two dashes"),
        pytest.param("123456/CP-TH", K.UNKNOWN, id="six digits"),
        pytest.param("/CP-TH", K.UNKNOWN, id="no digit"),
        pytest.param("12/C-TH", K.UNKNOWN, id="one letter"),
        pytest.param("12/CP", K.UNKNOWN, id="no dash"),
        pytest.param("000.1234.16.H05-260610-0001", K.UNKNOWN, id="four digits in a unit"),
        pytest.param("000.00.1.H05-260610-0001", K.UNKNOWN, id="one digit in a unit"),
        pytest.param("G18-260609-01", K.UNKNOWN, id="two digits in a number"),
        pytest.param("G18-260609-01234567", K.UNKNOWN, id="eight digits in a number"),
        pytest.param("G18.1.22.333.4444-260609-0001", K.QD20_MINISTRY, id="four levels and a date"),
        pytest.param("G18.1.2.3.4.5-260609-0001", K.UNKNOWN, id="five levels and a date"),
        pytest.param("G18.12345-260609-0001", K.UNKNOWN, id="five digits in a level and a date"),
        pytest.param("G18.-260609-0001", K.UNKNOWN, id="an empty level and a date"),
    ],
)
def test_edges(text: str, kind: CodeKind) -> None:
    assert kind_of(text, TODAY) is kind


@pytest.mark.parametrize(
    ("digits", "day"),
    [
        ("260610", date(2026, 6, 10)),
        ("20260610", date(2026, 6, 10)),
        ("19991231", date(1999, 12, 31)),
        ("260631", None),
        ("2026061", None),
        ("0020260610", None),
        ("2606", None),
        ("2606AB", None),
        ("00000101", None),
    ],
)
def test_days(digits: str, day: date | None) -> None:
    assert received_on(digits) == day


def test_what_was_read_once_is_read_anew_for_another_day() -> None:
    assert parse("H05.12-261126-0001", date(2026, 11, 24)) is None
    assert parse("H05.12-261126-0001", date(2026, 11, 25)) is not None
