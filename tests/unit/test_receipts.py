"""Receipts as SMSCs write them, and texts of citizens that look like one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms import pdu, receipts

TEXT = "id:0AB1 sub:001 dlvrd:001 submit date:2606100900 done date:2606100901 stat:DELIVRD err:000 text:HS"


def received(
    text: bytes | str = b"", *, esm_class: int = 0x04, tlvs: tuple[tuple[int, bytes], ...] = ()
) -> pdu.ShortMessage:
    octets = text.encode("latin-1") if isinstance(text, str) else text
    frame = pdu.deliver_sm(
        1,
        source="84912345678",
        source_ton=1,
        source_npi=1,
        destination="8283",
        dest_ton=0,
        dest_npi=1,
        esm_class=esm_class,
        data_coding=0,
        short_message=octets,
        tlvs=tlvs,
    )
    message = pdu.decode(frame)
    assert isinstance(message, pdu.ShortMessage)
    return message


def read(message: pdu.ShortMessage, id_format: str = "same") -> receipts.Receipt:
    receipt = receipts.read_receipt(message, id_format)
    assert receipt is not None
    return receipt


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("ENROUTE", "accepted"), ("ACCEPTD", "accepted"), ("DELIVRD", "delivered"), ("EXPIRED", "failed"),
        ("DELETED", "failed"), ("UNDELIV", "failed"), ("REJECTD", "failed"), ("UNKNOWN", "unknown"), ("WHATEVER", "unknown"),
    ],
)  # fmt: skip
def test_states(word: str, state: str) -> None:
    receipt = read(received(TEXT.replace("DELIVRD", word)))
    assert receipt == receipts.Receipt(ids=("ab1",), stat=word, state=state, error="000")
    assert read(received(TEXT.replace("DELIVRD", word.lower()))).state == state


@pytest.mark.parametrize(
    ("value", "state"),
    [
        (1, "accepted"), (2, "delivered"), (3, "failed"), (4, "failed"), (5, "failed"), (6, "accepted"), (7, "unknown"),
        (8, "failed"),
    ],
)  # fmt: skip
def test_the_state_of_the_tlv_wins(value: int, state: str) -> None:
    word = "UNDELIV" if state == "delivered" else "DELIVRD"
    receipt = read(received(f"id:1 stat:{word} err:1", tlvs=((0x0427, bytes((value,))),)))
    assert receipt.state == state
    assert read(received("id:1", tlvs=((0x0427, bytes((0, value))),))).state == state


@pytest.mark.parametrize("value", [b"", b"\0", b"\x09", b"\xff", b"\1\2"])
def test_a_state_that_nobody_knows_leaves_the_word_of_the_text(value: bytes) -> None:
    assert read(received("id:1 stat:DELIVRD", tlvs=((0x0427, value),))).state == "delivered"
    assert read(received("id:1", tlvs=((0x0427, value),))) == receipts.Receipt(ids=("1",), stat="", state="unknown")


VARIANTS = [
    pytest.param("id:1 stat:DELIVRD", ("1",), "", id="short"),
    pytest.param("ID: 1 STAT: delivrd ERR: 00B", ("1",), "00B", id="blanks and capitals"),
    pytest.param("id:1\0", ("1",), "", id="terminator"),
    pytest.param("stat:DELIVRD err:1234 id:77", ("77",), "1234", id="another order"),
    pytest.param("sub:001 id:3f2504e0-4f89-11d3-9a0c-0305e82c3301 stat:DELIVRD", ("3f2504e0-4f89-11d3-9a0c-0305e82c3301",), "", id="UUID"),
    pytest.param("id:00000000000000000000000000ABCDEF stat:DELIVRD", ("abcdef",), "", id="32 digits"),
    pytest.param("id:1 submit date:260610090059 done date:260610090101 stat:DELIVRD err:0 Text:\xe0\xff", ("1",), "0", id="seconds, text in another alphabet"),
    pytest.param("id:1 stat:DELIVRD text:stat:UNDELIV err:5 id:2", ("1",), "", id="the text is not read"),
    pytest.param("id:000 stat:DELIVRD", ("0",), "", id="nothing but zeros"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "ids", "error"), VARIANTS)
def test_variants(text: str, ids: tuple[str, ...], error: str) -> None:
    receipt = read(received(text))
    assert (receipt.ids, receipt.error) == (ids, error)


def test_a_receipt_in_ucs_2_with_a_header_or_as_payload() -> None:
    assert read(received("id:1 stat:DELIVRD".encode("utf-16-be"))).state == "delivered"
    assert read(received(b"\x05\x00\x03\x01\x01\x01" + TEXT.encode(), esm_class=0x44)).ids == ("ab1",)
    assert read(received(tlvs=((0x0424, TEXT.encode()),))).ids == ("ab1",)
    assert read(received(TEXT, esm_class=0x20)).ids == ("ab1",)


@pytest.mark.parametrize(
    ("value", "error"),
    [(b"\3\0\x0b", "11"), (b"\3\1\0", "256"), (b"011", "011"), (b"\3\x0b", "7"), (b"\3\0\0\x0b", "7"), (b"", "7")],
)
def test_the_network_error_code(value: bytes, error: str) -> None:
    assert read(received("id:1 err:7", tlvs=((0x0423, value),))).error == error


IDS = [
    pytest.param("same", b"", "0AB1", ("ab1",), id="text"),
    pytest.param("same", b"0AB1\0", "", ("ab1",), id="TLV"),
    pytest.param("same", b"0AB1", "", ("ab1",), id="TLV without its end"),
    pytest.param("same", b"0AB1\0", "0AB1", ("ab1",), id="both alike"),
    pytest.param("same", b"0ab1\0", "AB1", ("ab1",), id="both alike but for writing"),
    pytest.param("same", b"c\0", "AB1", ("c", "ab1"), id="both, different: the TLV first"),
    pytest.param("same", b"\0", "AB1", ("ab1",), id="empty TLV"),
    pytest.param("same", b"c\0rest", "", ("c",), id="rubbish behind the TLV's end"),
    pytest.param("resp_hex", b"", "255", ("255",), id="response hex: text decimal"),
    pytest.param("resp_hex", b"FF\0", "255", ("255",), id="response hex: TLV as the response"),
    pytest.param("resp_hex", b"255\0", "255", ("255",), id="response hex: TLV as the text"),
    pytest.param("resp_hex", b"10\0", "16", ("16",), id="response hex: 10 is 16"),
    pytest.param("resp_hex", b"xyz\0", "16", ("xyz", "16"), id="response hex: TLV not hexadecimal"),
    pytest.param("resp_dec", b"", "FF", ("255",), id="response decimal: text hex"),
    pytest.param("resp_dec", b"", "000000FF", ("255",), id="response decimal: zeros"),
    pytest.param("resp_dec", b"255\0", "ff", ("255",), id="response decimal: TLV as the response"),
    pytest.param("resp_dec", b"ff\0", "ff", ("255",), id="response decimal: TLV as the text"),
    pytest.param("resp_dec", b"", "wxyz", ("wxyz",), id="response decimal: text not hexadecimal"),
]


@pytest.mark.parametrize(("id_format", "tlv", "written", "ids"), IDS)
def test_ids(id_format: str, tlv: bytes, written: str, ids: tuple[str, ...]) -> None:
    text = f"id:{written} stat:DELIVRD" if written else "stat:DELIVRD"
    tlvs = ((0x001E, tlv),) if tlv else ()
    assert read(received(text, tlvs=tlvs), id_format).ids == ids


def test_a_tlv_alone_may_have_the_form_of_the_receipt() -> None:
    assert read(received(tlvs=((0x001E, b"16\0"),)), "resp_hex").ids == ("22", "16")
    assert read(received(tlvs=((0x001E, b"16\0"),)), "resp_dec").ids == ("16", "22")


@pytest.mark.parametrize(
    ("raw", "id_format", "canonical"),
    [
        ("0AB1", "same", "ab1"), ("0ab1 ", "same", "ab1"), ("000", "same", "0"), ("", "same", ""), ("", "resp_hex", ""),
        ("0000ABCD", "resp_dec", "abcd"), ("0123", "resp_dec", "123"),
        ("0000abcd", "resp_hex", "43981"), ("0", "resp_hex", "0"), (" ff ", "resp_hex", "255"), ("0xff", "resp_hex", "xff"),
        ("f_f", "resp_hex", "f_f"), ("00XYZ", "resp_hex", "xyz"),
    ],
)  # fmt: skip
def test_how_the_id_of_a_response_is_stored(raw: str, id_format: str, canonical: str) -> None:
    assert receipts.canonical_id(raw, id_format) == canonical


@given(st.integers(1, 2**64), st.booleans(), st.integers(0, 4))
def test_a_response_and_its_receipt_meet_whatever_the_writing(number: int, upper: bool, zeros: int) -> None:  # noqa: FBT001 - drawn
    hexadecimal = "0" * zeros + (f"{number:X}" if upper else f"{number:x}")
    decimal = "0" * zeros + str(number)
    for id_format, response, receipt in [
        ("same", hexadecimal, hexadecimal.swapcase()),
        ("resp_hex", hexadecimal, decimal),
        ("resp_dec", decimal, hexadecimal),
    ]:
        assert receipts.canonical_id(response, id_format) in read(received(f"id:{receipt}"), id_format).ids


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("id:1 stat:DELIVRD", id="without an error code"),
        pytest.param("id:1 err:000", id="without a state"),
        pytest.param("id:1 stat:SOON err:000", id="without a known state"),
        pytest.param("id: HS 1", id="a citizen's"),
        pytest.param("xin hoi id:1 stat:DELIVRD err:000", id="not at the start"),
        pytest.param("id:1 text: stat:DELIVRD err:000", id="only inside its text"),
        pytest.param("id: stat:DELIVRD err:000", id="without an id"),
        pytest.param("", id="empty"),
    ],
)
def test_texts_that_are_no_receipts_without_the_bit(text: str) -> None:
    assert receipts.read_receipt(received(text, esm_class=0), "same") is None
    assert (
        receipts.read_receipt(received(text, esm_class=0, tlvs=((0x001E, b"1\0"),)), "same") is None or "id: " in text
    )


def test_an_id_in_a_tlv_makes_no_receipt_of_an_ordinary_text() -> None:
    message = received("HS 1", esm_class=0, tlvs=((0x001E, b"1\0"), (0x0427, b"\2")))
    assert receipts.read_receipt(message, "same") is None


def test_a_complete_receipt_without_the_bit_is_one() -> None:
    assert read(received(TEXT, esm_class=0)).ids == ("ab1",)
    assert read(received(TEXT.replace("id:", "ID:"), esm_class=0)).ids == ("ab1",)


@pytest.mark.parametrize("esm_class", [0x08, 0x10, 0x18, 0x0C])
def test_acknowledgements_of_phones_are_no_receipts(esm_class: int) -> None:
    assert receipts.read_receipt(received(TEXT, esm_class=esm_class), "same") is None


@pytest.mark.parametrize("text", ["", "nonsense", "stat:DELIVRD err:000", "mid:5 stat:DELIVRD", "id:"])
def test_a_receipt_without_an_id_is_none(text: str) -> None:
    assert receipts.read_receipt(received(text), "same") is None


@given(st.binary(max_size=250), st.sampled_from([0, 4, 0x20, 0x44]), st.binary(max_size=70))
def test_any_octets_are_read_without_an_error(octets: bytes, esm_class: int, value: bytes) -> None:
    tlvs = ((0x001E, value), (0x0427, value), (0x0423, value))
    for id_format in ("same", "resp_hex", "resp_dec"):
        receipts.read_receipt(received(b"id:" + octets, esm_class=esm_class, tlvs=tlvs), id_format)
