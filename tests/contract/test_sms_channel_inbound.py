"""What becomes of everything that an operator may deliver."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest

from bot.clock import SystemClock
from bot.model import Address, ChannelName, InboundMessage, PartGroup, ReceiptState
from sms.reassembly import join_group
from tests.contract.sms_channels import PHONE, RecordingReceive, new_channel, running, until_up
from tests.smsc import DATA_SM, DELIVER_SM, RESPONSE, deliver_sm, frame, raw_smsc

CODE = b"H05.12-260610-0001"
RECEIPT = b"id:0AB1 sub:001 dlvrd:001 submit date:2606100900 done date:2606100901 stat:DELIVRD err:000 text:HS"
ACCENTED = "tra cứu hồ sơ"


@dataclass(frozen=True)
class Case:
    label: str
    octets: bytes
    text: str = ""
    source: str = PHONE
    sender: str = PHONE
    ignored: str | None = None
    options: dict[str, Any] = field(default_factory=dict)
    recipient: str = "8283"


PORTS = bytes((6, 5, 4, 0x0B, 0x84, 0x23, 0xF0))
LYING = bytes((200, 0, 3)) + CODE
CASES = [
    Case("plain text", CODE, CODE.decode()),
    Case("UCS-2", ACCENTED.encode("utf-16-be"), ACCENTED, options={"data_coding": 8}),
    Case("odd UCS-2 loses its last octet", "cứu".encode("utf-16-be") + b"\0", "cứu", options={"data_coding": 8}),
    Case("national number", CODE, CODE.decode(), source="0912345678"),
    Case("short code with the country in front", CODE, CODE.decode(), options={"destination": "848283"}),
    Case("another of our short codes", CODE, CODE.decode(), options={"destination": "04283"}, recipient="283"),
    Case("short code that we do not know", CODE, CODE.decode(), options={"destination": "1900"}, recipient="1900"),
    Case("binary", b"\1\2\3", ignored="binary", options={"data_coding": 4}),
    Case("port-addressed", PORTS + CODE, ignored="binary", options={"esm_class": 0x40}),
    Case("header longer than the text", LYING, LYING.decode("latin-1"), options={"esm_class": 0x40}),
    Case("a short code writes", b"OK", "OK", source="191", sender="191", ignored="not_a_person"),
    Case("a name writes", b"KM", "KM", source="VIETTEL", sender="VIETTEL", ignored="not_a_person"),
    Case("nobody writes", b"KM", "KM", source="", sender="", ignored="not_a_person"),
    Case("a foreign phone writes", b"hi", "hi", source="4915112345678", sender="4915112345678", ignored="not_a_person"),
    Case("we write to ourselves", b"hi", "hi", source="848283", sender="848283", ignored="own_number"),
    Case("a text like a receipt but without a state", b"id: HS 1", "id: HS 1"),
    Case("acknowledgement of a phone", b"ok", "ok", ignored="no_text", options={"esm_class": 0x08}),
    Case("acknowledgement of a user", b"ok", "ok", ignored="no_text", options={"esm_class": 0x10}),
    Case("conversation abort", b"ok", "ok", ignored="no_text", options={"esm_class": 0x18}),
    Case("a kind that nobody defined", CODE, CODE.decode(), ignored="no_text", options={"esm_class": 0x3C}),
    Case("empty", b""),
    Case("much too long", b"", "x" * 2000, options={"tlvs": [(0x0424, b"x" * 2500)]}),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.label)
async def test_a_text_is_stored_as_what_it_is(case: Case) -> None:
    receive = RecordingReceive()
    async with raw_smsc() as smsc, running(new_channel(smsc.port), receive):
        peer = await smsc.bound()
        peer.send(deliver_sm(5, case.source, case.octets, **case.options))
        assert (await peer.acknowledged()).status == 0
        (stored,) = receive.messages
        assert stored.ignored == case.ignored
        if case.label != "header longer than the text":
            assert stored.text == case.text
        assert stored.sender == Address(ChannelName.SMS, case.sender)
        assert stored.recipient == case.recipient
        assert stored.route == "smpp:telco"
        assert stored.session == "7:telco.1"
        assert len(stored.content_hash) == 32
        assert stored.external_id is None
        assert PHONE.encode() not in stored.raw
        assert stored.raw


@pytest.mark.parametrize(
    ("esm_class", "octets", "state"),
    [
        pytest.param(0x04, RECEIPT, ReceiptState.DELIVERED, id="receipt"),
        pytest.param(0x00, RECEIPT, ReceiptState.DELIVERED, id="receipt without its bit"),
        pytest.param(0x04, RECEIPT.replace(b"DELIVRD", b"UNDELIV"), ReceiptState.FAILED, id="failure"),
        pytest.param(0x04, b"nonsense", None, id="unreadable receipt"),
    ],
)
async def test_receipts_are_acknowledged_whatever_they_say(
    esm_class: int, octets: bytes, state: ReceiptState | None
) -> None:
    receive = RecordingReceive()
    async with raw_smsc() as smsc, running(new_channel(smsc.port), receive):
        peer = await smsc.bound()
        peer.send(deliver_sm(5, PHONE, octets, esm_class=esm_class))
        assert (await peer.acknowledged()).status == 0
        assert [receipt.state for receipt in receive.receipts] == ([] if state is None else [state])
        assert not receive.messages
        if receive.receipts:
            assert receive.receipts[0].provider_ids[0] == "ab1"
            assert receive.receipts[0].route == "smpp:telco"


async def test_what_makes_a_repeat_recognisable() -> None:
    receive = RecordingReceive()
    async with raw_smsc() as smsc, running(new_channel(smsc.port), receive):
        peer = await smsc.bound()
        peer.send(
            deliver_sm(1, PHONE, CODE),
            deliver_sm(2, PHONE, CODE),
            deliver_sm(3, PHONE, CODE + b" "),
            deliver_sm(4, PHONE, CODE, data_coding=1),
            deliver_sm(5, "84912345679", CODE),
            deliver_sm(6, PHONE, CODE, tlvs=[(0x0204, b"\0\7")]),
            deliver_sm(7, PHONE, CODE, tlvs=[(0x001E, b"\0")]),
        )
        for _ in range(7):
            await peer.acknowledged()
        first, again, *others = receive.messages
        assert first.content_hash == again.content_hash
        assert len({stored.content_hash for stored in (first, *others)}) == 4
        assert others[3].external_id is not None
        assert others[3].external_id.startswith("0204.0007.")
        assert PHONE not in others[3].external_id
        assert others[4].external_id is None, "an empty reference is none"


async def test_data_sm_is_taken_like_deliver_sm() -> None:
    receive = RecordingReceive()
    async with raw_smsc() as smsc, running(new_channel(smsc.port), receive):
        peer = await smsc.bound()
        body = b"\0\1\1" + PHONE.encode() + b"\0\0\1" + b"8283\0\0\0\0" + b"\x04\x24\0\2HS"
        peer.send(frame(DATA_SM, 5, body=body))
        answer = await peer.read()
        assert (answer.command, answer.status, answer.sequence) == (DATA_SM | RESPONSE, 0, 5)
        assert receive.messages[0].text == "HS"


async def test_a_broken_body_is_kept_and_acknowledged() -> None:
    receive = RecordingReceive()
    async with raw_smsc() as smsc, running(new_channel(smsc.port), receive) as channel:
        peer = await smsc.bound()
        peer.send(frame(DELIVER_SM, 5, body=b"\0\1\1nonsense"))
        assert (await peer.acknowledged()).status == 0
        (stored,) = receive.messages
        assert (stored.ignored, stored.text) == ("malformed", "")
        assert stored.raw
        assert channel.counts["malformed"] == 1


async def test_a_store_that_refuses_makes_the_operator_try_again() -> None:
    receive = RecordingReceive()
    receive.refuses = True
    async with raw_smsc() as smsc, running(new_channel(smsc.port), receive) as channel:
        peer = await smsc.bound()
        everything = [
            deliver_sm(1, PHONE, CODE),
            deliver_sm(2, PHONE, bytes((5, 0, 3, 1, 2, 1)) + CODE, esm_class=0x40),
            deliver_sm(3, PHONE, RECEIPT, esm_class=4),
            frame(DELIVER_SM, 4),
        ]
        peer.send(*everything)
        assert [(await peer.acknowledged()).status for _ in everything] == [0x64] * 4
        receive.refuses = False
        peer.send(*everything)
        assert [(await peer.acknowledged()).status for _ in everything] == [0] * 4
        assert channel.counts["store_refused"] == 4


def parts_of(octets: bytes, size: int, reference: int) -> list[bytes]:
    pieces = [octets[at : at + size] for at in range(0, len(octets), size)]
    return [bytes((5, 0, 3, reference, len(pieces), number)) + piece for number, piece in enumerate(pieces, 1)]


async def test_parts_are_stored_one_by_one_on_any_bind_and_joined() -> None:
    receive = RecordingReceive()
    text = ("Đèn đường hỏng đã lâu " * 12).strip()
    octets = text.encode("utf-16-be")
    async with raw_smsc() as smsc, running(new_channel(smsc.port, binds=2), receive) as channel:
        peers = [await smsc.bound(), await smsc.bound()]
        await until_up(channel, 2)
        parts = parts_of(octets, 134, 9)
        assert len(parts) > 3
        for number, part in reversed(list(enumerate(parts))):
            peer = peers[number % 2]
            peer.send(deliver_sm(number + 1, PHONE, part, esm_class=0x40, data_coding=8))
            assert (await peer.acknowledged()).status == 0
        assert not receive.messages
        stored = sorted(receive.parts, key=lambda part: part.index)
        assert [(part.method, part.reference, part.total) for part in stored] == [("udh8", 9, len(parts))] * len(parts)
        group = PartGroup(
            id=1,  # type: ignore[arg-type]  # the store makes ids
            sender=stored[0].sender,
            recipient=stored[0].recipient,
            route=stored[0].route,
            total=len(parts),
            parts=tuple(stored),
            opened_at=stored[-1].received_at,
        )
        whole = join_group(group, "gsm0338")
        assert isinstance(whole, InboundMessage)
        assert (whole.text, whole.partial) == (text, False)
        assert whole.received_at == max(part.received_at for part in stored)
        assert {part.session for part in stored} == {"7:telco.1", "7:telco.2"}


@pytest.mark.parametrize(
    "header",
    [(5, 0, 3, 1, 0, 1), (5, 0, 3, 1, 2, 0), (5, 0, 3, 1, 2, 3), (5, 0, 9, 1, 2, 1)],
    ids=["total 0", "number 0", "number over total", "element longer than the header"],
)
async def test_lying_part_numbers_make_it_a_whole_text(header: tuple[int, ...]) -> None:
    receive = RecordingReceive()
    async with raw_smsc() as smsc, running(new_channel(smsc.port), receive):
        peer = await smsc.bound()
        peer.send(deliver_sm(1, PHONE, bytes(header) + CODE, esm_class=0x40))
        assert (await peer.acknowledged()).status == 0
        assert not receive.parts
        assert CODE.decode() in receive.messages[0].text


@pytest.mark.parametrize(
    ("event", "octets", "options"),
    [
        pytest.param("bad_header", LYING, {"esm_class": 0x40}, id="header longer than the text"),
        pytest.param("bad_header", b"\5\0\3\1\2\3" + CODE, {"esm_class": 0x40}, id="part after the last"),
        pytest.param(
            "bad_header", CODE, {"tlvs": [(0x20C, b"\0\1"), (0x20E, b"\1"), (0x20F, b"\2")]}, id="the same in SAR"
        ),
        pytest.param("two_texts", CODE, {"tlvs": [(0x0424, b"other")]}, id="short_message and message_payload"),
        pytest.param("broken_tlvs", CODE, {"tail": b"\x14\0\0\x09x"}, id="a TLV past the end"),
    ],
)
async def test_a_flaw_is_counted_and_the_text_taken(event: str, octets: bytes, options: dict[str, Any]) -> None:
    receive = RecordingReceive()
    tail = options.pop("tail", b"")
    async with raw_smsc() as smsc, running(new_channel(smsc.port), receive) as channel:
        peer = await smsc.bound()
        whole = deliver_sm(1, PHONE, octets, **options) + tail
        peer.send((len(whole)).to_bytes(4, "big") + whole[4:], deliver_sm(2, PHONE, CODE))
        assert [(await peer.acknowledged()).status for _ in range(2)] == [0, 0]
        assert CODE.decode() in receive.messages[0].text
        assert channel.counts == {"bound": 1, event: 1}


async def test_a_part_from_no_person_is_stored_once_and_kept_quiet() -> None:
    receive = RecordingReceive()
    async with raw_smsc() as smsc, running(new_channel(smsc.port), receive):
        peer = await smsc.bound()
        peer.send(deliver_sm(1, "VIETTEL", parts_of(b"x" * 200, 153, 1)[0], esm_class=0x40))
        assert (await peer.acknowledged()).status == 0
        assert [stored.ignored for stored in receive.messages] == ["not_a_person"]


async def test_a_fault_of_ours_in_reading_does_not_bring_the_text_back_for_ever() -> None:
    receive = RecordingReceive()
    async with raw_smsc() as smsc:
        channel = new_channel(smsc.port)
        channel._arrivals._inbound._clock = BrokenOnce()
        async with running(channel, receive):
            peer = await smsc.bound()
            peer.send(deliver_sm(1, PHONE, CODE))
            assert (await peer.acknowledged()).status == 0
            assert receive.messages[0].ignored == "malformed"
            assert channel.counts["unreadable"] == 1


class BrokenOnce(SystemClock):
    """Stands for any fault of ours: fails at its first use."""

    used = False

    def now(self) -> datetime:
        if not self.used:
            self.used = True
            raise RuntimeError
        return super().now()
