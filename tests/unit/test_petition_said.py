"""Whatever is decided about petitions can be said in the desk, in both languages."""

from pathlib import Path

import pytest

from bot.calendar_explained import DayPart, ListProblem
from bot.model import Language
from bot.petition_work import NOT_FOUND
from bot.petitions.abuse import MuteStep
from bot.petitions.commands import Command
from bot.petitions.deciding import NOT_ALLOWED, WRONG_STATE
from bot.petitions.history import event_name
from bot.petitions.record import OPEN, Confidentiality, PetitionState
from bot.petitions.rejections import REASONS, REASONS_ENGLISH
from bot.petitions.transitions import TABLE, Row
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


def states_of(row: Row) -> str:
    missing = [state for state in PetitionState if state not in row.before]
    if not row.before or not missing:
        return "any" if row.before else "–"
    if row.before == OPEN:
        return "any open"
    some = ", ".join(state for state in PetitionState if state in row.before)
    return f"any but {', '.join(missing)}" if len(missing) < 4 else some


def line_of(row: Row) -> str:
    who = ", ".join(sorted(acting.replace("_", " ") for acting in row.who))
    guards = ", ".join(f"`{guard.__name__}`" for guard in row.guards)
    told = f"`{row.told}`" if row.told else ""
    name = event_name(row.command)
    return f"| {row.number} | {states_of(row)} | {name} | {row.after or 'stays'} | {who} | {guards} | {told} |"


def test_the_table_on_the_page_is_the_one_that_decides() -> None:
    page = (Path(__file__).parents[2] / "docs" / "petitions.md").read_text()
    lines = page.partition("|---|---|---|---|---|---|---|\n")[2].partition("\n\n")[0]
    assert lines.splitlines() == [line_of(row) for row in TABLE]
