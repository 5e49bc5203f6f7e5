"""Which own codes are offered for something that is no code, and what counts as a part of a code."""

import pytest

from dossier_client.likeness import Likeness, likeness, part_alone
from tests.unit.typed import A, N

NONE, NUMBER, PART, SLIP = Likeness.NONE, Likeness.NUMBER, Likeness.PART, Likeness.SLIP


@pytest.mark.parametrize(
    ("typed", "degree"),
    [
        pytest.param(A, SLIP, id="itself"),
        pytest.param("h05.12-260610-0002", SLIP, id="another digit"),
        pytest.param("H05.12-260610-0010", SLIP, id="two exchanged"),
        pytest.param("H05.12-260601-0001", SLIP, id="two exchanged in the date"),
        pytest.param("H05.12-26061-0001", SLIP, id="a digit missing"),
        pytest.param("H05.12-260610-00011", SLIP, id="a digit too many"),
        pytest.param("H05.12-26061X-0001", SLIP, id="a letter"),
        pytest.param("05.12-260610-0001", SLIP, id="without the letter"),
        pytest.param("H05.12-100626-0001", SLIP, id="day first"),
        pytest.param("H05.12-10/6/2026-0002", SLIP, id="another digit beside a written date"),
        pytest.param("H05 cham 12 gach 26061 gach 0001", SLIP, id="spoken"),
        pytest.param("H05.12-26 0610-0 002", SLIP, id="blanks"),
        pytest.param("12-260610-0001", PART, id="without the head"),
        pytest.param("260610-0001", PART, id="date and number"),
        pytest.param("10/06/2026 - 0001", PART, id="written date and number"),
        pytest.param("10/6/2026 1", PART, id="without zeros"),
        pytest.param("100001", PART, id="the end of it"),
        pytest.param("H05.12", PART, id="the agency"),
        pytest.param("H05.12 0001", PART, id="agency and number"),
        pytest.param("12-260610", PART, id="the middle"),
        pytest.param("H05.12-260610-1", SLIP, id="number without zeros"),
        pytest.param("0001", NUMBER, id="the number"),
        pytest.param("ho so so 0001 cua toi", NUMBER, id="the number in a sentence"),
        pytest.param("05.12-260610", NONE, id="a part of a part"),
        pytest.param("12-26061", NONE, id="a part of the date"),
        pytest.param("H05.12-260610-0022", NONE, id="two other digits"),
        pytest.param("H05.13-260610-0002", NONE, id="two digits apart"),
        pytest.param("1000", NONE, id="the number wrong"),
        pytest.param("001", NONE, id="three digits of four"),
        pytest.param("0912345678", NONE, id="a phone"),
        pytest.param("", NONE, id="nothing"),
    ],
)
def test_likeness_to_an_own_code(typed: str, degree: Likeness) -> None:
    assert likeness(typed, A) is degree


@pytest.mark.parametrize("typed", ["15.H05-190626-0003", "00.15.H05-190626-0003", "0.0.15.H05-190626-3", "190626-0003"])
def test_likeness_to_an_own_code_of_the_old_style(typed: str) -> None:
    assert likeness(typed, N) >= PART


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("0001", "0001"),
        ("số 0001 ạ", "0001"),
        ("hs so 0001?", "0001"),
        ("260610 0001", "260610 0001"),
        ("ngày 10/6/2026 số 0001", "10/6/2026 SỐ 0001"),
        ("12", None),
        ("0912345678", None),
        ("0001 xong chua", None),
        ("10/06/2026", None),
        ("1" * 100, None),
        ("", None),
    ],
)
def test_a_part_alone(text: str, part: str | None) -> None:
    assert part_alone(text) == part
