"""Texts of people as the public may read them."""

import unicodedata
from functools import lru_cache

from bot.petitions.redaction import suggested_public_text

_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Cn"})
"""Controls, marks that turn the direction of reading, halves of characters, what is no character: XML allows few of them."""


def plain(text: str) -> str:
    """*text* without what cannot be seen, but for the ends of lines."""
    return "".join(char for char in text if char in "\n\t" or unicodedata.category(char) not in _UNSEEN).strip()


@lru_cache(4096)
def without_people(text: str) -> str:
    """An answer was written to one person: its numbers, names and addresses are not for others."""
    return plain(suggested_public_text(text))
