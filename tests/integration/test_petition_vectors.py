"""The product's table of examples about petitions, each as a conversation through the whole flow. Wednesday 10/06/2026, 09:00."""

from dataclasses import dataclass

import pytest

from bot.petitions.record import PetitionState
from tests.integration.lines import STRANGER, A, Line

LAMP = "Den duong truoc nha so 12 Ly Thai To phuong Vo Cuong hong da 3 ngay"
FLOOD = "Duong truoc cong truong tieu hoc ngap nuoc moi khi troi mua"
FIRST, SECOND = "PA26000010", "PA26000029"
RECEIPT = f"Da nhan phan anh cua Ong/Ba, ma {FIRST}, han tra loi "
OPENED = "Moi Ong/Ba viet noi dung phan anh, co the gui nhieu tin"
STATE = f"HS {A}: UBND P. Vo Cuong dang xu ly"
OFFER = "Neu Ong/Ba muon gui noi dung nay lam phan anh, soan GUI gui 8283."
NOT_FOUND = "Khong tim thay phan anh {} gui tu so nay."
SILENCE = ""


@dataclass(frozen=True)
class Vector:
    """Texts, each with words of its answer."""

    label: str
    texts: tuple[tuple[str, str], ...]


VECTORS = [
    Vector("13 a petition in one text", ((f"PA {LAMP}", f"{RECEIPT}15/06/2026."),)),
    Vector("14 a draft of two texts", (("PA", OPENED), ("Rac do bua bai o cho Do Lai", SILENCE), ("Da 5 ngay khong ai don", SILENCE), ("GUI", RECEIPT))),
    Vector("14 every third text is confirmed", (("PA", OPENED), ("Rac do bua bai o cho", SILENCE), ("da 5 ngay roi khong ai don", SILENCE), ("mui hoi thoi qua", "Da ghi 3 tin. Ong/Ba viet tiep"), ("xong", RECEIPT))),
    Vector("15 a code while writing", (("PA", OPENED), (A, STATE), (LAMP, SILENCE), ("gui di", RECEIPT))),
    Vector("16 TC while writing", (("PA", OPENED), ("TC", "Da ghi nhan tu choi tin"), (LAMP, SILENCE), ("GUI", RECEIPT))),
    Vector("17 too short", (("PA hong den", "Noi dung qua ngan."), ("GUI", "Ong/Ba chua soan phan anh nao."))),
    Vector("19 a formal complaint", (("KHIEU NAI quyet dinh thu hoi dat", "khong nhan khieu nai, to cao qua tin nhan"), ("XEM", "Ong/Ba chua gui phan anh nao"))),
    Vector("19 nor is it kept while writing", (("PA", OPENED), ("KHIEU NAI quyet dinh thu hoi dat", "khong nhan khieu nai"), ("XEM", OPENED))),
    Vector("20 an emergency", (("Cuu voi co chay nha o duong Tran Phu", f"xin goi ngay 113 (cong an), 114 (cuu hoa), 115 (cap cuu). Phan anh {FIRST} da duoc ghi nhan"),)),
    Vector("20 a short one is kept to be written on", (("chay nha", "Muon phan anh: viet them su viec, dia diem roi soan GUI."), ("o duong Tran Phu so 5", SILENCE), ("GUI", f"Phan anh {FIRST} da duoc ghi nhan va uu tien xu ly."))),
    Vector("21 its state", ((f"PA {LAMP}", RECEIPT), (FIRST, f"Phan anh {FIRST}: da tiep nhan ngay 10/06/2026"), ("pa cua toi", f"Phan anh {FIRST}: da tiep nhan"), ("PA26005442", NOT_FOUND.format("PA26005442")))),
    Vector("22 a wrong check digit", (("PA26005443", NOT_FOUND.format("PA26005443")),)),
    Vector("29 a long text", ((FLOOD, OFFER), ("GUI", RECEIPT))),
    Vector("29 a long text that was none", ((FLOOD, OFFER), (A, STATE), ("HUY", "Da bo phan anh dang soan."))),
    Vector("given up", (("PA", OPENED), (LAMP, SILENCE), ("HUY", "Da bo phan anh dang soan."), ("GUI", "Ong/Ba chua soan phan anh nao."))),
    Vector("the same again", ((f"PA {LAMP}", RECEIPT), (f"PA {LAMP} roi", f"Noi dung giong phan anh {FIRST} Ong/Ba da gui ngay 10/06/2026."), ("VIEC KHAC", f"ma {SECOND}, han tra loi"))),
    Vector("more of it", ((f"PA {LAMP}", RECEIPT), ("THEM cot den so 15", f"Da ghi them vao phan anh {FIRST}."), (f"THEM {FIRST} toi lam", f"Da ghi them vao phan anh {FIRST}."))),
    Vector("more of it when asked", ((f"PA {LAMP}", RECEIPT), ("THEM", f"Moi Ong/Ba viet noi dung bo sung cho phan anh {FIRST}"), ("cot den so 15", f"Da ghi them vao phan anh {FIRST}."))),
    Vector("nothing more after all", ((f"PA {LAMP}", RECEIPT), ("THEM", "Moi Ong/Ba viet noi dung"), ("0", f"Phan anh {FIRST}: da tiep nhan"))),
    Vector("taken back", ((f"PA {LAMP}", RECEIPT), (f"HUY {FIRST}", f"Ong/Ba muon rut phan anh {FIRST}?"), ("1", f"Da rut phan anh {FIRST} theo yeu cau cua Ong/Ba ngay 10/06/2026."), (f"RUT {FIRST}", "khong rut duoc"))),
    Vector("taken back? no", ((f"PA {LAMP}", RECEIPT), (f"RUT {FIRST}", "Ong/Ba muon rut"), ("khong", f"Phan anh {FIRST}: da tiep nhan"))),
    Vector("KN is asked: feedback", ((f"KN {LAMP}", "1) gui phan anh, kien nghi, 2) khieu nai, to cao theo luat?"), ("1", RECEIPT))),
    Vector("KN is asked: complaint", (("KN quyet dinh thu hoi dat cua toi", "1) gui phan anh"), ("2", "khong nhan khieu nai, to cao qua tin nhan"), ("XEM", "Ong/Ba chua gui phan anh nao"))),
    Vector("without the name", ((f"PAGT {LAMP}", RECEIPT),)),
    Vector("the name hidden later", ((f"PA {LAMP}", RECEIPT), ("GIAU TEN", f"Da giau ten trong phan anh {FIRST}"), (f"CONG KHAI {FIRST}", f"dong y cong khai noi dung phan anh {FIRST}"))),
    Vector("the name hidden while writing", (("PA", OPENED), ("giau ten", "Da giau ten: co quan xu ly"), (LAMP, SILENCE), ("GUI", RECEIPT))),
    Vector("at most five a day", (*((f"PA {what} o pho so {number} phuong Vo Cuong", "Da nhan phan anh") for number, what in enumerate(("Den duong hong", "Rac chua don", "Nuoc may mat", "Via he bi chiem", "Cho tha rong"))), ("PA Karaoke on ao luc nua dem o khu 7", "Ong/Ba da gui 5 phan anh hom nay, moi gui tiep vao ngay mai"))),
]  # fmt: skip


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector.label)
async def test_vector(vector: Vector, line: Line) -> None:
    for text, words in vector.texts:
        line.clock.advance(40)
        answers = await line.answers(STRANGER, text)
        if words == SILENCE:
            assert answers == [], text
            continue
        (answer,) = answers
        assert words in answer, (text, answer)
        assert len(answer) <= 160


async def test_18_a_long_text_whose_second_part_came_first_is_one_petition(line: Line) -> None:
    text = f"PA {LAMP}. " + "Toi di lai rat nguy hiem, da co nguoi nga xe o do hom qua. " * 3
    (answer,) = await line.answers(STRANGER, text)
    assert answer.startswith(RECEIPT)
    (answer,) = await line.answers(STRANGER, "XEM")
    assert FIRST in answer


async def test_what_is_stored(line: Line) -> None:
    await line.answers(STRANGER, f"PA {LAMP}")
    petition = await line.book.petition(FIRST)
    assert petition is not None
    assert (petition.text, petition.category, petition.place.ward) == (LAMP, "DN", "Võ Cường")
    assert petition.state is PetitionState.RECEIVED
    assert [account.address.id for account in petition.told_at] == [STRANGER]


async def test_a_complaint_leaves_nothing(line: Line) -> None:
    await line.answers(STRANGER, "TO CAO can bo nhan hoi lo o phuong Vo Cuong")
    assert await line.book.petition(FIRST) is None
