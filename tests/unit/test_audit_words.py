"""Every word that the desk writes into the log is one that the page of the log can tell."""

import re
from pathlib import Path

import bot
from bot.access.records import ACTIONS
from bot.model import Language
from bot.web.desk.words import Words

WRITTEN = re.compile(r'\.entry\("([a-z_]+)"')


def test_the_page_of_the_log_knows_every_action() -> None:
    files = Path(bot.__file__).parent.rglob("*.py")
    written = {word for file in files for word in WRITTEN.findall(file.read_text("utf-8"))}
    assert written <= ACTIONS, written - ACTIONS


def test_every_action_has_a_word() -> None:
    words = Words()
    assert all(words.tell(language, f"audit.act.{action}") for language in Language for action in ACTIONS)
