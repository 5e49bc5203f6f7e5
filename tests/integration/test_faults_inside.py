"""What the flow does with faults of our own and refusals of the store: nothing is lost, and one message never stops the others."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.errors import OwnerLost, StoreError, StoreRefused, TurnLost
from bot.late_answers import AT_ONCE
from bot.model import Address, ChannelName, InboundPart, LateRefusal, LateResponse, MessageId
from dossier_client.models import Lookup
from tests.contract.sessions import until
from tests.integration.lines import NOW, OWNER, STRANGER, A, Line, Province, running

ANSWER = f"HS {A}: UBND P. Vo Cuong dang xu ly"
SORRY = "Xin loi Ong/Ba, he thong chua tra loi duoc tin nay."
OTHER = "H05.12-260610-0002"


class Troubled:
    """Stands before a store: for each error it was given for a method, one call fails; then it lets through."""

    def __init__(self, store: Any) -> None:
        self._store = store
        self.errors: dict[str, list[Exception]] = {}

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._store, name)
        if not self.errors.get(name):
            return method

        async def fails(*_: Any, **__: Any) -> None:
            raise self.errors[name].pop(0)

        return fails


class Breaking(Province):
    """Look-ups of one code break our own code so many times."""

    def __init__(self, times: int) -> None:
        super().__init__()
        self.times = times

    async def find(self, code: str) -> Lookup:
        if code == A and self.times > 0:
            self.times -= 1
            raise ZeroDivisionError
        return await super().find(code)


async def states(line: Line) -> list[str]:
    rows = line.store.messages(NOW - timedelta(days=1))
    return [row["state"] async for row in rows if row["direction"] == "in"]


@dataclass(frozen=True)
class Case:
    label: str
    errors: dict[str, list[Exception]]
    breaks: int = 0
    answer: str = ANSWER
    state: str = "done"


REFUSED, GONE = StoreRefused("full"), StoreError("gone")
CASES = [
    Case("a fault is tried again", {}, breaks=1),
    Case("and again", {}, breaks=4),
    Case("five times, then it is parked with one sentence", {}, breaks=5, answer=SORRY, state="parked"),
    Case("another decision came first", {"decide": [TurnLost(), TurnLost()]}),
    Case("the store refuses the answer", {"decide": [REFUSED]}),
    Case("the store refuses to give a row back", {"decide": [TurnLost()], "release_inbound": [REFUSED]}),
    Case("the inbox cannot be read", {"decide": [TurnLost()], "claim_inbound": [GONE]}),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.label)
async def test_a_message_is_answered_once_in_spite_of(tmp_path: Path, case: Case) -> None:
    async with running(tmp_path, Breaking(case.breaks), before_store=Troubled) as line:
        line.store.errors |= case.errors
        await line.text(STRANGER, A)
        await line.text(OWNER, OTHER)
        assert OTHER in (await line.route.replies(OWNER, 5))[0], "others do not wait for it"
        (answer,) = await line.route.replies(STRANGER, 20)
        assert answer.startswith(case.answer)
        await until(lambda: not line.worker._running)
        assert await states(line) == [case.state, "done"]
        assert line.metrics.parked._value.get() == (case.state == "parked")


async def test_a_message_whose_parking_fails_is_parked_all_the_same(tmp_path: Path) -> None:
    async with running(tmp_path, Breaking(5), before_store=Troubled) as line:
        line.store.errors["park"] = [GONE]
        await line.text(STRANGER, A)
        await until(lambda: not line.store.errors["park"])
        await until(lambda: not line.worker._running)
        assert await states(line) == ["parked"]


async def test_what_belongs_to_another_process_is_dropped(tmp_path: Path) -> None:
    async with running(tmp_path, before_store=Troubled) as line:
        line.store.errors["decide"] = [OwnerLost("row")]
        await line.text(STRANGER, A)
        await until(lambda: not line.worker._running)
        assert await line.route.replies(STRANGER, 0) == []
        assert await states(line) == ["claimed"], "the other one answers it"


def part(line: Line, index: int) -> InboundPart:
    return InboundPart(
        sender=Address(ChannelName.SMS, STRANGER),
        recipient="8283",
        route=line.route.name,
        method="udh8",
        reference=1,
        total=2,
        index=index,
        octets=(f"ho so {A[:9]}", A[9:])[index - 1].encode(),
        data_coding=0,
        content_hash=bytes([index]),
        received_at=line.clock.now(),
    )


async def test_what_the_store_refuses_is_refused_to_the_channel_and_counted(tmp_path: Path) -> None:
    async with running(tmp_path, before_store=Troubled) as line:
        line.store.errors |= {"save_inbound": [REFUSED], "save_part": [REFUSED]}
        with pytest.raises(StoreRefused):
            await line.text(STRANGER, A)
        with pytest.raises(StoreRefused):
            await line.intake.part(part(line, 1))
        assert line.metrics.refused._value.get() == 2
        assert await states(line) == []


@pytest.mark.parametrize("error", [REFUSED, ZeroDivisionError()], ids=["refused", "broke"])
async def test_a_long_text_that_could_not_be_joined_is_joined_later(tmp_path: Path, error: Exception) -> None:
    async with running(tmp_path, before_store=Troubled) as line:
        line.store.errors["finish_group"] = [error]
        await line.intake.part(part(line, 1))
        with suppress(ZeroDivisionError):
            await line.intake.part(part(line, 2))
        line.store.errors["finish_group"] = [error]
        await line.house.join_groups()
        assert await states(line) == []
        await line.house.join_groups()
        assert A in (await line.route.replies(STRANGER, 5))[0]


async def test_a_promise_whose_answer_breaks_does_not_hold_back_the_others(tmp_path: Path) -> None:
    province = Breaking(0)
    async with running(tmp_path, province, before_store=Troubled) as line:
        province.down = True
        for sender, code in ((STRANGER, A), (OWNER, OTHER)):
            assert "se bao Ong/Ba" in await line.ask(sender, code)
        province.down, province.times = False, 1
        line.store.errors["keep_promise"] = [REFUSED]
        with pytest.raises(StoreRefused):
            await line.late.round()
        province.times = 1
        assert await line.late.round() == 1
        assert OTHER in (await line.route.replies(OWNER, 5))[0]
        assert await line.late.round() == 1
        assert A in (await line.route.replies(STRANGER, 5))[0]


async def test_promises_that_break_come_again_after_all_others(tmp_path: Path) -> None:
    province = Breaking(0)
    async with running(tmp_path, province) as line:
        province.down = True
        for number in range(AT_ONCE):
            assert "se bao Ong/Ba" in await line.ask(f"849{number:08d}", A)
        assert "se bao Ong/Ba" in await line.ask(OWNER, OTHER)
        province.down, province.times = False, AT_ONCE
        assert [await line.late.round() for _ in range(3)] == [0, 1, AT_ONCE]
        assert OTHER in (await line.route.replies(OWNER, 5))[0]


@pytest.mark.parametrize("error", [GONE, ZeroDivisionError()], ids=["the store is away", "a fault of ours"])
async def test_chores_go_on_after(line: Line, error: Exception) -> None:
    calls = 0

    async def work() -> None:
        nonlocal calls
        calls += 1
        if calls == 1:
            raise error

    chore = asyncio.create_task(line.house._every(0.001, work))
    await until(lambda: calls > 2)
    chore.cancel()


async def test_an_old_message_raises_the_alarm_and_old_doubts_end(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    async with running(tmp_path, before_store=Troubled) as line:
        line.store.errors["decide"] = [OwnerLost("row")]
        await line.text(STRANGER, A)
        await until(lambda: not line.worker._running)
        line.clock.advance(31)
        await line.house.measure()
        assert "a message waits too long" in "".join(capfd.readouterr())
        await line.text(OWNER, A)
        await line.route.replies(OWNER, 5)
        await line.house.end_doubts()


LATE: list[Callable[[Line], Awaitable[None]]] = [
    lambda line: line.intake.late(LateResponse(message=MessageId(1), place=0, provider_id="x", received_at=NOW)),
    lambda line: line.intake.late_refusal(
        LateRefusal(message=MessageId(1), error="refused", retry=False, received_at=NOW)
    ),
]


@pytest.mark.parametrize("word", LATE, ids=["accepted", "refused"])
async def test_a_late_word_about_nothing_we_know_is_only_told(
    line: Line, word: Callable[[Line], Awaitable[None]], capfd: pytest.CaptureFixture[str]
) -> None:
    await word(line)
    assert "late re" in "".join(capfd.readouterr())
