"""Texts as the calls of each dialect, and what the providers' answers mean."""

import base64
import json
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from defusedxml.ElementTree import fromstring

from sms.http.answers import Meaning, judge
from sms.http.calls import Call, Text, calls, parts_of, written
from sms.http.dialect import Outbound, load
from sms.http.settings import HttpAccount

TEXT = Text(
    id="42",
    to="84912345678",
    short_code="8283",
    text='Ho so "H05" & <dang> xu ly',
    message_type="1",
    request_id="9876",
    keyword="HS",
    operator="VIETTEL",
)
LONG = "mot hai ba bon nam sau bay tam " * 20


def account(dialect: str, **values: Any) -> HttpAccount:
    return HttpAccount(
        name="p",
        dialect=load(dialect),
        user="us&r",
        password="p w",
        secret="s<k",
        send_url="http://provider.test/send",
        **values,
    )


def outbound(dialect: str, **values: Any) -> Outbound:
    rules = load(dialect).outbound
    assert rules is not None
    return rules.model_copy(update=values)


def calls_of(dialect: str, text: Text = TEXT, *, rules: dict[str, Any] | None = None, **values: Any) -> list[Call]:
    return list(calls(account(dialect, **values), outbound(dialect, **(rules or {})), text))


def test_cp_soap_asks_for_mt_receiver() -> None:
    (call,) = calls_of("cp-soap")
    assert (call.method, call.url) == ("POST", "http://provider.test/send")
    assert call.headers == {
        "Content-Type": "text/xml; charset=utf-8",
        "SOAPAction": "mtReceive",
        "Authorization": "Basic " + base64.b64encode(b"us&r:p w").decode(),
    }
    said = {item.tag: item.text for item in fromstring(call.body).iter() if len(item) == 0}
    assert said == {
        "User_ID": "84912345678",
        "Message": TEXT.text,
        "Service_ID": "8283",
        "Command_Code": "HS",
        "Message_Type": "1",
        "Request_ID": "9876",
        "Total_Message": "1",
        "Message_Index": "1",
        "IsMore": "0",
        "Content_Type": "0",
        "Operator": "VIETTEL",
    }


def test_fibo_is_asked_by_a_query() -> None:
    (call,) = calls_of("fibo", values={"service_type": "4929"})
    assert (call.method, call.body) == ("GET", b"")
    assert dict(parse_qsl(urlsplit(call.url).query)) == {
        "clientNo": "us&r",
        "clientPass": "p w",
        "phoneNumber": "84912345678",
        "smsMessage": TEXT.text,
        "smsGUID": "42",
        "serviceType": "4929",
    }


def test_esms_is_asked_by_json() -> None:
    (call,) = calls_of("esms", values={"brandname": 'TTHCC "BN"'})
    assert json.loads(call.body) == {
        "ApiKey": "us&r",
        "SecretKey": "s<k",
        "Phone": "84912345678",
        "Content": TEXT.text,
        "Brandname": 'TTHCC "BN"',
        "SmsType": "2",
        "IsUnicode": "0",
        "Sandbox": "0",
        "RequestId": "42",
    }


def test_viettel_is_asked_by_soap() -> None:
    (call,) = calls_of("viettel-bulk", values={"cp_code": "BN", "service": "TTHCC"})
    said = {item.tag: item.text for item in fromstring(call.body).iter() if len(item) == 0}
    assert said == {
        "User": "us&r",
        "Password": "p w",
        "CPCode": "BN",
        "RequestID": "9876",
        "UserID": "84912345678",
        "ReceiverID": "84912345678",
        "ServiceID": "TTHCC",
        "CommandCode": "bulksms",
        "Content": TEXT.text,
        "ContentType": "0",
    }


def test_calls_do_not_show_their_secrets_by_chance() -> None:
    assert "p w" not in repr(account("fibo"))


def test_a_long_text_goes_whole_or_in_parts() -> None:
    long = Text(id="1", to="84912345678", short_code="8283", text=LONG[:400].strip(), message_type="0")
    (whole,) = calls_of("cp-soap", long)
    assert b"<Total_Message>3</Total_Message>" in whole.body
    parts = calls_of("cp-soap", long, rules={"parts": "each"})
    said = [{item.tag: item.text or "" for item in fromstring(call.body).iter() if len(item) == 0} for call in parts]
    assert [(part["Message_Index"], part["IsMore"], part["Total_Message"]) for part in said] == [
        ("1", "1", "3"),
        ("2", "1", "3"),
        ("3", "0", "3"),
    ]
    assert max(len(part["Message"]) for part in said) <= 153


def test_a_text_that_is_too_long_is_cut_at_a_word() -> None:
    rules = outbound("cp-soap", max_parts=2)
    cut = written(LONG, rules)
    assert parts_of(cut) == 2
    assert cut.endswith("...")
    assert cut.removesuffix("...").split()[-1] in LONG.split()


@pytest.mark.parametrize(
    ("text", "parts"),
    [("a" * 160, 1), ("a" * 161, 2), ("[" * 80, 1), ("[" * 81, 2), ("đ" * 70, 1), ("đ" * 71, 2), ("đ" * 135, 3)],
)
def test_parts_are_counted_as_the_air_counts(text: str, parts: int) -> None:
    assert parts_of(text) == parts


