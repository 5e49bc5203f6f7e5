"""``/desk/petitions/export``: the list as it is filtered, for a spreadsheet. Nothing of who sent them; every export is logged."""

import csv
import io
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Protocol

from aiohttp import web

from bot.access.records import AuditEntry
from bot.clock import VIETNAM
from bot.petition_work import Surroundings
from bot.store.port_petitions import PAGE_SIZE, PetitionBook
from bot.web.desk.audit import as_cell
from bot.web.desk.petitions import views
from bot.web.desk.petitions.listing import FILTERS, PetitionList
from bot.web.desk.rendering import HEADERS
from bot.web.desk.request import DeskRequest
from bot.web.desk.routes import TEXTS, Answer, DeskRoute, desk_route

MOST_PAGES = 100
COLUMNS = (
    "code", "channel", "sent_at", "category", "category_name", "ward", "text", "agency", "agency_name", "officer", "state",
    "due", "days_left", "files", "case",
)  # fmt: skip


class Log(Protocol):
    """Where it is kept who took what."""

    async def record(self, *entries: AuditEntry) -> None:
        """Chained to what was recorded before."""
        ...


class PetitionExport:
    """The same rights and filters as the list."""

    def __init__(self, book: PetitionBook, listing: PetitionList, surroundings: Surroundings, log: Log) -> None:
        self._book = book
        self._listing = listing
        self._surroundings = surroundings
        self._log = log

    def routes(self) -> list[DeskRoute]:
        """The file."""
        return [desk_route("GET", "/desk/petitions/export", TEXTS, self.file)]

    async def file(self, request: DeskRequest) -> Answer:
        """At most five thousand rows, the most urgent first; UTF-8 with its mark, so that Vietnamese opens well everywhere."""
        around = await self._surroundings.around(request.now)
        wanted = self._listing.wanted(request, around)
        rows: list[Mapping[str, Any]] = []
        for page in range(1, MOST_PAGES + 1):
            found = await self._book.list_petitions(replace(wanted, page=page), request.now)
            rows += [views.row(petition, around, request.language) for petition in found.petitions]
            if len(found.petitions) < PAGE_SIZE:
                break
        query = {name: value[:100] for name, value in request.query.items() if name in (*FILTERS, "tab") and value}
        shown = {name: value for name, value in query.items() if name != "search"}
        entry = request.entry("exported", "petitions", rows=len(rows), filter=shown, by_search="search" in query)
        await self._log.record(entry)
        text = io.StringIO()
        table = csv.writer(text)
        table.writerow(COLUMNS)
        table.writerows([as_cell(_cell(row[name])) for name in COLUMNS] for row in rows)
        headers = {**HEADERS, "Content-Disposition": 'attachment; filename="petitions.csv"'}
        return web.Response(text="\ufeff" + text.getvalue(), content_type="text/csv", charset="utf-8", headers=headers)


def _cell(value: Any) -> Any:
    if hasattr(value, "astimezone"):
        return value.astimezone(VIETNAM).isoformat(timespec="minutes")
    return "" if value is None else value
