"""Where codes stand in a text, and what is left of it."""

import pytest

from dossier_client.mending import Malformed, TypedCode, find_codes
from tests.unit.typed import TODAY, A, B

SECRET = "038090000001"


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("TC H05.12-260610-0001 nhanh", "TC nhanh"),
        ("HS H05.12-260610-0001 1234", "HS 1234"),
        ("TCH05.12-260610-0001", "TC"),
        ("TC H05.12-26061-0001", "TC"),
        (f"{A} {A}", ""),
        ("xin chao 1", "xin chao 1"),
        ("cảm ơn", "cảm ơn"),
        ("x=1&y=2 so 5", "x=1&y=2 so 5"),
        ("a%3Db 5", "a%3Db 5"),
        (f"xem https://x.vn/tc?MHS={A} voi", "xem voi"),
        (f"xem SGT={SECRET} voi", "xem voi"),
    ],
)
def test_rest_is_the_text_without_runs(text: str, rest: str) -> None:
    assert find_codes(text, TODAY).rest == rest


@pytest.mark.parametrize(
    "text",
    [
        f"https://x.vn/tc?MHS={A}&SGT={SECRET}",
        f"https://x.vn/tc?SGT={SECRET}&MHS={A}",
        f"https://x.vn/tc?SGT={SECRET}&y=2",
        f"https://x.vn/tc?identity-number={SECRET}",
        f"https%3A%2F%2Fx.vn%2Ftc%3FMHS%3D{A}%26SGT%3D{SECRET}",
        f"https://x.vn/go?url=https%253A%252F%252Fx.vn%253FMHS%253D{A}%2526SGT%253D{SECRET}",
        f"MHS={A};SoDinhDanh={SECRET}",
        f"SGT={SECRET}",
        f"xem https://x.vn/tc?MHS=000.00&CCCD={SECRET} voi 1",
    ],
)
def test_identity_numbers_in_links_are_never_returned(text: str) -> None:
    assert SECRET not in repr(find_codes(text, TODAY))


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (f"tc {A}.", A),
        ("mã “h05 12 260610 0001”", "h05 12 260610 0001"),
        ("ﬁ ½ H05.12-26\u200b0610-0001 ß", "H05.12-26\u200b0610-0001"),
        ("ß Ｈ０５.12-260610-0001", "Ｈ０５.12-260610-0001"),
        ("TC12-260610-0001!", "12-260610-0001"),
        (f"xem https://x.vn/tc?MHS={A} nhe", f"https://x.vn/tc?MHS={A}"),
        (f"xem https://x.vn/tc/{A.lower()} nhe", f"https://x.vn/tc/{A.lower()}"),
        (f"MHS={A}", A),
        (f"\u202etc {A} nhe", A),
        ("tc H05.12-261310-0001 nhe", "H05.12-261310-0001"),
    ],
)
def test_places_are_those_of_the_typed_text(text: str, place: str) -> None:
    found = find_codes(text, TODAY)
    findings: list[TypedCode | Malformed] = [*found.codes, *found.malformed]
    assert [text[finding.start : finding.end] for finding in findings] == [place]


@pytest.mark.parametrize(
    "key",
    [
        "SGT",
        "SoDinhDanh",
        "So-Dinh-Danh",
        "identity-number",
        "identity",
        "CCCD",
        "CMND",
        "so_cccd",
        "soCMND",
        "SoGiayTo",
    ],
)
def test_every_name_of_an_identity_number(key: str) -> None:
    for text in (f"{key}={SECRET}", f"xem {key}={SECRET} 5", f"x.vn?{key}={SECRET}", f"{key}%3D{SECRET}"):
        assert SECRET not in repr(find_codes(text, TODAY)), text


@pytest.mark.parametrize(
    ("link", "code"),
    [
        *((f"x.vn/tc?{key}=H05.12-26O610-0001", A) for key in ("MHS", "maHoSo", "ma-ho-so", "code", "dossierNo")),
        ("https://x.vn/#MHS=H05.12-26O610-0001", A),
        ("https://x.vn/tc;MHS=H05.12-26O610-0001", A),
        ("https://x.vn/tc?MHS=&code=H05.12-26O610-0001", A),
        ("https://x.vn/tc?MHS=TC%20H05.12-26O610-0001.", A),
        ("https://x.vn/tc?MHS=000.00.15.A05-190626-0003", "000.00.15.A05-190626-0003"),
        ("https://x.vn/tc?ref=H05.12-26O610-0001", None),
        ("https://x.vn/tc?MHS=x=H05.12-26O610-0001", None),
    ],
)
def test_the_code_in_a_link(link: str, code: str | None) -> None:
    assert [typed.code.text for typed in find_codes(link, TODAY).codes] == ([code] if code else [])


def test_two_places_when_one_is_a_link() -> None:
    text = f"https://x.vn/tc?MHS={A} va {B}"
    assert [text[typed.start : typed.end] for typed in find_codes(text, TODAY).codes] == [f"https://x.vn/tc?MHS={A}", B]
