"""What providers send, from recorded shapes and from hostile ones."""

import base64
import hashlib
import json
from dataclasses import replace
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest

from sms.http import credentials, dialect
from sms.http.arrival import Arrival, read
from sms.http.dialect import BasicCredentials, FieldCredentials, Inbound, SignedFields
from sms.http.fields import MOST_FIELDS, Fields, Unreadable, of_json, of_query, of_soap
from sms.http.settings import HttpAccount

RECORDED = sorted((Path(__file__).parent.parent / "fixtures" / "sms_http").glob("*.json"))
ENVELOPE = "<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/'><s:Body>{}</s:Body></s:Envelope>"
ACCOUNT = HttpAccount(name="p", dialect=dialect.load("cp-soap"), user="gw", password="pw", secret="sk")
PLAIN = {"fields": {"sender": ["phone"], "text": ["message"], "keyword": ["main"]}}


def rules(**values: Any) -> Inbound:
    return Inbound.model_validate(PLAIN | values)


def fields_of(request: dict[str, Any], inbound: Inbound) -> Fields:
    if inbound.body == "soap":
        return of_soap(request["body"].encode())
    return of_query((request.get("query") or request.get("body", "")).encode())


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: path.stem)
def test_a_recorded_request_becomes_this_text(path: Path) -> None:
    shape = json.loads(path.read_text(encoding="utf-8"))
    inbound = dialect.load(shape["account"]["dialect"]).inbound
    assert inbound is not None
    account = HttpAccount(
        name="p",
        dialect=dialect.load(shape["account"]["dialect"]),
        **{key: shape["account"].get(key, "") for key in ("user", "password", "secret")},
    )
    given = fields_of(shape["request"], inbound)
    assert credentials.header_is_right(account, inbound.auth, shape["request"]["headers"].get("Authorization", ""))
    assert credentials.fields_are_right(account, inbound.auth, given)
    assert read(given, inbound) == Arrival(**shape["becomes"])


@pytest.mark.parametrize(
    ("query", "text"),
    [
        pytest.param(b"phone=84912345678&message=TC%20H05", "TC H05", id="plain"),
        pytest.param(b"PHONE=84912345678&Message=TC", "TC", id="names in any case"),
        pytest.param(b"phone=84912345678&message=50%&x=", "50%", id="broken percent sign"),
        pytest.param(b"phone=84912345678&message=%E1o", "\ufffdo", id="percent-encoded Latin-1"),
        pytest.param(b"phone=84912345678&message=\xe1o", "\ufffdo", id="raw Latin-1"),
        pytest.param("phone=84912345678&message=đèn hỏng".encode(), "đèn hỏng", id="raw UTF-8"),
        pytest.param(b"phone=84912345678&message=", "", id="empty text"),
        pytest.param(b"phone=84912345678&message=a%00b%0Ac", "ab\nc", id="control characters"),
    ],
)
def test_a_query_is_decoded_with_replacement(query: bytes, text: str) -> None:
    assert read(of_query(query), rules()).text == text


@pytest.mark.parametrize("number", ["0912345678", "84912345678", "+84912345678", "0084912345678", "tel:84912345678"])
def test_every_way_to_write_a_number_is_one(number: str) -> None:
    assert read(Fields([("phone", number), ("message", "TC")]), rules()).sender == "84912345678"


@pytest.mark.parametrize(
    "octets",
    [
        pytest.param(b"message=TC", id="no sender"),
        pytest.param(b"phone=&message=TC", id="empty sender"),
        pytest.param(b"phone=84912345678", id="no text"),
        pytest.param(b"phone=84912345678&phone=84912345679&message=TC", id="the same field twice"),
        pytest.param(b"phone=84912345678&Phone=84912345678&message=TC", id="twice in another case"),
        pytest.param(b"&".join(b"a%d=1" % number for number in range(5000)), id="5,000 fields"),
    ],
)
def test_a_query_that_could_mean_anything_is_refused(octets: bytes) -> None:
    with pytest.raises(Unreadable):
        read(of_query(octets), rules())


@pytest.mark.parametrize(
    "octets",
    [
        pytest.param(b"{", id="broken"),
        pytest.param(b"[]", id="a list"),
        pytest.param(b'"a"', id="a text"),
        pytest.param(b'{"a":1,"a":2}', id="twice"),
        pytest.param(b"[" * 100_000, id="deep"),
        pytest.param(b"\xff\xfe", id="no UTF-8"),
        pytest.param(json.dumps({f"a{n}": n for n in range(MOST_FIELDS + 1)}).encode(), id="too many"),
    ],
)
def test_json_that_is_no_flat_object_is_refused(octets: bytes) -> None:
    with pytest.raises(Unreadable):
        of_json(octets)


