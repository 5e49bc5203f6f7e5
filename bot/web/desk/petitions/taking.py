"""POST ``/desk/petitions/{code}/{step}``: one step, with what the officer saw when he took it."""

from typing import Any

from bot.model import ChannelName
from bot.petition_work import Done, PetitionWork, Stale
from bot.petitions.around import Refused
from bot.petitions.commands import AddNote, Command, SendAnswer
from bot.petitions.deciding import NOT_ALLOWED, WRONG_STATE
from bot.petitions.record import Petition
from bot.web.desk.events import DeskEvents, Hint
from bot.web.desk.forms import whole
from bot.web.desk.petitions.detail import PetitionPages
from bot.web.desk.petitions.listing import PetitionList
from bot.web.desk.petitions.steps import STEPS, offered
from bot.web.desk.request import DeskRequest
from bot.web.desk.routes import TEXTS, Answer, DeskRoute, Redirect, UnknownAction, desk_route
from sms.encoding import choose
from sms.segments import count

MOST_SEGMENTS = 2
"""An answer of more parts costs so much that somebody has to mean it."""
STAYS = (AddNote,)
"""Steps after which one goes on reading the same petition."""


class PetitionSteps:
    """Takes steps, and says why one was not taken; what was typed is never lost."""

    def __init__(
        self,
        work: PetitionWork,
        pages: PetitionPages,
        listing: PetitionList,
        events: DeskEvents,
    ) -> None:
        self._work = work
        self._pages = pages
        self._listing = listing
        self._events = events

    def routes(self) -> list[DeskRoute]:
        """One address for all steps."""
        return [desk_route("POST", "/desk/petitions/{code}/{step}", TEXTS, self.take)]

    async def take(self, request: DeskRequest) -> Answer:
        """Take it, or show the page again with the reason: 409 with the newer state, 422 with what is wrong."""
        word = request.part("step")
        step = STEPS.get(word)
        if step is None:
            raise UnknownAction
        petition = await self._pages.seen(request)
        version = whole(request.form.text("version", 12), 0)
        if version != petition.version:
            return await self._again(request, petition, 409, "stale")
        if word not in offered(petition, request.actor, await self._work.around(petition)):
            return await self._again(request, petition, 409, WRONG_STATE)
        command = step.read(request.form, petition)
        looks = request.form.is_set("preview")
        if looks or self._costs(request, petition, command):
            return await self._previewed(request, petition, command, must_confirm=not looks)
        match await self._work.do(petition.code, version, command, request.actor):
            case Done(change=change):
                self._events.tell(Hint(subject=petition.code, agency=change.after.agency))
                self._events.tell(Hint(subject="petitions", agency=change.after.agency))
                return Redirect(to=await self._next(request, command), notice=f"petition.done.{word}")
            case Refused(reason=reason, values=values):
                status = 409 if reason in {WRONG_STATE, NOT_ALLOWED} else 422
                return await self._again(request, petition, status, reason, field=step.text, values=dict(values))
            case Stale(newer=newer):
                return await self._again(request, newer, 409, "stale")

    async def _again(self, request: DeskRequest, petition: Petition, status: int, problem: str, **more: Any) -> Answer:
        """The page as it stands now, with what was typed."""
        typed = {name: value for name, value in request.form.kept() if name != "version"}
        return await self._pages.shown(
            request, petition, status, problem=problem, typed=typed, step=request.part("step"), **more
        )

    @staticmethod
    def _costs(request: DeskRequest, petition: Petition, command: Command) -> bool:
        """Whether reading it whole by SMS takes so many parts that it must be confirmed first."""
        if not isinstance(command, SendAnswer) or request.form.is_set("confirmed"):
            return False
        by_sms = any(account.address.channel is ChannelName.SMS for account in petition.told_at)
        return by_sms and sms_segments(command.text) > MOST_SEGMENTS

    async def _previewed(
        self, request: DeskRequest, petition: Petition, command: Command, *, must_confirm: bool
    ) -> Answer:
        preview = await self._work.preview(petition.code, command, request.actor)
        if isinstance(preview, Refused):
            field = STEPS[request.part("step")].text
            return await self._again(request, petition, 422, preview.reason, field=field, values=dict(preview.values))
        confirm = {
            "must": must_confirm,
            "segments": sms_segments(command.text) if isinstance(command, SendAnswer) else 1,
            "lines": [{"channel": line.to.address.channel.value, "text": line.content.text} for line in preview.lines],
        }
        typed = {name: value for name, value in request.form.kept() if name != "version"}
        return await self._pages.shown(
            request,
            petition,
            422 if must_confirm else 200,
            confirm=confirm,
            typed=typed,
            step=request.part("step"),
        )

    async def _next(self, request: DeskRequest, command: Command) -> str:
        """Back to the petition; or on to the next of the list, when that was asked for."""
        here = f"/desk/petitions/{request.part('code').upper()}"
        if isinstance(command, STAYS) or not request.form.is_set("next"):
            return here
        return await self._listing.next_after(request, request.part("code").upper()) or "/desk/petitions"


def sms_segments(text: str) -> int:
    """How many parts a text takes as an SMS without accents (3GPP TS 23.038 and 23.040)."""
    coding, octets, units = choose(text, accents=False)
    return count(coding, octets, units, "udh8")
