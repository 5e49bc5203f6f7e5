"""Scores from kiosks, and what cannot be told to whom has gone away from the screen."""

from dataclasses import dataclass, replace

import pytest

from bot.events import Scored
from bot.intent import Happened, KeepRating, LookUpDossier, PromiseAnswer, RatingSubject
from bot.intents import decide
from bot.intents.ratings import counter_reference
from bot.model import ChannelName, kiosk_address
from tests.unit.worlds import DOWN, contact, world

CENTRE = "H05.22"
AT_THE_COUNTER = counter_reference(CENTRE, "3")


@dataclass(frozen=True)
class Case:
    label: str
    event: Scored
    template: str
    score: int | None = None
    note: str = ""


CASES = [
    Case("very satisfied", Scored(5, AT_THE_COUNTER), "rate.thanks", 5),
    Case("neither", Scored(3, AT_THE_COUNTER), "rate.thanks", 3),
    Case("dissatisfied", Scored(2, AT_THE_COUNTER, "Thời gian chờ"), "rate.noted", 2, "Thời gian chờ"),
    Case("no such score", Scored(6, AT_THE_COUNTER), "choice.gone"),
    Case("nothing named", Scored(5), "choice.gone"),
    Case("something else", Scored(5, "weather:H05.22:3"), "choice.gone"),
    Case("half a name", Scored(5, "counter:H05.22"), "choice.gone"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.label)
async def test_a_score(case: Case) -> None:
    outcome = await decide(Happened(case.event), world())
    assert [reply.template for reply in outcome.replies] == [case.template]
    kept = KeepRating(
        subject=RatingSubject.COUNTER, reference="3", agency=CENTRE, score=case.score or 0, note=case.note
    )
    stored = tuple(replace(write, alerts=()) for write in outcome.writes if isinstance(write, KeepRating))
    assert stored == ((kept,) if case.score else ())
    raised = [alert for write in outcome.writes if isinstance(write, KeepRating) for alert in write.alerts]
    assert [(alert.subject, alert.to_lead) for alert in raised] == ([(f"{CENTRE}-3", True)] if case.note else [])


async def test_the_agency_is_named() -> None:
    outcome = await decide(Happened(Scored(5, AT_THE_COUNTER)), world())
    assert outcome.replies[0].values["agency_name"] == "Trung tâm Phục vụ hành chính công tỉnh"


@pytest.mark.parametrize(
    ("person", "promised"),
    [("a" * 32, True), (kiosk_address("a" * 32).id, False)],
    ids=["browser", "kiosk"],
)
async def test_nobody_waits_at_a_kiosk_for_a_late_answer(person: str, *, promised: bool) -> None:
    outcome = await decide(LookUpDossier((DOWN,)), world(contact(person, ChannelName.WEBCHAT)))
    assert outcome.replies[0].values["promised"] is promised
    assert any(isinstance(write, PromiseAnswer) for write in outcome.writes) is promised
