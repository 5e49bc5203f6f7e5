"""``/desk/templates``: what people are told, word by word. A new version counts once a second administrator approved it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from jinja2 import TemplateError

from bot.model import ChannelName
from bot.render import Renderer, parsed_edit, shipped_sources
from bot.store.master_book import MasterBook
from bot.store.port_master import Edited, StaleItem
from bot.text_checks import LONGEST, Problem, place_of, problem_of, tries
from bot.text_edits import TextEdit
from bot.text_refresh import TextRefresh
from bot.web.desk.forms import PAGE_SIZE, listing
from bot.web.desk.request import DeskRequest
from bot.web.desk.routes import (
    ADMINISTRATORS,
    Answer,
    DeskRoute,
    Missing,
    Page,
    Redirect,
    Section,
    UnknownAction,
    desk_route,
)

ONE_SEGMENT = 160
KINDS = ("vi/sms", "vi/default", "en/sms", "en/default")


class TextPages:
    """The list of texts, and one in one language and form."""

    def __init__(self, master: MasterBook, refresh: TextRefresh, trying: Renderer, known: frozenset[str]) -> None:
        """*trying* is a renderer that nothing else uses; *known* are the fields that a text may use."""
        self._master = master
        self._refresh = refresh
        self._trying = trying
        self._known = known
        self._shipped = shipped_sources()

    def sections(self) -> list[Section]:
        """Its entry of the top bar."""
        return [Section(path="/desk/templates", word="texts.section", roles=ADMINISTRATORS, order=75)]

    def routes(self) -> list[DeskRoute]:
        """Their addresses."""
        one = "/desk/templates/{language:vi|en}/{folder:sms|default}/{name:[a-z0-9_.]{1,60}}"
        return [
            desk_route("GET", "/desk/templates", ADMINISTRATORS, self.listed),
            desk_route("GET", one, ADMINISTRATORS, self.page),
            desk_route("POST", one, ADMINISTRATORS, self.act),
        ]

    async def listed(self, request: DeskRequest) -> Answer:
        """By name; those that wait for approval are marked."""
        edits = {edited.item.file: edited.item for edited in await self._master.items(TextEdit)}
        search = request.query.get("search", "").strip().casefold()[:60]
        names = sorted({place_of(file)[2] for file in self._shipped})
        names = [name for name in names if search in name or self._says(name, search)]
        page = listing(request.query).page
        part = names[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
        rows = [
            {"name": name, "texts": [_state(edits.get(f"{kind}/{name}.j2"), kind) for kind in KINDS]} for name in part
        ]
        shown = {
            "search": search,
            "more": len(names) > page * PAGE_SIZE,
            "address": lambda number: f"/desk/templates?{urlencode({'search': search, 'page': number})}",
        }
        return Page(template="texts.html.j2", data={"rows": rows, "page": page}, shown=shown)

    async def page(self, request: DeskRequest) -> Answer:
        """One text as it is sent, and the version that waits."""
        seen = await self._seen(request)
        return self._shown(request, seen, seen.item.waiting or self._sent(seen.item))

    async def act(self, request: DeskRequest) -> Answer:
        """Preview, save as a version that waits, approve or turn down what waits, restore what ships."""
        seen, action = await self._seen(request), request.form.text("action")
        if action in {"preview", "save"}:
            source = request.form.raw("source")
            problem = problem_of(seen.item.file, source, self._known, self._trying)
            if problem or action == "preview":
                status = 422 if problem and action == "save" else 200
                return self._shown(request, seen, source, status, problem)
        if request.form.number("version", -1) != seen.version:
            return self._shown(
                request, seen, request.form.raw("source") or seen.item.waiting, 409, Problem(word="stale")
            )
        return await self._done(request, seen, action)

    async def _done(self, request: DeskRequest, seen: Edited[TextEdit], action: str) -> Answer:
        item, officer = seen.item, request.officer.id
        match action:
            case "save":
                new = replace(item, waiting=request.form.raw("source"), written_by=officer)
            case "approve" if item.waiting and item.written_by == officer:
                return self._shown(request, seen, item.waiting, 422, Problem(word="another_must_approve"))
            case "approve" if item.waiting:
                problem = problem_of(item.file, item.waiting, self._known, self._trying)
                if problem:
                    return self._shown(request, seen, item.waiting, 422, problem)
                new = replace(item, used=item.waiting, waiting="", approved_by=officer)
            case "turn_down" if item.waiting:
                new = replace(item, waiting="")
            case "restore":
                new = replace(item, used="", waiting="")
            case _:
                raise UnknownAction
        old = {"used": item.used, "waiting": item.waiting}
        entry = request.entry(
            "changed", f"text {item.file}", step=action, old=old, new={"used": new.used, "waiting": new.waiting}
        )
        try:
            await self._master.put(new, seen.version, entry)
        except StaleItem:
            return self._shown(request, seen, request.form.raw("source") or item.waiting, 409, Problem(word="stale"))
        await self._refresh.look()
        return Redirect(to=request.raw.path, notice=f"texts.done.{action}")

    async def _seen(self, request: DeskRequest) -> Edited[TextEdit]:
        file = f"{request.part('language')}/{request.part('folder')}/{request.part('name')}.j2"
        if file not in self._shipped:
            raise Missing
        found = [edited for edited in await self._master.items(TextEdit) if edited.item.file == file]
        return found[0] if found else Edited(item=TextEdit(file=file))

    def _sent(self, edit: TextEdit) -> str:
        return edit.used or self._shipped[edit.file]

    def _says(self, name: str, search: str) -> bool:
        return any(search in self._shipped[f"{kind}/{name}.j2"].casefold() for kind in KINDS)

    def _shown(
        self,
        request: DeskRequest,
        seen: Edited[TextEdit],
        source: str,
        status: int = 200,
        problem: Problem | None = None,
    ) -> Page:
        item = seen.item
        is_sms = place_of(item.file)[1] is ChannelName.SMS
        data = {
            "file": item.file,
            "source": source,
            "sent": self._sent(item),
            "is_edited": bool(item.used),
            "waiting": item.waiting,
            "version": seen.version,
            "updated_at": seen.updated_at,
            "fields": sorted(parsed_edit(self._sent(item))[1] & self._known),
            "previews": [] if problem and problem.word != "too_many_characters" else self._previews(item.file, source),
            **({"error": problem.word, "detail": problem.detail} if problem else {}),
        }
        shown = {
            "problem": problem,
            **({"key": f"texts.problem.{problem.word}"} if problem else {}),
            "is_sms": is_sms,
            "most": ONE_SEGMENT,
            "longest": LONGEST,
            "may_approve": bool(item.waiting) and item.written_by != request.officer.id,
        }
        return Page(template="text.html.j2", data=data, shown=shown, status=status)

    def _previews(self, file: str, source: str) -> list[Mapping[str, Any]]:
        try:
            found = tries(file, source, self._trying)
        except (TemplateError, TypeError, ValueError, ArithmeticError, KeyError):
            return []
        return [{"is_worst": one.is_worst, "text": one.text, "length": len(one.text)} for one in found]


def _state(edit: TextEdit | None, kind: str) -> Mapping[str, Any]:
    return {"kind": kind, "is_edited": bool(edit and edit.used), "waits": bool(edit and edit.waiting)}
