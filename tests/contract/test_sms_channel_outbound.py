"""How texts leave by SMPP, and what each answer of the operator means."""

import asyncio
import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import smpp34
import uvloop

from bot.errors import (
    ChannelBusy,
    NotSent,
    OutcomeUnknown,
    RecipientRefused,
    SendError,
    TemporarySendError,
)
from tests.certificates import write_certificate
from tests.contract.sessions import QUICK, until
from tests.contract.sms_channels import PHONE, RecordingReceive, message, new_channel, running, send, until_up
from tests.smsc import BIND_RECEIVER, BIND_TRANSMITTER, deliver_sm, raw_smsc

ANSWER = "HS H05.12-260610-0001: dang xu ly, hen tra 17/06/2026."
LONG = "Ho so dang xu ly tai Bo phan Mot cua. " * 10


async def test_a_foreign_smsc_gets_and_gives_everything(unused_tcp_port: int) -> None:
    server = smpp34.Server("127.0.0.1", unused_tcp_port, system_id="SMSC")
    await server.start()
    receive = RecordingReceive()
    settings = {"receipts": "all", "extra_tlvs": ((0x0202, b"\xa0HS,0,1"),), "source_ton": 3, "dest_npi": 8}
    try:
        async with running(new_channel(unused_tcp_port, **settings), receive) as channel:
            esme = await server.next()
            assert isinstance(esme, smpp34.Esme)
            await until_up(channel)
            answer = await esme.deliver_sm(
                source_addr=PHONE, destination_addr="8283", short_message=b"HS 1", esm_class=0, data_coding=0
            )
            assert answer.is_success
            assert receive.messages[0].text == "HS 1"
            sending = asyncio.create_task(send(channel, message("Hồ sơ đang xử lý")))
            event = await server.next()
            assert isinstance(event, smpp34.SubmitSmEvent)
            assert (event.source_addr, event.destination_addr) == ("8283", PHONE)
            assert (event.source_addr_ton, event.source_addr_npi) == (3, 1)
            assert (event.dest_addr_ton, event.dest_addr_npi) == (1, 8)
            assert (event.short_message, event.data_coding) == (b"Ho so dang xu ly", 0), "no accents by SMS"
            assert event.registered_delivery == 1
            assert [(tlv.tag, tlv.value) for tlv in event.tlvs] == [(0x0202, b"\xa0HS,0,1")]
            event.accept("00AB12")
            assert await sending == ["ab12"]
            await channel.drain()
    finally:
        await server.stop()


@pytest.mark.parametrize(
    ("alphabet", "octets"), [("gsm0338", b"a\0b\x11\x02"), ("latin1", b"a@b_$"), ("ascii", b"a@b_$")]
)
async def test_a_text_is_written_in_the_alphabet_of_the_operator(alphabet: str, octets: bytes) -> None:
    async with raw_smsc() as smsc, running(new_channel(smsc.port, default_alphabet=alphabet)) as channel:
        peer = await smsc.bound()
        await until_up(channel)
        sending = asyncio.create_task(send(channel, message("a@b_$")))
        submit = await peer.submitted()
        assert submit.body.endswith(b"\0\0" + bytes((len(octets),)) + octets)
        peer.accept(submit, "")
        assert await sending == [""], "an operator that gives no id"


@dataclass(frozen=True)
class Case:
    label: str
    status: int
    error: type[SendError]
    retry_after: float | None = None


CASES = [
    Case("throttled", 0x58, ChannelBusy, QUICK.pause),
    Case("queue of the phone full", 0x14, TemporarySendError, 60),
    Case("system error", 0x08, TemporarySendError),
    Case("temporary application error", 0x64, TemporarySendError),
    Case("delivery failure", 0xFE, TemporarySendError),
    Case("not bound for sending", 0x04, TemporarySendError),
    Case("bad destination", 0x0B, RecipientRefused),
    Case("bad source", 0x0A, RecipientRefused),
    Case("bad length", 0x01, RecipientRefused),
    Case("rejected", 0x66, RecipientRefused),
    Case("submit failed: once more", 0x45, TemporarySendError, 30),
    Case("operator's own status: once more", 0x0401, TemporarySendError, 30),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.label)
async def test_a_refusal_says_what_to_do(case: Case) -> None:
    async with raw_smsc() as smsc, running(new_channel(smsc.port)) as channel:
        peer = await smsc.bound()
        await until_up(channel)
        sending = asyncio.create_task(send(channel, message()))
        peer.reject(await peer.submitted(), case.status)
        with pytest.raises(case.error, match=f"0x{case.status:02X}") as caught:
            await sending
        assert type(caught.value) is case.error
        assert caught.value.retry_after == (
            None if case.retry_after is None else pytest.approx(case.retry_after, abs=0.1)
        )


