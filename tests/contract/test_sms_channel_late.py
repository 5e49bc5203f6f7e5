"""What a channel tells of a submit_sm_resp that came after our time-out."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.errors import OutcomeUnknown
from sms.channel import SmppChannel
from tests.contract.sessions import QUICK, until
from tests.contract.sms_channels import RecordingReceive, message, new_channel, running, send, until_up
from tests.smsc import Frame, Peer, raw_smsc


@asynccontextmanager
async def given_up(receive: RecordingReceive) -> AsyncIterator[tuple[Peer, Frame, SmppChannel]]:
    """A message was sent and its response did not come in time."""
    async with (
        raw_smsc() as smsc,
        running(new_channel(smsc.port, timing=replace(QUICK, response=0.02)), receive) as channel,
    ):
        peer = await smsc.bound()
        await until_up(channel)
        sending = asyncio.create_task(send(channel, message()))
        submit = await peer.submitted()
        with pytest.raises(OutcomeUnknown):
            await sending
        yield peer, submit, channel


async def test_accepted_late() -> None:
    receive = RecordingReceive()
    async with given_up(receive) as (peer, submit, channel):
        peer.accept(submit, "LATE")
        await until(lambda: bool(receive.late_responses))
        (late,) = receive.late_responses
        assert (late.message, late.place, late.provider_id) == (message().id, 0, "late")
        assert channel.counts["late_response"] == 1


@pytest.mark.parametrize(
    ("status", "error", "retry", "after_s", "uses_attempt"),
    [
        pytest.param(0x0B, "refused", False, 0.0, True, id="bad number"),
        pytest.param(0x64, "temporary", True, 0.0, True, id="temporary"),
        pytest.param(0x14, "temporary", True, 60.0, True, id="queue full"),
        pytest.param(0x45, "temporary", True, 30.0, True, id="unclear: once more"),
        pytest.param(0x58, "channel_busy", True, 0.1, False, id="throttled"),
    ],
)
async def test_refused_late(*, status: int, error: str, retry: bool, after_s: float, uses_attempt: bool) -> None:
    receive = RecordingReceive()
    async with given_up(receive) as (peer, submit, _):
        peer.reject(submit, status)
        await until(lambda: bool(receive.late_refusals))
    (late,) = receive.late_refusals
    assert (late.message, late.error, late.retry) == (message().id, error, retry)
    assert (late.retry_after, late.uses_attempt) == (timedelta(seconds=after_s), uses_attempt)
    assert receive.late_responses == []


async def test_a_fault_in_storing_it_is_counted_and_told() -> None:
    receive = RecordingReceive()
    async with given_up(receive) as (peer, submit, channel):
        receive.breaks = True
        peer.accept(submit, "x")
        await until(lambda: channel.counts["late_response_broke"] == 1)
        assert channel.is_up()
