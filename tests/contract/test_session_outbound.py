"""What a session sends: within window and rate, every request ends one way or another, the line comes back."""

import asyncio
from dataclasses import replace
from functools import partial

import pytest

from sms import pdu
from sms.link import Answer, NoAnswer, NotWritten
from tests.contract.sessions import QUICK, RecordingHandler, running, until
from tests.smsc import ENQUIRE_LINK, GENERIC_NACK, RESPONSE, SUBMIT_SM, UNBIND, Frame, frame, raw_smsc

BUILD = partial(
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
IMPATIENT = replace(QUICK, response=0.05)


async def test_a_request_ends_with_its_answer_in_any_order() -> None:
    handler = RecordingHandler()
    async with raw_smsc() as smsc, running(handler, smsc.port) as session:
        peer = await smsc.bound()
        await handler.until("bound")
        futures = [session.submit(BUILD, number) for number in range(3)]
        first, second, third = [await peer.submitted() for _ in futures]
        peer.reject(third, 0x0B)
        peer.send(frame(GENERIC_NACK, second.sequence, 3))
        peer.accept(first, "abc")
        assert await asyncio.gather(*futures) == [Answer(0, "abc"), Answer(3), Answer(0x0B)]
        assert len({first.sequence, second.sequence, third.sequence}) == 3


async def test_a_request_without_an_answer_is_given_up_and_a_late_answer_passed_on() -> None:
    handler = RecordingHandler()
    async with raw_smsc() as smsc, running(handler, smsc.port, timing=IMPATIENT) as session:
        peer = await smsc.bound()
        await handler.until("bound")
        future = session.submit(BUILD, "message 1")
        submit = await peer.submitted()
        with pytest.raises(NoAnswer):
            await future
        peer.accept(submit, "late-id")
        assert await handler.late.get() == ("message 1", Answer(0, "late-id"))
        assert session.is_bound


async def test_a_lost_connection_ends_every_request_at_once_and_the_session_comes_back() -> None:
    handler = RecordingHandler()
    async with raw_smsc() as smsc, running(handler, smsc.port) as session:
        peer = await smsc.bound()
        await handler.until("bound")
        futures = [session.submit(BUILD, number) for number in range(10)]
        for _ in futures:
            await peer.submitted()
        unwritten = session.submit(BUILD, 10)
        peer.drop()
        results = await asyncio.gather(*futures, return_exceptions=True)
        assert all(isinstance(result, NoAnswer) for result in results)
        await asyncio.wait([unwritten])
        assert unwritten.exception() is not None
        again = await smsc.bound()
        assert again.bind == peer.bind
        await until(lambda: bool(session.is_bound))
        assert session.name == "1:2"


async def test_nothing_leaves_before_the_bind() -> None:
    handler = RecordingHandler()
    async with raw_smsc([0x0D] * 1000) as smsc, running(handler, smsc.port) as session:
        await handler.until("bind_refused")
        assert session.reserve(1) == 0
        with pytest.raises(NotWritten):
            session.submit(BUILD, 1)


async def test_a_refused_place_is_announced_when_it_becomes_free() -> None:
    handler = RecordingHandler()
    async with raw_smsc() as smsc, running(handler, smsc.port, window=2) as session:
        await handler.until("bound")
        handler.room.clear()
        assert [session.reserve(1), session.reserve(1), session.reserve(1)] == [1, 1, 0]
        session.release(1)
        assert handler.room.is_set()
        handler.room.clear()
        session.release(1)
        assert not handler.room.is_set(), "nobody was refused since"


async def test_the_rate_is_kept_and_room_announced_when_it_allows_more() -> None:
    handler = RecordingHandler()
    async with raw_smsc() as smsc, running(handler, smsc.port, rate=20) as session:
        await handler.until("bound")
        handler.room.clear()
        assert [session.reserve(1) for _ in range(3)] == [1, 1, 0]
        async with asyncio.timeout(2):
            await handler.room.wait()
        assert session.reserve(1) == 1


async def test_throttling_pauses_the_bind_and_slows_it_down() -> None:
    handler = RecordingHandler()
    async with raw_smsc() as smsc, running(handler, smsc.port, rate=100) as session:
        await handler.until("bound")
        assert session.is_too_fast(0x58)
        assert session.is_too_fast(0x58), "the rest of the same burst"
        assert session.rate == 50
        assert session.paused_for() > 0
        handler.room.clear()
        assert session.reserve(1) == 0
        async with asyncio.timeout(2):
            await handler.room.wait()
        assert session.reserve(1) == 1
        assert handler.count("throttled") == 1


async def test_queue_full_counts_as_throttling_when_it_is_not_about_one_phone() -> None:
    handler = RecordingHandler()
    async with raw_smsc() as smsc, running(handler, smsc.port) as session:
        await handler.until("bound")
        assert [session.is_too_fast(status) for status in (0x14, *(0,) * 9)] == [False] * 10
        assert [session.is_too_fast(0x14) for _ in range(3)] == [False, True, True]


async def test_a_bind_that_may_not_send_is_made_again() -> None:
    handler = RecordingHandler()
    async with raw_smsc() as smsc, running(handler, smsc.port) as session:
        peer = await smsc.bound()
        await handler.until("bound")
        assert not session.is_too_fast(0x04)
        await peer.gone()
        await smsc.bound()


async def test_a_silent_peer_is_asked_then_left() -> None:
    handler = RecordingHandler()
    timing = replace(QUICK, idle=0.05)
    async with raw_smsc() as smsc, running(handler, smsc.port, timing=timing):
        peer = await smsc.bound()
        first = await peer.expect(ENQUIRE_LINK)
        peer.send(frame(ENQUIRE_LINK | RESPONSE, first.sequence))
        second = await peer.expect(ENQUIRE_LINK)
        assert second.sequence != first.sequence
        silent_since = asyncio.get_running_loop().time()
        await peer.gone()
        assert (await handler.until("unbound"))["reason"] == "silent peer"
        await smsc.bound()
        took = asyncio.get_running_loop().time() - silent_since
        assert took < timing.idle_answer + timing.reconnect_cap + 1
        assert not handler.count("stray_response")


async def test_the_peer_says_good_bye_and_still_answers() -> None:
    handler = RecordingHandler()
    async with raw_smsc() as smsc, running(handler, smsc.port) as session:
        peer = await smsc.bound()
        await handler.until("bound")
        future = session.submit(BUILD, 1)
        submit = await peer.submitted()
        peer.send(frame(UNBIND, 3))
        assert (await peer.read()).command == UNBIND | RESPONSE
        assert session.reserve(1) == 0
        peer.accept(submit, "id")
        assert await future == Answer(0, "id")
        await peer.gone()


async def test_draining_finishes_what_is_in_hand_then_unbinds() -> None:
    handler = RecordingHandler()
    async with raw_smsc() as smsc, running(handler, smsc.port) as session:
        peer = await smsc.bound()
        await handler.until("bound")
        future = session.submit(BUILD, 1)
        submit = await peer.submitted()
        draining = asyncio.create_task(session.drain())
        await asyncio.sleep(0)
        assert session.reserve(1) == 0
        peer.send(frame(5, 8, body=b""))
        assert await peer.read() == Frame(5 | RESPONSE, 0x64, 8, b"\0"), "take nothing new"
        peer.accept(submit, "id")
        unbind = await peer.expect(UNBIND)
        peer.send(frame(UNBIND | RESPONSE, unbind.sequence))
        await draining
        await peer.gone()
        assert await future == Answer(0, "id")
        assert not session.is_bound


async def test_draining_does_not_wait_for_a_peer_that_is_silent() -> None:
    handler = RecordingHandler()
    timing = replace(QUICK, unbind=0.05)
    async with raw_smsc() as smsc, running(handler, smsc.port, timing=timing) as session:
        peer = await smsc.bound()
        await handler.until("bound")
        await session.drain()
        await peer.gone()


async def test_the_sequence_starts_again_at_one_and_skips_what_is_outstanding() -> None:
    handler = RecordingHandler()
    async with raw_smsc() as smsc, running(handler, smsc.port) as session:
        peer = await smsc.bound()
        await handler.until("bound")
        first = session.submit(BUILD, 1)
        assert (await peer.submitted()).sequence == 2, "1 was the bind"
        assert session._link is not None
        session._link._sequence = 0x7FFFFFFE
        futures = [session.submit(BUILD, number) for number in (2, 3, 4)]
        submits = [await peer.submitted() for _ in futures]
        assert [submit.sequence for submit in submits] == [0x7FFFFFFF, 1, 3]
        assert all(submit.command == SUBMIT_SM for submit in submits)
        peer.drop()
        await asyncio.gather(first, *futures, return_exceptions=True)
