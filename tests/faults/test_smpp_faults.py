"""Faults of the line and of the operator (F13-F20): nothing is lost, nothing leaves twice unmarked."""

import asyncio
import contextlib
import resource
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pytest

from bot.errors import ChannelBusy, NotSent, OutcomeUnknown, SendError
from bot.model import OutboundMessage
from sms.channel import SmppChannel
from tests.contract.sessions import QUICK, until
from tests.contract.sms_channels import PHONE, RecordingReceive, message, new_channel, running, send, until_up
from tests.smsc import ENQUIRE_LINK, GENERIC_NACK, SUBMIT_SM, Frame, Peer, RawSmsc, deliver_sm, frame, raw_smsc

REBIND_SECONDS = 5


@dataclass
class Outbox:
    """Sends as the core does: what needs no attempt is sent again when there is room; the rest is kept."""

    channel: SmppChannel
    room: asyncio.Event = field(default_factory=asyncio.Event)
    sent: dict[int, Sequence[str]] = field(default_factory=dict)
    failed: dict[int, SendError] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.channel.on_room(self.room.set)

    async def send(self, outbound: OutboundMessage) -> None:
        while True:
            slot = self.channel.reserve(outbound.to.id, 1)
            if slot is None:
                self.room.clear()
                await self.room.wait()
                continue
            try:
                self.sent[outbound.id] = await self.channel.send(outbound, slot)
            except (ChannelBusy, NotSent):
                continue
            except SendError as error:
                self.failed[outbound.id] = error
            return

    async def send_all(self, count: int) -> None:
        async with asyncio.timeout(30), asyncio.TaskGroup() as tasks:
            for number in range(count):
                tasks.create_task(self.send(message(f"text {number}", number=number)))


async def accept_all(smsc: RawSmsc, got: Counter[str]) -> None:
    """An operator that accepts whatever comes on whatever connection."""
    while True:
        peer = await smsc.bound()
        try:
            while True:
                submit = await peer.submitted()
                got[text_of(submit)] += 1
                peer.accept(submit, f"{sum(got.values()):x}")
        except (asyncio.IncompleteReadError, ConnectionError, TimeoutError):
            continue


def text_of(submit: Frame) -> str:
    return submit.body[submit.body.rindex(b"text ") :].decode()


async def test_f13_the_line_breaks_in_the_middle_of_a_window() -> None:
    got: Counter[str] = Counter()
    async with raw_smsc() as smsc, running(new_channel(smsc.port, window=10)) as channel:
        outbox = Outbox(channel)
        peer = await smsc.bound()
        sending = asyncio.create_task(outbox.send_all(40))
        for _ in range(10):
            got[text_of(await peer.submitted())] += 1
        peer.drop()
        operator = asyncio.create_task(accept_all(smsc, got))
        async with asyncio.timeout(REBIND_SECONDS):
            await sending
        operator.cancel()
        assert len(outbox.failed) == 10
        assert all(isinstance(error, OutcomeUnknown) for error in outbox.failed.values())
        assert len(outbox.sent) == 30
        assert set(got.values()) == {1}
        assert len(got) == 40


@pytest.mark.parametrize("every", [1, 10], ids=["all are throttled", "one in ten"])
async def test_f14_throttling_loses_nothing(every: int) -> None:
    async with raw_smsc() as smsc, running(new_channel(smsc.port, rate=200)) as channel:
        outbox = Outbox(channel)
        peer = await smsc.bound()
        sending = asyncio.create_task(outbox.send_all(60))
        slowest = 200.0
        for number in range(20):
            submit = await peer.submitted()
            if number % every == 0:
                peer.reject(submit, 0x58)
            else:
                peer.accept(submit, f"{number:x}")
            slowest = min(slowest, *(session.rate for session in channel._senders))
        accepting = asyncio.create_task(accept_rest(peer))
        await sending
        accepting.cancel()
        assert slowest < 110
        assert len(outbox.sent) == 60
        assert not outbox.failed
        assert channel.counts["throttled"] >= 1


async def accept_rest(peer: Peer) -> None:
    while True:
        peer.accept(await peer.submitted(), "f")


async def test_f15_a_peer_that_stops_reading_is_found_out_and_memory_stays_flat() -> None:
    timing = replace(QUICK, idle=0.1, idle_answer=0.1)
    async with raw_smsc() as smsc, running(new_channel(smsc.port, timing=timing)) as channel:
        outbox = Outbox(channel)
        peer = await smsc.bound()
        await until_up(channel)
        peer.stop_reading()
        stuck = [asyncio.create_task(outbox.send(message(f"text {number}", number=number))) for number in range(50)]
        again = await smsc.bound()
        accepting = asyncio.create_task(accept_rest(again))
        await asyncio.gather(*stuck)
        accepting.cancel()
        assert len(outbox.failed) == 10, "what was in the window is in doubt"
        assert len(outbox.sent) == 40
        assert channel.counts["unbound"] == 1


