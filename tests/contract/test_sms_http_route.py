"""Sending through an HTTP provider: what each answer means, who pays, and the pace."""

import asyncio
from typing import Any

import pytest

from bot.errors import (
    ChannelBusy,
    NotSent,
    OutcomeUnknown,
    RecipientRefused,
    SendError,
    TemporarySendError,
)
from bot.model import Charge
from sms.http.dialect import load
from sms.http.reply_key import ReplyKey
from sms.http.stand_in import Answer
from tests.contract.sms_http import PHONE, line, outbound

KEY = ReplyKey(waiter="r1", request_id="r1", keyword="HS", operator="GPC").written()
SOAP = "<r><mtReceiverReturn>{}</mtReceiverReturn></r>"


@pytest.mark.parametrize(
    ("changes", "message_type", "request_id"),
    [
        pytest.param({"reply_key": KEY, "charge": Charge.ANSWERED}, "1", "r1", id="answered"),
        pytest.param({"reply_key": KEY, "charge": Charge.REFUND}, "2", "r1", id="refund"),
        pytest.param({}, "0", "", id="unasked"),
    ],
)
async def test_the_provider_hears_who_pays(changes: dict[str, Any], message_type: str, request_id: str) -> None:
    async with line("cp-soap") as running:
        assert await running.send(outbound(**changes)) == ["42.1"]
        (taken,) = running.provider.taken
        assert taken.authorization == "Basic Z3c6cHc="
        assert (taken.fields["message_type"], taken.fields["request_id"]) == (message_type, request_id)
        assert (taken.fields["user_id"], taken.fields["service_id"]) == (PHONE, "8283")


async def test_a_provider_that_only_takes_texts() -> None:
    async with line("esms") as running:
        assert running.channel.hooks(running.desk) == ()
        assert await running.send(outbound("Hồ sơ đã xong")) == ["d533459e"]
        assert running.provider.taken[0].fields["content"] == "Ho so da xong"


@pytest.mark.parametrize(
    ("answer", "error", "up"),
    [
        pytest.param(Answer(SOAP.format(-1)), TemporarySendError, True, id="exception there"),
        pytest.param(Answer(SOAP.format(3)), RecipientRefused, True, id="wrong number"),
        pytest.param(Answer(SOAP.format(2)), ChannelBusy, False, id="wrong login"),
        pytest.param(Answer(SOAP.format(77)), TemporarySendError, True, id="unknown word, first time"),
        pytest.param(Answer("", 429, {"Retry-After": "7"}), ChannelBusy, False, id="too fast"),
        pytest.param(Answer("", 503), TemporarySendError, True, id="503"),
        pytest.param(Answer("", 500), OutcomeUnknown, True, id="500"),
        pytest.param(Answer("", 403), ChannelBusy, False, id="403"),
        pytest.param(Answer("", drops=True), OutcomeUnknown, True, id="connection lost"),
        pytest.param(Answer(SOAP.format(1), seconds=5), OutcomeUnknown, True, id="no answer in time"),
    ],
)
async def test_each_answer_has_its_error(answer: Answer, error: type[SendError], *, up: bool) -> None:
    async with line("cp-soap", timeout_s=0.3) as running:
        running.provider.next_answers.append(answer)
        with pytest.raises(error) as raised:
            await running.send(outbound())
        assert type(raised.value) is error
        assert running.channel.is_up() is up
        assert "pw" not in str(raised.value)


async def test_an_unknown_word_is_final_the_second_time() -> None:
    async with line("cp-soap") as running:
        running.provider.next_answers.append(Answer(SOAP.format(77)))
        with pytest.raises(RecipientRefused, match="77"):
            await running.send(outbound(attempts=2))


async def test_the_provider_says_how_long_to_wait() -> None:
    async with line("cp-soap") as running:
        running.provider.next_answers.append(Answer("", 429, {"Retry-After": "7"}))
        with pytest.raises(ChannelBusy) as raised:
            await running.send(outbound())
        assert raised.value.retry_after == 7
        assert running.channel.reserve(PHONE, 1) is None
        assert running.channel.health() == {"http:p": "paused"}


