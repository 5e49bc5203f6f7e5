"""The gateway without its edges: real store, intake, worker, intents, templates and sender; a one-stop system in memory."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType

from bot.answering import Answerer, OneStopSystems
from bot.attachments.drawing import Drawer
from bot.attachments.folder import AttachmentFolder
from bot.attachments.keeping import Attachments
from bot.calendar import WorkingCalendar
from bot.clock import FixedClock
from bot.housekeeping import Housekeeping
from bot.late_answers import LateAnswers
from bot.limits import Limits
from bot.logs import get_log
from bot.loop_guard import LoopGuard
from bot.memory import StoredMemory
from bot.metrics import Metrics
from bot.model import ChannelName, InboundMessage, Office, PartGroup
from bot.outgoing import Outgoing
from bot.petition_parts import PetitionParts
from bot.photos.decoder import Decoder
from bot.photos.reader import PhotoReader
from bot.photos.source import PhotoSource
from bot.pipeline import Intake
from bot.privacy import Keyring
from bot.render import Renderer
from bot.sender import Sender
from bot.store import make_store
from bot.store.port import Store
from bot.store.port_petitions import PetitionBook
from bot.understanding.keywords import BUILT
from bot.worker import Brakes, Worker
from dossier_client.models import (
    Dossier,
    Found,
    History,
    Lookup,
    NotFound,
    OtherProvince,
    OwnDossiers,
    Status,
    Step,
    Unavailable,
    Unit,
    Verified,
)
from tests.contract.sessions import until
from tests.integration.phone_route import PhoneRoute

RENDERER = Renderer(Office(), BUILT)
NOW = datetime(2026, 6, 10, 2, 0, tzinfo=UTC)
OWNER, STRANGER = "84912345678", "84987654321"
A = "H05.12-260610-0001"
UNIT = Unit(code="H05.12", name="UBND phường Võ Cường", short_name="UBND P. Vo Cuong", phone="0222.3822111")
OPEN = Dossier(
    code=A,
    status=Status.IN_PROCESS,
    status_text="Đang xử lý",
    unit=UNIT,
    contact_phones=frozenset({OWNER}),
    received_at=NOW,
    due_at=datetime(2026, 6, 17, 10, 0, tzinfo=UTC),
)


class Province:
    """A one-stop system in memory that can be down."""

    def __init__(self) -> None:
        self.dossiers = {A: OPEN}
        self.down = False
        self.known_at: datetime | None = None
        """Set: while down, this is how old the last known state is."""

    async def find(self, code: str) -> Lookup:
        known = self.dossiers.get(code)
        if self.down and self.known_at and known:
            return Found(known, self.known_at, "bacninh", stale=True)
        if self.down:
            return Unavailable("bacninh")
        if code.startswith("H29"):
            return OtherProvince("H29", "TP Hồ Chí Minh")
        return Found(known, NOW, "bacninh") if known else NotFound()

    async def history(self, code: str) -> History | NotFound | OtherProvince | Unavailable:
        if self.down:
            return Unavailable("bacninh")
        steps = (
            Step(at=NOW, name="Tiếp nhận", unit=UNIT),
            Step(at=NOW, name="Thẩm định", unit=UNIT, note="thiếu chữ ký"),
        )
        return History(steps) if code in self.dossiers else NotFound()

    async def by_phone(self, phone: str) -> OwnDossiers | Unavailable:
        if self.down:
            return Unavailable("bacninh")
        return OwnDossiers(tuple(item for item in self.dossiers.values() if phone in item.contact_phones))

    async def verify(self, code: str, id_last4: str) -> Verified | NotFound | Unavailable:
        del code
        return Verified(id_last4 == "1234")

    async def probe(self, upstream: str) -> bool:
        del upstream
        return not self.down


@dataclass
class Line:
    """The gateway without its edges."""

    store: Store
    book: PetitionBook
    """The store, where nothing stands before it."""
    province: Province
    route: PhoneRoute
    intake: Intake
    worker: Worker
    sender: Sender
    late: LateAnswers
    house: Housekeeping
    clock: FixedClock
    metrics: Metrics
    petitions: PetitionParts
    numbers: int = 0

    async def text(self, sender: str, text: str, *, partial: bool = False) -> InboundMessage:
        self.numbers += 1
        message = replace(self.route.message(sender, text, self.clock), external_id=f"{self.numbers}", partial=partial)
        await self.intake.message(message)
        return message

    async def ask(self, sender: str, text: str) -> str:
        """The answer to a text; the clock moves on so that limits by the minute stay out of the way."""
        self.clock.advance(60)
        await self.text(sender, text)
        (answer,) = await self.route.replies(sender, 5)
        return answer

    async def answers(self, sender: str, text: str) -> list[str]:
        """All that is answered to a text, once it is decided; the empty list is silence."""
        before = await self.sent()
        await self.text(sender, text)
        await until(lambda: not self.worker._running)
        count = await self.sent() - before
        texts: list[str] = []
        while len(texts) < count:
            texts += await self.route.replies(sender, 5)
        return texts

    async def sent(self) -> int:
        """How many messages were written so far."""
        return len([row async for row in self.store.messages(NOW - timedelta(days=1)) if row["direction"] == "out"])


def join(group: PartGroup) -> InboundMessage:
    text = b"".join(part.octets for part in group.parts).decode()
    return InboundMessage(
        sender=group.sender,
        recipient=group.recipient,
        text=text,
        received_at=group.opened_at,
        route=group.route,
        partial=len(group.parts) < group.total,
    )


@asynccontextmanager
async def running(
    folder: Path,
    province: Province | None = None,
    *,
    before_store: Callable[[Store], Store] = lambda store: store,
    photos: Mapping[ChannelName, PhotoSource] = MappingProxyType({}),
) -> AsyncIterator[Line]:
    """Started; *before_store* may put something between the store and whoever calls it."""
    clock, province, metrics, log = FixedClock(NOW), province or Province(), Metrics(), get_log()
    keyring = Keyring(bytes(32))
    book = make_store("", folder, keyring, clock)
    attachments = AttachmentFolder(folder / "attachments", keyring)
    files = Attachments(attachments, sources=photos, drawer=Drawer(), log=log)
    petitions = PetitionParts(book, keyring, clock, log)
    store = before_store(book)
    await store.open()
    route = PhoneRoute()
    sender = Sender(route, store, clock, metrics, log)
    outgoing = Outgoing({route.name: sender})
    limits = Limits()
    answerer = Answerer(
        office=Office(),
        renderer=RENDERER,
        systems=OneStopSystems(dossiers=province, background=province),
        memory_of=lambda contact: StoredMemory(store, contact, clock, petitions.of(contact, files)),
        limits=limits,
        calendar=WorkingCalendar(),
        clock=clock,
    )
    worker = Worker(
        store=store,
        answerer=answerer,
        outgoing=outgoing,
        brakes=Brakes(limits, LoopGuard()),
        photos=PhotoReader(sources=photos, decoder=Decoder(), clock=clock, metrics=metrics, log=log),
        clock=clock,
        metrics=metrics,
        log=log,
    )
    petitions.connect(answerer, outgoing)
    worker.officers = petitions.chat
    intake = Intake(store=store, worker=worker, join=join, metrics=metrics, log=log)
    late = LateAnswers(store=store, answerer=answerer, upstreams=province, outgoing=outgoing, clock=clock, log=log)
    house = Housekeeping(
        store=store, intake=intake, clock=clock, metrics=metrics, log=log, reassembly_timeout=timedelta(seconds=120)
    )
    tasks = [asyncio.create_task(sender.run()), asyncio.create_task(worker.run())]
    yield Line(store, book, province, route, intake, worker, sender, late, house, clock, metrics, petitions)
    await worker.drain(5)
    await sender.drain(5)
    for task in tasks:
        task.cancel()
    with suppress(asyncio.CancelledError):
        await asyncio.gather(*tasks)
    await store.close()
