"""Where codes stand in a text, what is left of it, and which codes are alike."""

import pytest

from dossier_client.mending import Malformed, TypedCode, find_codes, resembles
from tests.unit.typed import TODAY, A

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
    ],
)
def test_places_are_those_of_the_typed_text(text: str, place: str) -> None:
    found = find_codes(text, TODAY)
    findings: list[TypedCode | Malformed] = [*found.codes, *found.malformed]
    assert [text[finding.start : finding.end] for finding in findings] == [place]


@pytest.mark.parametrize(
    ("typed", "alike"),
    [
        (A, True),
        ("h05.12-260610-0002", True),
        ("H05.12-260610-0010", True),
        ("H05.12-260601-0001", True),
        ("H05.12-26061-0001", True),
        ("H05.12-260610-00011", True),
        ("12-260610-0001", True),
        ("260610-0001", True),
        ("0001", True),
        ("100001", True),
        ("H05.12", True),
        ("H05.12-260610-0022", False),
        ("H05.13-260610-0002", False),
        ("1000", False),
        ("001", False),
        ("", False),
    ],
)
def test_likeness_to_an_own_code(typed: str, *, alike: bool) -> None:
    assert resembles(typed, A) is alike
