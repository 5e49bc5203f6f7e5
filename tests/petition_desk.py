"""A desk with petitions in its store, and officers of a ward and of the reception office in browsers without a screen."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from bot.answering import Answerer, OneStopSystems
from bot.calendar import WorkingCalendar
from bot.desk_parts import DeskParts
from bot.limits import Limits
from bot.memory import NoMemory
from bot.model import Office
from bot.officers import OfficerRole
from bot.outgoing import Outgoing
from bot.petition_parts import PetitionParts
from bot.petitions.deciding import decide
from bot.petitions.record import CITIZEN, Petition
from bot.petitions.writes import ChangePetition
from bot.render import Renderer
from bot.store.base import PlanStore
from bot.understanding.keywords import BUILT
from tests.contract.store_engines import KEYRING, Engine, person, text
from tests.contract.store_petitions import does
from tests.desk import DeskPlace, Visitor, desk_place
from tests.unit.petition_samples import done, submit
from tests.unit.worlds import Systems

TEXT = "Đèn đường trước số nhà 12 Lý Thái Tổ hỏng đã ba hôm nay, tối đi lại rất nguy hiểm"


class Reception:
    """A desk with petitions in its store."""

    def __init__(self, place: DeskPlace, petitions: PetitionParts, store: PlanStore) -> None:
        self.place = place
        self.petitions = petitions
        self.store = store
        self.reception = ""
        self.ward = ""
        self.other = ""

    async def learn(self) -> None:
        agencies = (await self.petitions.data.master_data()).agencies
        self.reception = agencies[0].code
        self.ward, self.other = (agency.code for agency in agencies if agency.ward in {"Võ Cường", "Kinh Bắc"})

    async def sent(self, **facts: Any) -> Petition:
        now = self.place.engine.clock.now()
        code = await self.store.new_petition_code(now)
        draft = replace(submit().draft, texts=(facts.pop("text", TEXT),), **facts)
        command = replace(submit(), draft=draft, code=code, person=KEYRING.contact_id(person()))
        change = done(decide(None, command, CITIZEN, await self.petitions.data.around(now)))
        await does(self.store, text(f"PA {code}", at=now), ChangePetition(change))
        found = await self.store.petition(code)
        assert found is not None
        return found

    async def visitor(self, user: str, role: OfficerRole, agency: str) -> Visitor:
        return await self.place.signed_in(user, role=role, agency=agency)

    async def receptionist(self) -> Visitor:
        return await self.visitor("tiep", OfficerRole.RECEPTION, self.reception)

    async def now(self, code: str) -> Petition:
        found = await self.store.petition(code)
        assert found is not None
        return found

    async def given(self, **facts: Any) -> tuple[Petition, Visitor]:
        """One that an officer of the ward works on."""
        new = await self.sent(**facts)
        desk = await self.receptionist()
        await desk.get(f"/desk/petitions/{new.code}")
        given = await desk.post(
            f"/desk/petitions/{new.code}/assign", version=new.version, agency=self.ward, category="DN"
        )
        assert given.status == 303, given.text
        officer = await self.visitor("can", OfficerRole.OFFICER, self.ward)
        await officer.get(f"/desk/petitions/{new.code}")
        assert (await officer.post(f"/desk/petitions/{new.code}/accept", version=2)).status == 303
        await officer.get(f"/desk/petitions/{new.code}")
        return await self.now(new.code), officer


@asynccontextmanager
async def reception(
    engine: Engine, systems: Systems | None = None, *, public_url: str = ""
) -> AsyncIterator[Reception]:
    """A desk behind a listener, with what the program builds for petitions."""
    kept: list[tuple[PetitionParts, PlanStore]] = []

    def build(settings: Any, store: PlanStore, keyring: Any, clock: Any, log: Any, **more: Any) -> DeskParts:
        petitions = PetitionParts(store, keyring, clock, log, public_url)
        answerer = Answerer(
            office=Office(),
            renderer=Renderer(Office(), BUILT),
            systems=OneStopSystems(dossiers=systems or Systems(), background=Systems()),
            memory_of=lambda _: NoMemory(),
            limits=Limits(),
            calendar=WorkingCalendar(),
            clock=clock,
        )
        petitions.connect(answerer, Outgoing({}))
        kept.append((petitions, store))
        return DeskParts(settings, store, keyring, clock, log, petitions, **more)

    async with desk_place(engine, build=build) as place:
        found = Reception(place, *kept[0])
        await found.learn()
        yield found