async def test_an_unclear_refusal_counts_the_second_time() -> None:
    async with raw_smsc() as smsc, running(new_channel(smsc.port)) as channel:
        peer = await smsc.bound()
        await until_up(channel)
        outcomes: list[type[BaseException | None]] = []
        for _ in range(2):
            sending = asyncio.create_task(send(channel, message()))
            peer.reject(await peer.submitted(), 0x45)
            await asyncio.wait([sending])
            outcomes.append(type(sending.exception()))
        assert outcomes == [TemporarySendError, RecipientRefused]


async def test_while_the_bind_pauses_a_message_with_a_place_waits_too() -> None:
    async with raw_smsc() as smsc, running(new_channel(smsc.port)) as channel:
        peer = await smsc.bound()
        await until_up(channel)
        early = channel.reserve(PHONE, 1)
        assert early is not None
        sending = asyncio.create_task(send(channel, message()))
        peer.reject(await peer.submitted(), 0x58)
        with pytest.raises(ChannelBusy):
            await sending
        with pytest.raises(ChannelBusy) as caught:
            await channel.send(message(number=2), early)
        assert caught.value.retry_after == pytest.approx(QUICK.pause, abs=0.05)


async def test_all_parts_leave_in_order_on_one_bind_and_give_their_ids() -> None:
    async with raw_smsc() as smsc, running(new_channel(smsc.port, window=2)) as channel:
        peer = await smsc.bound()
        await until_up(channel)
        assert channel.segments_of(LONG) == 3
        sending = asyncio.create_task(send(channel, message(LONG)))
        first, second = await peer.submitted(), await peer.submitted()
        peer.accept(first, "a")
        third = await peer.submitted()
        peer.accept(third, "c")
        peer.accept(second, "b")
        assert await sending == ["a", "b", "c"]
        parts = [body[body.index(b"\5\0\3") :][3:6] for body in (first.body, second.body, third.body)]
        assert [part[1:] for part in parts] == [b"\3\1", b"\3\2", b"\3\3"]
        assert len({part[0] for part in parts}) == 1
        assert channel.reserve(PHONE, 2) is not None, "all places are free again"


@pytest.mark.parametrize(
    ("status", "error"),
    [(0x58, OutcomeUnknown), (0x0B, RecipientRefused)],
    ids=["throttled: again only as a possible duplicate", "refused for good"],
)
async def test_a_later_part_is_refused(status: int, error: type[SendError]) -> None:
    async with raw_smsc() as smsc, running(new_channel(smsc.port)) as channel:
        peer = await smsc.bound()
        await until_up(channel)
        sending = asyncio.create_task(send(channel, message(LONG)))
        first, second, third = [await peer.submitted() for _ in range(3)]
        peer.accept(first, "a")
        peer.reject(second, status)
        peer.accept(third, "c")
        with pytest.raises(error) as caught:
            await sending
        assert caught.value.parts == ("a", None, "c")


async def test_the_text_is_valid_as_long_as_the_message() -> None:
    async with raw_smsc() as smsc, running(new_channel(smsc.port)) as channel:
        peer = await smsc.bound()
        await until_up(channel)
        for hours, period in ((24 + 1.5, b"0000010129"), (0, b"00000000010"), (24 * 400, b"000007000000")):
            sending = asyncio.create_task(send(channel, message(hours=hours)))
            submit = await peer.submitted()
            assert b"\0" + period in submit.body
            assert submit.body.split(period)[1][-20:].count(b"000R") == 1
            peer.accept(submit, "x")
            await sending


@pytest.mark.parametrize(
    ("format_", "given", "kept"), [("same", "00AB", "ab"), ("resp_hex", "0000001F", "31"), ("resp_dec", "0031", "31")]
)
async def test_ids_are_kept_in_canonical_writing(format_: str, given: str, kept: str) -> None:
    async with raw_smsc() as smsc, running(new_channel(smsc.port, dlr_id_format=format_)) as channel:
        peer = await smsc.bound()
        await until_up(channel)
        sending = asyncio.create_task(send(channel, message()))
        peer.accept(await peer.submitted(), given)
        assert await sending == [kept]


