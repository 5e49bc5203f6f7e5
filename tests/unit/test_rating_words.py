"""How scores, comments and counters are read."""

import pytest

from bot.model import Contact, Office
from bot.understanding.rating_words import is_unsettled, score_said
from bot.understanding.router import understand
from bot.wishes import Rate
from tests.unit.worlds import NOW, A, contact

PERSON: Contact = contact()


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("DG", Rate()),
        ("DG 5", Rate(5)),
        ("DG: 5", Rate(5)),
        ("dg 5/5", Rate(5)),
        ("DG 4*", Rate(4)),
        ("Đánh giá 4 sao", Rate(4)),
        ("DG 4 điểm, nhanh", Rate(4, comment="nhanh")),
        ("DG 5 nhanh gọn", Rate(5, comment="nhanh gọn")),
        ("DG rất không hài lòng vì chờ lâu", Rate(1, comment="vì chờ lâu")),
        ("DG rất hài lòng", Rate(5)),
        ("DG hài lòng", Rate(4)),
        ("DG năm", Rate(5)),
        ("DG năm sao", Rate(5, comment="năm sao")),
        ("DG phục vụ tốt, 5 điểm", Rate(5, comment="phục vụ tốt, 5 điểm")),
        ("DG 1 cho lau qua, can bo noi nang kho nghe va khong huong dan gi ca", Rate(1, comment="cho lau qua, can bo noi nang kho nghe va khong huong dan gi ca")),
        ("DG PA26005442 2 chậm", Rate(2, comment="chậm", petition_code="PA26005442")),
        (f"DG {A} 5 nhanh", Rate(5, comment="nhanh", codes=(A,))),
        (f"DG {A}", Rate(codes=(A,))),
        ("DG-3 5", Rate(5, counter="3")),
        ("dg-b2 4 tốt", Rate(4, comment="tốt", counter="B2")),
        ("DG-H05_22-3 1", Rate(1, counter="H05.22-3")),
        ("DG-H05.22-3", Rate(counter="H05.22-3")),
        *((f"DG {wrong}", Rate(is_wrong=True)) for wrong in ("7", "0", "6", "-3", "2.5", "12", "55")),
        ("DG abc", Rate(comment="abc", is_wrong=True)),
    ],
)  # fmt: skip
def test_the_command(text: str, wish: Rate) -> None:
    assert understand(text, PERSON, NOW, Office()) == wish


@pytest.mark.parametrize(
    ("said", "score"),
    [
        ("5", (5, "")),
        ("RAT HAI LONG", (5, "")),
        ("RAT HAI LONG, CAM ON", (5, "CAM ON")),
        ("KHONG HAI LONG", (2, "")),
        ("0", None),
        ("6", None),
        ("BINH THUONG THI BAO LAU CO KET QUA", None),
        ("HAI LONGS", None),
    ],
)
def test_without_the_command(said: str, score: tuple[int, str] | None) -> None:
    assert score_said(said) == score


@pytest.mark.parametrize(
    ("comment", "unsettled"),
    [
        ("chưa giải quyết xong", True),
        ("đèn vẫn hỏng", True),
        ("Chua xong gi ca", True),
        ("not fixed yet", True),
        ("chờ lâu quá", False),
        ("đã giải quyết nhưng chậm", False),
    ],
)
def test_unsettled(comment: str, *, unsettled: bool) -> None:
    assert is_unsettled(comment) is unsettled
