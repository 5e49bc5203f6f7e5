"""Who is told that the turn is near, and when the one-stop systems are not even asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.answering import Answerer, OneStopSystems
from bot.calendar import WorkingCalendar
from bot.clock import FixedClock
from bot.intent import KeepTicket
from bot.limits import Limits
from bot.logs import get_log
from bot.model import Office
from bot.outgoing import Outgoing
from bot.render import Renderer
from bot.store.base import PlanStore
from bot.store.port import Decision
from bot.turns import Turns
from bot.understanding.keywords import BUILT
from dossier_client.models import Unavailable, Unit
from dossier_client.queues import NoQueue, NoQueues, Queue
from tests.contract.store_engines import SqliteEngine, claimed, text
from tests.unit.worlds import Remembered, Systems

MORNING, NIGHT = datetime(2026, 6, 10, 3, 0, tzinfo=UTC), datetime(2026, 6, 10, 14, 30, tzinfo=UTC)
RENDERER = Renderer(Office(), BUILT)
State = Queue | NoQueue | Unavailable


class Lines(NoQueues):
    """Says the same of every ticket, and counts the questions; a line named "broken" breaks."""

    def __init__(self, answer: State) -> None:
        self.answer = answer
        self.asked: list[str] = []

    async def state(self, unit_code: str, ticket: str | None = None) -> State:  # type: ignore[override]  # all the port allows
        self.asked.append(f"{unit_code} {ticket}")
        if unit_code == "broken":
            raise RuntimeError("a mistake of ours")
        return self.answer


def ahead(people: int | None) -> Queue:
    return Queue(unit=Unit(), ahead=people)


async def turns(store: PlanStore, lines: Lines, now: datetime) -> Turns:
    clock = FixedClock(now)
    answerer = Answerer(
        office=Office(),
        renderer=RENDERER,
        systems=OneStopSystems(dossiers=Systems(), background=Systems(), queues=lines),
        memory_of=lambda _: Remembered(),
        limits=Limits(),
        calendar=WorkingCalendar(),
        clock=clock,
    )
    return Turns(store=store, answerer=answerer, queues=lines, outgoing=Outgoing({}), clock=clock, log=get_log())


async def waiting(store: PlanStore, units: Sequence[str], now: datetime) -> None:
    for sender, unit in enumerate(units):
        row = await claimed(store, text(f"LAY SO {sender}", sender=sender, at=now))
        until = now + timedelta(hours=12)
        kept = KeepTicket(
            unit_code=unit, unit_name="Trung tâm", number=f"A{sender}", valid_until=until, tell_when_near=True
        )
        await store.decide(Decision(inbound=row, at=now, writes=(kept,)))


@dataclass(frozen=True)
class Case:
    label: str
    answer: State
    told: int
    still_waiting: int
    now: datetime = MORNING
    units: tuple[str, ...] = ("H05.22",)
    asked: int = 1


CASES = [
    Case("near", ahead(5), 1, 0),
    Case("called", ahead(0), 1, 0),
    Case("far", ahead(6), 0, 1),
    Case("not in the line any more", ahead(None), 0, 0),
    Case("the line is gone", NoQueue(), 0, 0),
    Case("away", Unavailable("bacninh"), 0, 1),
    Case("at night", ahead(1), 0, 1, now=NIGHT, asked=0),
    Case("nobody waits", ahead(1), 0, 0, units=(), asked=0),
    Case("one breaks", ahead(1), 2, 1, units=("H05.22", "broken", "H05.9"), asked=3),
    Case("more than a page", ahead(1), 120, 0, units=("H05.22",) * 120, asked=120),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.label)
async def test_a_round(case: Case, tmp_path: Path) -> None:
    engine, lines = SqliteEngine(tmp_path), Lines(case.answer)
    store = await engine.open()
    try:
        await waiting(store, case.units, case.now)
        watch = await turns(store, lines, case.now)
        assert await watch.round() == case.told
        assert len(lines.asked) == case.asked
        assert len(await engine.rows("SELECT 1 FROM ticket WHERE state = 'waiting'")) == case.still_waiting
        assert len(await engine.rows("SELECT 1 FROM outbox WHERE kind = 'notice'")) == case.told
        before = len(lines.asked)
        await watch.round()
        assert len(lines.asked) - before == (case.still_waiting if case.asked else 0)
    finally:
        await engine.close()
