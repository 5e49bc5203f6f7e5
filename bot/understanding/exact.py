"""Whether a text is a command or a code and nothing else: then it is served even while the person writes on something."""

import re

from bot.understanding.command_words import FILLERS, only
from bot.understanding.details import PETITION_CODE, Said
from bot.understanding.keywords import keyword_at_head
from bot.understanding.text import normal

_ARGUMENT = re.compile(r"(?:-[0-9A-Z]{1,8} ?)?\d{0,6}", re.ASCII)
"""A score, the last four digits, a one-time code."""


def is_exact(said: Said, normalised: str) -> bool:
    """*normalised* is *said* as commands are matched."""
    if not any(character.isalnum() for character in normalised) or _is_all_malformed(said):
        return True
    rest = normal(PETITION_CODE.sub(" ", said.codes.rest)) if said.codes.codes else None
    if rest is None:
        rest = normal(PETITION_CODE.sub(" ", normalised))
    match = keyword_at_head(rest)
    if match is not None:
        return only(match.rest, FILLERS) or _ARGUMENT.fullmatch(match.rest) is not None
    named = bool(said.codes.codes or said.petition_code)
    return named and (only(rest, FILLERS) or _ARGUMENT.fullmatch(rest) is not None)


def _is_all_malformed(said: Said) -> bool:
    """Something meant as a code, alone."""
    text = said.text.strip()
    return any(len(item.typed.strip()) >= len(text) - 1 for item in said.codes.malformed) and any(
        character.isdigit() for character in text
    )
