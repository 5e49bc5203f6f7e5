"""Codes of petitions and the fields that they have."""

from datetime import UTC, datetime

import pytest

from bot.petitions.categories import category_of, shipped_categories
from bot.petitions.codes import damm, is_petition_code, petition_code

IN_2026 = datetime(2026, 6, 10, 2, tzinfo=UTC)


def test_the_check_digit_of_572() -> None:
    assert damm("572") == "4"


@pytest.mark.parametrize(("number", "code"), [(544, "PA26005442"), (530, "PA26005308")])
def test_code(number: int, code: str) -> None:
    assert petition_code(number, IN_2026) == code
    assert is_petition_code(code)


def test_the_year_is_that_of_vietnam() -> None:
    assert petition_code(1, datetime(2026, 12, 31, 17, tzinfo=UTC)).startswith("PA27")


@pytest.mark.parametrize("number", [0, -1, 100_000])
def test_a_number_that_no_code_can_have(number: int) -> None:
    with pytest.raises(ValueError, match="a year has petitions"):
        petition_code(number, IN_2026)


@pytest.mark.parametrize("code", ["PA26005443", "PA2600544", "PA260054420", "pa26005442", "PA٢٦٠٠٥٤٤٢", ""])
def test_what_no_petition_is_called(code: str) -> None:
    assert not is_petition_code(code)


def test_every_wrong_digit_and_every_swap_is_noticed() -> None:
    digits = petition_code(544, IN_2026)[2:]
    wrong = {digits[:at] + digit + digits[at + 1 :] for at in range(8) for digit in "0123456789"} - {digits}
    swapped = {digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :] for at in range(7)} - {digits}
    assert not any(is_petition_code(f"PA{typed}") for typed in wrong | swapped)


def test_days_and_labels() -> None:
    days = {code: category.days for code, category in shipped_categories().items()}
    assert days == {
        "MT": 5,
        "GT": 5,
        "DT": 7,
        "DN": 3,
        "AN": 3,
        "DD": 10,
        "HC": 5,
        "DVC": 3,
        "GD": 7,
        "YT": 5,
        "CS": 7,
        "VH": 7,
        "QD": 15,
        "NN": 7,
        "KH": 7,
    }
    assert {category.label for category in shipped_categories().values()} >= {"Môi trường", "Giao thông", "Khác"}
    assert max(len(category.label) for category in shipped_categories().values()) <= 28


def test_an_unknown_field_is_other() -> None:
    assert category_of({}, "XX").code == "KH"