@pytest.mark.parametrize("status", [0x0D, 0x05], ids=["bind failed", "already bound"])
async def test_f16_a_refused_bind_is_tried_again(status: int) -> None:
    receive = RecordingReceive()
    async with raw_smsc([status] * 3) as smsc, running(new_channel(smsc.port), receive) as channel:
        peer = await smsc.bound()
        assert smsc.binds == 4
        assert channel.counts["bind_refused"] == 3
        peer.send(deliver_sm(1, PHONE, b"HS"))
        assert (await peer.acknowledged()).status == 0


@pytest.mark.parametrize("status", [0x0E, 0x0F], ids=["password", "system id"])
async def test_f16_wrong_credentials_are_an_alarm_and_no_burst(status: int) -> None:
    timing = replace(QUICK, reconnect_base=0.001, reconnect_cap=60)
    async with raw_smsc([status] * 99) as smsc, running(new_channel(smsc.port, timing=timing)) as channel:
        await until(lambda: channel.health() == {"telco": "refused"})
        await asyncio.sleep(0.05)
        assert smsc.binds == 1


async def test_f16_nobody_listens(unused_tcp_port: int) -> None:
    async with running(new_channel(unused_tcp_port)) as channel:
        await until(lambda: channel.counts["not_connected"] >= 3)
        assert channel.health() == {"telco": "connecting"}
        assert not channel.is_up()


async def test_a_peer_that_takes_the_connection_and_says_nothing() -> None:
    open_now: set[asyncio.StreamWriter] = set()

    async def keep_quiet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        open_now.add(writer)
        with contextlib.suppress(ConnectionError):
            await reader.read(-1)
        writer.close()
        open_now.remove(writer)

    server = await asyncio.start_server(keep_quiet, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    timing = replace(QUICK, connect=0.02, reconnect_base=0.001, reconnect_cap=0.01)
    async with running(new_channel(port, timing=timing)) as channel:
        await until(lambda: channel.counts["not_connected"] >= 3)
    server.close()
    await until(lambda: not open_now)


async def test_f17_a_repeat_after_a_broken_line_can_be_recognised() -> None:
    """The core decides; the channel must tell the same hash, and that the first session is gone."""
    receive = RecordingReceive()
    async with raw_smsc() as smsc, running(new_channel(smsc.port), receive) as channel:
        peer = await smsc.bound()
        peer.send(*[deliver_sm(number, PHONE, b"HS") for number in (1, 2, 3)])
        for _ in range(3):
            assert (await peer.acknowledged()).status == 0
        peer.drop()
        again = await smsc.bound()
        again.send(deliver_sm(1, PHONE, b"HS"))
        assert (await again.acknowledged()).status == 0
        assert len({stored.content_hash for stored in receive.messages}) == 1
        assert receive.messages[0].session not in channel.open_sessions()
        assert receive.messages[3].session in channel.open_sessions()


async def test_f19_receipts_in_any_order_are_handed_on() -> None:
    receive = RecordingReceive()
    async with raw_smsc() as smsc, running(new_channel(smsc.port, dlr_id_format="resp_hex"), receive) as channel:
        peer = await smsc.bound()
        await until_up(channel)
        sending = asyncio.create_task(send(channel, message()))
        submit = await peer.submitted()
        for number, state in enumerate((b"DELIVRD", b"ENROUTE", b"STRANGE"), 1):
            peer.send(deliver_sm(number, PHONE, b"id:0000000031 stat:" + state + b" err:000", esm_class=4))
            assert (await peer.acknowledged()).status == 0
        peer.accept(submit, "1F")
        (sent,) = await sending
        assert [sent in receipt.provider_ids for receipt in receive.receipts] == [True] * 3


async def test_f20_garbage_costs_no_memory_and_no_life() -> None:
    receive = RecordingReceive()
    garbage = (b"\0\0\0\0", b"\x40\0\0\0" + b"x" * 100_000, b"\xff" * 70_000, b"\0\0\0\x10" + b"\xff" * 12)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    async with raw_smsc() as smsc, running(new_channel(smsc.port), receive):
        for number in range(40):
            peer = await smsc.bound()
            peer.send(garbage[number % 3])
            assert (await peer.read()).command == GENERIC_NACK
            await peer.gone()
        peer = await smsc.bound()
        peer.send(garbage[3], frame(ENQUIRE_LINK, 1))
        assert (await peer.read()).command == ENQUIRE_LINK | 0x80000000
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert after - before < 32 * 1024, "KiB"


async def test_stopping_in_the_middle_leaves_nothing_running() -> None:
    async with raw_smsc() as smsc:
        channel = new_channel(smsc.port)
        async with running(channel, RecordingReceive()):
            peer = await smsc.bound()
            await until_up(channel)
            sending = asyncio.create_task(send(channel, message()))
            assert (await peer.submitted()).command == SUBMIT_SM
        with pytest.raises(OutcomeUnknown):
            await sending
        await peer.gone()
        names = {task.get_coro().__qualname__ for task in asyncio.all_tasks()}  # type: ignore[union-attr]  # all are coroutines here
        assert not [name for name in names if "Session" in name or "Channel" in name]
