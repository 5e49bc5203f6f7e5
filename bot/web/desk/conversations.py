"""``/desk/conversations``: people who want an officer, and the conversation with each."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Protocol

from bot.conversation_work import ConversationWork, Outcome, Stale
from bot.conversations import Conversation, ConversationState
from bot.conversing import ConversationRefused
from bot.model import MessageId
from bot.officers import OfficerRole
from bot.petition_data import PetitionData
from bot.petitions.around import Around
from bot.store.ids import first_id_at
from bot.store.port_conversations import ConversationBook, ThreadLine
from bot.store.port_petitions import PetitionBook
from bot.web.desk.events import DeskEvents, Hint
from bot.web.desk.petitions.detail import MOST_OF_PERSON
from bot.web.desk.petitions.seeing import SEE_ALL, may_know_person
from bot.web.desk.petitions.views import visible
from bot.web.desk.request import DeskRequest
from bot.web.desk.routes import TEXTS, Answer, DeskRoute, Missing, Page, Redirect, Section, UnknownAction, desk_route

MOST_LISTED = 100
MOST_LINES = 60
ANSWERING = frozenset({OfficerRole.RECEPTION, OfficerRole.OFFICER, OfficerRole.LEAD})


class Reading(PetitionBook, ConversationBook, Protocol):
    """What the pages read."""


class ConversationPages:
    """The list by state, and one conversation with what may be done."""

    def __init__(self, book: Reading, work: ConversationWork, data: PetitionData, events: DeskEvents) -> None:
        self._book = book
        self._work = work
        self._data = data
        self._events = events

    def routes(self) -> list[DeskRoute]:
        """List, page, steps."""
        return [
            desk_route("GET", "/desk/conversations", TEXTS, self.listed),
            desk_route("GET", "/desk/conversations/{code}", TEXTS, self.page),
            desk_route("POST", "/desk/conversations/{code}", ANSWERING, self.take_step),
        ]

    def sections(self) -> list[Section]:
        """Behind the petitions."""
        return [Section(path="/desk/conversations", word="conversations.section", roles=TEXTS, order=20)]

    async def listed(self, request: DeskRequest) -> Answer:
        """The longest waiting first."""
        wanted = request.query.get("state", "")
        state = ConversationState(wanted) if wanted in set(ConversationState) else ConversationState.OPEN
        around = await self._data.around(request.now)
        agency = "" if self._sees_all(request) else request.officer.agency
        found = await self._book.conversations(state, MOST_LISTED, agency=agency)
        return Page(
            template="conversations.html.j2",
            data={"state": state.value, "conversations": [_facts(one, around) for one in found]},
            shown={"states": [one.value for one in ConversationState]},
        )

    async def page(self, request: DeskRequest) -> Answer:
        """As it stands now."""
        return await self._shown(request, await self._seen(request))

    async def take_step(self, request: DeskRequest) -> Answer:
        """Take, give back, write, called back, close; of two officers at once one is told of the newer state."""
        seen = await self._seen(request)
        if request.form.number("version", -1) != seen.version:
            return await self._shown(request, seen, 409, "stale")
        outcome = await self._taken(request, seen)
        if isinstance(outcome, Stale):
            return await self._shown(request, await self._seen(request), 409, "stale")
        if isinstance(outcome, ConversationRefused):
            return await self._shown(request, seen, 422, outcome.value)
        self._events.tell(Hint(subject="conversations", agency=seen.agency))
        self._events.tell(Hint(subject=seen.code, agency=seen.agency))
        return Redirect(
            to=f"/desk/conversations/{seen.code}", notice=f"conversations.done.{request.form.text('action')}"
        )

    async def _taken(self, request: DeskRequest, seen: Conversation) -> Outcome:
        officer = request.officer.id
        match request.form.text("action"):
            case "take":
                return await self._work.take(seen, officer)
            case "give_back":
                return await self._work.give_back(seen, officer)
            case "write":
                return await self._work.write(seen, officer, request.form.raw("text"))
            case "called_back":
                return await self._work.called_back(seen, officer)
            case "close":
                return await self._work.close(seen)
            case _:
                raise UnknownAction

    async def _seen(self, request: DeskRequest) -> Conversation:
        found = await self._book.conversation(request.part("code").upper())
        if found is None or not (self._sees_all(request) or found.agency == request.officer.agency):
            raise Missing
        return found

    async def _thread(self, request: DeskRequest, seen: Conversation) -> Sequence[ThreadLine]:
        """What was said on all channels until it was closed: what came later is for others. Of somebody who hid his name in a
        petition only since he asked for an officer.
        """
        if not seen.person:
            return ()
        until = None if seen.closed_at is None else MessageId(first_id_at(seen.closed_at + timedelta(milliseconds=1)))
        lines = await self._book.thread_of(seen.person, MOST_LINES, before=until)
        if may_know_person(request.officer, await self._book.petitions_of(seen.person, MOST_OF_PERSON)):
            return lines
        return [line for line in lines if line.at >= seen.asked_at]

    @staticmethod
    def _sees_all(request: DeskRequest) -> bool:
        return request.officer.at_reception or request.officer.role in SEE_ALL

    async def _shown(self, request: DeskRequest, seen: Conversation, status: int = 200, problem: str = "") -> Page:
        around = await self._data.around(request.now)
        thread = await self._thread(request, seen)
        return Page(
            template="conversation.html.j2",
            data={
                "conversation": _facts(seen, around),
                "thread": [
                    {
                        "at": line.at,
                        "side": "citizen" if line.is_theirs else "officer",
                        "channel": line.channel.value,
                        "text": visible(line.text),
                        "state": line.state.value if line.state else "",
                    }
                    for line in thread
                ],
            },
            shown={
                "problem": problem,
                "typed": request.form.raw("text") if problem else "",
                "mine": seen.taken_by == request.officer.id,
                "may_answer": request.officer.role in ANSWERING and seen.state is not ConversationState.CLOSED,
            },
            status=status,
        )


def _facts(conversation: Conversation, around: Around) -> Mapping[str, Any]:
    officer = around.officers.get(conversation.taken_by or 0)
    agency = around.agencies.get(conversation.agency)
    return {
        "code": conversation.code,
        "state": conversation.state.value,
        "agency": agency.name if agency else conversation.agency,
        "officer": officer.name if officer else "",
        "is_taken": conversation.taken_by is not None,
        "dossier": conversation.dossier or "",
        "channel": conversation.answers_to.address.channel.value if conversation.answers_to else "",
        "asked_at": conversation.asked_at,
        "promised_at": conversation.promised_at,
        "is_late": conversation.state is not ConversationState.CLOSED
        and around.now > conversation.promised_at
        and (conversation.last_officer_at is None or conversation.last_officer_at < conversation.last_citizen_at),
        "last_citizen_at": conversation.last_citizen_at,
        "closed_because": conversation.closed_because,
        "version": conversation.version,
    }
