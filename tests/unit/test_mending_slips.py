"""Every letter, sign and word that people put where none belongs, one at a time."""

import itertools

import pytest

from dossier_client.codes import classify
from dossier_client.mending import find_codes
from tests.unit.typed import TODAY, A, codes_of

LETTERS = {"O": "0", "Q": "0", "D": "0", "I": "1", "L": "1", "|": "1", "Z": "2", "S": "5", "B": "8"}
ALL_DIGITS = "H05.28-251018-0125"
WORDS = (
    *("TRACUU", "TRA CUU", "TRA CỨU", "MAHOSO", "MA HO SO", "MÃ HỒ SƠ", "HOSO", "HO SO", "HỒ SƠ", "MAHS", "MA HS"),
    *("MÃ HS", "MHS", "CODE", "MÃ SỐ", "MA SO", "HUY", "TC", "HS", "TD", "DK", "KQ", "TT", "NK", "GT", "DG", "MÃ"),
    *("MA", "SỐ", "SO", "TC HS", "TC MÃ HS"),
)
DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\u02d7\u00af\u2500\u2501\u2796\u30fc_"
DOTS = ",\u00b7\u2022\u2027\u2219\u22c5\u066b\u3001\u3002\u201a"
BLANKS = "\t\n\r\v\f\u0085\u2028\u2029\u00a0\u3000"
INVISIBLE = (0x00AD, 0x0300, 0x036F, 0x180E, 0x200B, 0x200F, 0x2060, 0x206F, 0xFE00, 0xFE0F, 0xFEFF)
BESIDE_INVISIBLE = (0x00AC, 0x00AE, 0x02FF, 0x0370, 0x180D, 0x180F, 0x2010, 0x2070, 0xFDFF, 0xFE10, 0xFEFE, 0xFF00)
TURNING = (0x202A, 0x202E, 0x2066, 0x2069)
NOT_TURNING = (0x2029, 0x202F, 0x2065, 0x206A)


@pytest.mark.parametrize(("letter", "digit"), LETTERS.items())
def test_a_letter_that_looks_like_a_digit(letter: str, digit: str) -> None:
    for place, character in enumerate(ALL_DIGITS):
        if character == digit:
            slip = ALL_DIGITS[:place] + letter + ALL_DIGITS[place + 1 :]
            for text in (slip, slip.lower(), slip.replace("-", " ").replace(".", " "), f"({slip})"):
                assert codes_of(text) == [ALL_DIGITS], text
            assert classify(slip, TODAY).normalised == ALL_DIGITS


@pytest.mark.parametrize("letter", sorted(set("ABCDEFGHIJKLMNOPQRSTUVWXYZ") - set(LETTERS)))
def test_any_other_letter_is_never_a_digit(letter: str) -> None:
    for place in (7, 9, 16):
        assert codes_of(ALL_DIGITS[:place] + letter + ALL_DIGITS[place + 1 :]) == []


@pytest.mark.parametrize("word", WORDS)
def test_a_command_before_the_code(word: str) -> None:
    for between in ("", " ", ": ", ":", ". ", "=", " # ", " - "):
        for code in (A, "000.00.15.H05-190626-0003", "G18.4-260609-180123", "HO5.12-26O610-0001"):
            text = f"{word}{between}{code}"
            expected = A if code.startswith("HO5") else code
            if not (word.endswith(("HS", "MHS")) and code.startswith("HO5") and not between):
                assert codes_of(text) == [expected], text
            assert classify(text, TODAY).normalised == expected, text


@pytest.mark.parametrize(
    "signs", [".", ",", ";", ":", "!", "?", '"', "'", "()", "<>", "[]", "{}", "“”", "‘’", "«»", "#", "*", "/", "-"]
)
def test_signs_around_a_code(signs: str) -> None:
    text = f"{signs[0]}{A}{signs[-1]}"
    assert codes_of(text) == [A]
    assert classify(f" {text} ", TODAY).normalised == A


@pytest.mark.parametrize("sign", [*DASHES, "/", "\\", ".", "--", " - ", "- ", " -"])
def test_a_sign_for_a_dash(sign: str) -> None:
    assert codes_of(A.replace("-", sign)) == [A]


@pytest.mark.parametrize("sign", [*DOTS, "..", "-", "_", "/", " .", ". "])
def test_a_sign_for_a_dot(sign: str) -> None:
    assert codes_of(A.replace(".", sign)) == [A]


@pytest.mark.parametrize("blank", BLANKS)
def test_a_blank_of_any_kind(blank: str) -> None:
    assert codes_of(f"HS{blank}{A}{blank}xin") == [A]
    assert codes_of(A.replace("-", blank)) == [A]


@pytest.mark.parametrize("number", INVISIBLE)
def test_what_nobody_sees_is_dropped(number: int) -> None:
    assert codes_of(f"H05.12-26{chr(number)}0610-0001") == [A]


