"""The world around one message, made of small classes, for the tests of the intents."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from bot.calendar import SpecialDays, WorkingCalendar
from bot.intents.world import World
from bot.limits import Limits
from bot.linking import Kept
from bot.memory import NoMemory
from bot.model import Address, ChannelName, Contact, Office, Ticket
from dossier_client.models import (
    Dossier,
    Found,
    History,
    Lookup,
    NotFound,
    OtherProvince,
    OwnDossiers,
    Procedure,
    Status,
    Step,
    Unavailable,
    Unit,
    Verified,
)

NOW = datetime(2026, 6, 10, 2, 0, tzinfo=UTC)
OWNER, STRANGER = "84912345678", "84987654321"
A, B, C, D = (f"H05.12-260610-000{number}" for number in range(1, 5))
FAR, ABSENT, DOWN = "H29.5-260610-0001", "H05.12-260610-9999", "H05.99-260610-0001"
WARD = Unit(code="H05.12", name="UBND phường Võ Cường", short_name="UBND P. Vo Cuong", phone="0222.3822111")
LAND = Unit(code="H05.9", name="Văn phòng Đăng ký đất đai")
DIGITS = "1234"


def dossier(code: str = A, status: Status | None = Status.IN_PROCESS, **more: Any) -> Dossier:
    """The dossier of ``OWNER``, due in five working days."""
    facts: dict[str, Any] = {
        "status_text": "Đang xử lý",
        "unit": WARD,
        "contact_phones": frozenset({OWNER}),
        "applicant": "NGUYỄN VĂN AN",
        "procedure": Procedure(id="1.004222", name="Đăng ký thường trú"),
        "received_at": NOW,
        "due_at": datetime(2026, 6, 17, 10, 0, tzinfo=UTC),
    }
    return Dossier(code=code, status=status, **facts | more)


class Systems:
    """One-stop systems in memory; ``DOWN`` is a code of one that never answers."""

    def __init__(self, *dossiers: Dossier, stale: bool = False, steps: Sequence[Step] = (), down: bool = False) -> None:
        self.dossiers: Mapping[str, Dossier] = {item.code: item for item in dossiers}
        self.stale = stale
        self.steps = tuple(steps)
        self.down = down
        self.complete = True
        self.asked: list[str] = []

    async def find(self, code: str) -> Lookup:
        self.asked.append(f"find {code}")
        if self.down or code == DOWN:
            return Unavailable("bacninh")
        if code == FAR:
            return OtherProvince("H29", "TP Hồ Chí Minh")
        known = self.dossiers.get(code)
        return Found(known, NOW, "bacninh", stale=self.stale) if known else NotFound()

    async def history(self, code: str) -> History | NotFound | OtherProvince | Unavailable:
        self.asked.append(f"history {code}")
        looked = await self.find(code)
        return History(self.steps) if isinstance(looked, Found) else looked

    async def by_phone(self, phone: str) -> OwnDossiers | Unavailable:
        self.asked.append(f"by_phone {phone}")
        if self.down:
            return Unavailable("bacninh")
        own = tuple(item for item in self.dossiers.values() if phone in item.contact_phones)
        return OwnDossiers(own, complete=self.complete)

    async def verify(self, code: str, id_last4: str) -> Verified | NotFound | Unavailable:
        self.asked.append(f"verify {code}")
        return Unavailable("bacninh") if self.down or code == DOWN else Verified(id_last4 == DIGITS)


class Remembered(NoMemory):
    """What the store would tell of earlier look-ups."""

    def __init__(
        self,
        own: Sequence[str] = (),
        tries: tuple[int, int] = (0, 0),
        owed: Sequence[str] = (),
        tickets: Sequence[Ticket] = (),
    ) -> None:
        self._own = own
        self._tries = tries
        self._owed = owed
        self._tickets = tickets

    async def own_codes(self) -> Sequence[str]:
        return self._own

    async def verification_tries(self, code: str) -> tuple[int, int]:
        del code
        return self._tries

    async def owed_codes(self) -> Sequence[str]:
        return self._owed

    async def tickets(self) -> Sequence[Ticket]:
        return self._tickets

    async def kept(self) -> Kept:
        return Kept(codes=len(self._own), tickets=len(self._tickets))

    def new_code(self) -> str:
        return "482913"

    def new_token(self) -> str:
        return "abcdefghijklmnopqrst12"


def contact(phone: str = STRANGER, channel: ChannelName = ChannelName.SMS, **more: Any) -> Contact:
    return Contact(id=phone.encode().ljust(16), address=Address(channel, phone), **more)


def world(
    person: Contact | None = None,
    systems: Systems | None = None,
    *,
    memory: Remembered | None = None,
    limits: Limits | None = None,
    office: Office | None = None,
    now: datetime = NOW,
) -> World:
    """A stranger's world with dossier ``A`` unless told otherwise."""
    person = person or contact()
    return World(
        contact=person,
        now=now,
        office=office or Office(),
        dossiers=systems or Systems(dossier()),
        memory=memory or Remembered(),
        limits=limits or Limits(),
        calendar=WorkingCalendar(SpecialDays(off=frozenset(), worked=frozenset())),
        phones=(person.address.id,) if person.address.channel is ChannelName.SMS else (),
    )
