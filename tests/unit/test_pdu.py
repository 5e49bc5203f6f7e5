"""Reading PDUs: whole, broken, and those that smpplib misreads."""

import struct
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms import pdu
from sms.pdu import Command, Header

PHONE = "84912345678"
TEXT = b"TC H05.12-260610-0001"


def frame(command: int, body: bytes = b"", *, status: int = 0, sequence: int = 7) -> bytes:
    return struct.pack(">IIII", 16 + len(body), command, status, sequence) + body


def body(
    *,
    service_type: bytes = b"",
    source: bytes = PHONE.encode(),
    destination: bytes = b"8283",
    esm_class: int = 0,
    scheduled: bytes = b"",
    validity: bytes = b"",
    registered: int = 0,
    data_coding: int = 0,
    text: bytes = TEXT,
    length: int | None = None,
    rest: bytes = b"",
) -> bytes:
    """deliver_sm and submit_sm, field by field."""
    return (
        service_type + b"\0\1\2" + source + b"\0\3\4" + destination + b"\0" + bytes((esm_class, 5, 6))
        + scheduled + b"\0" + validity + b"\0" + bytes((registered, 7, data_coding, 8))
        + bytes((len(text) if length is None else length,)) + text + rest
    )  # fmt: skip


def data_body(*, source: bytes = PHONE.encode(), destination: bytes = b"8283", rest: bytes = b"") -> bytes:
    return b"\0\1\2" + source + b"\0\3\4" + destination + b"\0\x40\1\x08" + rest


def tlv(tag: int, value: bytes) -> bytes:
    return struct.pack(">HH", tag, len(value)) + value


def message(octets: bytes, command: int = Command.DELIVER_SM) -> pdu.ShortMessage:
    decoded = pdu.decode(frame(command, octets))
    assert isinstance(decoded, pdu.ShortMessage)
    return decoded


@pytest.mark.parametrize("command", [Command.DELIVER_SM, Command.SUBMIT_SM])
def test_every_field_of_a_short_message(command: Command) -> None:
    octets = body(
        service_type=b"CMT", esm_class=0x40, registered=1, data_coding=8, validity=b"000001000000000R", rest=tlv(0x1400, b"x")
    )  # fmt: skip
    assert message(octets, command) == pdu.ShortMessage(
        header=Header(16 + len(octets), command, 0, 7),
        service_type="CMT",
        source_ton=1,
        source_npi=2,
        source=PHONE,
        destination_ton=3,
        destination_npi=4,
        destination="8283",
        esm_class=0x40,
        protocol_id=5,
        data_coding=8,
        registered_delivery=1,
        short_message=TEXT,
        tlvs=((0x1400, b"x"),),
        broken_tlvs=False,
    )


def test_every_field_of_a_data_sm() -> None:
    octets = data_body(rest=tlv(0x0424, TEXT) + tlv(0x0204, b"\0\1"))
    assert message(octets, Command.DATA_SM) == pdu.ShortMessage(
        header=Header(16 + len(octets), Command.DATA_SM, 0, 7),
        service_type="",
        source_ton=1,
        source_npi=2,
        source=PHONE,
        destination_ton=3,
        destination_npi=4,
        destination="8283",
        esm_class=0x40,
        protocol_id=0,
        data_coding=8,
        registered_delivery=1,
        short_message=TEXT,
        tlvs=((0x0424, TEXT), (0x0204, b"\0\1")),
        broken_tlvs=False,
    )


FIELDS = [
    pytest.param("service_type", 5, id="service_type"),
    pytest.param("source", 20, id="source"),
    pytest.param("destination", 20, id="destination"),
    pytest.param("scheduled", 16, id="schedule_delivery_time"),
    pytest.param("validity", 16, id="validity_period"),
]


@pytest.mark.parametrize(("field", "longest"), FIELDS)
def test_a_field_may_be_as_long_as_the_standard_says_and_no_longer(field: str, longest: int) -> None:
    fields: dict[str, Any] = {field: b"1" * longest}
    fits = message(body(**fields))
    assert (fits.short_message, fits.data_coding) == (TEXT, 0)
    assert getattr(fits, field, "1" * longest) == "1" * longest
    with pytest.raises(pdu.MalformedBody, match="without its end"):
        message(body(**fields | {field: b"1" * (longest + 1)}))


@pytest.mark.parametrize("field", ["source", "destination"])
def test_addresses_of_data_sm_may_be_longer(field: str) -> None:
    fits = message(data_body(**{field: b"1" * 64}, rest=tlv(0x0424, TEXT)), Command.DATA_SM)
    assert getattr(fits, field) == "1" * 64
    assert fits.short_message == TEXT
    with pytest.raises(pdu.MalformedBody):
        message(data_body(**{field: b"1" * 65}, rest=tlv(0x0424, TEXT)), Command.DATA_SM)


