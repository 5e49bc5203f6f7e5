"""``/desk/ratings``: how satisfied people are. From the lead of an agency upwards; nothing here tells who rated."""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from aiohttp import web

from bot.clock import VIETNAM
from bot.officers import Officer, OfficerRole
from bot.petition_work import Surroundings
from bot.petitions.around import Around
from bot.petitions.redaction import suggested_public_text
from bot.rating_figures import Figures, Group, by_agency, by_group, figures_of, shown
from bot.ratings import SHOWN_FROM, NationalLevel, Rating, RatingCount
from bot.store.officer_book import OfficerBook
from bot.store.port_ratings import RatingBook
from bot.web.desk.audit import as_cell
from bot.web.desk.rendering import HEADERS
from bot.web.desk.request import DeskRequest
from bot.web.desk.routes import Answer, DeskRoute, Page, Section, UnknownAction, desk_route

SEE_ALL = frozenset({OfficerRole.PROVINCE_LEADER, OfficerRole.AUDITOR})
READERS = SEE_ALL | {OfficerRole.LEAD}
MOST_COMMENTS = 20
YEARS = 3
COLUMNS = ("period", "agency", "name", *(level.value for level in NationalLevel), "total")
_PERIOD = re.compile(r"(20\d\d)(?:-(0[1-9]|1[0-2]))?", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A year, or a month of one: figures of days next to each other would tell single ratings apart."""

    word: str
    since: datetime
    until: datetime


class RatingPages:
    """Figures, comments and the export."""

    def __init__(self, ratings: RatingBook, surroundings: Surroundings, book: OfficerBook) -> None:
        self._ratings = ratings
        self._surroundings = surroundings
        self._book = book

    def sections(self) -> list[Section]:
        """Its entry of the top bar."""
        return [Section(path="/desk/ratings", word="ratings.title", roles=READERS, order=40)]

    def routes(self) -> list[DeskRoute]:
        """Its addresses."""
        return [
            desk_route("GET", "/desk/ratings", READERS, self.page),
            desk_route("POST", "/desk/ratings", READERS, self.export),
        ]

    async def page(self, request: DeskRequest) -> Answer:
        """Of a month or year, of all agencies or of one with its officers, counters and comments."""
        around, period = await self._surroundings.around(request.now), period_of(request.query, request.now)
        agency = _agency(request.officer, request.query, around)
        counts = [
            count
            for count in await self._ratings.count_ratings(period.since, period.until)
            if agency in {"", count.agency}
        ]
        total = figures_of(counts)
        comments = await self._comments(agency, period) if agency and total.may_be_shown else []
        data = {
            "period": period.word,
            "agency": agency,
            "name": _name(agency, around),
            "total": _figures(total) if total.may_be_shown else None,
            "agencies": [] if agency else _agencies(counts, total, around),
            "groups": _groups(counts, total, around) if agency else [],
            "comments": comments,
        }
        extra = {
            "periods": _periods(request.now),
            "agency_choices": _choices(around) if request.officer.role in SEE_ALL else [],
            "least": SHOWN_FROM,
        }
        return Page(template="ratings.html.j2", data=data, shown=extra)

    async def export(self, request: DeskRequest) -> Answer:
        """The three national levels of each agency, as a table or JSON; stands in the log."""
        if request.form.text("action") != "export":
            raise UnknownAction
        kind = request.form.choice("format", ("csv", "json"), "csv")
        query = {name: request.form.text(name, 30) for name in ("period", "agency")}
        around, period = await self._surroundings.around(request.now), period_of(query, request.now)
        agency = _agency(request.officer, query, around)
        counts = await self._ratings.count_ratings(period.since, period.until)
        rows = _national([count for count in counts if agency in {"", count.agency}], period, around)
        await self._book.record(request.entry("exported", "ratings", rows=len(rows), filter=query))
        headers = {**HEADERS, "Content-Disposition": f'attachment; filename="ratings-{period.word}.{kind}"'}
        if kind == "json":
            return web.Response(body=orjson.dumps(rows), content_type="application/json", headers=headers)
        return web.Response(text=_table(rows), content_type="text/csv", charset="utf-8", headers=headers)

    async def _comments(self, agency: str, period: Period) -> list[dict[str, Any]]:
        """Without what is rated: its code leads to who rated it."""
        found = await self._ratings.rating_notes(agency, period.since, period.until, MOST_COMMENTS)
        return [_comment(rating) for rating in found]


def period_of(query: Mapping[str, str], now: datetime) -> Period:
    """``2026`` or ``2026-06``; nonsense is this year."""
    found = _PERIOD.fullmatch(query.get("period", ""))
    year = int(found[1]) if found else now.astimezone(VIETNAM).year
    if found and found[2]:
        month = int(found[2])
        since = datetime(year, month, 1, tzinfo=VIETNAM)
        until = datetime(year + month // 12, month % 12 + 1, 1, tzinfo=VIETNAM)
        return Period(word=found[0], since=since, until=until)
    since, until = datetime(year, 1, 1, tzinfo=VIETNAM), datetime(year + 1, 1, 1, tzinfo=VIETNAM)
    return Period(word=str(year), since=since, until=until)


def _periods(now: datetime) -> list[str]:
    """The last twelve months and three years."""
    today = now.astimezone(VIETNAM)
    months = [divmod(today.year * 12 + today.month - 1 - back, 12) for back in range(12)]
    return [
        *(str(today.year - back) for back in range(YEARS)),
        *(f"{year}-{month + 1:02}" for year, month in months),
    ]


def _agency(officer: Officer, query: Mapping[str, str], around: Around) -> str:
    """Leads see their own agency, whatever they ask for; "" is all of them."""
    if officer.role not in SEE_ALL:
        return officer.agency
    wanted = query.get("agency", "")
    return wanted if wanted in around.agencies else ""


def _choices(around: Around) -> list[tuple[str, str]]:
    return sorted(((code, agency.name) for code, agency in around.agencies.items()), key=lambda item: item[1])


def _name(agency: str, around: Around) -> str:
    known = around.agencies.get(agency)
    return known.name if known else agency


def _agencies(counts: Sequence[RatingCount], total: Figures, around: Around) -> list[dict[str, Any]]:
    return [
        {"agency": code, "name": _name(code, around), **_figures(figures)}
        for code, figures in shown(by_agency(counts), total.total)
    ]


def _groups(counts: Sequence[RatingCount], total: Figures, around: Around) -> list[dict[str, Any]]:
    return [
        {"kind": group.kind, "name": _group_name(group, around), **_figures(figures)}
        for group, figures in shown(by_group(counts), total.total)
    ]


def _group_name(group: Group, around: Around) -> str:
    known = around.officers.get(int(group.name)) if group.kind == "officer" and group.name.isdigit() else None
    return known.name if known else group.name


def _figures(figures: Figures) -> dict[str, Any]:
    return {
        "total": figures.total,
        "mean": round(figures.mean, 2),
        "satisfied": round(100 * figures.satisfied),
        "dissatisfied": round(100 * figures.dissatisfied),
        "levels": {level.value: figures.level(level) for level in NationalLevel},
    }


def _comment(rating: Rating) -> dict[str, Any]:
    return {
        "score": rating.score,
        "subject": rating.subject.value,
        "on": rating.rated_at.astimezone(VIETNAM).date(),
        "text": suggested_public_text(rating.note),
    }


def _national(counts: Sequence[RatingCount], period: Period, around: Around) -> list[dict[str, Any]]:
    """A row for each agency with enough ratings, and one for all others together if they have."""
    total = figures_of(counts)
    found = shown(by_agency(counts), total.total)
    codes = {code for code, _ in found}
    rest = figures_of(count for count in counts if count.agency not in codes)
    rows = [*found, *([("", rest)] if rest.may_be_shown else [])]
    return [
        {
            "period": period.word,
            "agency": code,
            "name": _name(code, around),
            **{level.value: figures.level(level) for level in NationalLevel},
            "total": figures.total,
        }
        for code, figures in rows
    ]


def _table(rows: Sequence[Mapping[str, Any]]) -> str:
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(COLUMNS)
    table.writerows([as_cell(row[column]) for column in COLUMNS] for row in rows)
    return "\ufeff" + text.getvalue()
