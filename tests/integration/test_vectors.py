"""The product's table of examples, each as a conversation through the whole flow. Wednesday 10/06/2026, 09:00."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest

from dossier_client.models import Fee, Status
from tests.contract.sessions import until
from tests.integration.lines import NOW, OPEN, OWNER, STRANGER, A, Line

SAME_DAY = [A.replace("0001", f"{number:04d}") for number in range(1, 10)]
ELSEWHERE = [f"H05.{unit}-260610-0001" for unit in range(20, 45)]
STATE = f"HS {A}: UBND P. Vo Cuong dang xu ly, hen tra ket qua 17/06/2026 (con 5 ngay lam viec)."
HELP = "Soan gui 8283: <ma HS> tra cuu"
UNKNOWN = "Xin loi, chua ro noi dung Ong/Ba gui."
RATE = "Ong/Ba da tra cuu qua so lan cho phep"
SILENCE: tuple[str, ...] = ()


@dataclass(frozen=True)
class Text:
    """A text and the words that its answers hold, one for each answer."""

    sender: str
    text: str
    words: tuple[str, ...]
    after_seconds: int = 40


def stranger(text: str, *words: str, after: int = 40) -> Text:
    return Text(STRANGER, text, words, after)


def owner(text: str, *words: str, after: int = 40) -> Text:
    return Text(OWNER, text, words, after)


@dataclass(frozen=True)
class Vector:
    label: str
    texts: tuple[Text, ...]
    dossier: dict[str, Any] = field(default_factory=dict)
    more: tuple[str, ...] = ()
    """Codes of further dossiers of the owner."""


VECTORS = [
    Vector("1 a bare code", (stranger(A, STATE),)),
    *(
        Vector(f"2 {text}", (stranger(text, STATE),))
        for text in (f"hs {A.lower()}", f"Tra cứu  {A}.", f"ma ho so: {A}", f"TC {A}", f"TD <{A}>")
    ),
    *(
        Vector(f"3 {text}", (stranger(text, STATE),))
        for text in ("H05.12-260610-OOO1", "h05 12 260610 0001", "H05.12-20260610-0001", "H0512-2606100001")
    ),
    Vector("3 a missing head is never guessed", (stranger("12-260610-0001", "(thieu phan dau H05)"),)),
    Vector("4 nobody's code", (stranger(SAME_DAY[1], f"Khong tim thay HS {SAME_DAY[1]}."),)),
    Vector("5 one's own is near", (owner(SAME_DAY[1], f"Co phai Ong/Ba hoi HS {A}?"), owner("1", STATE))),
    Vector("6 a digit is missing", (stranger("H05.12-26061-0001", "chua hop le (thieu chu so). Ma HS in tren giay hen"),)),
    Vector("6 the same from its person", (owner("H05.12-26061-0001", f"Co phai Ong/Ba hoi HS {A}?"), owner("co", STATE))),
    Vector("7 month 13", (stranger("H05.12-261310-0001", "Ma H05.12-261310-0001 chua hop le (sai ngay thang)"),)),
    *(
        Vector(f"11 {text}", (owner(text, "Da ghi nhan tu choi tin luc 09:00 10/06/2026"), owner(A, STATE), owner("MO", "Da mo lai tin bao cho Ong/Ba.")))
        for text in ("TC", "tu choi", "Từ chối", "STOP", "TC QC", "TC 8283", "tc.")
    ),
    Vector("11 MO LAI after TC", (owner("TC", "Da ghi nhan"), owner("mo lai", "Da mo lai tin bao cho Ong/Ba."))),
    Vector("11 MO without TC", (owner("MO", "Ong/Ba chua tu choi tin nao"), owner("MO LAI", "Ong/Ba chua tu choi tin nao"))),
    Vector("11 TC as often as wanted", tuple(owner(text, words) for text, words in (("TC", "Da ghi nhan"), ("MO", "Da mo lai")) * 3)),
    Vector("12 no code, none before", (stranger("TRA CUU", HELP),)),
    Vector("12 no code, one before", (stranger(A, STATE), stranger("TRA CUU", STATE), stranger("bao gio xong", STATE))),
    Vector("25 nothing to rate", (owner("DG 5", "Ong/Ba chua co ho so hoac phan anh nao can danh gia."), owner("DG", "chua co ho so"), owner("DG 7", "Diem danh gia tu 1 (thap nhat) den 5 (cao nhat)."))),
    *(Vector(f"28 {text}", (stranger(text, *SILENCE),)) for text in ("cam on", "ok", "👍", "vâng ạ", "thanks")),
    Vector("30 not understood", (*(stranger("abc", UNKNOWN, after=660) for _ in range(3)), stranger("abc", *SILENCE, after=660), stranger("TG", HELP), stranger("abcd", UNKNOWN))),
    Vector("31 the 21st and 22nd look-up", (*(stranger(code, f"HS {code}: UBND") for code in ELSEWHERE[:20]), stranger(ELSEWHERE[20], f"{RATE} (20 lan)"), stranger(ELSEWHERE[21], *SILENCE), stranger("TG", HELP), stranger("TC", "Da ghi nhan")), more=tuple(ELSEWHERE)),
    Vector("35 the last four digits", (stranger(A, f"HS {A}: moi Ong/Ba bo sung giay to, han 17/06/2026."), stranger(f"HS {A} 1234", "moi Ong/Ba bo sung Ban sao CCCD, han 17/06/2026.")), {"status": Status.MORE_PAPERS, "missing_papers": ("Bản sao CCCD",)}),
    Vector("35 five wrong tries", (*(stranger(f"HS {A} 9999", f"4 so cuoi CCCD chua khop, con {left} lan thu.") for left in (4, 3, 2, 1)), stranger(f"HS {A} 9999", f"{RATE} (5 lan)"), stranger(f"HS {A} 1234", RATE), owner(A, "moi Ong/Ba nop 500.000d")), {"status": Status.FEE_DUE, "fee": Fee(amount=500_000)}),
    Vector("36 English", (stranger("EN", "Language set to English."), stranger(A, f"Application {A}: in process at UBND P. Vo Cuong, result due 17/06/2026 (5 working days left)."), stranger("VN", "Da chuyen sang tieng Viet."), stranger(A, STATE))),
    Vector("39 an officer's word from a citizen", (stranger("OK A1234", *SILENCE),)),
    Vector("40 four codes", (owner(" ".join(SAME_DAY[:4]), STATE, f"HS {SAME_DAY[1]}: UBND", f"HS {SAME_DAY[2]}: UBND P. Vo Cuong dang xu ly, hen tra ket qua 17/06/2026 (con 5 ngay lam viec). Chi tra loi 3 ma dau."),), more=tuple(SAME_DAY[1:4])),
    Vector("several codes of which one is not there ask nothing", (owner(f"{A} {SAME_DAY[1]}", STATE, "Khong tim thay"), owner("1", UNKNOWN))),
    Vector("a question is closed by whatever is understood", (owner(SAME_DAY[1], "Co phai"), owner("TG", HELP), owner("1", UNKNOWN))),
    Vector("a confirmed command is done once", (stranger("TRACU", "Co phai Ong/Ba muon soan HS?"), stranger("1", HELP), stranger("1", UNKNOWN))),
    Vector("a question waits ten minutes", (owner(SAME_DAY[1], "Co phai"), owner("1", UNKNOWN, after=601))),
    Vector("DUNG asks once", (owner("DUNG", "Co phai Ong/Ba muon tu choi"), owner("DUNG", "Da ghi nhan tu choi tin"))),
]  # fmt: skip


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector.label)
async def test_vector(vector: Vector, line: Line) -> None:
    known = replace(OPEN, **vector.dossier)
    line.province.dossiers = {code: replace(known, code=code) for code in (A, *vector.more)}
    for step in vector.texts:
        line.clock.advance(step.after_seconds)
        answers = await line.answers(step.sender, step.text)
        assert len(answers) == len(step.words), (step, answers)
        for answer, words in zip(answers, step.words, strict=True):
            assert words in answer, (step, answer)
            assert len(answer) <= 160


async def test_33_the_same_text_twice_within_half_a_minute(line: Line) -> None:
    first = replace(await line.text(STRANGER, A), external_id=None, content_hash=bytes(32), session="1")
    assert await line.route.replies(STRANGER, 5) == [STATE]
    for seconds, answered in ((0, True), (10, False), (15, False), (121, True)):
        line.clock.advance(seconds)
        before = await line.sent()
        await line.intake.message(replace(first, received_at=line.clock.now()))
        await until(lambda: not line.worker._running)
        assert (await line.sent() > before) is answered, seconds


async def test_34_down_with_a_last_known_state(line: Line) -> None:
    line.province.down, line.province.known_at = True, NOW - timedelta(minutes=10)
    assert await line.ask(STRANGER, A) == (
        f"HS {A}: Dang xu ly, hen tra 17/06/2026. So lieu luc 08:50 10/06/2026, he thong mot cua dang gian doan."
    )
    line.province.down = False
    assert await line.late.round() == 1
    assert await line.route.replies(STRANGER, 5) == [f"Tra loi yeu cau luc 09:01: {STATE}"]


@pytest.mark.parametrize(
    ("code", "late"),
    [
        pytest.param(A, STATE, id="there"),
        pytest.param(SAME_DAY[1], f"Khong tim thay HS {SAME_DAY[1]}.", id="not there"),
        pytest.param("H29.5-260610-0001", "HS H29.5-260610-0001 thuoc TP Ho Chi Minh.", id="elsewhere"),
    ],
)
async def test_34_down_without_one(code: str, late: str, line: Line) -> None:
    line.province.down = True
    assert "se bao Ong/Ba ngay khi co so lieu" in await line.ask(STRANGER, code)
    line.province.down = False
    assert await line.late.round() == 1
    (answer,) = await line.route.replies(STRANGER, 5)
    assert answer.startswith(f"Tra loi yeu cau luc 09:01: {late}")
    assert len(answer) <= 160
    assert await line.late.round() == 0


async def test_a_promise_is_not_made_where_there_is_no_room_for_it(line: Line) -> None:
    line.province.down = True
    for code in ELSEWHERE[:3]:
        assert "se bao Ong/Ba ngay khi co so lieu" in await line.ask(STRANGER, code)
    assert "se bao Ong/Ba" not in await line.ask(STRANGER, ELSEWHERE[3])
    assert "se bao Ong/Ba ngay khi co so lieu" in await line.ask(STRANGER, ELSEWHERE[0]), "it is already owed"