@pytest.mark.parametrize("size", [0, 1, 140, 160, 254, 255])
def test_length_of_the_text(size: int) -> None:
    assert message(body(text=b"x" * size)).short_message == b"x" * size
    with pytest.raises(pdu.MalformedBody, match="sm_length past the end"):
        message(body(text=b"x" * size, length=min(size + 1, 255))[: None if size < 255 else -1])


def test_addresses_are_read_as_latin_1() -> None:
    assert message(body(source=b"VI\xcaT")).source == "VIÊT"


@pytest.mark.parametrize(
    ("text", "rest", "read"),
    [
        pytest.param(b"", tlv(0x0424, b"long"), b"long", id="payload"),
        pytest.param(b"short", tlv(0x0424, b"long"), b"short", id="both: the short message"),
        pytest.param(b"", tlv(0x0424, b"a") + tlv(0x0424, b"b"), b"a", id="two payloads: the first"),
        pytest.param(b"", tlv(0x0424, b"x" * 60_000), b"x" * 60_000, id="long payload"),
        pytest.param(b"", tlv(0x0425, b"long"), b"", id="neither"),
    ],
)
def test_where_the_text_is(text: bytes, rest: bytes, read: bytes) -> None:
    assert message(body(text=text, rest=rest)).short_message == read


GOOD = tlv(0x0204, b"\0\7")
TLVS = [
    pytest.param(b"", (), False, id="none"),
    pytest.param(GOOD, ((0x0204, b"\0\7"),), False, id="one"),
    pytest.param(tlv(0x1400, b"") + GOOD, ((0x1400, b""), (0x0204, b"\0\7")), False, id="empty"),
    pytest.param(GOOD + b"\0", ((0x0204, b"\0\7"),), True, id="1 octet of rubbish"),
    pytest.param(GOOD + b"\0\0\0", ((0x0204, b"\0\7"),), True, id="3 octets of rubbish"),
    pytest.param(GOOD + b"\0\1\0\1", ((0x0204, b"\0\7"),), True, id="value missing"),
    pytest.param(GOOD + b"\0\1\0\0", ((0x0204, b"\0\7"), (1, b"")), False, id="empty at the end"),
    pytest.param(b"\x04\x24\x00\x03ab", (), True, id="value cut"),
    pytest.param(b"\x04\x24\xff\xffab" + GOOD, (), True, id="length past the end"),
    pytest.param(b"\0", (), True, id="rubbish only"),
    pytest.param(GOOD + GOOD, ((0x0204, b"\0\7"), (0x0204, b"\0\7")), False, id="twice"),
]


@pytest.mark.parametrize(("octets", "tlvs", "broken"), TLVS)
def test_tlvs_never_cost_the_text(octets: bytes, tlvs: tuple[tuple[int, bytes], ...], *, broken: bool) -> None:
    read = message(body(rest=octets))
    assert (read.source, read.short_message, read.tlvs, read.broken_tlvs) == (PHONE, TEXT, tlvs, broken)
    data = message(data_body(rest=octets), Command.DATA_SM)
    assert (data.source, data.tlvs, data.broken_tlvs) == (PHONE, tlvs, broken)


@pytest.mark.parametrize(
    ("esm_class", "receipt", "udh"),
    [
        (0x00, False, False), (0x04, True, False), (0x44, True, True), (0x84, True, False), (0x20, True, False),
        (0x08, False, False), (0x0C, False, False), (0x10, False, False), (0x18, False, False), (0x24, False, False),
        (0x40, False, True), (0xC0, False, True), (0x07, True, False), (0x80, False, False),
    ],
)  # fmt: skip
def test_what_esm_class_says(esm_class: int, *, receipt: bool, udh: bool) -> None:
    read = message(body(esm_class=esm_class))
    assert (read.is_receipt, read.has_udh) == (receipt, udh)


def test_tlv_by_its_tag() -> None:
    read = message(body(rest=tlv(1, b"a") + tlv(2, b"b") + tlv(1, b"c")))
    assert (read.tlv(1), read.tlv(2), read.tlv(3)) == (b"a", b"b", None)


@pytest.mark.parametrize("command", [Command.BIND_TRANSCEIVER, Command.BIND_RECEIVER, Command.BIND_TRANSMITTER])
def test_bind_requests(command: Command) -> None:
    octets = b"i" * 15 + b"\0" + b"p" * 8 + b"\0" + b"t" * 12 + b"\0\x34\1\2" + b"8" * 40 + b"\0"
    read = pdu.decode(frame(command, octets))
    assert read == pdu.BindRequest(
        header=Header(16 + len(octets), command, 0, 7),
        system_id="i" * 15,
        password="p" * 8,
        system_type="t" * 12,
        interface_version=0x34,
        addr_ton=1,
        addr_npi=2,
        address_range="8" * 40,
    )
    assert "pppp" not in repr(read)


