"""Rules that send petitions to agencies, and what the desk has set for decisions."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from bot.access.records import OfficerAccount
from bot.calendar_edits import CalendarDay, DayKind
from bot.clock import FixedClock
from bot.petition_data import PetitionData
from bot.petitions.abuse import Mute, MuteStep
from bot.petitions.categories import PetitionCategory
from bot.petitions.master import MasterData
from bot.petitions.record import Place
from bot.petitions.routing import RoutingRule, agency_for, trials
from tests.unit.petition_samples import AGENCIES, NOW, OFFICERS, OTHER, RECEPTION, WARD, petition

RULES = (
    RoutingRule(agency=RECEPTION, category="HC"),
    RoutingRule(agency=WARD, ward="Võ Cường"),
    RoutingRule(agency=OTHER, category="DN", ward="Võ Cường", is_on=False),
    RoutingRule(agency=OTHER, category="MT", ward="Võ Cường"),
    RoutingRule(agency="H05.99", category="GT", ward="Võ Cường"),
)


@pytest.mark.parametrize(
    ("category", "ward", "agency"),
    [
        pytest.param("DN", "Võ Cường", WARD, id="by ward"),
        pytest.param("MT", "Võ Cường", OTHER, id="both is closer than the ward"),
        pytest.param("HC", "Võ Cường", RECEPTION, id="the field is closer than the ward"),
        pytest.param("GT", "Võ Cường", WARD, id="an agency that does not exist gets nothing"),
        pytest.param("DN", "Kinh Bắc", "", id="none"),
    ],
)
def test_agency(category: str, ward: str, agency: str) -> None:
    assert agency_for(RULES, AGENCIES, category, ward) == agency


def test_a_dry_run() -> None:
    past = [petition(place=Place(ward="Võ Cường"), agency=WARD), petition(place=Place(ward="Kinh Bắc"), agency=OTHER)]
    tried = trials(RULES, AGENCIES, past)
    assert [(trial.agency, trial.is_as_handled) for trial in tried] == [(WARD, True), ("", False)]


class Book:
    def __init__(self) -> None:
        self.data = MasterData(agencies=tuple(AGENCIES.values()), rules=RULES)
        self.reads = 0

    async def master_data(self) -> MasterData:
        self.reads += 1
        return self.data

    async def mutes_of(self, person: bytes) -> Sequence[Mute]:
        return [Mute(person=person, step=MuteStep.DAY, reason="", given_by=1, given_at=NOW, until=NOW.replace(day=11))]


class Officers:
    async def everybody(self) -> Sequence[OfficerAccount]:
        return [OfficerAccount(officer=officer, password="", created_at=NOW) for officer in OFFICERS.values()]


async def test_what_is_edited_counts_soon() -> None:
    book, clock = Book(), FixedClock(NOW)
    data = PetitionData(book, Officers(), clock)
    assert await data.agency_for("DN", "Võ Cường") == WARD
    assert set((await data.around(NOW)).officers) == set(OFFICERS)
    day_off = CalendarDay(on=date(2026, 6, 11), kind=DayKind.OFF)
    shorter = PetitionCategory(code="DN", name="Điện", name_en="power", days=1)
    book.data = replace(book.data, days=(day_off,), categories=(shorter,))
    assert (await data.around(NOW)).categories["DN"].days == 3
    clock.advance(6)
    around = await data.around(NOW)
    assert (around.categories["DN"].days, around.categories["MT"].days) == (1, 5)
    assert not around.calendars.of("").is_working_day(date(2026, 6, 11))
    assert book.reads == 2
    data.forget()
    await data.master_data()
    assert book.reads == 3


async def test_who_is_muted() -> None:
    data = PetitionData(Book(), Officers(), FixedClock(NOW))
    assert await data.muted_until(b"p", NOW) == NOW.replace(day=11)
    assert await data.muted_until(b"p", NOW.replace(day=12)) is None