def test_json_values_are_taken_as_they_were_written() -> None:
    fields = of_json(b'{"msisdn": 84912345678, "price": 2000.50, "ok": true, "none": null, "more": {"x": 1}}')
    assert [fields.get(name) for name in ("msisdn", "price", "ok", "none", "more")] == [
        "84912345678",
        "2000.50",
        "true",
        "",
        None,
    ]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("<!DOCTYPE x [<!ENTITY a 'b'>]>" + ENVELOPE.format("<m>&a;</m>"), id="entity"),
        pytest.param(
            '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
            + ENVELOPE.format("<m>&b;</m>"),
            id="entity bomb",
        ),
        pytest.param(
            "<!DOCTYPE x SYSTEM 'file:///etc/passwd'>" + ENVELOPE.format("<m>x</m>"), id="document type elsewhere"
        ),
        pytest.param("<html></html>", id="no envelope"),
        pytest.param("not xml", id="no XML"),
        pytest.param("", id="nothing"),
        pytest.param('<?xml version="1.0" encoding="no-such"?>' + ENVELOPE.format(""), id="unknown encoding"),
        pytest.param(ENVELOPE.format("<o><a>1</a><x:A xmlns:x='y'>2</x:A></o>"), id="the same element twice"),
    ],
)
def test_xml_with_a_document_type_or_two_meanings_is_refused(body: str) -> None:
    with pytest.raises(Unreadable):
        of_soap(body.encode())


@pytest.mark.parametrize(
    ("coding", "text", "becomes"),
    [
        pytest.param("plain", "SFMgSDA1", "SFMgSDA1", id="plain"),
        pytest.param("base64", base64.b64encode("đèn".encode()).decode(), "đèn", id="base64"),
        pytest.param("base64_auto", "SFMgSDA1", "HS H05", id="auto finds base64 by the keyword"),
        pytest.param("base64_auto", "SFMxMg==", "HS12", id="auto finds a short one"),
        pytest.param("base64_auto", "TC12", "TC12", id="auto leaves a short text"),
        pytest.param("base64_auto", "HS H05.12-260610-0001", "HS H05.12-260610-0001", id="auto leaves a text"),
        pytest.param("hex_ucs2", "0110", "Đ", id="hexadecimal UCS-2"),
        pytest.param("data_coding", "00485320483035", "HS H05", id="data coding 0"),
        pytest.param("data_coding", "080110", "Đ", id="data coding 8"),
    ],
)
def test_a_text_is_decoded(coding: str, text: str, becomes: str) -> None:
    given = Fields([("phone", "84912345678"), ("message", text), ("main", "HS")])
    assert read(given, rules(coding=coding)).text == becomes


@pytest.mark.parametrize(
    ("text", "becomes"),
    [
        ("SFMgSDA1LjEyLTI2MDYxMC0wMDAx", "HS H05.12-260610-0001"),
        ("TC12", "TC12"),
        ("HS H05.12-260610-0001", "HS H05.12-260610-0001"),
    ],
)
def test_base64_is_found_without_a_keyword(text: str, becomes: str) -> None:
    given = Fields([("phone", "84912345678"), ("message", text)])
    assert read(given, rules(coding="base64_auto")).text == becomes


@pytest.mark.parametrize(
    ("coding", "text"), [("base64", "%%%"), ("hex_ucs2", "zz"), ("data_coding", "0x"), ("data_coding", "0401")]
)
def test_a_text_that_is_none_is_refused(coding: str, text: str) -> None:
    with pytest.raises(Unreadable):
        read(Fields([("phone", "84912345678"), ("message", text)]), rules(coding=coding))


def test_a_keyword_that_was_cut_off_is_put_back() -> None:
    given = Fields([("phone", "84912345678"), ("message", "H05.12-260610-0001"), ("main", "HS")])
    assert read(given, rules(has_keyword=False)).text == "HS H05.12-260610-0001"