@pytest.mark.parametrize(
    "octets",
    [
        b"i" * 16 + b"\0p\0t\0\x34\0\0\0",
        b"i\0" + b"p" * 9 + b"\0t\0\x34\0\0\0",
        b"i\0p\0" + b"t" * 13 + b"\0\x34\0\0\0",
        b"i\0p\0t\0\x34\0\0" + b"8" * 41 + b"\0",
        b"i\0p\0t\0\x34\0",
        b"",
    ],
    ids=["system_id", "password", "system_type", "address_range", "cut", "empty"],
)
def test_broken_bind_requests(octets: bytes) -> None:
    with pytest.raises(pdu.MalformedBody):
        pdu.decode(frame(Command.BIND_TRANSCEIVER, octets))


RESPONSES = [0x80000001, 0x80000002, 0x80000009]


@pytest.mark.parametrize("command", RESPONSES)
@pytest.mark.parametrize(
    ("octets", "system_id", "version"),
    [
        (b"", "", None),
        (b"smsc\0", "smsc", None),
        (b"smsc", "smsc", None),
        (b"\0" + tlv(0x0210, b"\x34"), "", 0x34),
        (b"smsc\0" + tlv(0x1400, b"x") + tlv(0x0210, b"\0\x33"), "smsc", 0x33),
        (b"smsc\0" + tlv(0x0210, b""), "smsc", None),
        (b"smsc\0\2\x10\0\1", "smsc", None),
        (b"i" * 15 + b"\0", "i" * 15, None),
    ],
)
def test_bind_responses(command: int, octets: bytes, system_id: str, version: int | None) -> None:
    read = pdu.decode(frame(command, octets, status=0 if octets else 0x0E))
    assert isinstance(read, pdu.BindResponse)
    assert (read.system_id, read.interface_version) == (system_id, version)


def test_a_bind_response_with_a_name_that_is_too_long() -> None:
    for octets in (b"i" * 16 + b"\0", b"i" * 16):
        with pytest.raises(pdu.MalformedBody):
            pdu.decode(frame(Command.BIND_TRANSCEIVER_RESP, octets))


@pytest.mark.parametrize(
    ("octets", "message_id"),
    [
        (b"", ""), (b"\0", ""), (b"0AB1\0", "0AB1"), (b"0AB1", "0AB1"), (b"i" * 64 + b"\0", "i" * 64), (b"i" * 64, "i" * 64),
        (b"7\0" + tlv(0x1400, b"x"), "7"), (b"7\0rubbish", "7"),
    ],
)  # fmt: skip
def test_submit_responses(octets: bytes, message_id: str) -> None:
    read = pdu.decode(frame(Command.SUBMIT_SM_RESP, octets, status=0 if octets else 0x58))
    assert isinstance(read, pdu.SubmitResponse)
    assert (read.message_id, read.header.status) == (message_id, 0 if octets else 0x58)


def test_a_message_id_that_is_too_long() -> None:
    for octets in (b"i" * 65 + b"\0", b"i" * 65):
        with pytest.raises(pdu.MalformedBody):
            pdu.decode(frame(Command.SUBMIT_SM_RESP, octets))


@pytest.mark.parametrize("octets", [b"", b"\0", b"rubbish"])
@pytest.mark.parametrize(
    ("command", "kind"),
    [
        (Command.DELIVER_SM_RESP, pdu.Response),
        (Command.DATA_SM_RESP, pdu.Response),
        (Command.ENQUIRE_LINK_RESP, pdu.Response),
        (Command.UNBIND_RESP, pdu.Response),
        (Command.ENQUIRE_LINK, pdu.EnquireLink),
        (Command.UNBIND, pdu.Unbind),
        (Command.GENERIC_NACK, pdu.GenericNack),
        (Command.OUTBIND, pdu.Outbind),
        (Command.ALERT_NOTIFICATION, pdu.AlertNotification),
        (Command.QUERY_SM, pdu.Unknown),
        (Command.SUBMIT_MULTI_RESP, pdu.Unknown),
        (0x00010200, pdu.Unknown),
        (0xFFFFFFFF, pdu.Unknown),
    ],
)
def test_where_only_the_header_matters_any_body_will_do(command: int, kind: type[pdu.Response], octets: bytes) -> None:
    header = Header(16 + len(octets), command, 0x4FF, 0x80000000)
    assert pdu.decode(frame(command, octets, status=0x4FF, sequence=0x80000000)) == kind(header)


