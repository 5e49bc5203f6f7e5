"""The fields of petitions as they ship; the desk edits names, days and what is in use."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from bot.understanding.petition.categories import OTHER, categories

LONGEST_LABEL = 28
"""Characters on a button."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PetitionCategory:
    """A field of petitions; edited in the desk."""

    code: str
    """``MT``, ``GT`` …"""
    name: str
    name_en: str
    days: int
    """Working days to answer. A change counts for petitions that come later."""
    in_use: bool = True

    @property
    def label(self) -> str:
        """The first part of the name, as it stands on a button."""
        return self.name.partition(",")[0][:LONGEST_LABEL]


@cache
def shipped_categories() -> Mapping[str, PetitionCategory]:
    """By code, in the order in which they are listed."""
    return MappingProxyType(
        {
            code: PetitionCategory(code=code, name=row.name, name_en=row.name_en, days=row.days)
            for code, row in categories().items()
        }
    )


def category_of(known: Mapping[str, PetitionCategory], code: str) -> PetitionCategory:
    """The field with this code; "other" when the desk does not know it any more."""
    return known.get(code) or known.get(OTHER) or shipped_categories()[OTHER]
