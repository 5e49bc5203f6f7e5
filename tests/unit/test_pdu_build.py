"""What we send is octet for octet what smpplib sends, wherever smpplib is right."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from smpplib.client import SimpleSequenceGenerator
from smpplib.smpp import make_pdu, parse_pdu

from sms import pdu

ADDRESSES = st.text(alphabet="0123456789ABCxyz", max_size=20)
OCTET = st.integers(0, 255)
SEQUENCES = st.integers(0, 0xFFFFFFFF)
FIELDS: dict[str, Any] = {
    "source": "8283",
    "source_ton": 0,
    "source_npi": 1,
    "destination": "84912345678",
    "dest_ton": 1,
    "dest_npi": 1,
    "esm_class": 0,
    "data_coding": 0,
    "short_message": b"HS",
}
ALL_FIELDS = st.fixed_dictionaries(
    {
        "source": ADDRESSES,
        "source_ton": OCTET,
        "source_npi": OCTET,
        "destination": ADDRESSES,
        "dest_ton": OCTET,
        "dest_npi": OCTET,
        "esm_class": OCTET,
        "data_coding": OCTET,
        "short_message": st.binary(max_size=254),
        "service_type": st.sampled_from(["", "CMT", "12345"]),
    }
)


def smpplib_builds(command: str, sequence: int, **fields: object) -> bytes:
    made = make_pdu(command, client=SimpleSequenceGenerator(), **fields)
    made.sequence = sequence
    octets: bytes = made.generate()
    return octets


def smpplib_reads(frame: bytes) -> Any:
    return parse_pdu(frame, client=SimpleSequenceGenerator(), sequence=0, allow_unknown_opt_params=True)


def in_smpplib(fields: dict[str, Any]) -> dict[str, Any]:
    names = {"source": "source_addr", "source_ton": "source_addr_ton", "source_npi": "source_addr_npi"}
    names |= {"destination": "destination_addr", "dest_ton": "dest_addr_ton", "dest_npi": "dest_addr_npi"}
    return {names.get(name, name): value for name, value in fields.items()}


@given(ALL_FIELDS, SEQUENCES, st.sampled_from(["", "000001000000000R"]), OCTET)
def test_submit_sm(fields: dict[str, Any], sequence: int, validity: str, registered: int) -> None:
    extra: dict[str, Any] = {"validity_period": validity, "registered_delivery": registered}
    ours = pdu.submit_sm(sequence, **fields, **extra)
    assert ours == smpplib_builds("submit_sm", sequence, **in_smpplib(fields), **extra)
    assert_read(ours, fields, sequence)
    read = pdu.decode(ours)
    assert isinstance(read, pdu.ShortMessage)
    assert (read.header.command_id, read.registered_delivery) == (pdu.Command.SUBMIT_SM, registered)


@given(ALL_FIELDS, SEQUENCES)
def test_deliver_sm(fields: dict[str, Any], sequence: int) -> None:
    ours = pdu.deliver_sm(sequence, **fields)
    assert ours == smpplib_builds("deliver_sm", sequence, **in_smpplib(fields))
    assert_read(ours, fields, sequence)
    theirs = smpplib_reads(ours)
    assert theirs.source_addr.decode() == fields["source"]
    assert (theirs.short_message or b"") == fields["short_message"]


def assert_read(frame: bytes, fields: dict[str, Any], sequence: int) -> None:
    read = pdu.decode(frame)
    assert isinstance(read, pdu.ShortMessage)
    assert read.header.sequence == sequence
    ours = {name.replace("destination_", "dest_"): getattr(read, name) for name in read.__dataclass_fields__}
    assert {name: ours[name] for name in fields} == fields
    assert (read.tlvs, read.broken_tlvs) == ((), False)


@given(st.lists(st.tuples(st.integers(0, 0xFFFF), st.binary(max_size=30)), max_size=4))
def test_tlvs_go_out_and_come_back_as_given(tlvs: list[tuple[int, bytes]]) -> None:
    for build in (pdu.submit_sm, pdu.deliver_sm):
        read = pdu.decode(build(1, **FIELDS, tlvs=tlvs))
        assert isinstance(read, pdu.ShortMessage)
        assert (list(read.tlvs), read.short_message) == (tlvs, b"HS")


def test_a_billing_hint_keeps_its_first_octet() -> None:
    hint = b"\xa0HS,1,1"
    assert pdu.submit_sm(1, **FIELDS, tlvs=[(0x0202, hint)]).endswith(b"\x02\x02\x00\x07" + hint)
    mangled = smpplib_builds("submit_sm", 1, **in_smpplib(FIELDS), source_subaddress=hint.decode("latin-1"))
    assert b"\x02\x02\x00\x07" + hint not in mangled, (
        "smpplib still writes it wrong; else it may build submit_sm with TLVs"
    )


@pytest.mark.parametrize(
    ("field", "fits", "too_long"),
    [
        ("source", "1" * 20, "1" * 21),
        ("destination", "1" * 20, "1" * 21),
        ("service_type", "12345", "123456"),
        ("validity_period", "1" * 16, "1" * 17),
        ("validity_period", "", "1" * 15),
        ("short_message", b"x" * 254, b"x" * 255),
        ("tlvs", [(1, b"x" * 0xFFFF)], [(1, b"x" * 0x10000)]),
    ],
)
def test_what_does_not_fit_is_refused_and_never_cut(field: str, fits: object, too_long: object) -> None:
    assert isinstance(pdu.decode(pdu.submit_sm(1, **FIELDS | {field: fits})), pdu.ShortMessage)
    with pytest.raises(ValueError, match=r"longer|16 characters") as caught:
        pdu.submit_sm(1, **FIELDS | {field: too_long})
    assert "111" not in str(caught.value)


@pytest.mark.parametrize("field", ["source", "destination", "service_type"])
@pytest.mark.parametrize("text", ["é", "1\x002"])
def test_characters_that_would_shift_the_fields_are_refused(field: str, text: str) -> None:
    with pytest.raises(ValueError, match="not ASCII, or NUL"):
        pdu.submit_sm(1, **FIELDS | {field: text})


@given(SEQUENCES, SEQUENCES)
def test_the_answers_to_a_text(sequence: int, status: int) -> None:
    ours = pdu.deliver_sm_resp(sequence, status)
    assert ours == smpplib_builds("deliver_sm_resp", sequence, status=status)
    assert ours[16:] == b"\0"
    data = pdu.data_sm_resp(sequence, status)
    assert data[:4] + b"\x80\0\0\5" + data[8:] == ours
    assert pdu.decode(data) == pdu.Response(pdu.Header(17, pdu.Command.DATA_SM_RESP, status, sequence))


def test_the_usual_answer_says_stored() -> None:
    assert pdu.read_header(pdu.deliver_sm_resp(5)) == pdu.Header(17, pdu.Command.DELIVER_SM_RESP, 0, 5)
    assert pdu.read_header(pdu.data_sm_resp(5)) == pdu.Header(17, pdu.Command.DATA_SM_RESP, 0, 5)


@pytest.mark.parametrize(
    ("mode", "command"),
    [
        ("trx", pdu.Command.BIND_TRANSCEIVER),
        ("tx", pdu.Command.BIND_TRANSMITTER),
        ("rx", pdu.Command.BIND_RECEIVER),
    ],
)
def test_bind(mode: Any, command: pdu.Command) -> None:
    octets = pdu.bind(
        mode,
        0x7FFFFFFF,
        system_id="i" * 15,
        password="p" * 8,
        system_type="t" * 12,
        addr_ton=1,
        addr_npi=2,
        address_range="8" * 40,
    )
    assert pdu.decode(octets) == pdu.BindRequest(
        header=pdu.Header(len(octets), command, 0, 0x7FFFFFFF),
        system_id="i" * 15,
        password="p" * 8,
        system_type="t" * 12,
        interface_version=0x34,
        addr_ton=1,
        addr_npi=2,
        address_range="8" * 40,
    )


def test_a_bind_with_what_must_be_there_only() -> None:
    read = pdu.decode(pdu.bind("trx", 1, system_id="gw", password="pw"))
    assert isinstance(read, pdu.BindRequest)
    assert (read.system_type, read.addr_ton, read.addr_npi, read.address_range) == ("", 0, 0, "")


@pytest.mark.parametrize(
    ("field", "size"), [("system_id", 16), ("password", 9), ("system_type", 13), ("address_range", 41)]
)
def test_a_bind_is_never_cut(field: str, size: int) -> None:
    fields = {"system_id": "gw", "password": "pw"} | {field: "x" * size}
    with pytest.raises(ValueError, match=re.escape(f"{field} is longer than {size - 1}")) as caught:
        pdu.bind("trx", 1, **fields)  # type: ignore[arg-type]  # by name
    assert "xxx" not in str(caught.value)


@pytest.mark.parametrize("mode", ["trx", "tx", "rx"])
def test_bind_responses(mode: Any) -> None:
    asked = pdu.read_header(pdu.bind(mode, 3, system_id="", password="")).command_id
    octets = pdu.bind_resp(mode, 3, 0, "i" * 15)
    header = pdu.Header(len(octets), asked | 0x80000000, 0, 3)
    assert pdu.decode(octets) == pdu.BindResponse(header=header, system_id="i" * 15, interface_version=0x34)
    assert smpplib_reads(octets).sc_interface_version == 0x34
    old = pdu.decode(pdu.bind_resp(mode, 3, 0, "smsc", None))
    assert isinstance(old, pdu.BindResponse)
    assert (old.system_id, old.interface_version) == ("smsc", None)
    refused = pdu.bind_resp(mode, 3, 0x0E, "smsc")
    assert pdu.decode(refused) == pdu.BindResponse(header=pdu.Header(16, asked | 0x80000000, 0x0E, 3))
    with pytest.raises(ValueError, match="system_id"):
        pdu.bind_resp(mode, 3, 0, "i" * 16)


def test_submit_responses() -> None:
    octets = pdu.submit_sm_resp(9, "i" * 64)
    header = pdu.Header(len(octets), pdu.Command.SUBMIT_SM_RESP, 0, 9)
    assert pdu.decode(octets) == pdu.SubmitResponse(header=header, message_id="i" * 64)
    refused = pdu.decode(pdu.submit_sm_resp(9, status=0x58))
    assert refused == pdu.SubmitResponse(header=pdu.Header(17, pdu.Command.SUBMIT_SM_RESP, 0x58, 9))
    with pytest.raises(ValueError, match="message_id"):
        pdu.submit_sm_resp(9, "i" * 65)


@given(SEQUENCES)
def test_pdus_without_a_body(sequence: int) -> None:
    expected = {
        pdu.enquire_link: pdu.EnquireLink(pdu.Header(16, pdu.Command.ENQUIRE_LINK, 0, sequence)),
        pdu.enquire_link_resp: pdu.Response(pdu.Header(16, pdu.Command.ENQUIRE_LINK_RESP, 0, sequence)),
        pdu.unbind: pdu.Unbind(pdu.Header(16, pdu.Command.UNBIND, 0, sequence)),
        pdu.unbind_resp: pdu.Response(pdu.Header(16, pdu.Command.UNBIND_RESP, 0, sequence)),
    }
    assert {build: pdu.decode(build(sequence)) for build in expected} == expected
    nack = pdu.GenericNack(pdu.Header(16, pdu.Command.GENERIC_NACK, 3, sequence))
    assert pdu.decode(pdu.generic_nack(sequence, 3)) == nack


def test_names_of_the_standard_are_those_of_smpplib() -> None:
    from smpplib import command_codes, consts  # noqa: PLC0415 - needed here only

    for status in pdu.CommandStatus:
        assert getattr(consts, f"SMPP_{status.name}") == status
    for name, code in command_codes.commands.items():
        if hasattr(pdu.Command, name.upper()):
            assert pdu.Command[name.upper()] == code
