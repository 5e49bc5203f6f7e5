"""The words of the desk: the same in both languages, and every one that a page asks for is there."""

import re
from pathlib import Path
from string import Formatter

import pytest

import bot
import templates
from bot.model import Language
from bot.web.desk.words import Words

WORDS = Words().tables
PAGES = sorted((Path(templates.__file__).parent / "desk").glob("*.j2"))
CODE = sorted((Path(bot.__file__).parent / "web" / "desk").glob("*.py"))
ASKED = re.compile(r'\bt\("([a-z_.]+[a-z_])"(?: if [^)]*? else "([a-z_.]+)")?')
NAMED = re.compile(r'"((?:officers|profile|login|password|deliveries|audit|setup|error)\.(?!csv)[a-z_]+)"')


def test_both_languages_have_the_same_words() -> None:
    assert WORDS[Language.VIETNAMESE].keys() == WORDS[Language.ENGLISH].keys()


@pytest.mark.parametrize("key", sorted(WORDS[Language.VIETNAMESE]))
def test_both_say_the_same_values(key: str) -> None:
    named = [{name for _, name, _, _ in Formatter().parse(WORDS[language][key]) if name} for language in Language]
    assert named[0] == named[1]
    assert all(WORDS[language][key].strip() for language in Language)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_word_of_a_page_is_there(page: Path) -> None:
    asked = {key for found in ASKED.findall(page.read_text()) for key in found if key}
    assert asked - WORDS[Language.VIETNAMESE].keys() == set()


@pytest.mark.parametrize("file", CODE, ids=lambda file: file.name)
def test_every_word_of_the_code_is_there(file: Path) -> None:
    assert set(NAMED.findall(file.read_text())) - WORDS[Language.VIETNAMESE].keys() == set()
