"""The invented province of the sample: agencies, who works there, wards with their places."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache

from bot.officers import AgencyKind, AgencyRecord, Officer, OfficerRole
from bot.petitions.master import CannedAnswer
from bot.petitions.record import Actor, ActorKind
from bot.petitions.routing import RoutingRule
from bot.store.master_kinds import shipped_agencies
from bot.understanding.places import places
from bot.understanding.text import fold

RECEPTION = "H05.22"
DEPARTMENTS = {
    "province_office": "H05.1",
    "education_department": "H05.3",
    "data_centre": "H05.6",
    "home_affairs_department": "H05.9",
    "environment_department": "H05.10",
    "construction_department": "H05.17",
    "health_department": "H05.18",
}
"""By the kind of owner that fields of petitions name."""
UTILITIES = {
    "power": AgencyRecord(
        code="DIENLUC", name="Công ty Điện lực", short_name="Cty Dien luc", kind=AgencyKind.UTILITY, phone="19001000"
    ),
    "water": AgencyRecord(
        code="CAPNUOC", name="Công ty Cấp thoát nước", short_name="Cty Cap nuoc", kind=AgencyKind.UTILITY
    ),
}
OTHER_BODIES = ("Bộ Giao thông", "Tổng công ty Đường sắt", "UBND tỉnh bạn", "Cơ quan Thuế trung ương", "Bộ Công an")


@dataclass(frozen=True, slots=True)
class Ward:
    """A ward or commune with roughly its middle."""

    name: str
    is_urban: bool
    latitude: float
    longitude: float

    @property
    def full_name(self) -> str:
        """``phường Võ Cường``."""
        return f"{'phường' if self.is_urban else 'xã'} {self.name}"

    @property
    def code(self) -> str:
        """Of its agency."""
        return places()[fold(self.name).lower()].agency_code


WARDS = (
    Ward("Võ Cường", True, 21.170, 106.060),
    Ward("Kinh Bắc", True, 21.187, 106.062),
    Ward("Vũ Ninh", True, 21.193, 106.086),
    Ward("Hạp Lĩnh", True, 21.143, 106.080),
    Ward("Từ Sơn", True, 21.119, 105.960),
    Ward("Đồng Nguyên", True, 21.126, 105.976),
    Ward("Thuận Thành", True, 21.050, 106.083),
    Ward("Quế Võ", True, 21.152, 106.153),
    Ward("Bắc Giang", True, 21.281, 106.197),
    Ward("Việt Yên", True, 21.272, 106.100),
    Ward("Yên Phong", False, 21.208, 105.955),
    Ward("Tiên Du", False, 21.117, 106.018),
    Ward("Gia Bình", False, 21.054, 106.188),
    Ward("Lương Tài", False, 21.013, 106.208),
)
FAMILY_NAMES = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ", "Ngô", "Dương", "Lý")
MIDDLE_NAMES = ("Thị", "Văn", "Minh", "Thu", "Đức", "Ngọc", "Quang", "Hải", "Thanh", "Hồng", "Xuân")
GIVEN_NAMES = ("An", "Bình", "Chi", "Dung", "Giang", "Hà", "Khánh", "Lan", "Mai", "Nam", "Oanh", "Phúc", "Sơn", "Tâm")


@cache
def agencies() -> Mapping[str, AgencyRecord]:
    """Those of the sample by code: the reception office, departments, utilities, wards."""
    shipped = {record.code: record for record in shipped_agencies()}
    departments = {code: replace(shipped[code], two_step_approval=True) for code in DEPARTMENTS.values()}
    utilities = {record.code: record for record in UTILITIES.values()}
    return {RECEPTION: shipped[RECEPTION]} | departments | utilities | {ward.code: shipped[ward.code] for ward in WARDS}


def edited_agencies() -> tuple[AgencyRecord, ...]:
    """Those that do not ship with the program, or not like this."""
    return tuple(record for record in agencies().values() if record not in shipped_agencies())


RULES = (
    RoutingRule(category="HC", agency=RECEPTION),
    RoutingRule(category="DVC", agency=DEPARTMENTS["data_centre"]),
    RoutingRule(category="DN", ward="Võ Cường", agency=UTILITIES["power"].code),
)

CANNED_ANSWERS = (
    CannedAnswer(
        id=0,
        title="Đã xử lý xong",
        text="Cơ quan đã kiểm tra và xử lý xong nội dung Ông/Bà phản ánh. Cảm ơn Ông/Bà.",
        summary="Da xu ly xong",
    ),
    CannedAnswer(
        id=0,
        title="Đèn đường",
        text="Đội điện đã thay bóng và kiểm tra cả tuyến. Nếu đèn lại tắt, mong Ông/Bà báo số cột gần nhất.",
        summary="Da thay bong den",
        category="DN",
    ),
    CannedAnswer(
        id=0,
        title="Thu gom rác",
        text="Đơn vị vệ sinh đã thu gom và bổ sung chuyến gom tại điểm Ông/Bà phản ánh.",
        summary="Da thu gom rac",
        category="MT",
    ),
)


@cache
def officers() -> tuple[Officer, ...]:
    """In the order of their ids, which begin with 1."""
    posts = tuple(_posts())
    return tuple(
        Officer(
            id=place + 1,
            user_name=user_name,
            name=_name(place),
            role=role,
            agency=agency,
            at_reception=agency == RECEPTION,
        )
        for place, (user_name, role, agency) in enumerate(posts)
    )


def _posts() -> Iterator[tuple[str, OfficerRole, str]]:
    yield from (
        ("quantri", OfficerRole.ADMINISTRATOR, RECEPTION),
        ("lanhdao", OfficerRole.PROVINCE_LEADER, DEPARTMENTS["province_office"]),
        ("giamsat", OfficerRole.AUDITOR, DEPARTMENTS["province_office"]),
        ("vanhanh", OfficerRole.OPERATOR, RECEPTION),
        ("tiepnhan", OfficerRole.RECEPTION, RECEPTION),
        ("tiepnhan2", OfficerRole.RECEPTION, RECEPTION),
        ("truong.tiepnhan", OfficerRole.LEAD, RECEPTION),
        ("canbo.trungtam", OfficerRole.OFFICER, RECEPTION),
    )
    for agency in agencies().values():
        if agency.code != RECEPTION:
            word = _word(agency)
            yield word, OfficerRole.OFFICER, agency.code
            yield f"{word}2", OfficerRole.OFFICER, agency.code
            yield f"truong.{word}", OfficerRole.LEAD, agency.code


def _word(agency: AgencyRecord) -> str:
    name = agency.ward or agency.name.removeprefix("Công ty ")
    return "".join(filter(str.isalnum, fold(name).lower()))[:24]


def _name(place: int) -> str:
    given, middle = GIVEN_NAMES[place % len(GIVEN_NAMES)], MIDDLE_NAMES[place * 3 % len(MIDDLE_NAMES)]
    return f"{FAMILY_NAMES[place * 5 % len(FAMILY_NAMES)]} {middle} {given}"


def actor(officer: Officer) -> Actor:
    """This officer at the desk."""
    return Actor(
        kind=ActorKind.OFFICER,
        officer=officer.id,
        name=officer.name,
        role=officer.role,
        agency=officer.agency,
        at_reception=officer.at_reception,
    )


SHOWN = (
    *("tiepnhan", "truong.tiepnhan", "vocuong", "truong.vocuong"),
    *("lanhdao", "giamsat", "quantri", "vanhanh"),
)
"""Officers of every role, to try the desk with."""


def shown_officers() -> tuple[Officer, ...]:
    """Those that the demo names."""
    named = {officer.user_name: officer for officer in officers()}
    return tuple(named[user_name] for user_name in SHOWN)


@cache
def staff(agency: str, role: OfficerRole) -> tuple[Officer, ...]:
    """Who has this role there."""
    return tuple(officer for officer in officers() if (officer.agency, officer.role) == (agency, role))


def owner(kinds: tuple[str, ...], text: str, ward: Ward) -> str:
    """The agency that answers a petition of a field with these usual owners."""
    for kind in kinds:
        if kind == "utility" and (
            word := next((word for word in ("điện", "nước máy", "ống nước") if word in text), "")
        ):
            return UTILITIES["power" if word == "điện" else "water"].code
        if kind in DEPARTMENTS:
            return DEPARTMENTS[kind]
        if kind in {"centre", "reception"}:
            return RECEPTION
        if kind in {"ward", "police"}:
            return ward.code
    return ward.code
