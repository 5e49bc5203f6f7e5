"""From a received text to a recorded send, through the real SQLite store: intake, worker, intents, templates, sender."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.late_answers import awake_since
from bot.model import Address, ChannelName, InboundPart
from dossier_client.models import Fee, Status
from tests.integration.lines import NOW, OPEN, OWNER, STRANGER, A, Line


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
    assert asyncio.get_running_loop().time() - started < 3, "not one poll after the other"


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
    since = awake_since(now)
    assert (since is not None and asked < since) is waits
