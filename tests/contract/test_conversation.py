"""A question and its answer handled by different processes, and two answers at the same moment: state is in the store alone."""

import asyncio
from datetime import timedelta

import pytest

from bot.answering import Answer, Answerer, OneStopSystems
from bot.calendar import WorkingCalendar
from bot.clock import FixedClock
from bot.errors import TurnLost
from bot.limits import Limits
from bot.memory import NoMemory
from bot.model import Office
from bot.render import Renderer
from bot.store.base import PlanStore
from bot.store.port import Claimed, Decision
from bot.understanding.keywords import BUILT
from bot.wishes import ProcedureQuestion
from tests.contract.store_engines import NOON, Engine, PostgresEngine, claimed, text
from tests.unit.worlds import Systems

QUESTION = "thành lập công ty mất bao lâu"
LATER = NOON + timedelta(minutes=1)


def process() -> Answerer:
    """What one process knows without the store: nothing of any person."""
    province = Systems()
    return Answerer(
        office=Office(),
        renderer=Renderer(Office(), BUILT),
        systems=OneStopSystems(dossiers=province, background=province),
        memory_of=lambda _contact: NoMemory(),
        limits=Limits(enabled=False),
        calendar=WorkingCalendar(),
        clock=FixedClock(LATER),
    )


async def handle(store: PlanStore, row: Claimed, answerer: Answerer | None = None) -> Answer:
    answer = await (answerer or process()).answer(row.message, row.contact)
    await store.decide(Decision(inbound=row, at=LATER, outbound=(), writes=answer.outcome.writes))
    return answer


async def test_a_choice_by_number_outlives_the_process_that_asked(engine: Engine) -> None:
    store = await engine.open()
    asked = await handle(store, await claimed(store, text(QUESTION)))
    assert "1) " in asked.texts[0]
    chosen = await handle(store, await claimed(store, text("2", at=LATER)))
    assert isinstance(chosen.intent, ProcedureQuestion)
    assert (chosen.intent.question, chosen.intent.facet.value) == (QUESTION, "time")
    assert "han giai quyet" in chosen.texts[0] or "thoi han" in chosen.texts[0]
    again = await handle(store, await claimed(store, text("1", at=LATER)))
    assert not isinstance(again.intent, ProcedureQuestion), "a choice is acted on once"


async def test_two_processes_with_two_answers_of_one_person(postgres_engine: PostgresEngine) -> None:
    """Both read the question; one decides, the other has to understand again and finds the question answered."""
    here, there = await postgres_engine.open(), await postgres_engine.open()
    await handle(here, await claimed(here, text(QUESTION)))
    first = await claimed(here, text("1", at=LATER))
    saved = await there.save_inbound(text("2", at=LATER), claim=False)
    await postgres_engine.rows(
        f"UPDATE inbox SET state = 'claimed', owner = {there.epoch} WHERE id = {saved.id} RETURNING 1"
    )
    second = Claimed(id=saved.id, message=text("2", at=LATER), contact=first.contact, attempts=1)
    results = await asyncio.gather(handle(here, first), handle(there, second), return_exceptions=True)
    assert sorted(type(result).__name__ for result in results) == ["Answer", TurnLost.__name__]


@pytest.mark.parametrize("reply", ["0", "khong phai"])
async def test_none_of_these_ends_the_question(engine: Engine, reply: str) -> None:
    store = await engine.open()
    await handle(store, await claimed(store, text(QUESTION)))
    await handle(store, await claimed(store, text(reply, at=LATER)))
    assert (await claimed(store, text("TG", at=LATER))).contact.question is None
