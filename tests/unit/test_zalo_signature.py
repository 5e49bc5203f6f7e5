"""Signatures: the documented one and no other, unless the settings say so."""

import hashlib
import hmac
from dataclasses import replace

import orjson
import pytest

from adapters.zalo.signature import Scheme, Secrets, Verdict, judge, sign

SECRETS = Secrets(
    app_id="1234567890123456789",
    oa_id="1646843870823903717",
    oa_secret_keys=("OaSecretKeyForTests01",),
    app_secret="AppSecretForTests01",
)
BODY = (
    '{"app_id":"1234567890123456789","sender":{"id":"5510185758261927916"},"recipient":{"id":"1646843870823903717"},'
    '"event_name":"user_send_text","message":{"text":"Tra cứu 000.00.00.H05-251008-0001","msg_id":"e2a641af6661713b2874"},'
    '"timestamp":"1760000000123"}'
).encode()
MAC = "553a48613d13b95714266f28499222484f0effcf755ca8b3b7255e7efb08d745"
KEY = SECRETS.oa_secret_keys[0].encode()


def test_the_published_example() -> None:
    assert len(BODY) == 258
    assert sign(BODY, SECRETS) == f"mac={MAC}"


@pytest.mark.parametrize(
    "header",
    [f"mac={MAC}", MAC, f" mac = {MAC.upper()} ", f"mac={MAC}\t"],
    ids=["as documented", "bare", "blanks and capitals", "a tabulator"],
)
def test_ways_of_writing_a_genuine_one(header: str) -> None:
    assert judge(header, BODY, SECRETS) is Verdict.GENUINE


def _sha(*terms: bytes) -> str:
    return hashlib.sha256(b"".join(terms)).hexdigest()


APP, AT = SECRETS.app_id.encode(), b"1760000000123"
FORGERIES = {
    "one octet": MAC[:-1] + "6",
    "empty": "",
    "half": MAC[:32],
    "not ASCII": "mac=" + "đ" * 64,
    "digits of another script": "mac=" + "٣" * 64,
    "HMAC of the body": hmac.new(KEY, BODY, hashlib.sha256).hexdigest(),
    "HMAC of all": hmac.new(KEY, APP + BODY + AT, hashlib.sha256).hexdigest(),
    "another encoding of the same": _sha(APP, orjson.dumps(orjson.loads(BODY), option=orjson.OPT_INDENT_2), AT, KEY),
    "the app's secret": _sha(APP, BODY, AT, SECRETS.app_secret.encode()),
    "begins with the account": _sha(SECRETS.oa_id.encode(), BODY, AT, KEY),
    "no secret": _sha(APP, BODY, AT),
    "another time": _sha(APP, BODY, b"1760000000124", KEY),
}


@pytest.mark.parametrize("header", FORGERIES.values(), ids=FORGERIES)
def test_forgeries(header: str) -> None:
    assert judge(header, BODY, SECRETS) is Verdict.FORGED


def test_a_changed_body_is_forged() -> None:
    for place in range(0, len(BODY), 7):
        changed = BODY[:place] + bytes([BODY[place] ^ 1]) + BODY[place + 1 :]
        assert judge(f"mac={MAC}", changed, SECRETS) in {Verdict.FORGED, Verdict.UNREADABLE}


@pytest.mark.parametrize("scheme", Scheme)
def test_every_way_is_taken_only_where_it_is_switched_on(scheme: Scheme) -> None:
    only = replace(SECRETS, schemes=(scheme,))
    header = sign(BODY, only)
    assert judge(header, BODY, only) is Verdict.GENUINE
    assert judge(header, BODY, replace(SECRETS, schemes=(Scheme.SHA256, scheme))) is Verdict.GENUINE
    others = tuple(other for other in Scheme if other is not scheme)
    assert judge(header, BODY, replace(SECRETS, schemes=others)) is Verdict.FORGED


def test_the_old_secret_is_good_while_the_new_one_is_being_made_known() -> None:
    both = replace(SECRETS, oa_secret_keys=("NewSecret", *SECRETS.oa_secret_keys))
    assert judge(f"mac={MAC}", BODY, both) is Verdict.GENUINE


def test_an_empty_secret_proves_nothing() -> None:
    nothing = replace(SECRETS, oa_secret_keys=("",), app_secret="", schemes=tuple(Scheme))
    for header in (_sha(APP, BODY, AT), hmac.new(b"", BODY, hashlib.sha256).hexdigest()):
        assert judge(f"mac={header}", BODY, nothing) is Verdict.FORGED


@pytest.mark.parametrize(
    ("body", "verdict"),
    [
        pytest.param(b"", Verdict.PROBE, id="nothing"),
        pytest.param(b"{}", Verdict.PROBE, id="an empty object"),
        pytest.param(b'{"test":1}', Verdict.PROBE, id="no event"),
        pytest.param(BODY, Verdict.FORGED, id="an event"),
    ],
)
def test_without_any_signature(body: bytes, verdict: Verdict) -> None:
    assert judge(None, body, SECRETS) is verdict


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"not JSON", b"[" * 10_000])
def test_what_has_no_time_can_be_neither_right_nor_wrong(body: bytes) -> None:
    assert judge(f"mac={MAC}", body, SECRETS) is Verdict.UNREADABLE


def test_a_time_written_as_a_number() -> None:
    body = BODY.replace(b'"1760000000123"', b"1760000000123")
    assert judge(f"mac={_sha(APP, body, AT, KEY)}", body, SECRETS) is Verdict.GENUINE


def test_a_time_in_what_the_person_wrote_is_not_taken_for_the_event_s() -> None:
    body = orjson.dumps(orjson.loads(BODY) | {"message": {"text": '"timestamp":"1"'}})
    assert judge(f"mac={_sha(APP, body, AT, KEY)}", body, SECRETS) is Verdict.GENUINE
    assert judge(f"mac={_sha(APP, body, b'1', KEY)}", body, SECRETS) is Verdict.FORGED