def test_marks_go_unless_the_provider_takes_them() -> None:
    assert written("Hồ sơ “đã”", outbound("esms")) == 'Ho so "da"'
    assert written("Hồ sơ “đã”", outbound("esms", transliterate=False)) == 'Hồ sơ "đã"'


SOAP_ANSWER = (
    '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><n:mtReceiverResponse xmlns:n="urn:mt">'
    "<mtReceiverReturn>{}</mtReceiverReturn></n:mtReceiverResponse></s:Body></s:Envelope>"
)
VIETTEL_ANSWER = (
    '<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><S:Body><n:wsCpMtResponse xmlns:n="http://impl.bulkSms.ws/">'
    "<return><message>Insert MT_QUEUE: OK</message><result>{}</result></return></n:wsCpMtResponse></S:Body></S:Envelope>"
)
FIBO_ANSWER = "<?xml version='1.0'?><SMS><Code>{}</Code><Message>x</Message><Time></Time></SMS>"


@pytest.mark.parametrize(
    ("dialect", "status", "body", "meaning"),
    [
        pytest.param("cp-soap", 200, SOAP_ANSWER.format(1), Meaning.ACCEPTED, id="soap accepted"),
        pytest.param("cp-soap", 200, SOAP_ANSWER.format(-1), Meaning.TEMPORARY, id="soap exception"),
        pytest.param("cp-soap", 200, SOAP_ANSWER.format(2), Meaning.ACCOUNT, id="soap wrong login"),
        pytest.param("cp-soap", 200, SOAP_ANSWER.format(3), Meaning.PERMANENT, id="soap wrong number"),
        pytest.param("cp-soap", 200, SOAP_ANSWER.format(9), Meaning.PERMANENT, id="soap request already answered"),
        pytest.param("cp-soap", 200, SOAP_ANSWER.format(77), Meaning.UNCLEAR, id="soap unknown word"),
        pytest.param("cp-soap", 200, "<html>Welcome</html>", Meaning.UNCLEAR, id="another page"),
        pytest.param("cp-soap", 500, SOAP_ANSWER.format(-1), Meaning.TEMPORARY, id="soap exception as HTTP 500"),
        pytest.param("cp-soap", 500, SOAP_ANSWER.format(1), Meaning.UNKNOWN, id="accepted, but HTTP 500"),
        pytest.param("fibo", 200, FIBO_ANSWER.format(200), Meaning.ACCEPTED, id="fibo accepted"),
        pytest.param("fibo", 200, FIBO_ANSWER.format(10), Meaning.PERMANENT, id="fibo wrong number"),
        pytest.param("fibo", 200, FIBO_ANSWER.format(14), Meaning.ACCOUNT, id="fibo no money"),
        pytest.param("esms", 200, '{"CodeResult":"100","SMSID":"d5"}', Meaning.ACCEPTED, id="esms accepted"),
        pytest.param("esms", 200, '{"CodeResult":100,"SMSID":"d5"}', Meaning.ACCEPTED, id="esms number"),
        pytest.param("esms", 200, '{"CodeResult":"103"}', Meaning.ACCOUNT, id="esms no money"),
        pytest.param("esms", 200, '{"CodeResult":"99"}', Meaning.TEMPORARY, id="esms undefined"),
        pytest.param("esms", 200, "[", Meaning.UNCLEAR, id="esms broken"),
        pytest.param("viettel-bulk", 200, VIETTEL_ANSWER.format(1), Meaning.ACCEPTED, id="viettel accepted"),
        pytest.param("viettel-bulk", 200, VIETTEL_ANSWER.format(0), Meaning.UNCLEAR, id="viettel refused"),
        pytest.param("esms", 401, "", Meaning.ACCOUNT, id="401"),
        pytest.param("esms", 404, "", Meaning.ACCOUNT, id="404"),
        pytest.param("esms", 429, "", Meaning.BUSY, id="429"),
        pytest.param("esms", 503, "", Meaning.TEMPORARY, id="503"),
        pytest.param("esms", 502, "", Meaning.UNKNOWN, id="502"),
        pytest.param("esms", 500, "oops", Meaning.UNKNOWN, id="500"),
        pytest.param("esms", 422, "", Meaning.PERMANENT, id="422"),
        pytest.param("esms", 302, "", Meaning.UNCLEAR, id="redirect"),
    ],
)
def test_an_answer_means_what_to_do_next(dialect: str, status: int, body: str, meaning: Meaning) -> None:
    assert judge(outbound(dialect), status, body, again=False).meaning is meaning


@pytest.mark.parametrize(
    ("dialect", "body"),
    [("cp-soap", SOAP_ANSWER.format(9)), ("fibo", FIBO_ANSWER.format(6)), ("esms", '{"CodeResult":"124"}')],
)
def test_a_repeat_that_the_provider_knows_has_arrived(dialect: str, body: str) -> None:
    assert judge(outbound(dialect), 200, body, again=True).meaning is Meaning.ACCEPTED
    assert judge(outbound(dialect), 200, body, again=False).meaning is Meaning.PERMANENT


def test_the_providers_id_is_kept() -> None:
    assert judge(outbound("esms"), 200, '{"CodeResult":"100","SMSID":"d5"}', again=False).provider_id == "d5"