@pytest.mark.parametrize(
    ("remote", "forwarded", "proxies", "known"),
    [
        pytest.param("10.0.0.1", "", 0, "10.0.0.1", id="no proxy"),
        pytest.param("10.0.0.1", "203.0.113.7", 0, "10.0.0.1", id="a header that nobody may set"),
        pytest.param("10.0.0.1", "203.0.113.7", 1, "203.0.113.7", id="one proxy"),
        pytest.param("10.0.0.1", "1.2.3.4, 203.0.113.7", 1, "203.0.113.7", id="a caller that adds an address"),
        pytest.param("10.0.0.1", "203.0.113.7, 10.0.0.2", 2, "203.0.113.7", id="two proxies"),
        pytest.param("10.0.0.1", "", 1, None, id="not through the proxy"),
    ],
)
def test_the_caller_is_who_the_outermost_trusted_proxy_saw(
    remote: str, forwarded: str, proxies: int, known: str | None
) -> None:
    assert credentials.caller(remote, forwarded, proxies) == known


@pytest.mark.parametrize(
    ("address", "allowed"),
    [("203.0.113.7", True), ("203.0.114.7", False), ("::ffff:203.0.113.7", True), ("x", False), (None, False)],
)
def test_addresses_outside_the_list_are_refused(address: str | None, *, allowed: bool) -> None:
    assert credentials.is_allowed(address, [ip_network("203.0.113.0/24")]) is allowed


@pytest.mark.parametrize(
    ("header", "right"),
    [
        pytest.param("Basic " + base64.b64encode(b"gw:pw").decode(), True, id="right"),
        pytest.param("basic " + base64.b64encode(b"gw:pw").decode(), True, id="lower case"),
        pytest.param("Basic " + base64.b64encode(b"gw:px").decode(), False, id="wrong"),
        pytest.param("Bearer " + base64.b64encode(b"gw:pw").decode(), False, id="another kind"),
        pytest.param("Basic %%%", False, id="no Base64"),
        pytest.param("", False, id="missing"),
    ],
)
def test_basic(header: str, *, right: bool) -> None:
    assert credentials.header_is_right(ACCOUNT, BasicCredentials(kind="basic"), header) is right


@pytest.mark.parametrize(
    ("hashed", "user", "password", "right"),
    [
        pytest.param("", "gw", "pw", True, id="plain"),
        pytest.param("", "gw", "px", False, id="wrong password"),
        pytest.param("", "gx", "pw", False, id="wrong user"),
        pytest.param("", "gw", None, False, id="missing"),
        pytest.param("md5", "gw", "93AE5D5FA3D76F9DA1C94F0E1E4EAA4E", False, id="another hash"),
    ],
)
def test_user_and_password_among_the_fields(hashed: Any, user: str, password: str | None, *, right: bool) -> None:
    rule = FieldCredentials(kind="fields", user=("username",), password=("password",), hashed=hashed)
    given = Fields([("username", user), *([("password", password)] if password else [])])
    assert credentials.fields_are_right(ACCOUNT, rule, given) is right


@pytest.mark.parametrize("upper", [False, True], ids=["lower case", "upper case"])
def test_a_hashed_password_among_the_fields(*, upper: bool) -> None:
    rule = FieldCredentials(kind="fields", user=("username",), password=("password",), hashed="md5")
    hashed = hashlib.md5(b"gwsk").hexdigest()
    given = Fields([("username", "gw"), ("password", hashed.upper() if upper else hashed)])
    assert credentials.fields_are_right(ACCOUNT, rule, given)


SIGNED = SignedFields(kind="hmac", fields=("b", "a"), key_field="key")


@pytest.mark.parametrize(
    ("change", "right"),
    [
        pytest.param({}, True, id="right"),
        pytest.param({"a": "3"}, False, id="a changed value"),
        pytest.param({"key": "other"}, False, id="another account"),
        pytest.param({"signature": ""}, False, id="no signature"),
        pytest.param({"signature": "é"}, False, id="no ASCII"),
        pytest.param({"extra": "1"}, True, id="a field outside the signature"),
    ],
)
def test_signed_fields(change: dict[str, str], *, right: bool) -> None:
    values = {"a": "1", "b": "đ", "key": "gw"}
    made = credentials.signature("sk", SIGNED, Fields(values.items()))
    given = Fields((values | {"signature": made} | change).items())
    assert credentials.fields_are_right(ACCOUNT, SIGNED, given) is right


def test_the_order_of_the_signed_fields_matters() -> None:
    given = Fields([("a", "1"), ("b", "2")])
    other = SIGNED.model_copy(update={"fields": ("a", "b")})
    assert credentials.signature("sk", SIGNED, given) != credentials.signature("sk", other, given)
    assert credentials.signature("sk", SIGNED, given) != credentials.signature("sl", SIGNED, given)


def test_secrets_are_not_shown() -> None:
    shown = repr(replace(ACCOUNT, path_secret="hidden-path"))
    assert "pw" not in shown
    assert "hidden-path" not in shown
