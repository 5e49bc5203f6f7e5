"""What personal data is found as: kinds, and spans of the original text."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class PersonalKind(StrEnum):
    """Kinds of personal data that are hidden from the public text of a petition."""

    EMAIL = "email"
    PLATE = "plate"
    PHONE = "phone"
    ACCOUNT = "account"
    IDENTITY = "identity"
    TAX = "tax"
    BIRTH_DATE = "birth_date"
    HOME_ADDRESS = "home_address"
    NAME = "name"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Where personal data stands: ``text[start:end]``."""

    start: int
    end: int
    kind: PersonalKind


def without_overlaps(spans: Iterable[Span]) -> tuple[Span, ...]:
    """In text order; of two that overlap the earlier one given wins."""
    kept: list[Span] = []
    for span in spans:
        if all(span.end <= other.start or span.start >= other.end for other in kept):
            kept.append(span)
    return tuple(sorted(kept))
