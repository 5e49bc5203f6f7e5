"""Cutting a stream into PDUs, however the octets come."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms import pdu


def frame(size: int, fill: int = 1) -> bytes:
    return struct.pack(">IIII", size, 0x15, 0, fill) + bytes((fill,)) * (size - 16)


@given(st.lists(st.integers(16, 300), max_size=12), st.data())
def test_any_chunking_gives_the_same_frames(sizes: list[int], data: st.DataObject) -> None:
    frames = [frame(size, number % 256) for number, size in enumerate(sizes)]
    stream = b"".join(frames)
    reader = pdu.FrameReader()
    read: list[bytes] = []
    while stream:
        taken = data.draw(st.integers(1, min(len(stream), 400)))
        read += reader.feed(stream[:taken])
        stream = stream[taken:]
    assert read == frames


def test_octet_by_octet_a_frame_comes_with_its_last_octet() -> None:
    reader = pdu.FrameReader()
    whole = frame(20) + frame(16)
    read = [(place, got) for place in range(len(whole)) for got in reader.feed(whole[place : place + 1])]
    assert read == [(19, frame(20)), (35, frame(16))]


def test_nothing_gives_nothing() -> None:
    reader = pdu.FrameReader()
    assert reader.feed(b"") == []
    assert reader.feed(frame(16)[:15]) == []
    assert reader.feed(b"") == []
    assert reader.feed(frame(16)[15:]) == [frame(16)]


@pytest.mark.parametrize("length", [0, 1, 4, 15, 70_001, 0x16030102, 0x47455420, 0xFFFFFFFF])
def test_a_length_that_cannot_be_is_told_as_soon_as_it_is_there(length: int) -> None:
    octets = length.to_bytes(4, "big")
    with pytest.raises(pdu.FramingLost) as caught:
        pdu.FrameReader().feed(octets)
    assert (caught.value.length, caught.value.frames) == (length, [])
    reader = pdu.FrameReader()
    assert reader.feed(octets[:3]) == []
    with pytest.raises(pdu.FramingLost, match=str(length)):
        reader.feed(octets[3:])


@pytest.mark.parametrize("length", [16, 17, 69_999, 70_000])
def test_lengths_that_can_be(length: int) -> None:
    assert pdu.FrameReader().feed(frame(length)) == [frame(length)]


def test_the_longest_may_be_set() -> None:
    assert pdu.FrameReader(20).feed(frame(20)) == [frame(20)]
    with pytest.raises(pdu.FramingLost):
        pdu.FrameReader(20).feed(frame(21))


def test_frames_before_the_loss_are_not_lost() -> None:
    with pytest.raises(pdu.FramingLost) as caught:
        pdu.FrameReader().feed(frame(16) + frame(30) + b"\0\0\0\1")
    assert caught.value.frames == [frame(16), frame(30)]


def test_a_long_frame_in_single_octets_costs_no_more_than_its_octets() -> None:
    reader = pdu.FrameReader()
    whole = frame(70_000)
    assert [got for octet in whole for got in reader.feed(bytes((octet,)))] == [whole]
