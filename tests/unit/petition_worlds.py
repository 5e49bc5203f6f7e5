"""Petitions of a citizen in memory, for the tests of the intents: every step is decided by the real table."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.calendar import Calendars, SpecialDays, WorkingCalendar
from bot.events import LocationShared
from bot.intent import Outcome
from bot.intents.petition_world import KeptFiles, NoPetitions
from bot.intents.world import World
from bot.model import ChannelName, Contact, Destination
from bot.officers import AgencyKind, AgencyRecord
from bot.petitions.around import Around
from bot.petitions.categories import shipped_categories
from bot.petitions.codes import petition_code
from bot.petitions.record import Draft, Petition, PetitionState, Place, StoredFile
from bot.petitions.writes import ChangePetition, DropDraft, KeepDraft
from tests.unit.worlds import NOW, Remembered, contact, world

CODE = "PA26005442"
TEXT = "Đèn đường trước nhà số 12 Lý Thái Tổ hỏng đã 3 ngày"
WARD = AgencyRecord(
    code="H05.12", name="UBND phường Võ Cường", short_name="UBND P. Vo Cuong", kind=AgencyKind.WARD, ward="Võ Cường"
)
PHOTO = StoredFile(name="0" * 32, media_type="image/jpeg", octets=5)


def petition(state: PetitionState = PetitionState.RECEIVED, **more: Any) -> Petition:
    """One that was sent a day ago, as it stands."""
    ended = {
        "answered_at": NOW,
        "reopen_until": NOW + timedelta(days=14),
        "answer": "Đã thay bóng đèn trước số nhà 12.",
    }
    fields: dict[str, Any] = {
        "code": CODE,
        "person": contact().id,
        "told_at": (Destination(contact().address, "8283", "smpp:telco"),),
        "channel": ChannelName.SMS,
        "sent_at": NOW - timedelta(days=1, hours=1),
        "text": TEXT,
        "category": "DN",
        "place": Place(ward="Võ Cường"),
        "agency": "" if state is PetitionState.RECEIVED else WARD.code,
        "state": state,
        "state_since": NOW,
        "changed_at": NOW,
        "days": 3,
        "classify_due": NOW + timedelta(days=1),
        "answer_due": NOW + timedelta(days=5),
        **(ended if state in {PetitionState.ANSWERED, PetitionState.CLOSED} else {}),
    }
    if state is PetitionState.NEED_INFO:
        fields |= {"question": "Số nhà nào?", "question_due": NOW + timedelta(days=7), "paused_at": NOW}
    return Petition(**(fields | more))


class Own(NoPetitions):
    """A person's petitions and draft, changed by what is decided."""

    def __init__(self, *petitions: Petition, draft: Draft | None = None, muted: datetime | None = None) -> None:
        self.petitions = list(petitions)
        self.written = draft
        self.muted = muted
        self.files = KeptFiles(files=(PHOTO,))
        self.number = 0
        self.looked_for: list[str] = []

    async def draft(self) -> Draft | None:
        return self.written

    async def own(self) -> Sequence[Petition]:
        return self.petitions

    async def find(self, code: str) -> Petition | None:
        self.looked_for.append(code)
        return next((item for item in self.petitions if item.code == code), None)

    async def new_code(self, now: datetime) -> str:
        self.number += 1
        return petition_code(self.number, now)

    async def around(self, now: datetime, petition: Petition | None = None) -> Around:
        del petition
        days = WorkingCalendar(SpecialDays(off=frozenset(), worked=frozenset()))
        return Around(now=now, calendars=Calendars(days), categories=shipped_categories(), agencies={WARD.code: WARD})

    async def muted_until(self, now: datetime) -> datetime | None:
        del now
        return self.muted

    async def ward_at(self, place: LocationShared) -> str:
        del place
        return ""

    async def keep_files(self, references: Sequence[str], already: Sequence[StoredFile]) -> KeptFiles:
        del already
        return self.files if references else KeptFiles()

    def take(self, outcome: Outcome) -> Outcome:
        """What the store would do with it."""
        for write in outcome.writes:
            match write:
                case KeepDraft(draft):
                    self.written = draft
                case DropDraft():
                    self.written = None
                case ChangePetition(change):
                    others = [item for item in self.petitions if item.code != change.after.code]
                    self.petitions = [replace(change.after, version=change.after.version), *others]
        return outcome


def citizens_world(own: Own, person: Contact | None = None, **more: Any) -> World:
    """A stranger with these petitions."""
    memory = Remembered()
    memory.petitions = own
    return world(person, memory=memory, **more)
