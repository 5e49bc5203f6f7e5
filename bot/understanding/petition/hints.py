"""What a petition is about: category, who owns it, where, whether it insults, and whether it holds two matters. Hints; an officer decides."""

from dataclasses import dataclass

from bot.understanding.petition.abuse import is_abusive
from bot.understanding.petition.categories import Category, suggest
from bot.understanding.petition.matters import matters_in
from bot.understanding.petition.owners import owner_of
from bot.understanding.places import Place, ward_in


@dataclass(frozen=True, slots=True, kw_only=True)
class PetitionHints:
    """What the text suggests; the officer may correct all of it."""

    categories: tuple[Category, ...]
    """Best first, at most 3; "other" alone when nothing fits."""
    owner: str
    """The kind of agency: ``ward``, ``police``, ``utility`` …"""
    ward: Place | None
    abusive: bool
    parts: tuple[str, ...]
    """The text of each matter when there are two or more, else empty."""


def petition_hints(text: str) -> PetitionHints:
    """Hints from *text* (NFC), with or without accents."""
    categories = suggest(text)
    return PetitionHints(
        categories=categories,
        owner=owner_of(text, categories[0]),
        ward=ward_in(text),
        abusive=is_abusive(text),
        parts=matters_in(text),
    )
