"""An officer asks, the citizen answers in plain words; answered, closed and looked at again; all through the whole flow."""

from datetime import timedelta

import pytest

from bot.calendar import Calendars, WorkingCalendar
from bot.officers import AgencyKind, AgencyRecord, OfficerRole
from bot.petitions.around import Around
from bot.petitions.categories import shipped_categories
from bot.petitions.commands import Accept, AskCitizen, Assign, Command, SendAnswer
from bot.petitions.deciding import decide
from bot.petitions.record import Actor, ActorKind, PetitionChange, PetitionState
from tests.integration.lines import STRANGER, A, Line

LAMP = "Den duong truoc nha so 12 Ly Thai To phuong Vo Cuong hong da 3 ngay"
CODE = "PA26000010"
WARD = AgencyRecord(
    code="H05.12", name="UBND phường Võ Cường", short_name="UBND P. Vo Cuong", kind=AgencyKind.WARD, ward="Võ Cường"
)
SORTER = Actor(kind=ActorKind.OFFICER, officer=1, role=OfficerRole.RECEPTION, agency="TT", at_reception=True)
OFFICER = Actor(kind=ActorKind.OFFICER, officer=2, role=OfficerRole.OFFICER, agency=WARD.code)
ANSWER = SendAnswer(text="UBND phường đã thay bóng đèn trước số nhà 12 Lý Thái Tổ.", summary="Da thay bong den")


async def officers(line: Line, *steps: tuple[Command, Actor]) -> None:
    """Officers take these steps of the petition."""
    for command, actor in steps:
        around = Around(
            now=line.clock.now(),
            calendars=Calendars(WorkingCalendar()),
            categories=shipped_categories(),
            agencies={WARD.code: WARD},
        )
        change = decide(await line.book.petition(CODE), command, actor, around)
        assert isinstance(change, PetitionChange), change
        await line.book.change_petition(change, ())


TAKEN: tuple[tuple[Command, Actor], ...] = ((Assign(agency=WARD.code), SORTER), (Accept(), OFFICER))


async def said(line: Line, text: str) -> str:
    line.clock.advance(40)
    (answer,) = await line.answers(STRANGER, text)
    return answer


@pytest.mark.parametrize(
    ("text", "words", "state"),
    [
        ("cot den so 15, gan truong tieu hoc", f"Da ghi them vao phan anh {CODE}.", PetitionState.IN_PROGRESS),
        ("nha so 15 canh cho", f"Da ghi them vao phan anh {CODE}.", PetitionState.IN_PROGRESS),
        (f"THEM {CODE} cot so 15", f"Da ghi them vao phan anh {CODE}.", PetitionState.IN_PROGRESS),
        (A, f"HS {A}: UBND", PetitionState.NEED_INFO),
        ("TG", "Soan gui 8283", PetitionState.NEED_INFO),
        (CODE, "can them thong tin: Cot den so may?", PetitionState.NEED_INFO),
    ],
)
async def test_plain_words_answer_the_only_question(line: Line, text: str, words: str, state: PetitionState) -> None:
    await said(line, f"PA {LAMP}")
    await officers(line, *TAKEN, (AskCitizen(question="Cột đèn số mấy?"), OFFICER))
    assert words in await said(line, text)
    stored = await line.book.petition(CODE)
    assert stored is not None
    assert stored.state is state


async def test_the_whole_answer_is_had_by_sms_and_the_matter_looked_at_again(line: Line) -> None:
    await said(line, f"PA {LAMP}")
    await officers(line, *TAKEN, (ANSWER, OFFICER))
    assert f"Phan anh {CODE}: Da thay bong den. Xem them: soan XEM {CODE}" in await said(line, CODE)
    assert "UBND phuong da thay bong den truoc so nha 12 Ly Thai To." in await said(line, f"XEM {CODE}")
    assert "Moi Ong/Ba cho biet ly do" in await said(line, f"MOLAI {CODE}")
    reopened = await said(line, "den van chua sang tu hom do")
    assert f"Phan anh {CODE} duoc xem xet lai theo de nghi cua Ong/Ba." in reopened
    stored = await line.book.petition(CODE)
    assert stored is not None
    assert (stored.state, stored.reopenings) == (PetitionState.IN_PROGRESS, 1)


async def test_mo_lai_alone_is_about_the_answered_petition(line: Line) -> None:
    await said(line, f"PA {LAMP}")
    await officers(line, *TAKEN, (ANSWER, OFFICER))
    assert "Moi Ong/Ba cho biet ly do" in await said(line, "MO LAI")


async def test_when_it_is_too_late_a_new_petition_with_the_old_text_is_offered(line: Line) -> None:
    await said(line, f"PA {LAMP}")
    await officers(line, *TAKEN, (ANSWER, OFFICER))
    line.clock.advance(timedelta(days=30).total_seconds())
    assert "da qua han xem xet lai" in await said(line, f"MOLAI {CODE} den lai hong nhu cu roi")
    assert "ma PA26000029" in await said(line, "GUI")
    again = await line.book.petition("PA26000029")
    assert again is not None
    assert "den lai hong nhu cu roi" in again.text
    assert LAMP in again.text
    old = [event.name for event in await line.book.events_of(CODE)]
    assert "add_information" in old


async def test_a_stranger_learns_nothing(line: Line) -> None:
    await said(line, f"PA {LAMP}")
    for text in (CODE, f"XEM {CODE}", f"THEM {CODE} toi cung thay", f"HUY {CODE}", f"MOLAI {CODE} chua xong dau"):
        line.clock.advance(660)
        (answer,) = await line.answers("84911111111", text)
        assert f"Khong tim thay phan anh {CODE} gui tu so nay." in answer, text
