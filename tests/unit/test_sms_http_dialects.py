"""Dialects as files, and what is printed into URLs, forms, JSON and XML."""

from pathlib import Path

import pytest
from jinja2 import TemplateError

from sms.http.dialect import DialectProblem, load, read, shipped
from sms.http.templates import AsIs, fill

NASTY = "a\"b<c>&d'e\\f\nđ%/\x01]]>"


def test_the_shipped_dialects_can_be_used() -> None:
    assert shipped() == ["cp-soap", "esms", "fibo", "onepay", "viettel-bulk"]
    for name in shipped():
        load(name)


def test_a_dialect_may_be_a_file_of_the_operator(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text('[outbound]\n[outbound.verdicts]\naccepted = ["0"]\n', encoding="utf-8")
    outbound = load(str(own)).outbound
    assert outbound is not None
    assert outbound.verdicts.accepted == ("0",)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        pytest.param("", r"give \[inbound\], \[outbound\] or both", id="nothing"),
        pytest.param("x =", "is no TOML", id="no TOML"),
        pytest.param(
            '[inbound]\nbody = "yaml"\n[inbound.fields]\nsender = ["a"]\ntext = ["b"]',
            "inbound.body",
            id="unknown word",
        ),
        pytest.param(
            '[outbound]\nurls = "x"\n[outbound.verdicts]\naccepted = ["0"]', "outbound.urls", id="unknown key"
        ),
        pytest.param(
            '[outbound]\nbody = "{{ text"\n[outbound.verdicts]\naccepted = ["0"]',
            "is no template",
            id="broken template",
        ),
        pytest.param(
            '[inbound.fields]\nsender = ["a"]\ntext = ["b"]', r"replies by call need \[outbound\]", id="no way to reply"
        ),
    ],
)
def test_what_is_wrong_with_a_dialect_is_told(text: str, says: str) -> None:
    with pytest.raises(DialectProblem, match=says):
        read(text)


@pytest.mark.parametrize(
    ("name", "says"), [("nobody", "is none of cp-soap, esms"), ("/nowhere/x.toml", "cannot be read")]
)
def test_a_dialect_that_is_not_there(name: str, says: str) -> None:
    with pytest.raises(DialectProblem, match=says):
        load(name)


@pytest.mark.parametrize(
    ("target", "printed"),
    [
        ("text", NASTY),
        ("url", "a%22b%3Cc%3E%26d%27e%5Cf%0A%C4%91%25%2F%01%5D%5D%3E"),
        ("json", r"a\"b<c>&d'e\\f\n\u0111%/\u0001]]>"),
        ("xml", "a&quot;b&lt;c&gt;&amp;d&apos;e\\f\nđ%/]]&gt;"),
        ("header", "a\"b<c>&d'e\\f đ%/\x01]]>"),
    ],
)
def test_every_value_is_escaped_for_its_format(target: str, printed: str) -> None:
    assert fill("{{ x }}", target, {"x": NASTY}) == printed


def test_what_is_written_already_stays() -> None:
    assert fill("{{ a }}?b={{ b }}", "url", {"a": AsIs("http://h/x?y=1"), "b": "1&2"}) == "http://h/x?y=1?b=1%262"


@pytest.mark.parametrize(
    ("source", "printed"),
    [
        ("{{ 'a' | md5 }}", "0cc175b9c0f1b6a831c399e269772661"),
        ("{{ 'a' | base64 }}", "YQ%3D%3D"),
        ("{{ 'a' | hmac('k') }}", "78da91511e675587f5b9df78bedebaf5560da2abb88162ee875dcdf744951d9e"),
        ("{{ 'Đ' | hex_ucs2 }}", "0110"),
    ],
)
def test_filters(source: str, printed: str) -> None:
    assert fill(source, "url", {}) == printed


@pytest.mark.parametrize("source", ["{{ missing }}", "{{ values.missing }}", "{{ ''.__class__.__mro__ }}"])
def test_a_template_sees_only_what_it_is_given(source: str) -> None:
    with pytest.raises(TemplateError):
        fill(source, "text", {"values": {}})
