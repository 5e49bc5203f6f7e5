"""From a received text to a recorded send, through the real SQLite store: intake, worker, intents, templates, sender."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.answering import Answerer
from bot.calendar import WorkingCalendar
from bot.clock import FixedClock
from bot.housekeeping import Housekeeping
from bot.late_answers import LateAnswers, must_wait
from bot.limits import Limits
from bot.logs import get_log
from bot.loop_guard import LoopGuard
from bot.memory import StoredMemory
from bot.metrics import Metrics
from bot.model import Address, ChannelName, InboundMessage, InboundPart, Office, PartGroup
from bot.outgoing import Outgoing
from bot.pipeline import Intake
from bot.privacy import Keyring
from bot.render import Renderer
from bot.sender import Sender
from bot.store import make_store
from bot.store.port import Store
from bot.understanding.keywords import BUILT
from bot.worker import Worker
from dossier_client.models import (
    Dossier,
    Fee,
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
from tests.integration.phone_route import PhoneRoute

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

    async def find(self, code: str) -> Lookup:
        if self.down:
            return Unavailable("bacninh")
        if code.startswith("H29"):
            return OtherProvince("H29", "TP Hồ Chí Minh")
        found = self.dossiers.get(code)
        return Found(found, NOW, "bacninh") if found else NotFound()

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
    province: Province
    route: PhoneRoute
    intake: Intake
    worker: Worker
    sender: Sender
    late: LateAnswers
    house: Housekeeping
    clock: FixedClock
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


@pytest.fixture
async def line(tmp_path: Path) -> AsyncIterator[Line]:
    clock, province, metrics, log = FixedClock(NOW), Province(), Metrics(), get_log()
    store = make_store("", tmp_path, Keyring(bytes(32)), clock)
    await store.open()
    route = PhoneRoute()
    sender = Sender(route, store, clock, metrics, log)
    outgoing = Outgoing({route.name: sender})
    limits = Limits()
    answerer = Answerer(
        office=Office(),
        renderer=Renderer(Office(), BUILT),
        dossiers=province,
        background=province,
        memory_of=lambda contact: StoredMemory(store, contact.id, clock),
        limits=limits,
        calendar=WorkingCalendar(),
        clock=clock,
    )
    worker = Worker(
        store=store,
        answerer=answerer,
        outgoing=outgoing,
        limits=limits,
        guard=LoopGuard(),
        clock=clock,
        metrics=metrics,
        log=log,
    )
    intake = Intake(store=store, worker=worker, join=join, metrics=metrics, log=log)
    late = LateAnswers(store=store, answerer=answerer, upstreams=province, outgoing=outgoing, clock=clock, log=log)
    house = Housekeeping(
        store=store, intake=intake, clock=clock, metrics=metrics, log=log, reassembly_timeout=timedelta(seconds=120)
    )
    tasks = [asyncio.create_task(sender.run()), asyncio.create_task(worker.run())]
    yield Line(store, province, route, intake, worker, sender, late, house, clock)
    await worker.drain(5)
    await sender.drain(5)
    for task in tasks:
        task.cancel()
    with suppress(asyncio.CancelledError):
        await asyncio.gather(*tasks)
    await store.close()


async def test_a_code_is_answered(line: Line) -> None:
    answer = await line.ask(STRANGER, A)
    assert answer == f"HS {A}: UBND P. Vo Cuong dang xu ly, hen tra ket qua 17/06/2026 (con 5 ngay lam viec)."


async def test_a_conversation(line: Line) -> None:
    cases = [
        (STRANGER, "H05.12-260610-0002", "Khong tim thay HS H05.12-260610-0002"),
        (OWNER, "H05.12-260610-0002", f"Co phai Ong/Ba hoi HS {A}?"),
        (OWNER, "1", "dang xu ly, hen tra ket qua 17/06/2026"),
        (OWNER, "H05.12-26061-0001", f"Co phai Ong/Ba hoi HS {A}?"),
        (STRANGER, "H05.12-261310-0001", "chua hop le"),
        (STRANGER, "H29.5-260610-0001", "thuoc TP Ho Chi Minh"),
        (STRANGER, f"NK {A}", "Tham dinh (UBND P. Vo Cuong)"),
        (OWNER, f"NK {A}", "thieu chu ky"),
        (OWNER, "HS cua toi", f"Ong/Ba co 1 HS, moi nhat: {A} Dang xu ly"),
        (STRANGER, "ho so cua toi", "Chua co HS nao dung so dien thoai nay"),
        (STRANGER, "TC", "Da ghi nhan tu choi tin"),
        (STRANGER, "MO", "Da mo lai tin bao"),
        (STRANGER, "DUNG", "Neu phai, soan 1"),
        (STRANGER, "1", "Da ghi nhan tu choi tin"),
        (STRANGER, "EN", "Language set to English"),
        (STRANGER, "TG", "Text to 8283"),
        (STRANGER, "VN", "Da chuyen sang tieng Viet"),
        (STRANGER, "xin chao", "Kinh chao Ong/Ba"),
        (STRANGER, "TRACU", "Co phai Ong/Ba muon soan HS?"),
        (STRANGER, "TC gi vay", "1) tu choi nhan tin, 2) tra cuu"),
        (STRANGER, "qwerty", "chua ro noi dung"),
    ]
    for sender, text, words in cases:
        assert words in await line.ask(sender, text), text


async def test_notes_of_the_log_are_only_for_the_person_of_the_dossier(line: Line) -> None:
    assert "thieu chu ky" not in await line.ask(STRANGER, f"NK {A}")


async def test_the_last_four_digits_open_the_details(line: Line) -> None:
    line.province.dossiers[A] = replace(OPEN, status=Status.FEE_DUE, fee=Fee(amount=500_000))
    assert "500.000d" not in await line.ask(STRANGER, A)
    assert "500.000d" in await line.ask(STRANGER, f"HS {A} 1234")
    assert "500.000d" in await line.ask(OWNER, A)
    for _ in range(4):
        assert "500.000d" not in await line.ask(STRANGER, f"HS {A} 9999")
        line.clock.advance(600)
    assert "qua so lan cho phep" in await line.ask(STRANGER, f"HS {A} 1234")


async def test_two_answers_for_two_codes_and_a_repeat_gets_none(line: Line) -> None:
    message = await line.text(OWNER, f"{A} H05.12-260610-0009")
    await line.intake.message(message)
    await line.worker.drain(5)
    await line.sender.drain(5)
    assert len(await line.route.replies(OWNER, 5)) == 2
    told = [row async for row in line.store.messages(NOW - timedelta(days=1))]
    assert sorted(row["direction"] for row in told) == ["in", "in", "out", "out"]


async def test_a_second_text_follows_the_first_at_once(line: Line) -> None:
    started = asyncio.get_running_loop().time()
    await asyncio.gather(*(line.text(STRANGER, f"H05.{unit}-260610-0001") for unit in range(20, 25)))
    answers: list[str] = []
    while len(answers) < 5:
        answers += await line.route.replies(STRANGER, 5)
    assert [answer[18:24] for answer in answers] == [f"H05.{unit}" for unit in range(20, 25)]
    assert asyncio.get_running_loop().time() - started < 0.9


async def test_a_promise_is_kept_when_the_province_is_back(line: Line) -> None:
    line.province.down = True
    assert "se bao Ong/Ba ngay khi co so lieu" in await line.ask(STRANGER, A)
    assert await line.late.round() == 0
    line.province.down = False
    assert await line.late.round() == 1
    (answer,) = await line.route.replies(STRANGER, 5)
    assert answer.startswith("Tra loi yeu cau luc 09:01: HS ")
    assert await line.late.round() == 0


async def test_a_long_text_is_joined_and_a_lost_part_is_not_waited_for_for_ever(line: Line) -> None:
    def part(index: int, octets: bytes, reference: int) -> InboundPart:
        return InboundPart(
            sender=Address(ChannelName.SMS, STRANGER),
            recipient="8283",
            route=line.route.name,
            method="udh8",
            reference=reference,
            total=2,
            index=index,
            octets=octets,
            data_coding=0,
            content_hash=bytes([reference, index]),
            received_at=line.clock.now(),
        )

    await line.intake.part(part(2, b"610-0001", 1))
    await line.intake.part(part(1, b"cho hoi H05.12-260", 1))
    assert A in (await line.route.replies(STRANGER, 5))[0]
    await line.intake.part(part(1, f"ho so {A} ".encode(), 2))
    await line.house.join_groups()
    line.clock.advance(121)
    await line.house.join_groups()
    assert A in (await line.route.replies(STRANGER, 5))[0]
    await line.house.measure()
    await line.house.sweep()


async def test_ignored_messages_and_courtesy_get_no_answer(line: Line) -> None:
    await line.intake.message(
        replace(line.route.message("191", "quang cao", line.clock), ignored="not_a_person", external_id="x")
    )
    await line.text(OWNER, "cam on")
    await line.worker.drain(5)
    assert await line.route.replies(OWNER, 0) == []


@pytest.mark.parametrize(
    ("asked", "now", "waits"),
    [
        (datetime(2026, 6, 10, 14, 0, tzinfo=UTC), datetime(2026, 6, 10, 14, 20, tzinfo=UTC), False),
        (datetime(2026, 6, 10, 14, 0, tzinfo=UTC), datetime(2026, 6, 10, 14, 31, tzinfo=UTC), True),
        (datetime(2026, 6, 10, 14, 0, tzinfo=UTC), datetime(2026, 6, 11, 0, 0, tzinfo=UTC), False),
    ],
)
def test_nobody_is_woken_at_night(asked: datetime, now: datetime, *, waits: bool) -> None:
    assert must_wait(asked, now) is waits
