"""``/desk/dossiers``: one dossier as its one-stop system tells it, what was said of it, and the letter for a late one."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.clock import VIETNAM
from bot.late_letters import LateLetter, problem_of, reply_of
from bot.model import ChannelName, Language
from bot.officers import OfficerRole
from bot.render import Renderer
from bot.store.deliveries import AboutWish
from bot.store.delivery_book import DeliveryBook, SentLine
from bot.store.master_book import MasterBook
from bot.store.officer_book import OfficerBook
from bot.store.port_master import StaleItem
from bot.web.desk.forms import day
from bot.web.desk.petitions.seeing import sees_all
from bot.web.desk.request import DeskRequest
from bot.web.desk.routes import TEXTS, Answer, DeskRoute, Missing, Page, Redirect, Section, UnknownAction, desk_route
from dossier_client.codes import parse
from dossier_client.models import Dossier, Dossiers, Found, History, OtherProvince, Step, Unavailable

LOOKED_BACK = timedelta(days=31)
MOST_MESSAGES = 50
WRITERS = frozenset({OfficerRole.RECEPTION, OfficerRole.OFFICER, OfficerRole.LEAD})
PREVIEWS = [(channel, language) for language in Language for channel in (ChannelName.SMS, ChannelName.TELEGRAM)]


class DossierPages:
    """Looks only by whole code; every look is logged."""

    def __init__(
        self, dossiers: Dossiers, deliveries: DeliveryBook, book: OfficerBook, master: MasterBook, renderer: Renderer
    ) -> None:
        self._dossiers = dossiers
        self._deliveries = deliveries
        self._book = book
        self._master = master
        self._renderer = renderer

    def sections(self) -> list[Section]:
        """Behind petitions and conversations."""
        return [Section(path="/desk/dossiers", word="dossiers.section", roles=TEXTS, order=30)]

    def routes(self) -> list[DeskRoute]:
        """The page, and the letter of a late dossier."""
        return [
            desk_route("GET", "/desk/dossiers", TEXTS, self.page),
            desk_route("POST", "/desk/dossiers", WRITERS, self.letter),
        ]

    async def page(self, request: DeskRequest) -> Answer:
        """The dossier of the code in the address; without one, the search alone."""
        code = _typed(request.query.get("code", ""))
        if not code:
            return _searching(code, "")
        found = await self._found(request, code)
        return found if isinstance(found, Page) else await self._shown(request, found)

    async def letter(self, request: DeskRequest) -> Answer:
        """Show what the applicant of a late dossier would read, or keep the letter."""
        found = await self._found(request, _typed(request.form.text("code", 60)))
        if isinstance(found, Page):
            return found
        if not _is_late(found.dossier, request.now):
            raise Missing
        reason, until = " ".join(request.form.text("reason", 200).split()), day(request.form.text("new_due_on", 10))
        new_due_on = until.date() if until else None
        problem = problem_of(reason, new_due_on, request.now.astimezone(VIETNAM).date())
        if problem or new_due_on is None:
            return await self._shown(request, found, 422, problem=problem)
        letter = LateLetter(
            code=found.dossier.code, reason=reason, new_due_on=new_due_on, agency=request.officer.agency
        )
        match request.form.text("action"):
            case "preview":
                return await self._shown(request, found, previews=self._previews(found.dossier, letter))
            case "keep":
                return await self._kept(request, found, letter)
            case _:
                raise UnknownAction

    async def _kept(self, request: DeskRequest, found: Found, letter: LateLetter) -> Answer:
        entry = request.entry("changed", letter.code, new={"reason": letter.reason, "due": str(letter.new_due_on)})
        try:
            await self._master.put(letter, request.form.number("version"), entry)
        except StaleItem:
            return await self._shown(request, found, 409, problem="stale")
        return Redirect(to=f"/desk/dossiers?code={letter.code}", notice="dossiers.kept")

    async def _found(self, request: DeskRequest, code: str) -> Found | Page:
        """The dossier, its look logged; the search again with the reason when there is none that this officer may see."""
        if parse(code, request.now.astimezone(VIETNAM).date()) is None:
            return _searching(code, "malformed", 422)
        found = await self._dossiers.find(code)
        match found:
            case Found() if _may_see(request, found.dossier):
                await self._book.record(request.entry("dossier_seen", found.dossier.code))
                return found
            case Unavailable():
                return _searching(code, "unavailable", 503)
            case OtherProvince():
                return _searching(code, "other_province", 404)
            case _:
                await self._book.record(request.entry("dossier_seen", code, found=False))
                return _searching(code, "not_found", 404)

    async def _shown(
        self,
        request: DeskRequest,
        found: Found,
        status: int = 200,
        *,
        problem: str = "",
        previews: Sequence[Mapping[str, Any]] = (),
    ) -> Page:
        dossier = found.dossier
        history = await self._dossiers.history(dossier.code)
        about = AboutWish(code=dossier.code, since=request.now - LOOKED_BACK, limit=MOST_MESSAGES)
        letters = {edited.item.code: edited for edited in await self._master.items(LateLetter)}
        kept = letters.get(dossier.code)
        data = {
            "code": dossier.code,
            "dossier": _facts(dossier),
            "is_late": _is_late(dossier, request.now),
            "fetched_at": found.fetched_at,
            "is_old": found.stale,
            "steps": [_step(step) for step in history.steps] if isinstance(history, History) else None,
            "messages": [_line(line) for line in await self._deliveries.about(about)],
            "letter": {"reason": kept.item.reason, "new_due_on": kept.item.new_due_on, "at": kept.updated_at}
            if kept
            else None,
            "previews": previews,
            **({"error": problem} if problem else {}),
        }
        typed = {name: request.form.text(name, 200) for name in ("reason", "new_due_on")}
        return Page(
            template="dossiers.html.j2",
            data=data,
            shown={
                "problem": problem,
                "typed": typed,
                "version": kept.version if kept else 0,
                "may_write": request.officer.role in WRITERS,
            },
            status=status,
        )

    def _previews(self, dossier: Dossier, letter: LateLetter) -> list[Mapping[str, Any]]:
        reply = reply_of(dossier, letter.reason, letter.new_due_on)
        texts = [(channel, language, self._renderer.render(reply, language, channel)) for channel, language in PREVIEWS]
        return [
            {"is_sms": channel is ChannelName.SMS, "language": language.value, "text": text, "length": len(text)}
            for channel, language, text in texts
        ]


def _typed(text: str) -> str:
    return "".join(text.split()).upper()[:40]


def _searching(code: str, problem: str, status: int = 200) -> Page:
    data = {"code": code, "dossier": None, **({"error": problem} if problem else {})}
    return Page(template="dossiers.html.j2", data=data, shown={"problem": problem}, status=status)


def _may_see(request: DeskRequest, dossier: Dossier) -> bool:
    """Officers of the handling agencies; who reads everything."""
    handling = {dossier.unit.code, dossier.holding_unit.code if dossier.holding_unit else ""}
    return sees_all(request.officer) or request.officer.agency in handling


def _is_late(dossier: Dossier, now: datetime) -> bool:
    return dossier.finished_at is None and dossier.promised_at is not None and dossier.promised_at < now


def _facts(dossier: Dossier) -> Mapping[str, Any]:
    return {
        "state": dossier.status.name.lower() if dossier.status else "",
        "state_text": dossier.status_text,
        "procedure": dossier.procedure.name,
        "applicant": dossier.applicant or "",
        "unit": dossier.unit.name,
        "holding_unit": dossier.holding_unit.name if dossier.holding_unit else "",
        "received_at": dossier.received_at,
        "due_at": dossier.promised_at,
        "finished_at": dossier.finished_at,
        "reason": dossier.reason or "",
        "papers": list(dossier.missing_papers),
        "fee": dossier.fee.amount if dossier.fee else None,
        "is_paid": dossier.fee.paid if dossier.fee else None,
    }


def _step(step: Step) -> Mapping[str, Any]:
    return {"at": step.at, "name": step.name, "unit": step.unit.name, "note": step.note or ""}


def _line(line: SentLine) -> Mapping[str, Any]:
    return {
        "at": line.at,
        "channel": line.channel.value,
        "address": line.address,
        "kind": line.kind,
        "state": line.state,
        "segments": line.segments,
    }
