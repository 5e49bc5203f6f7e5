"""What the bar codes of receipts say: the dossier code goes on, everything else is dropped."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.photos.contents import MOST_CODES, codes_in

TODAY = date(2026, 7, 1)
A, B, OLD = "H05.12-260610-0001", "H05.22-260611-0042", "000.00.12.H05-260610-0001"
IDENTITY = "001099012345"
CARD = f"{IDENTITY}|123456789|Nguyễn Văn A|02031999|Nam|Số 5, Kinh Bắc, Bắc Ninh|10062021"


@pytest.mark.parametrize(
    ("content", "codes"),
    [
        pytest.param(A, (A,), id="plain"),
        pytest.param(OLD, (OLD,), id="plain, old style"),
        pytest.param(f"  {A}\r\n", (A,), id="blanks"),
        pytest.param(A.lower(), (A,), id="small letters"),
        pytest.param(f"Mã hồ sơ: {A}", (A,), id="with words"),
        pytest.param(
            f"https://dichvucong.example.vn/tra-cuu?MHS={OLD}&SGT={IDENTITY}", (OLD,), id="link, identity last"
        ),
        pytest.param(
            f"https://dichvucong.example.vn/tra-cuu?SGT={IDENTITY}&MHS={OLD}", (OLD,), id="link, identity first"
        ),
        pytest.param(f"https://a.vn/x?code={A}", (A,), id="code="),
        pytest.param(f"https://a.vn/x?mahoso={A}", (A,), id="mahoso="),
        pytest.param(f"https://a.vn/x?maHoSo={A}&identity-number={IDENTITY}", (A,), id="maHoSo="),
        pytest.param(f"https://a.vn/ho-so/{A}", (A,), id="path"),
        pytest.param(f"maHoSo={A};hoTen=Nguyen Van A;cccd={IDENTITY}", (A,), id="pairs"),
        pytest.param(f"maHoSo={A}\nSoDinhDanh={IDENTITY}", (A,), id="pairs on lines"),
        pytest.param(f"{A}|{IDENTITY}|Nguyễn Văn A", (A,), id="fields, code first"),
        pytest.param(f"{A}\n{IDENTITY}", (A,), id="an identity number below"),
        pytest.param(f"{A}\n{B}", (A, B), id="two codes"),
        pytest.param(f"{A}\n{A}", (A,), id="twice"),
        pytest.param(CARD, (), id="identity card"),
        pytest.param(
            f"{IDENTITY}||Nguyễn Văn A|02031999|Nam|Kinh Bắc|10062021", (), id="identity card without an old number"
        ),
        pytest.param(f"{CARD}|{A}", (), id="nothing of an identity card"),
        pytest.param(IDENTITY, (), id="identity number alone"),
        pytest.param("https://dichvucong.gov.vn", (), id="another link"),
        pytest.param("00020101021138570010A000000727012700069704030113001101234567802", (), id="a bank's QR code"),
        pytest.param("8934563138165", (), id="a product"),
        pytest.param("WIFI:S:motcua;T:WPA;P:12345678;;", (), id="wifi"),
        pytest.param("", (), id="nothing"),
        pytest.param("9" * 4000, (), id="very long"),
    ],
)
def test_codes_of_a_content(content: str, codes: tuple[str, ...]) -> None:
    assert codes_in(content, TODAY) == codes


@given(st.text(max_size=80), st.from_regex(r"0\d{11}", fullmatch=True), st.text(max_size=80))
def test_no_identity_number_comes_through(before: str, identity: str, after: str) -> None:
    found = codes_in(f"{before}{identity}{after}", TODAY)
    assert len(found) <= MOST_CODES
    assert not any(identity in code for code in found)


@given(st.from_regex(r"0\d{11}", fullmatch=True), st.sampled_from(["SGT", "SoDinhDanh", "identity-number", "cccd"]))
def test_the_code_beside_an_identity_number_is_found(identity: str, key: str) -> None:
    for content in (
        f"https://a.vn/tra-cuu?MHS={A}&{key}={identity}",
        f"https://a.vn/tra-cuu?{key}={identity}&MHS={A}",
        f"maHoSo={A};{key}={identity}",
    ):
        assert codes_in(content, TODAY) == (A,)
