"""What is typed about petitions: commands, sentences that only begin like them, and what is served while one is being written."""

import pytest

from bot.intent import Intent, ResumeNotices
from bot.understanding.details import Said
from bot.understanding.exact import is_exact
from bot.understanding.router import understand
from bot.understanding.text import normal
from bot.wishes import (
    DataAction,
    DataRequest,
    HandlePetition,
    NewPetition,
    PetitionAction,
    PetitionKind,
    PetitionMeaning,
    PetitionStatus,
    PetitionStep,
    ProcedureQuestion,
    Unsubscribe,
)
from dossier_client.mending import find_codes
from tests.unit.worlds import NOW, A, contact, world

CODE = "PA26005442"
ADD, REOPEN, SUBMIT = PetitionAction.ADD, PetitionAction.REOPEN, PetitionAction.SUBMIT


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("PA", NewPetition(commanded=True)),
        ("Phản ánh: đèn đường hỏng\ntrước số 12", NewPetition(text="đèn đường hỏng\ntrước số 12", commanded=True)),
        ("PAGT bác sĩ đòi tiền", NewPetition(text="bác sĩ đòi tiền", name_hidden=True, commanded=True)),
        ("KN duong hong", PetitionMeaning("duong hong")),
        ("kien nghi lap den duong", NewPetition(text="lap den duong", commanded=True)),
        ("KHIEU NAI quyet dinh", NewPetition(PetitionKind.COMPLAINT)),
        ("giau ten", HandlePetition(PetitionStep.HIDE_NAME)),
        (f"giau ten {CODE}", HandlePetition(PetitionStep.HIDE_NAME, petition_code=CODE)),
        ("cong khai", HandlePetition(PetitionStep.PUBLISH)),
        (f"CONG KHAI {CODE.lower()}", HandlePetition(PetitionStep.PUBLISH, petition_code=CODE)),
        ("GUI", PetitionStatus(SUBMIT)),
        ("HUY", Unsubscribe()),
        (f"HUY {CODE}", HandlePetition(PetitionStep.WITHDRAW, petition_code=CODE)),
        (f"RUT {CODE}", HandlePetition(PetitionStep.WITHDRAW, petition_code=CODE)),
        ("RUT", DataRequest(DataAction.WITHDRAW)),
        (CODE, PetitionStatus(petition_code=CODE)),
        ("PA 26 005442", PetitionStatus(petition_code=CODE)),
        (f"XEM {CODE}", HandlePetition(PetitionStep.ANSWER, petition_code=CODE)),
        ("XEM", HandlePetition(PetitionStep.LIST)),
        ("phản ánh của tôi", HandlePetition(PetitionStep.LIST)),
        ("THEM", PetitionStatus(ADD)),
        (f"THEM {CODE}", PetitionStatus(ADD, petition_code=CODE)),
        (f"THEM {CODE}: cot so 15", PetitionStatus(ADD, text="cot so 15", petition_code=CODE)),
        ("Thêm cột đèn số 15", PetitionStatus(ADD, text="cột đèn số 15")),
        ("thêm thông tin vào phản ánh của tôi", PetitionStatus(ADD)),
        (f"MOLAI {CODE} den van hong", PetitionStatus(REOPEN, text="den van hong", petition_code=CODE)),
        (f"khong dong y {CODE}", PetitionStatus(REOPEN, petition_code=CODE)),
        ("mo lai", ResumeNotices(or_petition=True)),
        (f"XONG {CODE}", HandlePetition(PetitionStep.SETTLED, petition_code=CODE)),
        (f"LV {CODE} GT", HandlePetition(PetitionStep.CATEGORY, text="GT", petition_code=CODE)),
        ("vieckhac", HandlePetition(PetitionStep.OTHER_MATTER)),
    ],
)
def test_a_command(text: str, intent: Intent) -> None:
    assert understand(text, contact(), NOW, world().office) == intent


def test_a_question_that_begins_like_a_command_is_one() -> None:
    asked = understand("Them con vao ho khau can giay to gi", contact(), NOW, world().office)
    assert isinstance(asked, ProcedureQuestion)


@pytest.mark.parametrize(
    ("text", "served"),
    [
        (A, True),
        (f"HS {A}", True),
        (f"{A} 1234", True),
        (CODE, True),
        (f"XEM {CODE}", True),
        ("TC", True),
        ("dg 5", True),
        ("LK 482913", True),
        ("👍", True),
        ("H05.12-26061-0001", True),
        (f"ho so {A} cua toi bi ngam lau qua", False),
        ("can bo thu tien cua dan", False),
        ("nha so 12 duong Ly Thai To", False),
        ("5", False),
        (f"da gui {CODE} nhung chua ai den", False),
        ("TC la to chuc nao", False),
    ],
)
def test_what_is_served_while_somebody_writes(text: str, served: bool) -> None:  # noqa: FBT001 - what the row says
    said = Said(text, find_codes(text, world().today))
    assert is_exact(said, normal(text)) is served
