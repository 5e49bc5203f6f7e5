"""Figures that everybody may read: sums by field, so written that no small number tells of single people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, time

from bot.clock import VIETNAM, Clock
from bot.petitions.categories import PetitionCategory, category_of
from bot.store.port_public import CategoryFigures, PublicBook

FEWEST = 5
"""Fewer, but not none, are not told."""
FEW, HIDDEN = "< 5", "…"
NONE = "–"
FEWEST_RATED = 10
STEP = 5
"""Per cent of a field are told in steps: exact ones would tell the small numbers that are left out."""
FRESH_SECONDS = 60.0
COUNTED = ("received", "processed", "late")


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """Of a month or a year, as they are printed."""

    received: str
    processed: str
    late: str
    on_time: str
    """Per cent of those answered."""
    satisfied: str
    """Per cent of those rated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldRow:
    """One field of petitions, as it is printed."""

    category: PetitionCategory
    received: str
    processed: str
    late: str
    on_time: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicFigures:
    """What the page shows."""

    month: Totals
    year: Totals
    rows: Sequence[FieldRow]
    counted_at: datetime


class FigureBoard:
    """Counts once a minute, however many ask."""

    def __init__(self, book: PublicBook, clock: Clock) -> None:
        self._book = book
        self._clock = clock
        self._counted: tuple[float, Sequence[CategoryFigures], Sequence[CategoryFigures], datetime] | None = None

    async def figures(self, categories: Mapping[str, PetitionCategory]) -> PublicFigures:
        """Of this month and this year in Vietnam, until now."""
        if self._counted is None or self._clock.monotonic() - self._counted[0] > FRESH_SECONDS:
            now = self._clock.now().astimezone(VIETNAM)
            month = await self._since(now.date().replace(day=1), now)
            year = await self._since(now.date().replace(month=1, day=1), now)
            self._counted = (self._clock.monotonic(), month, year, now)
        _, month, year, now = self._counted
        return PublicFigures(month=totals(month), year=totals(year), rows=rows(year, categories), counted_at=now)

    async def _since(self, day: date, now: datetime) -> Sequence[CategoryFigures]:
        return await self._book.public_figures(datetime.combine(day, time.min, VIETNAM), now, now)


def totals(found: Sequence[CategoryFigures]) -> Totals:
    """All fields together."""
    names = [field.name for field in fields(CategoryFigures) if field.name != "category"]
    whole = {name: sum(getattr(row, name) for row in found) for name in names}
    return Totals(
        **{name: _cell(whole[name]) for name in COUNTED},
        on_time=_share(whole["on_time"], whole["answered"], FEWEST, 1),
        satisfied=_share(whole["satisfied"], whole["rated"], FEWEST_RATED, 1),
    )


def rows(found: Sequence[CategoryFigures], categories: Mapping[str, PetitionCategory]) -> list[FieldRow]:
    """Field by field. Where one cell of a column would be told by the sum, a second one is left out too."""
    order = list(categories)
    found = sorted(found, key=lambda row: order.index(row.category) if row.category in categories else len(order))
    columns = {name: _column([getattr(row, name) for row in found]) for name in COUNTED}
    return [
        FieldRow(
            category=category_of(categories, row.category),
            **{name: column[place] for name, column in columns.items()},
            on_time=_share(row.on_time, row.answered, FEWEST, STEP),
        )
        for place, row in enumerate(found)
    ]


def _column(counts: Sequence[int]) -> list[str]:
    cells = [_cell(count) for count in counts]
    told = [place for place, count in enumerate(counts) if count >= FEWEST]
    if cells.count(FEW) == 1 and told:
        cells[min(told, key=lambda place: counts[place])] = HIDDEN
    return cells


def _cell(count: int) -> str:
    return FEW if 0 < count < FEWEST else f"{count:,}".replace(",", ".")


def _share(part: int, whole: int, fewest: int, step: int) -> str:
    return NONE if whole < fewest else f"{round(100 * part / whole / step) * step} %"
