"""What the store promises of petitions that everybody may see, and of the figures of all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.petitions.record import PetitionState

DECIMALS = 3
"""Of a position that is shown: some 100 m, so a street and no house."""
MOST_SKIPPED = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicPetition:
    """Of a released petition what everybody may see. It has no room for more: no person, no channel, no officer, no exact place."""

    code: str
    sent_at: datetime
    released_at: datetime
    changed_at: datetime
    text: str
    """As the officer released it."""
    category: str
    ward: str
    latitude: float | None
    longitude: float | None
    state: PetitionState
    answer: str
    """The one that was sent; "" while there is none, or none any more."""
    answered_at: datetime | None
    answer_due: datetime
    pictures: tuple[str, ...] = ()
    """Names of the pictures that were released, too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicFilter:
    """Which released petitions. Empty fields filter nothing."""

    codes: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    is_open: bool | None = None
    sent_from: datetime | None = None
    sent_until: datetime | None = None
    """Itself not included."""
    skipped: int = 0
    most: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryFigures:
    """Petitions of one field that were sent in a time; merged ones count as being handled, with their case."""

    category: str
    received: int
    processed: int
    """Answered, or ended otherwise."""
    answered: int
    on_time: int
    """Of those answered: not later than promised."""
    late: int
    """Answered after the promise, or still not answered after it."""
    rated: int
    satisfied: int
    """Of those rated: three points or more."""


class PublicBook(Protocol):
    """Released petitions, and figures of all."""

    async def released(self, wanted: PublicFilter) -> Sequence[PublicPetition]:
        """The newest first."""
        ...

    async def released_lately(self, most: int) -> Sequence[PublicPetition]:
        """Those released last, the last one first."""
        ...

    async def is_public_picture(self, name: str) -> bool:
        """Whether everybody may see a picture: it is released, and so is its petition."""
        ...

    async def public_figures(self, since: datetime, until: datetime, now: datetime) -> Sequence[CategoryFigures]:
        """Of the petitions sent from *since* and before *until*, as they stand now."""
        ...