async def test_a_refused_account_is_told_by_health() -> None:
    async with line("esms") as running:
        running.provider.next_answers.append(Answer('{"CodeResult":"101"}'))
        with pytest.raises(ChannelBusy, match="101"):
            await running.send(outbound())
        assert running.channel.health() == {"http:p": "refused"}


async def test_a_provider_that_is_not_there() -> None:
    async with line("cp-soap") as running:
        await running.provider.stop()
        with pytest.raises(NotSent):
            await running.send(outbound())
        assert not running.channel.is_up()


async def test_a_repeat_that_the_provider_knows_is_sent() -> None:
    async with line("cp-soap") as running:
        running.provider.next_answers.append(Answer(SOAP.format(9)))
        assert await running.send(outbound(reply_key=KEY, possible_duplicate=True)) == ["42.1"]


async def test_some_parts_left_so_the_whole_is_in_doubt() -> None:
    dialect = load("cp-soap")
    assert dialect.outbound is not None
    by_part = dialect.model_copy(update={"outbound": dialect.outbound.model_copy(update={"parts": "each"})})
    async with line("cp-soap", dialect=by_part) as running:
        running.provider.next_answers.extend([Answer(SOAP.format(1)), Answer(SOAP.format(-1))])
        with pytest.raises(OutcomeUnknown) as raised:
            await running.send(outbound("a" * 200))
        assert raised.value.parts == ("42.1", None)
        assert running.channel.segments_of("a" * 200) == 2


async def test_a_reply_without_an_open_request_is_tried_again() -> None:
    async with line("onepay") as running:
        with pytest.raises(TemporarySendError):
            await running.send(outbound(reply_key=KEY))
        with pytest.raises(RecipientRefused):
            await running.send(outbound())


async def test_a_provider_that_cannot_be_called_can_still_be_answered() -> None:
    async with line("fibo") as running:
        running.provider.next_answers.append(Answer("", 429, {"Retry-After": "70"}))
        with pytest.raises(ChannelBusy):
            await running.send(outbound())
        with pytest.raises(ChannelBusy) as raised:
            await running.send(outbound())
        assert 60 < (raised.value.retry_after or 0) <= 70
        assert running.channel.is_up()
        assert running.channel.health() == {"http:p": "paused"}
        waiter = running.channel._waiting.open("r1")
        sending = asyncio.create_task(running.send(outbound(reply_key=KEY)))
        assert await running.channel._waiting.reply("r1", waiter, 5) is not None
        running.channel._waiting.close("r1", waiter, written=True)
        assert await sending == ["42"]


async def test_a_provider_of_responses_that_is_not_there_is_asked_later() -> None:
    async with line("fibo") as running:
        await running.provider.stop()
        with pytest.raises(ChannelBusy) as raised:
            await running.send(outbound())
        assert (raised.value.retry_after or 0) > 1, "not at once: the route itself stays up"


async def test_no_more_calls_than_agreed_run_at_a_time() -> None:
    async with line("cp-soap", concurrency=2) as running:
        running.provider.next_answers.extend([Answer(SOAP.format(1), seconds=0.1)] * 2)
        sends = [asyncio.create_task(running.send(outbound(id=number))) for number in (1, 2)]
        await asyncio.sleep(0)
        assert running.channel.reserve(PHONE, 1) is None
        rooms: list[int] = []
        running.channel.on_room(lambda: rooms.append(1))
        await asyncio.gather(*sends)
        assert rooms
        slot = running.channel.reserve(PHONE, 1)
        assert slot is not None
        slot.release()


async def test_no_more_texts_leave_than_the_agreed_rate() -> None:
    async with line("cp-soap", rate=1) as running:
        await running.send(outbound())
        assert running.channel.reserve(PHONE, 1) is None
