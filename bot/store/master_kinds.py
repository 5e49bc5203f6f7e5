"""The kinds of master data: how each is found again, how it is written, what of it ships with the program."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from bot.calendar_edits import AgencyHours, CalendarDay
from bot.late_letters import LateLetter
from bot.officers import AgencyKind, AgencyRecord
from bot.petitions.categories import PetitionCategory, shipped_categories
from bot.petitions.master import CannedAnswer
from bot.petitions.routing import RoutingRule
from bot.store.port_master import Announcement, BlockedWord, MasterItem
from bot.text_edits import TextEdit
from bot.understanding.agencies import Agency, departments, wards


@dataclass(frozen=True, slots=True)
class Kind:
    """How items of one type are kept."""

    name: str
    adapter: "TypeAdapter[Any]"
    key: Callable[[Any], str]
    shipped: Callable[[], tuple[MasterItem, ...]] = tuple
    is_numbered: bool = False
    """The store gives ids."""

    def body(self, item: MasterItem) -> str:
        """The item as JSON."""
        written: bytes = self.adapter.dump_json(item)
        return written.decode()

    def item(self, body: str) -> Any:
        """The item that was written."""
        return self.adapter.validate_json(body)

    def with_id(self, item: Any, number: int) -> Any:
        """A new item with the id that it got."""
        return replace(item, id=number) if self.is_numbered and not item.id else item


@cache
def shipped_agencies() -> tuple[AgencyRecord, ...]:
    """The agencies of the province that the program knows; the first is where petitions are sorted."""
    return tuple(_agencies())


def _agencies() -> Iterator[AgencyRecord]:
    for place, agency in enumerate(departments()):
        yield _record(agency, AgencyKind.DEPARTMENT if place else AgencyKind.RECEPTION)
    for agency in wards():
        yield replace(_record(agency, AgencyKind.WARD), ward=_ward(agency))


def _record(agency: Agency, kind: AgencyKind) -> AgencyRecord:
    return AgencyRecord(code=agency.code, name=agency.name, short_name=agency.short_name, kind=kind)


def _ward(agency: Agency) -> str:
    return agency.name.removeprefix("UBND phường ").removeprefix("UBND xã ")


KINDS: Mapping[type[Any], Kind] = {
    AgencyRecord: Kind("agency", TypeAdapter(AgencyRecord), lambda item: item.code, shipped_agencies),
    PetitionCategory: Kind(
        "category", TypeAdapter(PetitionCategory), lambda item: item.code, lambda: tuple(shipped_categories().values())
    ),
    CalendarDay: Kind("day", TypeAdapter(CalendarDay), lambda item: f"{item.on.isoformat()} {item.agency}"),
    AgencyHours: Kind("hours", TypeAdapter(AgencyHours), lambda item: item.agency),
    RoutingRule: Kind("rule", TypeAdapter(RoutingRule), lambda item: f"{item.category} {item.ward}"),
    CannedAnswer: Kind("canned_answer", TypeAdapter(CannedAnswer), lambda item: str(item.id), is_numbered=True),
    BlockedWord: Kind("blocked_word", TypeAdapter(BlockedWord), lambda item: item.word.casefold()),
    Announcement: Kind("announcement", TypeAdapter(Announcement), lambda item: str(item.id), is_numbered=True),
    LateLetter: Kind("late_letter", TypeAdapter(LateLetter), lambda item: item.code),
    TextEdit: Kind("text", TypeAdapter(TextEdit), lambda item: item.file),
}
