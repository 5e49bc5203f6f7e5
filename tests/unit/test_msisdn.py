"""Vietnamese phone numbers in every writing."""

import pytest

from sms import msisdn

NUMBER = "84912345678"


@pytest.mark.parametrize(
    "raw",
    [
        "84912345678", "+84912345678", "0084912345678", "0912345678", "912345678",
        "+84 912 345 678", "0912.345.678", "0912-345-678", "(0912) 345678", " 0912345678\n", "0912\u00a0345\u00a0678",
        "tel:84912345678", "tel:+84912345678",
    ],
)  # fmt: skip
def test_every_writing_of_a_number_is_one_number(raw: str) -> None:
    assert msisdn.normalise(raw) == NUMBER


@pytest.mark.parametrize(
    "raw",
    [
        "", "8283", "848283", "191", "VIETTEL", "84", "0", "+", "tel:",
        "4915112345678", "+912345678", "14155552671", "00912345678",
        "8491234567", "849123456789", "091234567", "09123456789", "91234567", "9123456789",
        "212345678", "84012345678", "0012345678",
        "８４９１２３４５６７８", "٨٤٩١٢٣٤٥٦٧٨", "84912345678\0", "84912345678x", "x84912345678",
    ],
)  # fmt: skip
def test_what_is_no_vietnamese_number(raw: str) -> None:
    assert msisdn.normalise(raw) is None


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("162", "32"), ("163", "33"), ("164", "34"), ("165", "35"), ("166", "36"), ("167", "37"), ("168", "38"),
        ("169", "39"), ("120", "70"), ("121", "79"), ("122", "77"), ("126", "76"), ("128", "78"), ("123", "83"),
        ("124", "84"), ("125", "85"), ("127", "81"), ("129", "82"), ("186", "56"), ("188", "58"), ("199", "59"),
    ],
)  # fmt: skip
def test_numbers_of_eleven_digits_are_converted_as_in_2018(old: str, new: str) -> None:
    assert msisdn.normalise(f"0{old}1234567") == f"84{new}1234567"
    assert msisdn.normalise(f"84{old}1234567") == f"84{new}1234567"
    assert msisdn.normalise(f"+84 {old} 1234567") == f"84{new}1234567"


@pytest.mark.parametrize("old", ["161", "160", "119", "130", "187", "198", "222"])
def test_other_numbers_of_eleven_digits_are_none(old: str) -> None:
    assert msisdn.normalise(f"0{old}1234567") is None


def test_nine_digits_that_begin_like_the_country_are_a_national_number() -> None:
    assert msisdn.normalise("849123456") == "84849123456"


@pytest.mark.parametrize("first", "35789")
def test_mobile_ranges(first: str) -> None:
    assert msisdn.is_mobile(f"84{first}12345678")


@pytest.mark.parametrize(
    "number",
    ["84012345678", "84112345678", "84212345678", "84412345678", "84612345678", "8491234567", "849123456789", "0912345678", ""],
)  # fmt: skip
def test_no_mobile_number(number: str) -> None:
    assert not msisdn.is_mobile(number)


@pytest.mark.parametrize(
    ("source", "ton", "person"),
    [
        pytest.param("84912345678", 1, True, id="international"),
        pytest.param("0912345678", 2, True, id="national"),
        pytest.param("01662345678", 0, True, id="number of before 2018"),
        pytest.param("84912345678", 5, False, id="a name made of digits"),
        pytest.param("VIETTEL", 5, False, id="name"),
        pytest.param("191", 0, False, id="short code"),
        pytest.param("0412345678", 2, False, id="no mobile range"),
        pytest.param("4915112345678", 1, False, id="foreign"),
        pytest.param("", 0, False, id="nobody"),
    ],
)
def test_who_is_a_person(source: str, ton: int, *, person: bool) -> None:
    assert msisdn.is_person(source, ton) is person


@pytest.mark.parametrize(
    ("raw", "masked"),
    [
        ("84912345678", "8491*****678"),
        ("0912345678", "8491*****678"),
        ("VIETTEL", "*****"),
        ("4915112345678", "*****"),
        ("", "*****"),
    ],
)
def test_mask(raw: str, masked: str) -> None:
    assert msisdn.mask(raw) == masked
