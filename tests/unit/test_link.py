"""One connection against a transport that only remembers: what is written when, and what is known to have left."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from sms import pdu
from sms.link import Answer, Link, NoAnswer, NotWritten, Phase
from sms.settings import Timing


class FakeTransport(asyncio.Transport):
    def __init__(self) -> None:
        super().__init__()
        self.writes: list[bytes] = []
        self.reading = True
        self.aborted = self.closed = False

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        assert high
        assert low is None

    def write(self, data: Any) -> None:
        self.writes.append(bytes(data))

    def pause_reading(self) -> None:
        self.reading = False

    def resume_reading(self) -> None:
        self.reading = True

    def abort(self) -> None:
        self.aborted = True

    def close(self) -> None:
        self.closed = True


class Owner:
    """Remembers the names of what it was told."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def arrived(self, link: Link, message: pdu.ShortMessage, frame: bytes) -> None:
        del link, message, frame
        raise RuntimeError

    def unreadable(self, link: Link, header: pdu.Header, frame: bytes) -> None:
        del link, header, frame

    def late(self, tag: object, answer: Answer) -> None:
        self.told.append(f"late {tag} {answer.status}")

    def peer_unbinds(self, link: Link) -> None:
        del link

    def room(self) -> None:
        self.told.append("room")

    def noticed(self, event: str, **values: object) -> None:
        assert values is not None
        self.told.append(event)


BUILD: Callable[[int], bytes] = pdu.enquire_link
SUBMIT = partial(
    pdu.submit_sm,
    source="8283",
    source_ton=0,
    source_npi=1,
    destination="84912345678",
    dest_ton=1,
    dest_npi=1,
    esm_class=0,
    data_coding=0,
    short_message=b"HS",
)


def header_only(command: int, sequence: int) -> bytes:
    return b"".join(number.to_bytes(4, "big") for number in (16, command, 0, sequence))


def new_link(**timing: float) -> tuple[Link, FakeTransport, Owner]:
    owner, transport = Owner(), FakeTransport()
    link = Link("1:1", owner, Timing(**timing), asyncio.get_running_loop())
    link.connection_made(transport)
    return link, transport, owner


async def test_what_is_written_in_one_turn_leaves_at_once() -> None:
    link, transport, _ = new_link()
    futures = [link.request(BUILD) for _ in range(3)]
    link.send(pdu.enquire_link_resp(9))
    assert not transport.writes
    await asyncio.sleep(0)
    assert len(transport.writes) == 1
    assert len(transport.writes[0]) == 4 * 16
    link.connection_lost(None)
    assert {type(future.exception()) for future in futures} == {NoAnswer}


async def test_only_what_was_not_written_is_known_not_to_have_left() -> None:
    link, transport, _ = new_link()
    written = link.request(BUILD)
    await asyncio.sleep(0)
    kept = link.request(BUILD)
    link.connection_lost(ConnectionResetError())
    await asyncio.sleep(0)
    assert isinstance(written.exception(), NoAnswer)
    assert isinstance(kept.exception(), NotWritten)
    assert len(transport.writes) == 1
    assert link.lost.result() == "ConnectionResetError"
    assert isinstance(link.request(BUILD).exception(), NotWritten)


async def test_what_came_before_broken_framing_is_taken_before_the_connection_closes() -> None:
    link, transport, owner = new_link()
    future = link.request(BUILD)
    await asyncio.sleep(0)
    link.data_received(pdu.enquire_link(7) + pdu.enquire_link_resp(1) + b"\0\0\0\1")
    await asyncio.sleep(0)
    assert transport.writes[1:] == [pdu.enquire_link_resp(7) + pdu.generic_nack(0, 2)]
    assert transport.closed
    assert owner.told == ["framing_lost"]
    link.connection_lost(None)
    assert isinstance(future.exception(), NoAnswer)


async def test_nothing_new_is_asked_on_a_connection_that_closes() -> None:
    for leave in (Link.close, Link.abort):
        link, _, _ = new_link()
        link.phase = Phase.BOUND
        leave(link, "test")
        assert link.phase is Phase.UNBINDING
        link.connection_lost(None)
        assert link.phase is Phase.CLOSED


@pytest.mark.parametrize("other", [0x80000005, 0x80000006, 0x80000009, 0x80000103], ids=hex)
async def test_an_answer_of_another_kind_with_the_same_number_is_none(other: int) -> None:
    link, _, owner = new_link()
    future = link.request(SUBMIT)
    await asyncio.sleep(0)
    link.data_received(header_only(other, 1))
    assert not future.done()
    assert owner.told == ["stray_response"]
    link.data_received(pdu.submit_sm_resp(1, "id"))
    assert future.result() == Answer(0, "id")
    link.connection_lost(None)


async def test_a_peer_that_does_not_read_is_neither_fed_nor_read() -> None:
    link, transport, owner = new_link()
    link.pause_writing()
    assert link.is_choked
    assert not transport.reading
    assert isinstance(link.request(BUILD).exception(), NotWritten)
    link.resume_writing()
    assert transport.reading
    assert owner.told == ["room"]
    link.connection_lost(None)


async def test_a_fault_behind_the_link_does_not_end_it() -> None:
    link, transport, owner = new_link()
    number = pdu.deliver_sm(
        5,
        source="84912345678",
        source_ton=1,
        source_npi=1,
        destination="8283",
        dest_ton=0,
        dest_npi=1,
        esm_class=0,
        data_coding=0,
        short_message=b"x",
    )
    link.data_received(number + pdu.enquire_link(6))
    await asyncio.sleep(0)
    assert transport.writes == [pdu.generic_nack(5, 8) + pdu.enquire_link_resp(6)]
    assert "pdu_broke" in owner.told
    assert not transport.closed
    link.connection_lost(None)


async def test_requests_are_given_up_in_turn_and_few_late_ones_are_remembered(caplog: pytest.LogCaptureFixture) -> None:
    link, _, owner = new_link(response=0.02)
    futures = [link.request(BUILD, number) for number in range(1002)]
    await asyncio.sleep(0)
    await asyncio.wait(futures)
    assert all(isinstance(future.exception(), NoAnswer) for future in futures)
    link.data_received(header_only(0x80000004, 1002) + header_only(0x80000004, 1) + header_only(0x80000005, 1001))
    assert owner.told == ["late 1001 0", "stray_response", "stray_response"]
    link.connection_lost(None)
    assert not caplog.records


async def test_a_stalled_process_asks_before_it_gives_a_peer_up() -> None:
    link, transport, _ = new_link(idle=0.01, idle_answer=0.01)
    link._heard_at -= 100
    link._check_idle()
    assert not transport.aborted, "nothing was asked yet"
    await asyncio.sleep(0.03)
    assert transport.aborted
    link.connection_lost(None)
