"""Chores that come round: a fault of one round is told, and the next one comes all the same."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

import pytest

from bot.errors import StoreError
from bot.logs import get_log
from bot.rounds import in_rounds


class Over(BaseException):
    """Ends the endless."""


@dataclass
class Chore:
    """Fails first, then works, then ends the test."""

    fault: Exception
    rounds: list[str] = field(default_factory=list)

    async def __call__(self) -> int:
        self.rounds.append("begun")
        if len(self.rounds) == 1:
            raise self.fault
        if len(self.rounds) == 3:
            raise Over
        return 0


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        pytest.param(StoreError("no room"), "no room", id="the store refuses"),
        pytest.param(KeyError("0912345678"), "KeyError", id="a fault of ours, told without its words"),
    ],
)
async def test_a_fault_ends_its_round_and_nothing_else(
    capsys: pytest.CaptureFixture[str], fault: Exception, said: str
) -> None:
    chore = Chore(fault)
    with pytest.raises(Over):
        await in_rounds(chore, 0.0, get_log(), "conversations")
    told: Any = capsys.readouterr().out
    assert len(chore.rounds) == 3
    assert "conversations" in told
    assert said in told
    assert "0912345678" not in told


async def test_it_ends_when_it_is_cancelled() -> None:
    task = asyncio.ensure_future(in_rounds(Chore(StoreError()), 60.0, get_log(), "nothing"))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
