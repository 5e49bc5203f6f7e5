"""The page of the audit log: who did what, when, from where; and whether the log is whole."""

import csv
import io
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import orjson
from aiohttp import web

from bot.access.records import ACTIONS, AuditRow
from bot.clock import VIETNAM
from bot.officers import OfficerRole
from bot.store.audit import AuditWish
from bot.store.officer_book import OfficerBook
from bot.web.desk.forms import PAGE_SIZE, day, whole
from bot.web.desk.rendering import HEADERS
from bot.web.desk.request import DeskRequest
from bot.web.desk.routes import Answer, DeskRoute, Page, Redirect, Section, UnknownAction, desk_route

READERS = frozenset({OfficerRole.AUDITOR, OfficerRole.ADMINISTRATOR})
MOST_EXPORTED = 10_000
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""Also the wide forms, which spreadsheets of East Asia read alike."""


class AuditPages:
    """``/desk/audit``."""

    def __init__(self, book: OfficerBook) -> None:
        self._book = book

    def sections(self) -> list[Section]:
        """Its entry of the top bar."""
        return [Section(path="/desk/audit", word="audit.title", roles=READERS, order=90)]

    def routes(self) -> list[DeskRoute]:
        """Its addresses."""
        return [
            desk_route("GET", "/desk/audit", READERS, self.page),
            desk_route("POST", "/desk/audit", READERS, self.act),
        ]

    async def page(self, request: DeskRequest) -> Answer:
        """The newest rows that fit, older ones by their number."""
        wish = await self._wish(request.query, PAGE_SIZE + 1)
        rows = await self._book.log(wish)
        lines = [_line(row) for row in rows[:PAGE_SIZE]]
        older = lines[-1]["number"] if len(rows) > PAGE_SIZE else None
        shown = {
            "actions": sorted(ACTIONS),
            "chosen": {**dict.fromkeys(("action", "user", "subject", "since", "until"), ""), **request.query},
            "older": older,
        }
        return Page(template="audit.html.j2", data={"rows": lines, "older": older}, shown=shown)

    async def act(self, request: DeskRequest) -> Answer:
        """Check the chain, or hand the rows out as a table; both stand in the log themselves."""
        match request.form.text("action"):
            case "check":
                return await self._check(request)
            case "export":
                return await self._export(request)
            case _:
                raise UnknownAction

    async def _check(self, request: DeskRequest) -> Answer:
        found = await self._book.check_log()
        await self._book.record(request.entry("log_checked", broken_at=found.broken_at, rows=found.rows))
        if found.broken_at is None:
            return Redirect(to="/desk/audit", notice="audit.whole", values={"rows": str(found.rows)})
        return Redirect(to="/desk/audit", notice="audit.broken", values={"row": str(found.broken_at)})

    async def _export(self, request: DeskRequest) -> web.Response:
        names = ("user", "subject", "since", "until")
        query = {name: request.form.text(name, 60) for name in names} | {"action": request.form.text("kind", 40)}
        rows = await self._book.log(await self._wish(query, MOST_EXPORTED))
        await self._book.record(request.entry("exported", "audit", rows=len(rows), filter=query))
        text = io.StringIO()
        table = csv.writer(text)
        table.writerow(("number", "at", "who", "address", "action", "subject", "data"))
        table.writerows([as_cell(value) for value in _cells(row)] for row in rows)
        headers = {**HEADERS, "Content-Disposition": 'attachment; filename="audit.csv"'}
        return web.Response(text="\ufeff" + text.getvalue(), content_type="text/csv", charset="utf-8", headers=headers)

    async def _wish(self, query: Mapping[str, str], limit: int) -> AuditWish:
        user = query.get("user", "").strip().casefold()
        account = await self._book.account_named(user) if user else None
        until = day(query.get("until", ""))
        return AuditWish(
            before=whole(query.get("before", ""), 0) or None,
            action=query.get("action", "") if query.get("action", "") in ACTIONS else "",
            officer=account.officer.id if account else (-1 if user else None),
            subject=query.get("subject", "").strip()[:60],
            since=day(query.get("since", "")),
            until=until + timedelta(days=1) if until else None,
            limit=limit,
        )


def as_cell(value: object) -> str:
    """Text for a cell of a spreadsheet: what would be taken for a formula gets an apostrophe before it."""
    text = str(value)
    return f"'{text}" if text.startswith(FORMULA) else text


def _line(row: AuditRow) -> dict[str, Any]:
    entry = row.entry
    return {
        "number": row.number,
        "at": entry.at,
        "who": entry.who,
        "address": entry.address,
        "action": entry.action,
        "subject": entry.subject,
        "data": dict(entry.data),
    }


def _cells(row: AuditRow) -> tuple[object, ...]:
    entry = row.entry
    at = entry.at.astimezone(VIETNAM).isoformat(timespec="seconds")
    data = orjson.dumps(dict(entry.data)).decode() if entry.data else ""
    return row.number, at, entry.who, entry.address, entry.action, entry.subject, data
