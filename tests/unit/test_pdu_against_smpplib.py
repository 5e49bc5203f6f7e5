"""Every misreading of smpplib that is known to us, and what we read instead.

The first assertion of each test shows smpplib at fault: when one fails, smpplib has been mended.
"""

import struct
from typing import Any

import pytest
from smpplib.client import SimpleSequenceGenerator
from smpplib.exceptions import UnknownCommandError
from smpplib.smpp import make_pdu, parse_pdu

from sms import pdu

PHONE = b"84912345678"
TEXT = b"HS 1234"


def frame(command: int, body: bytes) -> bytes:
    return struct.pack(">IIII", 16 + len(body), command, 0, 7) + body


def deliver(
    *, source: bytes = PHONE + b"\0", text: bytes = TEXT, length: int | None = None, rest: bytes = b"", command: int = 5
) -> bytes:
    size = bytes((len(text) if length is None else length,))
    return frame(command, b"\0\1\1" + source + b"\0\1" + b"8283\0\0\0\0\0\0\0\0\0\0" + size + text + rest)


def smpplib_reads(octets: bytes, **options: Any) -> Any:
    return parse_pdu(
        octets, client=SimpleSequenceGenerator(), sequence=0, **{"allow_unknown_opt_params": True} | options
    )


def ours(octets: bytes) -> pdu.ShortMessage:
    read = pdu.decode(octets)
    assert isinstance(read, pdu.ShortMessage)
    return read


def assert_text_kept(octets: bytes) -> pdu.ShortMessage:
    read = ours(octets)
    assert (read.source, read.destination, read.short_message) == (PHONE.decode(), "8283", TEXT)
    return read


def tlv(tag: int, value: bytes) -> bytes:
    return struct.pack(">HH", tag, len(value)) + value


def test_a_number_without_its_end_is_never_another_number() -> None:
    octets = frame(5, b"\0\1\1" + PHONE)
    theirs = smpplib_reads(octets)
    assert theirs.source_addr == PHONE[:-1]
    assert theirs.destination_addr is not None, "read from earlier octets, without an error"
    with pytest.raises(pdu.MalformedBody):
        pdu.decode(octets)


def test_a_text_shorter_than_its_length() -> None:
    octets = deliver(length=len(TEXT) + 5)
    assert smpplib_reads(octets).short_message == TEXT
    with pytest.raises(pdu.MalformedBody):
        pdu.decode(octets)


def test_a_deliver_sm_without_a_body() -> None:
    assert smpplib_reads(frame(5, b"")).source_addr is None
    with pytest.raises(pdu.MalformedBody):
        pdu.decode(frame(5, b""))


def test_a_command_length_that_is_not_the_frames() -> None:
    octets = b"\0\0\0\x10" + deliver()[4:]
    assert smpplib_reads(octets).short_message == TEXT
    with pytest.raises(pdu.MalformedBody):
        pdu.decode(octets)


def test_an_unknown_tlv() -> None:
    octets = deliver(rest=tlv(0x1401, b"x"))
    with pytest.raises(UnknownCommandError):
        smpplib_reads(octets, allow_unknown_opt_params=False)
    assert assert_text_kept(octets).tlvs == ((0x1401, b"x"),)


@pytest.mark.parametrize("tag", [0x0501, 0x0005], ids=["ussd_service_op", "dest_addr_subunit"])
def test_a_known_tlv_in_another_pdu(tag: int) -> None:
    octets = deliver(rest=tlv(tag, b"\1"))
    with pytest.raises(KeyError):
        smpplib_reads(octets)
    assert assert_text_kept(octets).tlv(tag) == b"\1"


def test_a_tlv_in_submit_sm_resp() -> None:
    octets = frame(0x80000004, b"77\0" + tlv(0x001D, b"ok\0"))
    with pytest.raises(KeyError):
        smpplib_reads(octets)
    read = pdu.decode(octets)
    assert isinstance(read, pdu.SubmitResponse)
    assert read.message_id == "77"


def test_a_number_in_a_tlv_wider_than_declared() -> None:
    octets = deliver(rest=tlv(0x0204, b"\0\0\0\7") + tlv(0x020C, b"\0\1"))
    with pytest.raises(KeyError):
        smpplib_reads(octets)
    assert assert_text_kept(octets).tlvs == ((0x0204, b"\0\0\0\7"), (0x020C, b"\0\1"))


def test_a_number_in_a_tlv_narrower_than_declared() -> None:
    octets = deliver(rest=tlv(0x0204, b"\7"))
    with pytest.raises(struct.error):
        smpplib_reads(octets)
    assert assert_text_kept(octets).tlv(0x0204) == b"\7"


def test_source_addr_subunit_of_one_octet() -> None:
    octets = deliver(rest=tlv(0x000D, b"\1"), command=4)
    with pytest.raises(struct.error):
        smpplib_reads(octets)
    assert assert_text_kept(octets).tlv(0x000D) == b"\1"


def test_alert_on_message_delivery_with_a_value() -> None:
    octets = deliver(rest=tlv(0x130C, b"\1") + tlv(0x0204, b"\0\7"))
    with pytest.raises((KeyError, UnknownCommandError, struct.error)):
        smpplib_reads(octets)
    assert assert_text_kept(octets).tlvs == ((0x130C, b"\1"), (0x0204, b"\0\7"))


def test_a_string_tlv_without_its_end() -> None:
    octets = deliver(rest=tlv(0x001E, b"ABC"))
    assert smpplib_reads(octets).receipted_message_id == b"AB"
    assert assert_text_kept(octets).tlv(0x001E) == b"ABC"


def test_a_tlv_past_the_end() -> None:
    octets = deliver(rest=b"\x00\x1e\x00\x40ABC")
    assert smpplib_reads(octets).receipted_message_id == b"ABC", "cut short without an error"
    read = assert_text_kept(octets)
    assert (read.tlvs, read.broken_tlvs) == ((), True)


@pytest.mark.parametrize("rubbish", [b"\0", b"\0\0", b"\0\0\0"])
def test_rubbish_at_the_end(rubbish: bytes) -> None:
    octets = deliver(rest=rubbish)
    with pytest.raises(struct.error):
        smpplib_reads(octets)
    assert assert_text_kept(octets).broken_tlvs


@pytest.mark.parametrize("command", [0x0B, 0x08, 0x07, 0x21], ids=["outbind", "cancel", "replace", "multi"])
def test_commands_that_smpplib_does_not_have(command: int) -> None:
    with pytest.raises((UnknownCommandError, KeyError)):
        smpplib_reads(frame(command, b""))
    assert pdu.decode(frame(command, b"")).header.command_id == command


def test_the_sequence_number_is_the_one_that_was_asked_for() -> None:
    made = make_pdu("enquire_link", client=SimpleSequenceGenerator(), sequence=77)
    assert made.sequence != 77
    assert pdu.read_header(pdu.enquire_link(77)).sequence == 77


def test_too_long_strings_are_not_cut() -> None:
    fields = {"system_id": "gw", "password": "p" * 9}
    made = make_pdu("bind_transceiver", client=SimpleSequenceGenerator(), system_type="", address_range="", **fields)
    assert b"p" * 9 not in made.generate()
    with pytest.raises(ValueError, match="password"):
        pdu.bind("trx", 1, **fields)  # type: ignore[arg-type]  # by name
