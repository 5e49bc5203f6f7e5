"""Category, owner, ward, insults and separate matters of a petition's text."""

import pytest

from bot.understanding.petition.abuse import is_abusive
from bot.understanding.petition.categories import categories
from bot.understanding.petition.hints import petition_hints
from bot.understanding.petition.matters import matters_in
from bot.understanding.places import ward_in


@pytest.mark.parametrize(
    ("text", "category", "owner"),
    [
        ("quán karaoke hát đến 2h sáng, ồn quá", "MT", "ward"),
        ("nha may xa khoi den ca dem", "MT", "environment_department"),
        ("đường nhiều ổ gà, xe máy ngã liên tục", "GT", "ward"),
        ("den tin hieu giao thong nga tu khong sang", "GT", "construction_department"),
        ("lấn chiếm vỉa hè bán hàng", "DT", "ward"),
        ("mất điện từ sáng đến giờ", "DN", "utility"),
        ("cong thoat nuoc tac, ngap ca ngo", "DN", "ward"),
        ("nhóm thanh niên đánh nhau, mang hung khí", "AN", "police"),
        ("hàng xóm lấn đất, tranh chấp ranh giới thửa đất", "DD", "ward"),
        ("can bo mot cua thai do hach sach", "HC", "centre"),
        ("vneid đăng nhập bị lỗi, không nộp được trực tuyến", "DVC", "data_centre"),
        ("trường lạm thu, phụ huynh bức xúc", "GD", "education_department"),
        ("quán bán thịt ôi, khách bị ngộ độc", "YT", "health_department"),
        ("cong ty no luong, khong dong bhxh", "CS", "home_affairs_department"),
        ("tờ rơi quảng cáo dán kín cột", "VH", "ward"),
        ("quy định chồng chéo giữa hai thông tư, đề nghị sửa đổi", "QD", "province_office"),
        ("xin chào mọi người", "KH", "reception"),
    ],
)
def test_category_and_owner(text: str, category: str, owner: str) -> None:
    hints = petition_hints(text)
    assert (hints.categories[0].code, hints.owner) == (category, owner)


def test_at_most_three_categories_are_suggested() -> None:
    text = "rác thải, ổ gà, mất điện, trộm cắp, học phí, bệnh viện"
    assert len(petition_hints(text).categories) == 3


def test_the_table_of_categories() -> None:
    assert len(categories()) == 15
    assert {category.code: category.days for category in categories().values()}["QD"] == 15


@pytest.mark.parametrize(
    ("text", "ward"),
    [
        pytest.param("ngập ở phường Võ Cường", "Võ Cường", id="accents"),
        pytest.param("xa phat tich co bai rac", "Phật Tích", id="no accents"),
        pytest.param("UBND phường Kinh Bắk làm sai", "Kinh Bắc", id="a slip after the word for ward"),
        pytest.param("duong tu Vo Cuong den phuong Kinh Bac", "Kinh Bắc", id="the one that is called a ward wins"),
        pytest.param("không nói ở đâu", None, id="none"),
    ],
)
def test_ward(text: str, ward: str | None) -> None:
    found = ward_in(text)
    assert (found.name if found else None) == ward


@pytest.mark.parametrize(
    ("text", "abusive"),
    [
        ("đồ ngu, làm ăn như thế à", True),
        ("do an hai, bon cho chet", True),
        ("you are idiots", True),
        ("vỏ lon bia vứt đầy đường", False),
        ("nuoi lon gay mui, cac ho dan buc xuc", False),
        ("buổi sáng mất nước", False),
    ],
)
def test_abuse(text: str, abusive: bool) -> None:  # noqa: FBT001 - a column of the table
    assert is_abusive(text) is abusive


@pytest.mark.parametrize(
    ("text", "count"),
    [
        pytest.param("1. Đèn đường hỏng ở thôn Đông. 2. Rác không thu gom cả tuần", 2, id="numbered"),
        pytest.param("Trường lạm thu đầu năm học. Ngoài ra cống trước cổng bị tắc bốc mùi", 2, id="besides"),
        pytest.param("Đường ngập nước sâu. Quán karaoke đối diện hát ồn cả đêm", 2, id="two fields"),
        pytest.param(
            "Đường ngập nước. Cống tắc không thoát được, đề nghị xử lý sớm", 0, id="one matter in two sentences"
        ),
        pytest.param("mất điện", 0, id="short"),
    ],
)
def test_matters(text: str, count: int) -> None:
    assert len(matters_in(text)) == count