@pytest.mark.parametrize("number", BESIDE_INVISIBLE)
def test_what_is_seen_is_not_dropped(number: int) -> None:
    assert codes_of(f"H05.12-26{chr(number)}0610-0001") == []


@pytest.mark.parametrize("number", TURNING)
def test_signs_that_turn_the_text(number: int) -> None:
    assert [item.problem for item in find_codes(f"{chr(number)}{A}", TODAY).malformed] == ["bidi"]


@pytest.mark.parametrize("number", NOT_TURNING)
def test_signs_beside_them_do_not(number: int) -> None:
    assert codes_of(f"{chr(number)} {A}") == [A]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param("h05 1 22 333 4444 260610 0001", "H05.1.22.333.4444-260610-0001", id="seven pieces"),
        pytest.param("g18 1 22 333 4444 20260609 0092637", "G18.1.22.333.4444-20260609-0092637", id="the longest"),
        pytest.param("000 302 136 G04 220405 000008", "000.302.136.G04-220405-000008", id="national, of a ministry"),
        pytest.param("000 30 13 K01 220405 008", "000.30.13.K01-220405-008", id="national, shortest"),
        pytest.param("H05 260610 001", "H05-260610-001", id="the shortest over blanks"),
        pytest.param("H05260610 0001", "H05-260610-0001", id="a blank too many"),
        pytest.param("H05 2606100001", "H05-260610-0001", id="glued but for the head"),
        pytest.param("H05 260610001", None, id="an unusual number is not guessed"),
        pytest.param("H05-260610-0001234", "H05-260610-0001234", id="an unusual number with its dash"),
        pytest.param("H05260610-0001234", None, id="the same with its dash"),
        pytest.param("0000015G042204050008", "000.00.15.G04-220405-0008", id="national, glued, of a ministry"),
        pytest.param("0000015K012204050008", "000.00.15.K01-220405-0008", id="national, glued, of another"),
        pytest.param("00 000 15H051906260003", "000.00.15.H05-190626-0003", id="a blank beside a seam"),
        pytest.param("H05.123-2606100001", "H05.123-260610-0001", id="three digits in a level"),
        pytest.param("H05.1234-2606100001", "H05.1234-260610-0001", id="four digits in a level with a dot"),
        pytest.param("H0512342606100001", None, id="four digits in a glued level"),
        pytest.param("H05.12.34.56.78-2606100001", "H05.12.34.56.78-260610-0001", id="four levels"),
        pytest.param("H0.512-260610-0001", None, id="a dot within the head"),
        pytest.param("H0512-260610-0001234", "H05.12-260610-0001234", id="an unusual number, all dashes"),
        pytest.param("H05-260610-001", "H05-260610-001", id="the shortest"),
        pytest.param("h05 12 260610 001", "H05.12-260610-001", id="three digits at the end are no start"),
        pytest.param(
            "G18.1234.1234.1234.1234-20260609-1234567",
            "G18.1234.1234.1234.1234-20260609-1234567",
            id="the longest of all",
        ),
        pytest.param(
            "GI8.1234.1234.1234.1234-20260609-1234567",
            "G18.1234.1234.1234.1234-20260609-1234567",
            id="the longest, mended",
        ),
    ],
)
def test_separators_that_are_missing(text: str, code: str | None) -> None:
    assert codes_of(text) == ([code] if code else [])


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("00 H05-260610-0001", []),
        ("000.00.15 H05-260610-0001", ["000.00.15.H05-260610-0001"]),
        ("000.1.15 H05-260610-0001", []),
        ("0000 H05-260610-0001", ["H05-260610-0001"]),
        ("OO H05-260610-0001", []),
        ("5 H05-260610-0001", ["H05-260610-0001"]),
        ("12 H05.12-260610-0001", [A]),
        ("12-34 H05-260610-0001", []),
        ("12/34 H05-260610-0001", []),
        ("12_34 H05-260610-0001", []),
        (f"{A} 77", [A]),
        ("12 000.00.15.H05-190626-0003", ["000.00.15.H05-190626-0003"]),
        ("h05 12 260610 0001 000 00 15 H05 190626 0003", [A, "000.00.15.H05-190626-0003"]),
        ("h05 12 260610 0001 0002", [A]),
        ("h05 12 260610 0001 02", []),
        ("h05 12 260610 0001 0912345678", [A]),
        ("h05 12 260610 0001 h05 13 260610 0002", [A, "H05.13-260610-0002"]),
    ],
)
def test_digits_before_and_after(text: str, codes: list[str]) -> None:
    assert codes_of(text) == codes


@pytest.mark.parametrize(
    ("first", "second"), list(itertools.permutations((A, "000.302.136.H05-190626-000003", "G18-260609-180123"), 2))
)
@pytest.mark.parametrize("between", ["-", ".", "_", "/", ",", ", "])
def test_two_codes_written_without_a_blank(first: str, second: str, between: str) -> None:
    assert codes_of(f"{first}{between}{second}") == [first, second]
