"""Whatever is decided about petitions can be said in the desk, in both languages."""

import pytest

from bot.calendar_explained import DayPart, ListProblem
from bot.model import Language
from bot.petition_work import NOT_FOUND
from bot.petitions.abuse import MuteStep
from bot.petitions.commands import Command
from bot.petitions.deciding import NOT_ALLOWED, WRONG_STATE
from bot.petitions.history import event_name
from bot.petitions.record import Confidentiality, PetitionState
from bot.petitions.rejections import REASONS, REASONS_ENGLISH
from bot.petitions.transitions import TABLE
from bot.web.desk.words import Words

WORDS = Words()
SAID = {
    "refused": {guard.__name__ for row in TABLE for guard in row.guards} | {NOT_FOUND, NOT_ALLOWED, WRONG_STATE},
    "petition_state": set(PetitionState),
    "petition_event": {event_name(command) for command in Command.__args__},
    "confidentiality": set(Confidentiality),
    "rejection": set(REASONS),
    "mute_step": set(MuteStep),
    "day_part": set(DayPart),
    "holiday_list": set(ListProblem),
}


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("table", SAID)
def test_everything_has_its_words(table: str, language: Language) -> None:
    known = {key.removeprefix(f"{table}.") for key in WORDS.tables[language] if key.startswith(f"{table}.")}
    assert known == {str(word) for word in SAID[table]}


def test_reasons_in_both_languages() -> None:
    assert set(REASONS) == set(REASONS_ENGLISH)
