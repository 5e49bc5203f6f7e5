"""What every channel does with what its provider answers, and with people who want nothing more."""

import pytest

from tests.contract.channels.channel import Answer
from tests.contract.channels.conftest import CODES, Gateway
from tests.contract.channels.test_inbound import forgiven
from tests.contract.sessions import until


async def ask(gateway: Gateway, text: str = CODES[0], *, number: int = 1, key: str = "first") -> None:
    channel = gateway.channel
    assert await gateway.post(channel.text(channel.person(number), text, key)) == channel.stored


async def answered_with(gateway: Gateway, answer: Answer) -> dict[str, object]:
    """The outbox row after the provider gave this answer to the first send."""
    if answer not in gateway.channel.answers:
        pytest.skip("this provider never says so")
    gateway.channel.answer_next(answer)
    await ask(gateway)
    await until(lambda: any(row["error"] or row["state"] == "sent" for row in gateway.rows("outbox")))
    await gateway.settled()
    (row,) = gateway.rows("outbox")
    return row


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        pytest.param(Answer.TEMPORARY, "ready", id="temporary: later"),
        pytest.param(Answer.REFUSED, "failed", id="refused: never"),
        pytest.param(Answer.UNREACHABLE, "failed", id="unreachable: never, and nothing unasked"),
        pytest.param(Answer.UNKNOWN, "in_doubt", id="unknown: in doubt"),
    ],
)
async def test_what_an_answer_does_to_the_message(gateway: Gateway, answer: Answer, state: str) -> None:
    row = await answered_with(gateway, answer)
    assert (row["state"], row["error"]) == (state, answer.value)


async def test_busy_keeps_the_message_until_it_is_taken(gateway: Gateway) -> None:
    if Answer.BUSY not in gateway.channel.answers:
        pytest.skip("this provider never says so")
    gateway.channel.answer_next(Answer.BUSY)
    await ask(gateway)
    assert len(await gateway.told(1)) == 1
    await until(lambda: [row["state"] for row in gateway.rows("outbox")] in (["sent"], ["delivered"]))


async def test_who_cannot_be_reached_is_remembered_until_the_person_writes(gateway: Gateway) -> None:
    await answered_with(gateway, Answer.UNREACHABLE)
    (contact,) = gateway.rows("contact")
    assert contact["unreachable_at"] is not None
    await ask(gateway, CODES[1], key="second")
    await gateway.told(1)
    assert gateway.rows("contact")[0]["unreachable_at"] is None


async def test_who_leaves_is_remembered_and_not_written_to(gateway: Gateway) -> None:
    request = forgiven(gateway.channel.left(gateway.channel.person(1)))
    await ask(gateway)
    before = len(await gateway.told(1))
    assert await gateway.post(request) == gateway.channel.stored
    await gateway.settled()
    assert gateway.rows("contact")[0]["unreachable_at"] is not None
    assert len(gateway.channel.arrived()) == before


async def test_who_opts_out_is_told_and_still_answered(gateway: Gateway) -> None:
    await ask(gateway, "TC")
    assert len(await gateway.told(1)) == 1
    assert gateway.rows("contact")[0]["opted_out_at"] is not None
    await ask(gateway, CODES[0], key="second")
    assert CODES[0] in (await gateway.told(2))[1].text


async def test_one_person_who_is_refused_delays_nobody(gateway: Gateway) -> None:
    if Answer.TEMPORARY not in gateway.channel.answers:
        pytest.skip("this provider never says so")
    gateway.channel.answer_next(Answer.TEMPORARY)
    await ask(gateway)
    await until(lambda: any(row["error"] for row in gateway.rows("outbox")))
    await ask(gateway, CODES[1], number=2, key="second")
    (arrived,) = await gateway.told(1)
    assert arrived.to == gateway.channel.person(2)
