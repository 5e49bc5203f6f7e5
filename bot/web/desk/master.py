"""``/desk/settings``: the master data of the desk, edited without a release; every edit names what it saw and stands in the log."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.calendar_explained import list_problem
from bot.clock import VIETNAM
from bot.officers import Officer, OfficerRole
from bot.petition_data import PetitionData
from bot.petitions.routing import RoutingRule, trials
from bot.store.master_book import MasterBook
from bot.store.port_master import Edited, StaleItem
from bot.store.port_petitions import PetitionBook
from bot.web.desk.master_editors import EDITORS, Editor, Wrong
from bot.web.desk.petitions import views
from bot.web.desk.request import DeskRequest
from bot.web.desk.routes import Answer, DeskRoute, Missing, Page, Redirect, Section, UnknownAction, desk_route

EDITORS_OF = frozenset({OfficerRole.ADMINISTRATOR, OfficerRole.LEAD})
"""The administrator everything; leads of the reception office too, others only the canned answers of their own agency."""
LEADS_OWN = frozenset({"answers"})
TRIED = 500
TRIAL = timedelta(days=31)
"""A rule is tried on the petitions of the last month."""


class MasterPages:
    """One tab for each kind; a list, a form to add, a form for the item that was chosen."""

    def __init__(self, master: MasterBook, data: PetitionData, book: PetitionBook) -> None:
        self._master = master
        self._data = data
        self._book = book

    def routes(self) -> list[DeskRoute]:
        """The tabs, and one item."""
        return [
            desk_route("GET", "/desk/settings", EDITORS_OF, self.first),
            desk_route("GET", "/desk/settings/{kind}", EDITORS_OF, self.page),
            desk_route("POST", "/desk/settings/{kind}", EDITORS_OF, self.change),
        ]

    def sections(self) -> list[Section]:
        """Behind the daily work."""
        return [Section(path="/desk/settings", word="settings.section", roles=EDITORS_OF, order=70)]

    async def first(self, request: DeskRequest) -> Answer:
        """The first tab that one may use."""
        return Redirect(to=f"/desk/settings/{self._kinds(request)[0]}")

    async def page(self, request: DeskRequest) -> Answer:
        """All items of a kind."""
        return await self._shown(request)

    async def change(self, request: DeskRequest) -> Answer:
        """Save or remove one; 409 when somebody else edited it, 422 when a field does not do."""
        editor = self._editor(request)
        kind = request.part("kind")
        around = await self._data.around(request.now)
        action = request.form.choice("action", ["save", "remove", "try"])
        try:
            item: Any = await self._own(request, editor, editor.read(request.form, around))
            seen = request.form.number("version")
            old_or_new = "old" if action == "remove" else "new"
            entry = request.entry("changed", f"{kind} {_name(editor, item)}", **{old_or_new: _logged(editor, item)})
            if action == "save":
                await self._master.put(item, seen, entry)
            elif action == "remove":
                await self._master.remove(item, seen, entry)
            elif action == "try" and isinstance(item, RoutingRule):
                return await self._tried(request, item)
            else:
                raise UnknownAction
        except Wrong as wrong:
            return await self._shown(request, 422, wrong=wrong)
        except StaleItem:
            return await self._shown(request, 409, is_stale=True)
        self._data.forget()
        return Redirect(to=f"/desk/settings/{kind}", notice=f"settings.{action}d")

    def _kinds(self, request: DeskRequest) -> list[str]:
        return [kind for kind in EDITORS if _edits_all(request.officer) or kind in LEADS_OWN]

    def _editor(self, request: DeskRequest) -> Editor:
        kind = request.part("kind")
        if kind not in self._kinds(request):
            raise Missing
        return EDITORS[kind]

    async def _own(self, request: DeskRequest, editor: Editor, item: Any) -> Any:
        """The item as this officer may keep it: a lead's is of the own agency. Raises ``Missing`` for another agency's."""
        if _edits_all(request.officer):
            return item
        items = await self._master.items(editor.kind)
        before = next((edited.item for edited in items if edited.item.id == item.id), None)
        if before is not None and before.agency != request.officer.agency:
            raise Missing
        return replace(item, agency=request.officer.agency)

    async def _shown(
        self,
        request: DeskRequest,
        status: int = 200,
        *,
        wrong: Wrong | None = None,
        is_stale: bool = False,
        trial: Mapping[str, Any] | None = None,
    ) -> Page:
        editor, around = self._editor(request), await self._data.around(request.now)
        typed = dict(request.form.kept()) if wrong or is_stale or trial else {}
        items = [
            _item(editor, edited)
            for edited in await self._master.items(editor.kind)
            if _edits_all(request.officer) or edited.item.agency == request.officer.agency
        ]
        chosen = request.query.get("item", "")
        return Page(
            template="settings.html.j2",
            data={
                "kind": request.part("kind"),
                "items": [{**item, "chosen": item["key"] == chosen} for item in items],
                **({"error": wrong.problem, "field": wrong.name} if wrong else {}),
            },
            shown={
                "kinds": self._kinds(request),
                "fields": [one for one in editor.fields if _edits_all(request.officer) or one.type != "agency"],
                "columns": editor.columns,
                "typed": typed,
                "wrong": {"field": wrong.name, "problem": wrong.problem} if wrong else None,
                "is_stale": is_stale,
                "trial": trial,
                "list_problem": list_problem(around.calendar_of(""), request.now.astimezone(VIETNAM).date())
                if editor is EDITORS["days"]
                else None,
                "agencies": [(code, agency.name) for code, agency in around.agencies.items()],
                "categories": [
                    (code, views.category_name(code, around, request.language)) for code in around.categories
                ],
            },
            status=status,
        )

    async def _tried(self, request: DeskRequest, rule: RoutingRule) -> Page:
        """What the rules, with this one added, would have done with the petitions of the last month."""
        data, around = await self._data.master_data(), await self._data.around(request.now)
        others = [one for one in data.rules if (one.category, one.ward) != (rule.category, rule.ward)]
        past = await self._book.petitions_sent(request.now - TRIAL, request.now, TRIED)
        tried = trials([*others, rule], around.agencies, past)
        meant = [one for one in tried if one.agency == rule.agency]
        return await self._shown(
            request,
            trial={
                "tried": len(tried),
                "meant": len(meant),
                "as_handled": sum(one.is_as_handled for one in meant),
                "examples": [one.petition.code for one in meant[:10]],
            },
        )


def _edits_all(officer: Officer) -> bool:
    return officer.role is OfficerRole.ADMINISTRATOR or officer.at_reception


def _item(editor: Editor, edited: Edited[Any]) -> Mapping[str, Any]:
    name, number = _name(editor, edited.item), getattr(edited.item, "id", 0)
    return {
        "name": name,
        "key": str(number or name),
        "values": dict(editor.values(edited.item)),
        "version": edited.version,
        "id": number,
        "updated_at": edited.updated_at,
    }


def _name(editor: Editor, item: Any) -> str:
    values = editor.values(item)
    keys = [str(values[one.name]) for one in editor.fields if one.is_key and values[one.name]]
    return " ".join(keys) or str(values[editor.fields[0].name])


def _logged(editor: Editor, item: Any) -> Mapping[str, Any]:
    return {name: value for name, value in editor.values(item).items() if value not in {"", None}}
