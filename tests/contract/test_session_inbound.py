"""What an SMSC may send on a session, right and wrong, and what it gets back."""

import asyncio
from dataclasses import dataclass

import pytest

from sms.settings import BindMode
from tests.contract.sessions import RecordingHandler, running
from tests.smsc import (
    BIND_RECEIVER,
    BIND_TRANSCEIVER,
    BIND_TRANSMITTER,
    DELIVER_SM,
    ENQUIRE_LINK,
    GENERIC_NACK,
    RESPONSE,
    SUBMIT_SM,
    UNBIND,
    Frame,
    deliver_sm,
    frame,
    raw_smsc,
)

PHONE = "84912345678"
TEXT = deliver_sm(5, PHONE, b"HS H05.12-260610-0001")
OUR_ANSWER = Frame(DELIVER_SM | RESPONSE, 0, 5, b"\0")


@pytest.mark.parametrize(
    ("mode", "command"),
    [(BindMode.BOTH, BIND_TRANSCEIVER), (BindMode.SEND, BIND_TRANSMITTER), (BindMode.RECEIVE, BIND_RECEIVER)],
)
async def test_it_signs_in(mode: BindMode, command: int) -> None:
    handler = RecordingHandler()
    async with raw_smsc() as smsc, running(handler, smsc.port, mode=mode, address_range="8283") as session:
        peer = await smsc.bound()
        await handler.until("bound")
        assert peer.bind.command == command
        assert peer.bind.body == b"gw\0pw\0\0\x34\x01\x008283\0"
        assert session.is_bound
        assert session.can_send is (mode is not BindMode.RECEIVE)
        assert session.name == "1:1"


@pytest.mark.parametrize("size", [1, 7, len(TEXT), 2 * len(TEXT)], ids=["octets", "sevens", "whole", "two at once"])
async def test_a_text_in_any_pieces_is_stored_and_acknowledged(size: int) -> None:
    handler = RecordingHandler()
    async with raw_smsc() as smsc, running(handler, smsc.port):
        peer = await smsc.bound()
        both = TEXT + TEXT
        for start in range(0, len(both), size):
            peer.send(both[start : start + size])
            await asyncio.sleep(0)
        assert [await peer.acknowledged(), await peer.acknowledged()] == [OUR_ANSWER, OUR_ANSWER]
        assert (await handler.messages.get()).short_message == b"HS H05.12-260610-0001"


async def test_nothing_is_acknowledged_before_it_is_stored() -> None:
    handler = RecordingHandler()
    handler.gate.clear()
    async with raw_smsc() as smsc, running(handler, smsc.port):
        peer = await smsc.bound()
        peer.send(TEXT)
        await handler.messages.get()
        peer.send(frame(ENQUIRE_LINK, 9))
        assert await peer.read() == Frame(ENQUIRE_LINK | RESPONSE, 0, 9, b"")
        handler.gate.set()
        assert await peer.read() == OUR_ANSWER


async def test_what_could_not_be_stored_must_come_again() -> None:
    handler = RecordingHandler()
    handler.error = RuntimeError("disk full")
    async with raw_smsc() as smsc, running(handler, smsc.port):
        peer = await smsc.bound()
        peer.send(TEXT)
        assert (await peer.acknowledged()).status == 0x64
        handler.error = None
        peer.send(TEXT)
        assert (await peer.acknowledged()).status == 0


async def test_more_than_the_high_water_mark_must_come_again() -> None:
    handler = RecordingHandler()
    handler.gate.clear()
    async with raw_smsc() as smsc, running(handler, smsc.port, high_water=2):
        peer = await smsc.bound()
        peer.send(*(deliver_sm(number, PHONE, b"x") for number in (1, 2, 3)))
        assert await peer.acknowledged() == Frame(DELIVER_SM | RESPONSE, 0x64, 3, b"\0")
        handler.gate.set()
        assert [(await peer.acknowledged()).sequence for _ in range(2)] == [1, 2]


@dataclass(frozen=True)
class Case:
    label: str
    sent: bytes
    answer: Frame | None
    event: str | None = None


