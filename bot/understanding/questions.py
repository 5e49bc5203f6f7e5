"""What about a procedure or an office is asked, and whose matter it is when it is not the administration's."""

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from bot.understanding.features import plain
from bot.understanding.petition.keywords import phrases_of

HOW, HOURS = "how", "hours"


def procedure_facet(question: str) -> str:
    """``documents``, ``fee``, ``time``, ``where``, ``how``, ``online``, ``form`` or ``eligibility``."""
    return _first("procedure_facets", question) or HOW


def office_facet(question: str) -> str:
    """``hours``, ``address`` or ``hotline``."""
    return _first("office_facets", question) or HOURS


def other_body(question: str) -> str | None:
    """``court``, ``bank``, ``hospital``, ``tax``, ``insurance``, ``police``, ``power``, ``post``, ``other``; None when none is spoken of."""
    return _first("bodies", question)


def _first(table: str, question: str) -> str | None:
    """The first row of the table of which the question holds a phrase."""
    phrases = set(phrases_of(plain(question)))
    return next((name for name, words in _table(table).items() if not words.isdisjoint(phrases)), None)


@cache
def _table(name: str) -> Mapping[str, frozenset[str]]:
    rows = json.loads(files("bot").joinpath("data/questions.json").read_text(encoding="utf-8"))
    return {key: frozenset(words.split("|")) for key, words in rows[name].items()}
