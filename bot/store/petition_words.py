"""The words of texts without accents, as they are found again."""

import re

from bot.understanding.text import fold

WORD = re.compile(r"[0-9a-z]+")
MOST_WORDS = 400
LONGEST_WORD = 24


def words_of(text: str) -> tuple[str, ...]:
    """Each word once, in order, longer ones cut."""
    found = (word[:LONGEST_WORD] for word in WORD.findall(fold(text).lower()))
    return tuple(dict.fromkeys(found))[:MOST_WORDS]
