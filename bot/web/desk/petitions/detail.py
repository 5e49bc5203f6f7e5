"""``/desk/petitions/{code}``: everything of one petition, and the steps that may be taken."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from bot.clock import VIETNAM
from bot.model import ChannelName, Language
from bot.officers import Officer, OfficerRole
from bot.petition_data import PetitionData
from bot.petition_work import PetitionWork
from bot.petitions.around import Around
from bot.petitions.due_story import due_story
from bot.petitions.duplicates import LATELY, perhaps_same
from bot.petitions.guards import LONGEST_QUESTION, LONGEST_SUMMARY
from bot.petitions.record import Petition, PetitionEvent
from bot.petitions.redaction import suggested_public_text
from bot.petitions.rejections import REASONS, REASONS_ENGLISH
from bot.privacy import masked
from bot.store.port_conversations import ConversationBook
from bot.store.port_petitions import PetitionBook
from bot.web.desk.petitions import views
from bot.web.desk.petitions.seeing import may_know_person, may_see, may_see_contact
from bot.web.desk.petitions.steps import offered
from bot.web.desk.petitions.timeline import Bubble, bubbles, conversation, events
from bot.web.desk.request import DeskRequest
from bot.web.desk.routes import TEXTS, Answer, DeskRoute, Missing, Page, desk_route

MOST_EARLIER = 10
MOST_OF_PERSON = 100
"""Petitions that are looked at for one whose name is hidden."""
MOST_LINES = 60
HANDLERS = frozenset({OfficerRole.RECEPTION, OfficerRole.OFFICER, OfficerRole.LEAD})
"""Who may need to call a citizen."""
CONTACTS = {ChannelName.SMS: "SMS", ChannelName.ZALO: "Zalo", ChannelName.TELEGRAM: "Telegram"}


class Reading(PetitionBook, ConversationBook, Protocol):
    """What a page reads."""


class PetitionPages:
    """One petition: to read, and on paper."""

    def __init__(self, book: Reading, work: PetitionWork, data: PetitionData) -> None:
        self._book = book
        self._work = work
        self._data = data

    def routes(self) -> list[DeskRoute]:
        """The page and its printed form."""
        return [
            desk_route("GET", "/desk/petitions/{code}", TEXTS, self.page),
            desk_route("GET", "/desk/petitions/{code}/print", TEXTS, self.sheet),
        ]

    async def page(self, request: DeskRequest) -> Answer:
        """As it stands now."""
        return await self.shown(request, await self.seen(request))

    async def sheet(self, request: DeskRequest) -> Answer:
        """A work sheet for who goes there."""
        page = await self.shown(request, await self.seen(request))
        return Page(template="petition_sheet.html.j2", data=page.data, shown=page.shown)

    async def seen(self, request: DeskRequest) -> Petition:
        """The petition of the address. Raises ``Missing`` for one that this officer may not see."""
        petition = await self._book.petition(request.part("code").upper())
        if petition is None or not may_see(request.officer, petition, await self._work.around(petition)):
            raise Missing
        return petition

    async def shown(self, request: DeskRequest, petition: Petition, status: int = 200, **said: Any) -> Page:
        """The page, with what has to be said of a step that was not taken."""
        around = await self._work.around(petition)
        happened = await self._book.events_of(petition.code)
        theirs = await self._theirs(petition, request.officer)
        language = request.language
        data: Mapping[str, Any] = {
            "petition": _facts(petition, around, language),
            "sender": await self._sender(petition, request.officer, around, language, theirs),
            "conversation": [
                bubble.plain() for bubble in await self._conversation(petition, request.officer, happened, theirs)
            ],
            "events": events(happened, around, language),
            "deadline": deadline(petition, happened, around),
            "steps": offered(petition, request.actor, around),
            "similar": await self._similar(petition, request.officer, around, language),
            "children": [views.row(child, around, language) for child in around.children],
            "files": [
                {"name": file.name, "type": file.media_type, "octets": file.octets, "by_officer": file.by_officer}
                for file in await self._book.files_of(petition.code)
            ],
            **({"error": said["problem"]} if "problem" in said else {}),
        }
        shown = {
            "typed": {},
            "problem": "",
            "field": "",
            "values": {},
            "step": "",
            "confirm": None,
            "contact": (),
            "may_unmask": request.officer.role in HANDLERS,
            "may_mute": request.officer.at_reception or request.officer.role is OfficerRole.ADMINISTRATOR,
            **said,
            "choices": await self._choices(petition, request.officer, around, language),
            "suggested_public": suggested_public_text(petition.text, (await self._data.master_data()).blocked_words),
        }
        return Page(template="petition.html.j2", data=data, shown=shown, status=status)

    async def _theirs(self, petition: Petition, officer: Officer) -> Sequence[Petition]:
        """What the same person sent, this one included; nothing of somebody for whom the name is hidden, or who was erased."""
        if not may_see_contact(officer, petition) or not petition.person:
            return ()
        return await self._book.petitions_of(petition.person, MOST_OF_PERSON)

    async def _conversation(
        self,
        petition: Petition,
        officer: Officer,
        happened: Sequence[PetitionEvent],
        theirs: Sequence[Petition],
    ) -> Sequence[Bubble]:
        """On all channels of the person; only about this petition where the name of this one or another is hidden."""
        if not theirs or not petition.person or not may_know_person(officer, theirs):
            return bubbles(petition, happened)
        return conversation(petition, happened, await self._book.thread_of(petition.person, MOST_LINES))

    async def _sender(
        self,
        petition: Petition,
        officer: Officer,
        around: Around,
        language: Language,
        theirs: Sequence[Petition],
    ) -> Mapping[str, Any]:
        """Accounts, and the earlier petitions that this officer may see and whose names are not hidden from him."""
        if not may_see_contact(officer, petition) or not petition.person:
            return {"hidden": True, "accounts": [], "earlier": []}
        alone = replace(around, case=None)
        earlier = [
            other
            for other in theirs
            if other.code != petition.code and may_see_contact(officer, other) and may_see(officer, other, alone)
        ]
        return {
            "hidden": False,
            "accounts": [
                {"channel": account.address.channel.value, "address": masked(account.address.id)}
                for account in petition.told_at
            ],
            "earlier": [views.row(other, alone, language) for other in earlier[:MOST_EARLIER]],
        }

    async def _similar(
        self, petition: Petition, officer: Officer, around: Around, language: Language
    ) -> Sequence[Mapping[str, Any]]:
        candidates = await self._book.similar_to(petition, around.now - LATELY)
        likely = perhaps_same(petition, candidates, around.now)
        return [
            {**views.row(one.petition, around, language), "likeness": round(one.likeness)}
            for one in likely
            if may_see(officer, one.petition, around)
        ]

    async def _choices(
        self, petition: Petition, officer: Officer, around: Around, language: Language
    ) -> Mapping[str, Any]:
        data = await self._data.master_data()
        handler = around.handler_of(petition)
        colleagues = [one for one in around.officers.values() if one.left_at is None]
        reasons = REASONS_ENGLISH if language is Language.ENGLISH else REASONS
        return {
            "agency": [(code, agency.name) for code, agency in around.agencies.items() if agency.is_open],
            "officer": [(str(one.id), one.name) for one in colleagues if one.agency in {handler, officer.agency}],
            "category": [
                (code, views.category_name(code, around, language))
                for code, category in around.categories.items()
                if category.in_use
            ],
            "reason": list(reasons.items()),
            "canned": [
                canned
                for canned in data.canned_answers
                if canned.category in {"", petition.category} and canned.agency in {"", handler}
            ],
            "latest": _day(petition.answer_due + timedelta(days=2 * petition.days)),
            "longest_question": LONGEST_QUESTION,
            "longest_summary": LONGEST_SUMMARY,
        }


def _facts(petition: Petition, around: Around, language: Language) -> Mapping[str, Any]:
    agency = around.agencies.get(around.handler_of(petition))
    return {
        **views.row(petition, around, language),
        "full_text": views.visible(petition.text),
        "agency_full": agency.name if agency else around.handler_of(petition),
        "place": views.visible(petition.place.text),
        "latitude": petition.place.latitude,
        "longitude": petition.place.longitude,
        "confidentiality": petition.confidentiality.value,
        "dossier": petition.dossier or "",
        "question": petition.question,
        "question_due": petition.question_due,
        "answer": petition.answer,
        "summary": petition.summary,
        "score": petition.score,
        "reopenings": petition.reopenings,
        "forwarded_to": petition.forwarded_to,
        "forwarded_number": petition.forwarded_number,
        "public_text": petition.public_text,
        "released_at": petition.released_at,
        "spam_proposed": petition.spam_proposed_by is not None,
        "closed_because": petition.closed_because,
    }


def deadline(petition: Petition, happened: Sequence[PetitionEvent], around: Around) -> Mapping[str, Any]:
    """When it is due and how that came about: day by day at first, then step by step."""
    story = due_story(petition, happened, around)
    return {
        "due": petition.answer_due,
        "classify_due": petition.classify_due,
        "accept_due": petition.accept_due,
        "question_due": petition.question_due,
        "first_due": story.first_due,
        "calendar_moved": story.calendar_moved,
        "days": petition.days,
        "lines": [
            {"on": f"{line.on:%d/%m/%Y}", "part": line.part.value, "count": line.count, "holiday": line.holiday}
            for line in story.days
        ],
        "changes": [{"at": change.at, "event": change.event, "due": change.due} for change in story.changes],
    }


def _day(at: datetime) -> str:
    return at.astimezone(VIETNAM).date().isoformat()
