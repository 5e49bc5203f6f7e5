"""What is wished beside the state of a dossier: an honest answer, and the state of whatever dossier is named."""

import pytest

from bot.calendar import WorkingCalendar
from bot.intent import ForgetQuestion, Intent, Reply, SetLanguage, SwitchLanguage
from bot.intents import decide
from bot.limits import Limits
from bot.model import Language
from bot.wishes import (
    DataAction,
    DataRequest,
    Despair,
    Insult,
    LinkOfficer,
    ListFollowed,
    NewPetition,
    OutOfScope,
    PetitionKind,
    PetitionStatus,
    Rate,
    Subscribe,
    TalkToPerson,
    Unsubscribe,
)
from tests.unit.worlds import ABSENT, NOW, A, world


def not_here(topic: str) -> Reply:
    return Reply("cmd.not_offered", {"topic": topic})


@pytest.mark.parametrize(
    ("intent", "reply"),
    [
        (Subscribe(), not_here("follow")),
        (Unsubscribe(), Reply("sub.none", {})),
        (ListFollowed(), Reply("sub.none", {})),
        (NewPetition(text="den duong hong", commanded=True), Reply("pa.short", {})),
        (NewPetition(PetitionKind.EMERGENCY), Reply("pa.emergency", {"kept": True})),
        (NewPetition(PetitionKind.COMPLAINT), Reply("pa.complaint", {})),
        (PetitionStatus(petition_code="PA26005442"), Reply("pa.notfound", {"typed": "PA26005442"})),
        (Rate(5), Reply("rate.none", {})),
        (LinkOfficer("123456"), Reply("link.bad", {"left": 4})),
        (DataRequest(DataAction.CORRECT), Reply("data.correct", {})),
        (TalkToPerson(), Reply("human", {"at": WorkingCalendar().add_working_hours(NOW, 4)})),
        (Despair(), Reply("despair", {})),
        (Despair(codes=(A,)), Reply("despair", {})),
        (Insult(), Reply("abuse", {})),
        (OutOfScope(), Reply("out_of_scope", {})),
    ],
    ids=lambda value: type(value).__name__,
)
async def test_an_honest_answer(intent: Intent, reply: Reply) -> None:
    assert (await decide(intent, world())).replies == (reply,)


@pytest.mark.parametrize(
    ("intent", "templates", "notes"),
    [
        (Subscribe(codes=(A,)), ["st.4"], ["follow"]),
        (Unsubscribe(codes=(A,)), ["st.4"], ["follow"]),
        (Subscribe(codes=(ABSENT,)), ["lk.notfound"], ["follow"]),
        (TalkToPerson(codes=(A,)), ["st.4", "human"], [None, None]),
        (NewPetition(PetitionKind.EMERGENCY, codes=(A,)), ["st.4", "pa.emergency"], [None, None]),
        (SwitchLanguage(Language.ENGLISH, codes=(A,)), ["st.4", "lang"], [None, None]),
    ],
    ids=lambda value: type(value).__name__,
)
async def test_the_state_of_a_dossier_is_never_withheld(
    intent: Intent, templates: list[str], notes: list[str | None]
) -> None:
    outcome = await decide(intent, world())
    assert [reply.template for reply in outcome.replies] == templates
    assert [reply.values.get("not_here") for reply in outcome.replies] == notes
    assert ForgetQuestion() not in outcome.writes


async def test_a_language_is_kept_beside_a_code() -> None:
    outcome = await decide(SwitchLanguage(Language.ENGLISH, codes=(A,)), world())
    assert SetLanguage(Language.ENGLISH) in outcome.writes


@pytest.mark.parametrize("intent", [Insult(), OutOfScope()])
async def test_nobody_pays_for_a_quarrel(intent: Intent) -> None:
    limits = Limits()
    said = [len((await decide(intent, world(limits=limits))).replies) for _ in range(5)]
    assert said == [1, 1, 1, 0, 0]
