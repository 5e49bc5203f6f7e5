"""Long texts in parts: limits to the octet, headers in every shape, nothing cut in two."""

from dataclasses import dataclass
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms import encoding, pdu, segments
from sms.segments import UdhProblem

METHODS = ["udh8", "udh16", "sar"]
ESC = b"\x1b"
PAIR = "😀".encode("utf-16-be")


@dataclass(frozen=True)
class StoredPart:
    octets: bytes
    data_coding: int = 0


def received(
    octets: bytes, *, esm_class: int = 0, data_coding: int = 0, tlvs: tuple[tuple[int, bytes], ...] = ()
) -> pdu.ShortMessage:
    return pdu.ShortMessage(
        header=pdu.Header(0, pdu.Command.DELIVER_SM, 0, 1),
        service_type="",
        source_ton=1,
        source_npi=1,
        source="84912345678",
        destination_ton=0,
        destination_npi=1,
        destination="8283",
        esm_class=esm_class,
        protocol_id=0,
        data_coding=data_coding,
        registered_delivery=0,
        short_message=octets,
        tlvs=tlvs,
        broken_tlvs=False,
    )


def sar(reference: bytes, total: bytes, index: bytes) -> tuple[tuple[int, bytes], ...]:
    return (0x020C, reference), (0x020E, total), (0x020F, index)


def split(octets: bytes, data_coding: int = 0, method: str = "udh8", reference: int = 7) -> list[segments.Segment]:
    return segments.split(octets, data_coding, method, lambda: reference)


# What leaves.


