"""How a due date came about, and which buttons an officer sees."""

from dataclasses import replace
from datetime import date, datetime

from bot.calendar_edits import CalendarDay, DayKind, edited_calendars
from bot.calendar_explained import DayPart
from bot.clock import VIETNAM
from bot.officers import OfficerRole
from bot.petitions import commands as c
from bot.petitions.deciding import decide, possible
from bot.petitions.due_story import due_story
from bot.petitions.record import CITIZEN, PetitionEvent, PetitionState
from tests.unit.petition_samples import HANDLER, LEAD, NOW, RECEPTION, WARD, around, done, officer, petition, submit

S = PetitionState


def at(day: int, hour: int) -> datetime:
    return datetime(2026, 6, day, hour, tzinfo=VIETNAM)


def test_the_story_of_a_due_date() -> None:
    events: list[PetitionEvent] = []
    found = None
    for command, actor, now in (
        (submit(agency=WARD), CITIZEN, NOW),
        (c.Accept(), HANDLER, at(10, 10)),
        (c.AskCitizen(question="Cột đèn số mấy?"), HANDLER, at(10, 10)),
        (c.AddInformation(text="Cột số 5"), CITIZEN, at(11, 10)),
        (c.Extend(until=at(18, 9), reason="Chờ vật tư"), LEAD, at(12, 9)),
    ):
        step = done(decide(found, command, actor, around(now)))
        found, events = step.after, [*events, step.event]
    assert found is not None
    story = due_story(found, events, around())
    assert [(line.on.day, line.part) for line in story.days] == [
        (10, DayPart.RECEIVED),
        (11, DayPart.COUNTED),
        (12, DayPart.COUNTED),
        (13, DayPart.WEEKEND),
        (14, DayPart.WEEKEND),
        (15, DayPart.COUNTED),
    ]
    assert (story.first_due, story.calendar_moved) == (at(15, 17), False)
    assert [(change.event, change.due) for change in story.changes] == [
        ("add_information", at(16, 17)),
        ("extend", at(18, 17)),
    ]
    flood = CalendarDay(on=date(2026, 6, 12), kind=DayKind.OFF)
    edited = replace(around(), calendars=edited_calendars([flood], []))
    later = due_story(found, events, edited)
    assert (later.first_due, later.calendar_moved) == (at(15, 17), True)


def test_buttons() -> None:
    working = petition(S.IN_PROGRESS)
    assert possible(working, HANDLER, around()) == {
        c.ReturnToReception,
        c.AskCitizen,
        c.ProposeAnswer,
        c.SendAnswer,
        c.Merge,
        c.AddNote,
        c.Recategorise,
        c.Release,
    }
    assert possible(working, LEAD, around()) - possible(working, HANDLER, around()) == {c.Assign, c.Transfer, c.Extend}
    for role in (OfficerRole.AUDITOR, OfficerRole.PROVINCE_LEADER, OfficerRole.ADMINISTRATOR, OfficerRole.OPERATOR):
        assert possible(working, officer(role, RECEPTION), around()) == frozenset()