CASES = [
    Case("enquire_link", frame(ENQUIRE_LINK, 7), Frame(ENQUIRE_LINK | RESPONSE, 0, 7, b"")),
    Case("sequence 0 is echoed", frame(ENQUIRE_LINK, 0), Frame(ENQUIRE_LINK | RESPONSE, 0, 0, b"")),
    Case("sequence over the limit is echoed", frame(ENQUIRE_LINK, 2**32 - 1), Frame(0x80000015, 0, 2**32 - 1, b"")),
    Case("unknown request", frame(0x0A0B, 8), Frame(GENERIC_NACK, 3, 8, b""), "unexpected_pdu"),
    Case("a request only we may make", TEXT[:7] + b"\4" + TEXT[8:], Frame(GENERIC_NACK, 3, 5, b""), "unexpected_pdu"),
    Case("a bind towards us", frame(BIND_RECEIVER, 8, body=b"\0\0\0\x34\0\0\0"), Frame(GENERIC_NACK, 3, 8, b"")),
    Case("unknown response", frame(0x80000A0B, 8), None, "unexpected_pdu"),
    Case("response that nobody waits for", frame(SUBMIT_SM | RESPONSE, 99, 8), None, "stray_response"),
    Case("response without a body", frame(SUBMIT_SM | RESPONSE, 99), None, "stray_response"),
    Case("outbind", frame(0x0B, 8, body=b"SMSC\0pw\0"), None),
    Case("alert_notification", frame(0x102, 8, body=b"\0\0849\0\0\0" + b"8283\0"), None),
    Case("generic_nack for nothing", frame(GENERIC_NACK, 0, 3), None, "nacked"),
    Case("deliver_sm without a body", frame(DELIVER_SM, 8), Frame(DELIVER_SM | RESPONSE, 0, 8, b"\0"), "malformed"),
    Case(
        "text longer than its PDU", frame(DELIVER_SM, 8, body=TEXT[16:-3]), Frame(0x80000005, 0, 8, b"\0"), "malformed"
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.label)
@pytest.mark.parametrize(
    ("piece", "times"), [(1, 1), (10_000, 1), (10_000, 2)], ids=["octet by octet", "whole", "two at once"]
)
async def test_the_session_lives_whatever_comes(case: Case, piece: int, times: int) -> None:
    handler = RecordingHandler()
    async with raw_smsc() as smsc, running(handler, smsc.port) as session:
        peer = await smsc.bound()
        sent = case.sent * times
        for start in range(0, len(sent), piece):
            peer.send(sent[start : start + piece])
            await asyncio.sleep(0)
        peer.send(TEXT)
        expected = [OUR_ANSWER] if case.answer is None else [case.answer] * times + [OUR_ANSWER]
        assert sorted([await peer.read() for _ in expected]) == sorted(expected)
        assert session.is_bound
        assert smsc.binds == 1
        if case.event is not None:
            assert handler.count(case.event) == times


@pytest.mark.parametrize(
    "garbage",
    [b"\0\0\0\0", b"\0\0\0\x0f", b"\x40\0\0\0", b"\x16\x03\x01\x02\0\x01", b"GET / HTTP/1.1\r\n\r\n"],
    ids=["length 0", "length 15", "1 GiB", "TLS hello", "HTTP"],
)
async def test_lost_framing_is_told_and_the_session_starts_over(garbage: bytes) -> None:
    handler = RecordingHandler()
    async with raw_smsc() as smsc, running(handler, smsc.port):
        peer = await smsc.bound()
        peer.send(garbage)
        assert await peer.read() == Frame(GENERIC_NACK, 2, 0, b"")
        await peer.gone()
        again = await smsc.bound()
        again.send(TEXT)
        assert await again.acknowledged() == OUR_ANSWER
        assert handler.count("framing_lost") == 1


async def test_a_peer_that_lost_our_framing_is_left() -> None:
    handler = RecordingHandler()
    async with raw_smsc() as smsc, running(handler, smsc.port):
        peer = await smsc.bound()
        peer.send(frame(GENERIC_NACK, 0, 2))
        await peer.gone()
        await smsc.bound()


async def test_the_peer_says_good_bye() -> None:
    handler = RecordingHandler()
    async with raw_smsc() as smsc, running(handler, smsc.port):
        peer = await smsc.bound()
        peer.send(frame(UNBIND, 3))
        assert await peer.read() == Frame(UNBIND | RESPONSE, 0, 3, b"")
        await peer.gone()
        await smsc.bound()
        assert (await handler.until("unbound"))["reason"] == "unbound by the peer"


async def test_what_is_being_stored_when_the_peer_says_good_bye_is_still_acknowledged() -> None:
    handler = RecordingHandler()
    handler.gate.clear()
    async with raw_smsc() as smsc, running(handler, smsc.port):
        peer = await smsc.bound()
        peer.send(TEXT)
        await handler.messages.get()
        peer.send(frame(UNBIND, 3))
        assert await peer.read() == Frame(UNBIND | RESPONSE, 0, 3, b"")
        handler.gate.set()
        assert await peer.read() == OUR_ANSWER
        await peer.gone()