@pytest.mark.parametrize(
    ("data_coding", "method", "octets", "sizes"),
    [
        (0, "udh8", 0, [0]), (0, "udh8", 160, [160]), (0, "udh8", 161, [153, 8]), (0, "udh8", 306, [153, 153]),
        (0, "udh8", 307, [153, 153, 1]), (0, "udh16", 160, [160]), (0, "udh16", 161, [152, 9]), (0, "udh16", 304, [152, 152]),
        (0, "udh16", 305, [152, 152, 1]), (0, "sar", 161, [153, 8]), (0, "sar", 306, [153, 153]), (0, "sar", 307, [153, 153, 1]),
        (8, "udh8", 140, [140]), (8, "udh8", 142, [134, 8]), (8, "udh8", 268, [134, 134]), (8, "udh8", 270, [134, 134, 2]),
        (8, "udh16", 140, [140]), (8, "udh16", 142, [132, 10]), (8, "udh16", 264, [132, 132]), (8, "udh16", 266, [132, 132, 2]),
        (8, "sar", 142, [134, 8]), (8, "sar", 268, [134, 134]),
        (1, "udh8", 160, [160]), (1, "udh8", 161, [153, 8]), (1, "udh16", 161, [152, 9]), (1, "sar", 161, [153, 8]),
        (3, "udh8", 140, [140]), (3, "udh8", 141, [134, 7]), (3, "udh16", 141, [133, 8]), (4, "sar", 141, [134, 7]),
    ],
)  # fmt: skip
def test_limits(data_coding: int, method: str, octets: int, sizes: list[int]) -> None:
    parts = split(b"\0a" * (octets // 2) + b"a" * (octets % 2), data_coding, method)
    header = {"udh8": 6, "udh16": 7, "sar": 0}[method] if len(parts) > 1 else 0
    assert [len(part.short_message) - header for part in parts] == sizes
    units = octets // 2 if data_coding == 8 else octets
    assert segments.count(data_coding, b"a" * octets, units, method) == len(sizes)


def test_a_text_of_one_part_has_no_header_and_takes_no_reference() -> None:
    numbers = count(1)
    assert segments.split(b"HS", 0, "udh8", lambda: next(numbers)) == [segments.Segment(short_message=b"HS")]
    assert next(numbers) == 1


@pytest.mark.parametrize(
    ("method", "reference", "first", "last"),
    [
        ("udh8", 0x1234, b"\x05\x00\x03\x34\x02\x01", b"\x05\x00\x03\x34\x02\x02"),
        ("udh16", 0x1234, b"\x06\x08\x04\x12\x34\x02\x01", b"\x06\x08\x04\x12\x34\x02\x02"),
        ("udh16", 0x51234, b"\x06\x08\x04\x12\x34\x02\x01", b"\x06\x08\x04\x12\x34\x02\x02"),
    ],
)
def test_headers_of_parts(method: str, reference: int, first: bytes, last: bytes) -> None:
    one, two = split(b"x" * 200, 0, method, reference)
    assert (one.short_message[: len(first)], two.short_message[: len(last)]) == (first, last)
    assert (one.esm_class, two.esm_class) == (0x40, 0x40)
    assert one.tlvs == two.tlvs == ()


def test_sar_parts_carry_their_numbers_beside_the_text() -> None:
    one, two = split(b"x" * 200, 0, "sar", 0x51234)
    assert one.tlvs == sar(b"\x12\x34", b"\x02", b"\x01")
    assert two.tlvs == sar(b"\x12\x34", b"\x02", b"\x02")
    assert (one.esm_class, two.esm_class) == (0, 0)


def test_a_payload_is_cut_by_the_smsc() -> None:
    assert split(b"x" * 160, method="payload") == [segments.Segment(short_message=b"x" * 160)]
    assert split(b"x" * 161, method="payload") == [segments.Segment(short_message=b"", tlvs=((0x0424, b"x" * 161),))]
    assert segments.count(0, b"x" * 161, 161, "payload") == 1


@pytest.mark.parametrize(
    ("octets", "data_coding", "kept"),
    [
        (b"x" * 161, 0, 160),
        (b"x" * 159 + ESC + b"<", 0, 159),
        (b"\0x" * 71, 8, 140),
        (b"\0x" * 69 + PAIR, 8, 138),
        (b"x" * 141, 3, 140),
    ],
)
def test_single_keeps_what_fits_in_one(octets: bytes, data_coding: int, kept: int) -> None:
    assert split(octets, data_coding, "single") == [segments.Segment(short_message=octets[:kept])]
    assert segments.count(data_coding, octets, len(octets), "single") == 1


@pytest.mark.parametrize(("method", "size"), [("udh8", 153), ("udh16", 152), ("sar", 153)])
def test_at_most_255_parts(method: str, size: int) -> None:
    assert len(split(b"x" * size * 255, method=method)) == 255
    with pytest.raises(ValueError, match="more than 255 parts"):
        split(b"x" * (size * 255 + 1), method=method)


@pytest.mark.parametrize(("method", "size"), [("udh8", 153), ("udh16", 152), ("sar", 153)])
def test_an_escape_is_never_parted_from_its_character(method: str, size: int) -> None:
    header = {"udh8": 6, "udh16": 7, "sar": 0}[method]
    text = b"a" * (size - 1) + ESC + b"<" + b"b" * 20
    one, two = split(text, method=method)
    assert one.short_message[header:] == b"a" * (size - 1)
    assert two.short_message[header:] == ESC + b"<" + b"b" * 20
    fits = b"a" * (size - 2) + ESC + b"<" + b"b" * 20
    assert split(fits, method=method)[0].short_message[header:].endswith(ESC + b"<")
    assert segments.count(0, text, len(text), method) == 2


@pytest.mark.parametrize(("method", "units"), [("udh8", 67), ("udh16", 66), ("sar", 67)])
@pytest.mark.parametrize("pair", [b"\xd8\x00\xdc\x00", PAIR, b"\xdb\xff\xdf\xff"], ids=["first", "emoji", "last"])
def test_a_surrogate_pair_is_never_parted(method: str, units: int, pair: bytes) -> None:
    header = {"udh8": 6, "udh16": 7, "sar": 0}[method]
    one, two = split(b"\0a" * (units - 1) + pair + b"\0b" * 20, 8, method)
    assert one.short_message[header:] == b"\0a" * (units - 1)
    assert two.short_message[header:] == pair + b"\0b" * 20
    fits = split(b"\0a" * (units - 2) + pair + b"\0b" * 20, 8, method)
    assert fits[0].short_message[header:].endswith(pair)


@pytest.mark.parametrize("unit", [b"\xd7\xff", b"\xdc\x00", b"\xe0\x00", b"\x1b\x1b"])
def test_other_units_are_no_reason_to_cut_early(unit: bytes) -> None:
    assert len(split(unit * 80, 8)[0].short_message) == 140


def test_an_octet_like_an_escape_in_latin_1_is_none() -> None:
    assert len(split(ESC * 200, 3)[0].short_message) == 140


# What arrives.


def udh(*octets: int) -> bytes:
    return bytes((len(octets), *octets))


PARTS = [
    pytest.param(udh(0, 3, 9, 2, 1), ("udh8", 9, 2, 1), id="8-bit"),
    pytest.param(udh(8, 4, 1, 2, 2, 2), ("udh16", 0x0102, 2, 2), id="16-bit"),
    pytest.param(udh(0, 3, 255, 255, 255), ("udh8", 255, 255, 255), id="highest"),
    pytest.param(udh(8, 4, 255, 254, 3, 1), ("udh16", 0xFFFE, 3, 1), id="16-bit reference is not cut"),
    pytest.param(udh(0x24, 1, 1, 0, 3, 9, 2, 1), ("udh8", 9, 2, 1), id="language before"),
    pytest.param(udh(0, 3, 9, 2, 1, 0x70, 0), ("udh8", 9, 2, 1), id="empty element after"),
    pytest.param(udh(0, 3, 9, 2, 1, 8, 4, 0, 7, 3, 1), ("udh8", 9, 2, 1), id="both widths: the first"),
    pytest.param(udh(0, 2, 9, 2, 8, 4, 0, 7, 3, 1), ("udh16", 7, 3, 1), id="8-bit of another length is none"),
]


@pytest.mark.parametrize(("header", "numbers"), PARTS)
def test_parts_named_by_a_header(header: bytes, numbers: tuple[str, int, int, int]) -> None:
    message = received(header + b"text", esm_class=0x40)
    part = segments.read_concatenation(message)
    assert part is not None
    assert (part.method, part.reference, part.total, part.index) == numbers
    assert part.octets == b"text"
    assert segments.read_user_data(message) == segments.UserData(octets=b"text", concatenation=part)


@pytest.mark.parametrize(
    ("tlvs", "numbers"),
    [
        (sar(b"\x12\x34", b"\2", b"\1"), ("sar", 0x1234, 2, 1)),
        (sar(b"\x34", b"\0\2", b"\0\2"), ("sar", 0x34, 2, 2)),
        (sar(b"\1\xff\xff", b"\xff", b"\xff"), ("sar", 0xFFFF, 255, 255)),
    ],
    ids=["by the standard", "other widths", "wide reference"],
)
def test_parts_named_by_sar(tlvs: tuple[tuple[int, bytes], ...], numbers: tuple[str, int, int, int]) -> None:
    part = segments.read_concatenation(received(b"text", tlvs=tlvs))
    assert part is not None
    assert (part.method, part.reference, part.total, part.index) == numbers
    assert part.octets == b"text"


def test_a_header_wins_over_sar_and_sar_counts_beside_another_header() -> None:
    both = received(udh(0, 3, 9, 2, 1) + b"x", esm_class=0x40, tlvs=sar(b"\0\7", b"\3", b"\3"))
    part = segments.read_concatenation(both)
    assert part is not None
    assert part.method == "udh8"
    beside = received(udh(0x24, 1, 1) + b"x", esm_class=0x40, tlvs=sar(b"\0\7", b"\3", b"\3"))
    part = segments.read_concatenation(beside)
    assert part is not None
    assert (part.method, part.octets) == ("sar", b"x")


WHOLE = [
    pytest.param(b"text", 0, (), b"text", None, id="plain"),
    pytest.param(b"", 0x40, (), b"", None, id="header bit without octets"),
    pytest.param(b"\0text", 0x40, (), b"text", None, id="empty header"),
    pytest.param(udh(0x24, 1, 1) + b"text", 0x40, (), b"text", None, id="language only"),
    pytest.param(udh(0, 3, 9, 1, 1) + b"text", 0x40, (), b"text", None, id="the only part"),
    pytest.param(udh(0, 3, 9, 1, 1), 0x40, (), b"", None, id="header only"),
    pytest.param(udh(0, 3, 9, 2, 1) + b"x", 0, (), udh(0, 3, 9, 2, 1) + b"x", None, id="no header bit"),
    pytest.param(b"\5\0\3\1\2", 0x40, (), b"\5\0\3\1\2", UdhProblem.LONGER_THAN_MESSAGE, id="one octet too long"),
    pytest.param(b"\xffHS", 0x40, (), b"\xffHS", UdhProblem.LONGER_THAN_MESSAGE, id="much too long"),
    pytest.param(udh(0, 4, 9, 2, 1) + b"HS", 0x40, (), b"HS", UdhProblem.BROKEN_ELEMENT, id="element runs out"),
    pytest.param(udh(0, 3, 9, 2, 1, 0) + b"HS", 0x40, (), b"HS", UdhProblem.BROKEN_ELEMENT, id="element without length"),
    pytest.param(udh(0, 3, 9, 2, 0) + b"HS", 0x40, (), b"HS", UdhProblem.BAD_NUMBERS, id="part 0"),
    pytest.param(udh(0, 3, 9, 2, 3) + b"HS", 0x40, (), b"HS", UdhProblem.BAD_NUMBERS, id="part after the last"),
    pytest.param(udh(0, 3, 9, 0, 0) + b"HS", 0x40, (), b"HS", UdhProblem.BAD_NUMBERS, id="no parts"),
    pytest.param(b"HS", 0, sar(b"\1", b"\1\0", b"\1"), b"HS", UdhProblem.BAD_NUMBERS, id="256 parts by SAR"),
    pytest.param(b"HS", 0, sar(b"\1", b"\2", b"\0"), b"HS", UdhProblem.BAD_NUMBERS, id="part 0 by SAR"),
    pytest.param(b"HS", 0, sar(b"\1", b"\1", b"\1"), b"HS", None, id="the only part by SAR"),
    pytest.param(b"HS", 0, sar(b"\1", b"\2", b"\1")[:2], b"HS", None, id="SAR without its number"),
    pytest.param(b"HS", 0, sar(b"\1", b"\2", b"\1")[1:], b"HS", None, id="SAR without its reference"),
    pytest.param(b"HS", 0, sar(b"\1", b"", b"\1"), b"HS", None, id="SAR without its total"),
]  # fmt: skip


@pytest.mark.parametrize(("octets", "esm_class", "tlvs", "text", "problem"), WHOLE)
def test_whole_texts(
    octets: bytes, esm_class: int, tlvs: tuple[tuple[int, bytes], ...], text: bytes, problem: UdhProblem | None
) -> None:
    message = received(octets, esm_class=esm_class, tlvs=tlvs)
    assert segments.read_user_data(message) == segments.UserData(octets=text, problem=problem)
    assert segments.read_concatenation(message) is None


@pytest.mark.parametrize(
    ("message", "ported"),
    [
        (received(udh(5, 4, 0x0B, 0x84, 0x23, 0xF0) + b"x", esm_class=0x40), True),
        (received(udh(4, 2, 1, 2) + b"x", esm_class=0x40), True),
        (received(udh(0, 3, 9, 2, 1, 5, 4, 0x0B, 0x84, 0x23, 0xF0) + b"x", esm_class=0x40), True),
        (received(b"x", tlvs=((0x020B, b"\x0b\x84"),)), True),
        (received(b"\xffx", esm_class=0x40, tlvs=((0x020B, b"\x0b\x84"),)), True),
        (received(udh(5, 9, 1) + b"x", esm_class=0x40, tlvs=((0x020B, b"\x0b\x84"),)), True),
        (received(b"x", tlvs=((0x020B, b"\0\0"),)), False),
        (received(b"x"), False),
    ],
    ids=["ports", "short ports", "ports and parts", "TLV", "TLV, bad header", "TLV, bad element", "port 0", "none"],
)
def test_port_addressed(message: pdu.ShortMessage, *, ported: bool) -> None:
    assert segments.read_user_data(message).ported is ported


@given(
    st.binary(max_size=40),
    st.lists(st.tuples(st.sampled_from([0x020C, 0x020E, 0x020F, 0x020B]), st.binary(max_size=3))),
)
def test_any_user_data_is_read_without_an_error(octets: bytes, tlvs: list[tuple[int, bytes]]) -> None:
    data = segments.read_user_data(received(octets, esm_class=0x40, tlvs=tuple(tlvs)))
    assert octets.endswith(data.octets)
    assert data.concatenation is None or 1 <= data.concatenation.index <= data.concatenation.total <= 255


# There and back.

TEXTS = st.one_of(
    st.text(alphabet="ab[]€ 1", max_size=700), st.text(alphabet="ab đồ😀[", max_size=500), st.just("[" * 400)
)


@given(TEXTS, st.sampled_from(METHODS), st.integers(0, 0xFFFF))
def test_what_is_split_is_joined_again(text: str, method: str, reference: int) -> None:
    data_coding, octets, units = encoding.choose(text, accents=True)
    parts = segments.split(octets, data_coding, method, lambda: reference)
    assert segments.count(data_coding, octets, units, method) == len(parts)
    read = [
        segments.read_user_data(received(part.short_message, esm_class=part.esm_class, tlvs=part.tlvs))
        for part in parts
    ]
    whole = segments.join([StoredPart(data.octets, data_coding) for data in read], "gsm0338")
    assert whole == encoding.decode_text(octets, data_coding, "gsm0338")
    each = "".join(encoding.decode_text(data.octets, data_coding, "gsm0338") or "" for data in read)
    assert each == whole, "nothing is cut in two"
    if len(parts) > 1:
        numbers = [data.concatenation for data in read if data.concatenation is not None]
        assert [part.index for part in numbers] == list(range(1, len(parts) + 1))
        assert {(part.method, part.total) for part in numbers} == {(method, len(parts))}
        assert {part.reference for part in numbers} == {reference & 0xFF if method == "udh8" else reference}


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        pytest.param([], "", id="none"),
        pytest.param([StoredPart(PAIR[:2], 8), StoredPart(PAIR[2:], 8)], "😀", id="pair cut in two"),
        pytest.param([StoredPart(b"\0", 8), StoredPart(b"A", 8)], "A", id="unit cut in two"),
        pytest.param([StoredPart(b"a\x1b"), StoredPart(b"<b")], "a[b", id="escape cut in two"),
        pytest.param([StoredPart(b"ab"), StoredPart("đ".encode("utf-16-be"), 8), StoredPart(b"c")], "abđc", id="mixed"),
        pytest.param([StoredPart(b"a"), StoredPart(b"\1", 4), StoredPart(b"b")], "ab", id="a part is no text"),
        pytest.param([StoredPart(b"a" * 1999), StoredPart(b"bc")], "a" * 1999 + "b", id="2,000 characters"),
        pytest.param([StoredPart(b"a" * 1999), StoredPart(b"bc", 1)], "a" * 1999 + "b", id="2,000 characters, mixed"),
    ],
)
def test_join(parts: list[StoredPart], text: str) -> None:
    assert segments.join(parts, "gsm0338") == text


def test_join_reads_by_the_alphabet_of_the_account() -> None:
    assert segments.join([StoredPart(b"<\x1b<")], "gsm0338") == "<["
    assert segments.join([StoredPart(b"<\x1b<")], "latin1") == "<<"


def test_references_count_for_each_pair() -> None:
    references = segments.References()
    assert [references.next("8283", "84912345678") for _ in range(3)] == [1, 2, 3]
    assert references.next("8283", "84912345679") == 1
    assert references.next("8284", "84912345678") == 1
    assert references.next("8283", "84912345678") == 4
    highest = [references.next("8283", "84912345678") for _ in range(0xFFFF - 3)]
    assert highest[-2:] == [0xFFFF, 0]


def test_references_forget_the_pair_used_longest_ago() -> None:
    references = segments.References(most=2)
    references.next("8283", "a")
    references.next("8283", "b")
    assert references.next("8283", "a") == 2
    references.next("8283", "c")
    assert references.next("8283", "a") == 3
    assert references.next("8283", "b") == 1
