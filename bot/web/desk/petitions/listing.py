"""``/desk/petitions``: what there is to do, most urgent first."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from bot.clock import VIETNAM
from bot.model import ChannelName, Language
from bot.officers import Officer, OfficerRole
from bot.petition_work import PetitionWork, Surroundings
from bot.petitions.around import Around
from bot.petitions.commands import Accept, Assign, Command, Recategorise
from bot.petitions.record import PetitionState
from bot.store.port_petitions import PAGE_SIZE, PetitionBook, PetitionFilter, Tab
from bot.web.desk.forms import listing, whole
from bot.web.desk.guard import local
from bot.web.desk.petitions import views
from bot.web.desk.petitions.seeing import sees_all
from bot.web.desk.request import DeskRequest
from bot.web.desk.routes import TEXTS, Answer, DeskRoute, Page, Redirect, Section, UnknownAction, desk_route

DUE_SOON_DAYS = 2
MOST_AT_ONCE = PAGE_SIZE
LONGEST_SEARCH = 100
FILTERS = ("category", "ward", "state", "channel", "agency", "officer", "search")
NO_REPLY_NEEDED = frozenset({OfficerRole.PROVINCE_LEADER, OfficerRole.AUDITOR, OfficerRole.ADMINISTRATOR})


class PetitionList:
    """The inbox."""

    def __init__(self, book: PetitionBook, work: PetitionWork, surroundings: Surroundings) -> None:
        self._book = book
        self._work = work
        self._surroundings = surroundings

    def routes(self) -> list[DeskRoute]:
        """The list, and steps on several of it at once."""
        return [
            desk_route("GET", "/desk/petitions", TEXTS, self.page),
            desk_route("POST", "/desk/petitions", TEXTS, self.several),
        ]

    def sections(self) -> list[Section]:
        """The first entry of the top bar."""
        return [Section(path="/desk/petitions", word="petitions.section", roles=TEXTS, order=10)]

    async def page(self, request: DeskRequest) -> Answer:
        """One page of a tab or of a search; every filter stands in the address."""
        around = await self._surroundings.around(request.now)
        wanted = self.wanted(request, around)
        found = await self._book.list_petitions(wanted, request.now)
        more = found.total > wanted.page * PAGE_SIZE
        query = {name: value for name, value in request.query.items() if name in (*FILTERS, "tab") and value}
        return Page(
            template="petitions.html.j2",
            data={
                "petitions": [views.row(petition, around, request.language) for petition in found.petitions],
                "total": found.total,
                "counts": {tab.value: found.counts.get(tab, 0) for tab in Tab},
                "page": wanted.page,
                "tab": wanted.tab.value if wanted.tab else "",
            },
            shown={
                "more": more,
                "filters": {name: query.get(name, "") for name in FILTERS},
                "address": lambda page: f"/desk/petitions?{urlencode({**query, 'page': page})}",
                "tab_address": lambda tab: f"/desk/petitions?{urlencode({**query, 'tab': tab})}",
                "choices": self._choices(request.officer, around, request.language),
                "may_change": request.officer.role not in NO_REPLY_NEEDED,
                "here": request.raw.path_qs,
            },
        )

    def wanted(self, request: DeskRequest, around: Around) -> PetitionFilter:
        """The filter of the address. Nonsense in it filters nothing; officers of an agency see theirs whatever they ask for."""
        officer, query = request.officer, request.query
        search = query.get("search", "").strip()[:LONGEST_SEARCH]
        tab = query.get("tab", "")
        first = Tab.NEW if officer.at_reception or not sees_all(officer) else Tab.AGENCY
        calendar = around.calendar_of(officer.agency)
        return PetitionFilter(
            tab=Tab(tab) if tab in set(Tab) else None if search or _filters(query) else first,
            agency=_among(query, "agency", around.agencies) if sees_all(officer) else officer.agency,
            officer=whole(query.get("officer", ""), 0) or None,
            viewer=officer.id,
            due_until=calendar.add_working_days(request.now.astimezone(VIETNAM), DUE_SOON_DAYS),
            category=_among(query, "category", around.categories),
            ward=query.get("ward", "").strip()[:60],
            state=_among(query, "state", set(PetitionState)),
            channel=_among(query, "channel", set(ChannelName)),
            search=search,
            page=listing(query).page,
        )

    def _choices(self, officer: Officer, around: Around, language: Language) -> Mapping[str, Any]:
        colleagues = sorted(around.officers.values(), key=lambda one: one.name)
        return {
            "category": [(code, views.category_name(code, around, language)) for code in around.categories],
            "agency": [(code, agency.name) for code, agency in around.agencies.items() if agency.is_open],
            "officer": [
                (str(one.id), one.name)
                for one in colleagues
                if one.left_at is None and (officer.at_reception or one.agency == officer.agency)
            ],
            "state": [state.value for state in PetitionState],
            "channel": [channel.value for channel in ChannelName if channel is not ChannelName.EMAIL],
            "shows_agencies": sees_all(officer),
        }

    async def next_after(self, request: DeskRequest, code: str) -> str:
        """The address of the most urgent petition of the officer's own tab, else of the first one, that is not *code*; "" for none."""
        around = await self._surroundings.around(request.now)
        officer = request.officer
        for tab in (Tab.MINE, Tab.NEW if officer.at_reception else Tab.AGENCY):
            wanted = PetitionFilter(tab=tab, agency="" if sees_all(officer) else officer.agency, viewer=officer.id)
            found = await self._book.list_petitions(wanted, around.now)
            for petition in found.petitions:
                if petition.code != code:
                    return f"/desk/petitions/{petition.code}"
        return ""

    # --- several at once

    async def several(self, request: DeskRequest) -> Answer:
        """The same step on every petition that was ticked; each by itself, so one that is refused stops no other."""
        around = await self._surroundings.around(request.now)
        done = refused = 0
        for ticked in request.form.many("petition", MOST_AT_ONCE):
            code, _, version = ticked.partition(":")
            petition = await self._book.petition(code)
            if petition is None or not (
                sees_all(request.officer) or around.handler_of(petition) == request.officer.agency
            ):
                refused += 1
                continue
            outcome = await self._work.do(code, whole(version, 0), _step(request), request.actor)
            done, refused = (done + 1, refused) if hasattr(outcome, "change") else (done, refused + 1)
        back = request.form.text("back", 500)
        return Redirect(
            to=back if local(back).startswith("/desk/petitions") else "/desk/petitions",
            notice="petitions.several_done" if not refused else "petitions.several_partly",
            values={"done": str(done), "refused": str(refused)},
        )


def _step(request: DeskRequest) -> Command:
    form = request.form
    match form.text("action"):
        case "accept":
            return Accept()
        case "assign":
            officer = form.number("officer")
            agency = form.text("agency") if sees_all(request.officer) else request.officer.agency
            return Assign(agency=agency, officer=officer or None)
        case "categorise":
            return Recategorise(category=form.text("category"))
        case _:
            raise UnknownAction


def _among(query: Mapping[str, str], name: str, known: Any) -> str:
    given = query.get(name, "")
    return given if given in known else ""


def _filters(query: Mapping[str, str]) -> bool:
    return any(query.get(name) for name in FILTERS)
