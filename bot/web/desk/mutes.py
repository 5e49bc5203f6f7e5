"""``/desk/mutes``: the ladder for those who misuse petitions. Who it is stays hidden: a step is given from one of the petitions."""

from collections.abc import Mapping
from typing import Any

from bot.officers import OfficerRole
from bot.petition_data import PetitionData
from bot.petitions.abuse import MuteStep, confirmation_refused, mute, next_step
from bot.petitions.around import Around
from bot.petitions.record import Petition
from bot.store.master_book import MasterBook
from bot.store.port_master import GivenMute
from bot.store.port_petitions import PetitionBook
from bot.web.desk.petitions.seeing import may_see
from bot.web.desk.request import DeskRequest
from bot.web.desk.routes import Answer, DeskRoute, Missing, Page, Redirect, Section, UnknownAction, desk_route

READERS = frozenset({OfficerRole.RECEPTION, OfficerRole.LEAD, OfficerRole.ADMINISTRATOR, OfficerRole.AUDITOR})


class MutePages:
    """Those that run, and the ladder of who sent one petition."""

    def __init__(self, master: MasterBook, book: PetitionBook, data: PetitionData) -> None:
        self._master = master
        self._book = book
        self._data = data

    def sections(self) -> list[Section]:
        """Its entry of the top bar."""
        return [Section(path="/desk/mutes", word="mutes.section", roles=READERS - {OfficerRole.LEAD}, order=60)]

    def routes(self) -> list[DeskRoute]:
        """The page and its steps."""
        return [
            desk_route("GET", "/desk/mutes", READERS, self.page),
            desk_route("POST", "/desk/mutes", READERS - {OfficerRole.AUDITOR}, self.act),
        ]

    async def page(self, request: DeskRequest) -> Answer:
        """All that run; with ``?petition=`` those of its sender."""
        return await self._shown(request, await self._petition(request, request.query.get("petition", "")))

    async def act(self, request: DeskRequest) -> Answer:
        """Give the next step to the sender of a petition; confirm the last one; lift one before its end."""
        petition = await self._petition(request, request.form.text("petition", 20))
        match request.form.text("action"):
            case "give":
                return await self._give(request, petition)
            case "confirm":
                return await self._confirm(request, petition)
            case "lift":
                return await self._lift(request, petition)
            case _:
                raise UnknownAction

    async def _give(self, request: DeskRequest, petition: Petition | None) -> Answer:
        if petition is None or not petition.person:
            raise Missing
        earlier = await self._master.mutes_of(petition.person)
        given = mute(petition.person, earlier, request.actor, request.form.text("reason", 500), request.now)
        if isinstance(given, str):
            return await self._shown(request, petition, 422, given)
        until = given.until.isoformat()
        new = {"step": given.step.value, "reason": given.reason, "until": until}
        await self._master.give_mute(given, request.entry("changed", f"mute {petition.code}", new=new))
        return _done("waits" if not given.counts else "given", petition)

    async def _confirm(self, request: DeskRequest, petition: Petition | None) -> Answer:
        given = await self._given(request, petition)
        if given.mute.counts:
            raise UnknownAction
        if refused := confirmation_refused(given.mute, request.actor):
            return await self._shown(request, petition, 422, refused)
        entry = request.entry("changed", f"mute {given.id}", new={"confirmed_by": request.officer.id})
        await self._master.confirm_mute(given.id, request.officer.id, entry)
        return _done("confirmed", petition)

    async def _lift(self, request: DeskRequest, petition: Petition | None) -> Answer:
        given = await self._given(request, petition)
        if not _may_lift(request, given):
            return await self._shown(request, petition, 422, "not_allowed")
        entry = request.entry("changed", f"mute {given.id}", old={"step": given.mute.step.value}, new={"lifted": True})
        await self._master.lift_mute(given.id, request.now, entry)
        return _done("lifted", petition)

    async def _given(self, request: DeskRequest, petition: Petition | None) -> GivenMute:
        key = request.form.number("id")
        among = [*await self._master.running_mutes(request.now)]
        if petition is not None and petition.person:
            among += await self._master.given_mutes(petition.person)
        found = next((one for one in among if one.id == key and one.mute.lifted_at is None), None)
        if found is None or not _sees_ladder(request):
            raise Missing
        return found

    async def _petition(self, request: DeskRequest, code: str) -> Petition | None:
        """The one whose sender is meant; None when none is. Raises ``Missing`` for one that this officer may not see."""
        if not code:
            return None
        petition = await self._book.petition(code.upper())
        around = await self._data.around(request.now)
        if petition is None or not may_see(request.officer, petition, around) or not _sees_ladder(request):
            raise Missing
        return petition

    async def _shown(
        self, request: DeskRequest, petition: Petition | None, status: int = 200, problem: str = ""
    ) -> Page:
        if not _sees_ladder(request):
            raise Missing
        around = await self._data.around(request.now)
        running = await self._master.running_mutes(request.now)
        theirs = await self._master.given_mutes(petition.person) if petition and petition.person else ()
        step = next_step([one.mute for one in theirs], request.now)
        data = {
            "running": [_facts(one, around, request) for one in running],
            "petition": petition.code if petition else "",
            "given": [_facts(one, around, request) for one in theirs],
            "next": step.value if petition and petition.person else "",
            **({"error": problem} if problem else {}),
        }
        is_administrator = request.officer.role is OfficerRole.ADMINISTRATOR
        may_give = is_administrator or (_sorts(request) and step is not MuteStep.MONTH)
        shown = {"problem": problem, "typed": request.form.text("reason", 500), "may_give": may_give}
        return Page(template="mutes.html.j2", data=data, shown=shown, status=status)


def _sorts(request: DeskRequest) -> bool:
    officer = request.officer
    return officer.at_reception and officer.role in {OfficerRole.RECEPTION, OfficerRole.LEAD}


def _sees_ladder(request: DeskRequest) -> bool:
    """The reception office gives steps; administrators and auditors see them."""
    return _sorts(request) or request.officer.role in {OfficerRole.ADMINISTRATOR, OfficerRole.AUDITOR}


def _may_lift(request: DeskRequest, given: GivenMute) -> bool:
    is_administrator = request.officer.role is OfficerRole.ADMINISTRATOR
    return is_administrator or (_sorts(request) and given.mute.step is not MuteStep.MONTH)


def _done(word: str, petition: Petition | None) -> Redirect:
    return Redirect(
        to=f"/desk/mutes?petition={petition.code}" if petition else "/desk/mutes", notice=f"mutes.done.{word}"
    )


def _facts(given: GivenMute, around: Around, request: DeskRequest) -> Mapping[str, Any]:
    one = given.mute
    by, confirmed = around.officers.get(one.given_by), around.officers.get(one.confirmed_by or 0)
    return {
        "id": given.id,
        "step": one.step.value,
        "reason": one.reason,
        "given_by": by.name if by else "",
        "given_at": one.given_at,
        "until": one.until,
        "confirmed_by": confirmed.name if confirmed else "",
        "waits": not one.counts and one.lifted_at is None,
        "lifted_at": one.lifted_at,
        "may_confirm": not one.counts and not confirmation_refused(one, request.actor),
        "may_lift": one.lifted_at is None and _may_lift(request, given),
    }
