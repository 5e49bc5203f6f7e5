"""What is hidden from the public text of a petition, and what must stay."""

import pytest

from bot.understanding.personal import HIDDEN, PersonalKind, personal_data, redacted

HIDES = [
    ("a phone", "gọi 0912345678 nhé", {"phone": ["0912345678"]}),
    ("a dotted phone", "sđt 0912.345.678", {"phone": ["0912.345.678"]}),
    ("a spaced foreign form", "phone +84 912 345 678", {"phone": ["+84 912 345 678"]}),
    ("digit by digit", "so cua toi 0 9 1 2 3 4 5 6 7 8", {"phone": ["0 9 1 2 3 4 5 6 7 8"]}),
    ("an identity number without a word", "của ông 001090012345 đó", {"identity": ["001090012345"]}),
    ("an old identity paper", "cmnd so 125 456 789", {"identity": ["125 456 789"]}),
    ("an account", "STK 19034567890123 Techcombank", {"account": ["19034567890123"]}),
    ("a tax number", "MST 2300123456", {"tax": ["2300123456"]}),
    ("an e-mail", "email hoa.nguyen@gmail.com nhé", {"email": ["hoa.nguyen@gmail.com"]}),
    ("plates", "xe 99a 123.45 và 99C-01234", {"plate": ["99a 123.45", "99C-01234"]}),
    ("a motorbike's plate", "xe 99H1-234.56 rú ga", {"plate": ["99H1-234.56"]}),
    ("a date of birth", "cháu sinh ngày 12/03/2015 học lớp 3", {"birth_date": ["12/03/2015"]}),
    ("a year of birth", "ông ấy sinh năm 1950", {"birth_date": ["1950"]}),
    ("the writer", "Tôi là Nguyễn Văn Hùng xin phản ánh", {"name": ["Nguyễn Văn Hùng"]}),
    ("the accused", "đề nghị xử lý ông Trần Văn Bình lấn chiếm", {"name": ["Trần Văn Bình"]}),
    ("a name without accents", "toi ten la nguyen thi hoa muon hoi", {"name": ["nguyen thi hoa"]}),
    ("a given name after a title", "bà Năm bán phở đổ nước thải", {"name": ["Năm"]}),
    ("a given name in lower case", "anh tuấn nhà bên đổ rác", {"name": ["tuấn"]}),
    ("a full name alone", "nguyễn văn tèo trưởng thôn ăn tiền", {"name": ["nguyễn văn tèo"]}),
    ("a name in capitals", "BA NGUYEN THI LAN NUOI CHO", {"name": ["NGUYEN THI LAN"]}),
    ("an officer", "Công an viên Hoàng Đình Khải đòi tiền", {"name": ["Hoàng Đình Khải"]}),
    ("a signature", "Đèn ở Kinh Bắc hỏng cả tuần. Phạm Minh", {"name": ["Phạm Minh"]}),
    (
        "an address after a cue",
        "Nhà tôi ở số 7, ngách 12/3 phố Vũ Kiệt, bị ngập",
        {"home_address": ["số 7, ngách 12/3 phố Vũ Kiệt"]},
    ),
    (
        "an address after a name",
        "Tôi là Lê Thị Mai, số 12 ngõ 5 đường Trần Hưng Đạo, phường Đại Phúc",
        {"name": ["Lê Thị Mai"], "home_address": ["số 12 ngõ 5 đường Trần Hưng Đạo"]},
    ),
]


@pytest.mark.parametrize(("text", "hidden"), [pytest.param(text, hidden, id=label) for label, text, hidden in HIDES])
def test_hides(text: str, hidden: dict[str, list[str]]) -> None:
    found: dict[str, list[str]] = {}
    for span in personal_data(text):
        found.setdefault(span.kind.value, []).append(text[span.start : span.end])
    assert found == hidden


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Hồ sơ H05.12-260610-0001 nộp ngày 10/06/2026", id="dossier code and date"),
        pytest.param("phản ánh PA26005442 chưa xong", id="petition code"),
        pytest.param("Cột đèn số 15 ngõ 42 đường Bình Than bị hỏng", id="place of the incident"),
        pytest.param("Đường Nguyễn Văn Cừ đoạn qua cầu vượt có ổ gà", id="street named after a person"),
        pytest.param("ngập ở Trần Hưng Đạo giao với Nguyễn Trãi", id="streets without the word"),
        pytest.param("Trường THCS Nguyễn Đăng Đạo thu 500.000đ", id="school and money"),
        pytest.param("tôi đã trả 150.000.000 đồng cho quán", id="money in thousands"),
        pytest.param("ba con trong xom buc xuc anh huong den anh em, chi phi cao", id="words that look like titles"),
        pytest.param("Kính gửi UBND phường Võ Cường", id="an office with a ward's name"),
        pytest.param(
            "Den duong So 12 Ly Thai To phuong Vo Cuong hong da 3 ngay", id="a ward's name that begins as a title"
        ),
        pytest.param("chị ơi cho em hỏi", id="titles alone"),
        pytest.param("lúc 20h 1000 người tụ tập, 15m 2000 viên gạch", id="measures that look like plates"),
        pytest.param("", id="nothing"),
    ],
)
def test_keeps(text: str) -> None:
    assert redacted(text) == text


def test_says_what_was_hidden() -> None:
    assert redacted("gọi chị Lan 0912345678") == "gọi chị [đã ẩn tên] [đã ẩn số điện thoại]"


def test_every_kind_has_its_words() -> None:
    assert set(HIDDEN) == set(PersonalKind)
