"""What the invented people write: matters of every field, at invented places, each in other words."""

import csv
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from random import Random

from bot.petitions.record import Place
from bot.sample.world import Ward

STREETS = ("Lý Thái Tổ", "Trần Hưng Đạo", "Ngô Gia Tự", "Lê Văn Thịnh", "Nguyễn Đăng Đạo", "Thiên Đức", "Bình Than")
VILLAGES = ("thôn Đông", "thôn Đoài", "thôn Thượng", "thôn Hạ", "khu 3", "khu 5", "xóm Chùa", "xóm Bến", "xóm Mới")
MARKS = ("trước nhà văn hóa", "cạnh chợ", "sau trường mầm non", "đối diện trạm y tế", "gần cầu", "đầu ngõ vào")
SINCE = ("3 ngày nay", "gần một tuần", "hơn nửa tháng", "cả tháng nay", "hai hôm nay", "từ đầu tuần")
AT = ("5 giờ sáng", "22 giờ", "23 giờ đêm", "giữa trưa", "chiều tối", "nửa đêm")
GREETINGS = ("", "", "", "Kính gửi UBND, ", "Tôi xin phản ánh: ", "Chào cán bộ, ", "Kính đề nghị xem xét: ", "PA ")
CLOSINGS = (
    *(
        "",
        "",
        "",
        " Mong sớm được xử lý.",
        " Xin cảm ơn.",
        " Đề nghị trả lời cho dân biết.",
        " Rất mong cơ quan quan tâm.",
    ),
    *(" Tôi có chụp ảnh.", " Tôi đã báo tổ trưởng nhưng chưa thấy gì.", " Đây là lần thứ hai tôi phản ánh."),
)
REASONS = ("Không thuộc địa bàn quản lý của cơ quan", "Việc này do cơ quan khác phụ trách theo phân cấp")
AGAIN = (
    "Việc vẫn chưa được xử lý dứt điểm",
    "Hôm qua lại xảy ra như cũ, chưa giải quyết",
    "Chỉ làm qua loa, nay lại hỏng",
)
ADDITIONS = (
    "Ngay gần cột điện số 7 ạ.",
    "Thường vào buổi tối cuối tuần.",
    "Khoảng 20 mét, tính từ đầu ngõ.",
    "Đúng rồi ạ.",
)
NOTES = ("Đã gọi tổ trưởng dân phố xác minh.", "Chờ biên bản hiện trường.", "Phối hợp với đội quản lý đô thị.")
COMMENTS = ("Bổ sung thời hạn khắc phục vào câu trả lời.", "Nêu rõ đơn vị nào đã làm.")
EXTENSIONS = ("Chờ vật tư thay thế", "Cần đo đạc lại tại hiện trường")
SPAM = (
    "Vay tiền nhanh trong ngày không cần thế chấp",
    "Khuyến mại sim số đẹp, mua ngay hôm nay",
    "aaaa bbbb cccc dddd eeee",
)
BEFORE = re.compile(r"(?:trước|sau|gần|đường|cạnh) \{p\}")
"""Words after which a place stands by its bare name."""
NEAR = 0.012
"""Degrees around the middle of a ward."""


@dataclass(frozen=True, slots=True)
class Matter:
    """Something that people complain of, and how it was settled."""

    category: str
    text: str
    question: str
    answer: str
    summary: str


@dataclass(frozen=True, slots=True)
class Written:
    """What one person wrote, and what belongs to it."""

    matter: Matter
    text: str
    place: Place
    answer: str


@cache
def matters() -> Mapping[str, Sequence[Matter]]:
    """By the code of the field."""
    table = files("bot").joinpath("data/sample_petitions.csv").read_text(encoding="utf-8")
    found: dict[str, list[Matter]] = defaultdict(list)
    for row in csv.DictReader(table.splitlines(), delimiter="|"):
        found[row["category"]].append(Matter(**row))
    return found


def write(category: str, ward: Ward, random: Random, *, like: Written | None = None) -> Written:
    """Another text; *like*: the same matter at the same place, told by somebody else."""
    matter = like.matter if like else random.choice(matters()[category])
    where = like.place.text if like else _place(ward, random, is_bare=bool(BEFORE.search(matter.text)))
    words = {
        "p": where,
        "w": ward.full_name,
        "v": random.choice(VILLAGES),
        "d": random.choice(SINCE),
        "t": random.choice(AT),
        "n": str(random.randint(2, 6)),
    }
    text = matter.text.format_map(words).replace("đường đường", "đường")
    told = f"{random.choice(GREETINGS)}{text}{random.choice(CLOSINGS)}"
    if random.random() < 0.06:  # noqa: PLR2004 - a share
        told += f" Liên hệ tôi số 0912345{random.randint(0, 999):03}."
    return Written(matter, told, like.place if like else _located(where, ward, random), matter.answer.format_map(words))


def _place(ward: Ward, random: Random, *, is_bare: bool) -> str:
    if is_bare:
        return random.choice(VILLAGES) if not ward.is_urban else f"đường {random.choice(STREETS)}"
    if not ward.is_urban or random.random() < 0.3:  # noqa: PLR2004 - a share
        return f"{random.choice(MARKS)} {random.choice(VILLAGES)}"
    return random.choice(("đường {}", "ngõ 12 đường {}", "ngã tư đường {}", "cuối đường {}")).format(
        random.choice(STREETS)
    )


def _located(where: str, ward: Ward, random: Random) -> Place:
    if random.random() < 0.5:  # noqa: PLR2004 - half of the people share where they are
        return Place(ward=ward.name, text=where)
    return Place(
        ward=ward.name,
        text=where,
        latitude=round(ward.latitude + random.uniform(-NEAR, NEAR), 6),
        longitude=round(ward.longitude + random.uniform(-NEAR, NEAR), 6),
    )