async def test_a_person_keeps_a_bind_while_it_is_up_and_all_binds_are_used() -> None:
    async with raw_smsc() as smsc, running(new_channel(smsc.port, binds=3, window=1000)) as channel:
        for _ in range(3):
            await smsc.bound()
        await until_up(channel, 3)

        def where() -> dict[str, Any]:
            slots = {to: channel.reserve(to, 1) for to in (f"849{number:08}" for number in range(60))}
            sessions = {to: slot.session for to, slot in slots.items() if slot is not None}
            for slot in slots.values():
                assert slot is not None
                slot.release()
            return sessions

        before = where()
        assert where() == before
        assert len(set(before.values())) == 3
        gone = channel._senders[0]
        assert gone._link is not None
        gone._link.abort("test")
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        after = where()
        assert gone not in after.values()
        assert all(after[to] is session for to, session in before.items() if session is not gone)


async def test_separate_binds_for_sending_and_receiving() -> None:
    async with raw_smsc() as smsc, running(new_channel(smsc.port, bind_mode="tx+rx")) as channel:
        assert channel.health() == {"telco": "connecting"}
        peers = {peer.bind.command: peer for peer in (await smsc.bound(), await smsc.bound())}
        await until_up(channel, 2)
        assert channel.health() == {"telco": "bound"}
        sending = asyncio.create_task(send(channel, message()))
        peers[BIND_TRANSMITTER].accept(await peers[BIND_TRANSMITTER].submitted(), "x")
        assert await sending == ["x"]
        assert set(peers) == {BIND_RECEIVER, BIND_TRANSMITTER}


async def test_a_route_without_a_line_takes_nothing() -> None:
    async with raw_smsc([0x0E] * 9) as smsc, running(new_channel(smsc.port)) as channel:
        assert not channel.is_up()
        assert channel.reserve(PHONE, 1) is None
        assert channel.routes() == (channel,)
        await until(lambda: channel.health() == {"telco": "refused"})
        assert not channel.open_sessions()
    assert channel.health() == {"telco": "closed"}


async def test_a_place_that_outlived_its_line_sends_nothing() -> None:
    async with raw_smsc() as smsc, running(new_channel(smsc.port)) as channel:
        await smsc.bound()
        await until_up(channel)
        slot = channel.reserve(PHONE, 1)
        assert slot is not None
        await asyncio.gather(channel.drain(), return_exceptions=True)
        with pytest.raises(NotSent):
            await channel.send(message(), slot)
        slot.release()


async def test_an_address_that_fits_no_submit_sm_is_refused_for_good() -> None:
    async with raw_smsc() as smsc, running(new_channel(smsc.port)) as channel:
        await until_up(channel)
        with pytest.raises(RecipientRefused, match="destination address"):
            await send(channel, message(to="8491234567890123456789"))


async def test_a_setting_that_fits_no_bind_is_an_alarm() -> None:
    async with raw_smsc() as smsc, running(new_channel(smsc.port, password="longer than eight")) as channel:
        await until(lambda: channel.counts["bind_refused"] == 1)
        assert channel.counts["not_connected"] == 0
        assert channel.health() == {"telco": "refused"}


async def test_room_is_told_to_whoever_asked() -> None:
    async with raw_smsc() as smsc:
        channel = new_channel(smsc.port, window=1)
        told: list[str] = []
        channel.on_room(lambda: told.append("room"))
        async with running(channel):
            await until_up(channel)
            assert told == ["room"], "the route came up"
            slot = channel.reserve(PHONE, 1)
            assert slot is not None
            assert channel.reserve(PHONE, 1) is None
            slot.release()
            slot.release()
            assert told == ["room", "room"]


def test_it_works_on_uvloop_too() -> None:
    async def exchange() -> None:
        receive = RecordingReceive()
        async with raw_smsc() as smsc, running(new_channel(smsc.port), receive) as channel:
            peer = await smsc.bound()
            await until_up(channel)
            peer.send(deliver_sm(1, PHONE, b"HS"))
            assert (await peer.acknowledged()).status == 0
            sending = asyncio.create_task(send(channel, message()))
            peer.accept(await peer.submitted(), "x")
            assert await sending == ["x"]
            peer.drop()
            await smsc.bound()

    uvloop.run(exchange())


async def test_a_private_authority_secures_the_line(tmp_path: Path) -> None:
    certificate = write_certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    async with raw_smsc(context=context) as smsc:
        trusting = new_channel(smsc.port, tls=True, ca_file=str(certificate))
        async with running(trusting):
            peer = await smsc.bound()
            await until_up(trusting)
            sending = asyncio.create_task(send(trusting, message()))
            peer.accept(await peer.submitted(), "x")
            assert await sending == ["x"]
        doubting = new_channel(smsc.port, tls=True)
        async with running(doubting):
            await until(lambda: doubting.counts["not_connected"] >= 1)
            assert not doubting.is_up()
