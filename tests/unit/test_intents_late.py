"""The late answer: decided anew when it is sent."""

from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from bot.intent import Outcome, RecordLookUp
from bot.intents import late_answer
from bot.model import Contact
from dossier_client.models import Fee, Status
from tests.unit.worlds import ABSENT, DOWN, FAR, NOW, OWNER, A, Systems, contact, dossier, world

ASKED_AT = NOW - timedelta(hours=1)
FEE = Systems(dossier(A, Status.FEE_DUE, fee=Fee(amount=500_000)))


@dataclass(frozen=True)
class Case:
    label: str
    code: str
    template: str
    found: bool = False
    person: Contact = field(default_factory=contact)


CASES = [
    Case("found", A, "st.6", found=True),
    Case("found, by the person of the dossier", A, "st.6v", found=True, person=contact(OWNER)),
    Case("nothing there after all", ABSENT, "lk.notfound"),
    Case("no route any more", FAR, "lk.other_province"),
    Case("opted out before asking", A, "st.6", found=True, person=contact(opted_out_at=ASKED_AT - timedelta(hours=1))),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.label)
async def test_late_answers_say_that_they_are_late(case: Case) -> None:
    outcome = await late_answer(case.code, ASKED_AT, world(case.person, FEE))
    assert outcome is not None
    (reply,) = outcome.replies
    assert (reply.template, reply.late_prefix_at) == (case.template, ASKED_AT)
    assert outcome.writes == (RecordLookUp(case.code, case.found),)


@pytest.mark.parametrize(
    ("code", "systems"),
    [pytest.param(DOWN, FEE, id="still down"), pytest.param(A, Systems(dossier(), stale=True), id="only known of old")],
)
async def test_still_owed(code: str, systems: Systems) -> None:
    assert await late_answer(code, ASKED_AT, world(systems=systems)) is None


async def test_who_opted_out_since_is_left_alone() -> None:
    systems = Systems(dossier())
    person = contact(opted_out_at=ASKED_AT + timedelta(minutes=1))
    assert await late_answer(A, ASKED_AT, world(person, systems)) == Outcome()
    assert systems.asked == []


async def test_late_codes_that_do_not_exist_count_too() -> None:
    around = world()
    for number in range(10):
        await late_answer(f"H05.{number}-260610-0001", ASKED_AT, around)
    (reply,) = (await late_answer(A, ASKED_AT, around) or Outcome()).replies
    assert reply.template == "st.4", "what was promised is kept all the same"
    assert around.limits.look_up(around.contact.id, NOW).count == 10
