"""How one value looks: clean, in the words of the language, within its budget."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from bot.clock import VIETNAM
from bot.model import Language
from bot.plain import plain
from dossier_client.models import Status

PHONE_LENGTH = 12
PHONES_REMEMBERED = 1024
SMS_BUDGET, CHAT_BUDGET = 40, 500

ABBREVIATIONS = {
    "uy ban nhan dan": "UBND",
    "trung tam phuc vu hanh chinh cong": "TT PVHCC",
    "so nong nghiep va moi truong": "So NN va MT",
    "van phong dang ky dat dai": "VPDK dat dai",
    "giay chung nhan quyen su dung dat": "GCN QSD dat",
    "giay phep xay dung": "GPXD",
    "can cuoc cong dan": "CCCD",
    "thu tuc hanh chinh": "TTHC",
    "phong chay chua chay": "PCCC",
    "phuong": "P.",
    "xa": "X.",
}
"""Applied only to a value that would not fit its budget."""
_ABBREVIATED = re.compile(r"\b(?:" + "|".join(ABBREVIATIONS) + r")\b", re.IGNORECASE)
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+")

STATUS_WORDS: Mapping[str, Mapping[Status, str]] = {
    "vi": {
        Status.NEWLY_REGISTERED: "Mới đăng ký",
        Status.RECEIVED: "Được tiếp nhận",
        Status.NOT_ACCEPTED: "Không được tiếp nhận",
        Status.IN_PROCESS: "Đang xử lý",
        Status.MORE_PAPERS: "Yêu cầu bổ sung giấy tờ",
        Status.FEE_DUE: "Yêu cầu thực hiện nghĩa vụ tài chính",
        Status.WITHDRAWN: "Công dân yêu cầu rút hồ sơ",
        Status.STOPPED: "Dừng xử lý",
        Status.RESULT_READY: "Đã xử lý xong, có kết quả",
        Status.RESULT_RETURNED: "Đã trả kết quả",
    },
    "vi-sms": {
        Status.NEWLY_REGISTERED: "Vua dang ky",
        Status.RECEIVED: "Da tiep nhan",
        Status.NOT_ACCEPTED: "Khong tiep nhan",
        Status.IN_PROCESS: "Dang xu ly",
        Status.MORE_PAPERS: "Yeu cau bo sung giay to",
        Status.FEE_DUE: "Can nop phi, le phi",
        Status.WITHDRAWN: "Yeu cau rut ho so",
        Status.STOPPED: "Ngung xu ly",
        Status.RESULT_READY: "Da co ket qua",
        Status.RESULT_RETURNED: "Da tra ket qua",
    },
    "en": {
        Status.NEWLY_REGISTERED: "Newly registered",
        Status.RECEIVED: "Accepted",
        Status.NOT_ACCEPTED: "Not accepted",
        Status.IN_PROCESS: "In process",
        Status.MORE_PAPERS: "More documents needed",
        Status.FEE_DUE: "Fee to be paid",
        Status.WITHDRAWN: "Withdrawal requested",
        Status.STOPPED: "Processing stopped",
        Status.RESULT_READY: "Result ready",
        Status.RESULT_RETURNED: "Result handed over",
    },
}


WEEKDAYS: Mapping[str, Sequence[str]] = {
    "vi": ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật"),
    "vi-sms": ("thu Hai", "thu Ba", "thu Tu", "thu Nam", "thu Sau", "thu Bay", "Chu nhat"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}


CHANNELS = {"sms": "SMS", "zalo": "Zalo", "telegram": "Telegram", "webchat": "Web", "email": "e-mail"}


@dataclass(frozen=True, slots=True)
class Style:
    """How values look on one kind of channel, in one language."""

    sms: bool
    language: Language

    def text(self, value: str, budget: int = 0) -> str:
        """One line of clean text; in an SMS unaccented and not longer than *budget*."""
        if not self.sms:
            return shortened(" ".join(unicodedata.normalize("NFC", _UNSEEN.sub(" ", value)).split()), CHAT_BUDGET)
        return fitted(" ".join(plain(value).split()), budget or SMS_BUDGET)

    def status(self, status: Status | None) -> str:
        """The word for a status of the national list; "" without one."""
        key = "vi-sms" if self.sms and self.language is Language.VIETNAMESE else self.language.value
        return STATUS_WORDS[key][status] if status else ""

    def weekday(self, day: date) -> str:
        """``thứ Hai``, ``thu Hai`` in an SMS, ``Monday``."""
        key = "vi-sms" if self.sms and self.language is Language.VIETNAMESE else self.language.value
        return WEEKDAYS[key][day.astimezone(VIETNAM).weekday() if isinstance(day, datetime) else day.weekday()]

    def channel(self, name: str) -> str:
        """How people call a channel: ``Zalo``."""
        other = "other channel" if self.language is Language.ENGLISH else "kênh khác"
        return CHANNELS.get(name) or self.text(other)

    def money(self, amount: int) -> str:
        """``12.500.000d`` in an SMS, ``12.500.000 đ`` in chat."""
        return f"{amount:,}".replace(",", ".") + ("d" if self.sms else " đ")


def fitted(text: str, budget: int) -> str:
    """*text*, abbreviated and then cut at a word if it is longer than *budget*."""
    if len(text) <= budget:
        return text
    return shortened(_ABBREVIATED.sub(lambda match: ABBREVIATIONS[match[0].lower()], text), budget)


def shortened(text: str, budget: int) -> str:
    """*text* cut at a word so that it ends with ``..`` within *budget*."""
    if len(text) <= budget:
        return text
    kept = text[: budget - 1].rpartition(" ")[0] or text[: budget - 2]
    return kept[: budget - 2].rstrip(" .,;:-") + ".."


@lru_cache(PHONES_REMEMBERED)
def phone(value: str, otherwise: str) -> str:
    """The first number of *value* in at most 12 characters; *otherwise* when there is none."""
    first = re.split(r"[,;/]| - ", value, maxsplit=1)[0].strip()
    number = first.replace(" ", "." if first.count(" ") == 1 else "")
    if len(number) > PHONE_LENGTH:
        number = re.sub(r"\D", "", number)
    return number if number.isascii() and 3 <= len(number) <= PHONE_LENGTH and number[-1].isdigit() else otherwise  # noqa: PLR2004 - 113 is the shortest
