"""Agencies by whatever name people know."""

import pytest

from bot.understanding.agencies import agency
from bot.understanding.offices import Named, agencies_named
from dossier_client.sandbox.catalogue import agencies as sandbox_agencies

CENTRE, FINANCE, FARMING, HOME = "H05.22", "H05.12", "H05.10", "H05.9"


def codes(text: str) -> list[str]:
    return [item.code for item in agencies_named(text).agencies]


def names(text: str) -> list[str]:
    return [item.name for item in agencies_named(text).agencies]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param("Trung tâm Phục vụ hành chính công tỉnh mấy giờ mở cửa", CENTRE, id="full"),
        pytest.param("trung tam hanh chinh cong o dau", CENTRE, id="the name before"),
        pytest.param("một cửa tỉnh thứ bảy có làm không", CENTRE, id="folk"),
        pytest.param("sdt tthcc", CENTRE, id="letters"),
        pytest.param("sở kế hoạch đầu tư cũ giờ ở đâu", FINANCE, id="merged into another"),
        pytest.param("so khdt", FINANCE, id="its letters"),
        pytest.param("Sở Tài nguyên và Môi trường", FARMING, id="environment"),
        pytest.param("so tnmt may gio lam", FARMING, id="environment by letters"),
        pytest.param("sở nông nghiệp và phát triển nông thôn", FARMING, id="farming"),
        pytest.param("so lao dong thuong binh va xa hoi dia chi", HOME, id="labour"),
        pytest.param("sở giao thông vận tải", "H05.17", id="transport"),
        pytest.param("sở thông tin truyền thông", "H05.6", id="information"),
        pytest.param("so tu phpa o dau", "H05.15", id="a slip"),
        pytest.param("trung tam hnah chinh cogn", CENTRE, id="two slips in a long name"),
        pytest.param("H05.22", CENTRE, id="a code"),
        pytest.param("ban quan ly kcn", "H05.21", id="industrial parks"),
    ],
)
def test_departments(text: str, code: str) -> None:
    assert codes(text) == [code]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        pytest.param("giờ làm việc phường Võ Cường", "UBND phường Võ Cường", id="ward"),
        pytest.param("ubnd vo cuong sdt", "UBND phường Võ Cường", id="bare name"),
        pytest.param("phuong vo cuogn o dau", "UBND phường Võ Cường", id="slip"),
        pytest.param("xã Kép mấy giờ làm", "UBND xã Kép", id="one word behind its kind"),
        pytest.param("phường Suối Hoa", "UBND phường Kinh Bắc", id="former ward"),
        pytest.param("thi tran thang gio lam viec", "UBND xã Hiệp Hòa", id="former town"),
        pytest.param(
            "trung tâm phục vụ hành chính công phường Từ Sơn", "UBND phường Từ Sơn", id="the centre of a ward"
        ),
        pytest.param("phường vỏ cường", "UBND phường Võ Cường", id="a wrong mark"),
        pytest.param("phường bắc giang", "UBND phường Bắc Giang", id="Bắc Giang is a ward now"),
    ],
)
def test_wards(text: str, name: str) -> None:
    assert names(text) == [name]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        pytest.param("huyện Yên Phong", "UBND xã Yên Phong", id="district"),
        pytest.param("ubnd thị xã Từ Sơn ở đâu", "UBND phường Từ Sơn", id="town"),
    ],
)
def test_a_district_of_before_is_offered_as_its_wards(text: str, first: str) -> None:
    found = names(text)
    assert found[0] == first
    assert len(found) == 3


@pytest.mark.parametrize(
    "text", ["mấy giờ làm việc", "sdt", "", "chữ ký số ở đâu", "một cửa của xã chỗ nào", "mai có làm không"]
)
def test_nothing_named(text: str) -> None:
    assert agencies_named(text) == Named()


@pytest.mark.parametrize("text", ["công an phường ở đâu", "chi cuc thue nam dau", "bảo hiểm xã hội tỉnh chỗ nào"])
def test_other_bodies(text: str) -> None:
    assert agencies_named(text) == Named(elsewhere=True)


def test_every_agency_is_known_to_the_one_stop_system() -> None:
    known = sandbox_agencies()
    for code in ("H05.1", "H05.2", CENTRE, FINANCE, FARMING, "H05.101", "H05.199"):
        found = agency(code)
        assert found is None or found.code in known
    assert agency("H05.999") is None