@pytest.mark.parametrize("cut", range(len(body()) - len(TEXT) + 1))
def test_a_body_cut_anywhere_is_malformed(cut: int) -> None:
    with pytest.raises(pdu.MalformedBody) as caught:
        pdu.decode(frame(Command.DELIVER_SM, body()[:cut]))
    assert caught.value.header == Header(16 + cut, Command.DELIVER_SM, 0, 7)
    assert PHONE not in str(caught.value)


@pytest.mark.parametrize("cut", range(len(data_body())))
def test_a_data_sm_cut_anywhere_is_malformed(cut: int) -> None:
    with pytest.raises(pdu.MalformedBody):
        pdu.decode(frame(Command.DATA_SM, data_body()[:cut]))


def test_a_length_that_is_not_the_frames_is_malformed() -> None:
    whole = frame(Command.DELIVER_SM, body())
    for wrong in (whole + b"\0", whole[:-1]):
        with pytest.raises(pdu.MalformedBody, match="command_length"):
            pdu.decode(wrong)


def header_of(octets: bytes) -> Header:
    """The header of what was read, or of what could not be read; any other error rises."""
    try:
        return pdu.decode(octets).header
    except pdu.MalformedBody as error:
        return error.header


COMMANDS = st.sampled_from([*Command]) | st.integers(0, 0xFFFFFFFF)


@given(COMMANDS, st.binary(max_size=120), st.integers(0, 0xFFFFFFFF))
def test_any_body_is_read_or_malformed(command: int, octets: bytes, status: int) -> None:
    octets = frame(command, octets, status=status)
    assert header_of(octets) == pdu.read_header(octets)


@given(st.binary(max_size=60), st.integers(0, 80), st.integers(0, 60))
def test_any_damage_to_a_good_body_is_read_or_malformed(octets: bytes, at: int, removed: int) -> None:
    good = body(rest=GOOD)
    damaged = frame(Command.DELIVER_SM, good[:at] + octets + good[at + removed :])
    assert header_of(damaged) == pdu.read_header(damaged)
    assert len(pdu.blank_addresses(damaged)) == len(damaged)


# What may be stored.


def test_addresses_are_blanked_and_nothing_else() -> None:
    for command, octets in ((Command.DELIVER_SM, body()), (Command.SUBMIT_SM, body()), (Command.DATA_SM, data_body())):
        blank = pdu.blank_addresses(frame(command, octets))
        expected = octets.replace(PHONE.encode(), b"*" * len(PHONE)).replace(b"8283", b"****", 1)
        assert blank == frame(command, expected)


def test_a_number_in_the_text_stays() -> None:
    text = b"goi so 0912345678"
    assert text in pdu.blank_addresses(frame(Command.DELIVER_SM, body(text=text)))


def test_the_longest_addresses_are_found() -> None:
    assert b"1" * 5 not in pdu.blank_addresses(frame(Command.DELIVER_SM, body(source=b"1" * 20, destination=b"1" * 20)))
    assert b"1" * 5 not in pdu.blank_addresses(
        frame(Command.DATA_SM, data_body(source=b"1" * 64, destination=b"1" * 64))
    )


@pytest.mark.parametrize(
    "octets",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"\0\1\1" + PHONE.encode(), id="no end"),
        pytest.param(b"\1\1" + PHONE.encode() + b"\0\1\1" + b"8283\0", id="service_type missing"),
        pytest.param(body(service_type=b"sixsix"), id="service_type too long"),
        pytest.param(body(source=b"0" * 10 + PHONE.encode()), id="source too long"),
        pytest.param(body(destination=b"0" * 10 + PHONE.encode()), id="destination too long"),
        pytest.param(body(length=255), id="sm_length past the end"),
    ],
)
def test_addresses_in_a_broken_body_are_blanked_too(octets: bytes) -> None:
    blank = pdu.blank_addresses(frame(Command.DELIVER_SM, octets))
    assert len(blank) == 16 + len(octets)
    assert blank[:16] == frame(Command.DELIVER_SM, octets)[:16]
    assert PHONE.encode() not in blank
    assert b"1234567" not in blank


def test_short_runs_of_digits_survive_in_a_broken_body() -> None:
    assert pdu.blank_addresses(frame(Command.DELIVER_SM, b"x 123456 1234567 x"))[16:] == b"x 123456 ******* x"


def test_other_commands_keep_no_number_either() -> None:
    assert pdu.blank_addresses(frame(0x99, b"\0\1\1" + PHONE.encode() + b"\0"))[16:] == b"\0\1\1" + b"*" * 11 + b"\0"
