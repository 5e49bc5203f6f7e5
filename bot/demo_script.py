"""The conversation that ``motcua demo`` plays, and the dossiers it needs."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from bot.clock import VIETNAM

CITIZEN = "84912345678"
STRANGER = "84987654321"


@dataclass(frozen=True, slots=True)
class Line:
    """One text of the conversation."""

    sender: str
    text: str
    shows: str
    """What the line is there to show, in a few words."""


def code(day: date, sequence: int, unit: str = "H05.12") -> str:
    """A code of the day's n-th dossier at a unit."""
    return f"{unit}-{day:%y%m%d}-{sequence:04d}"


def _at(day: date, hour: int) -> str:
    return datetime.combine(day, time(hour), VIETNAM).isoformat()


def dossiers(today: date) -> list[dict[str, Any]]:
    """The dossiers of the conversation: under way, late, ready, papers missing."""
    unit = {"code": "H05.12", "name": "UBND phường Võ Cường", "short_name": "UBND P. Vo Cuong", "phone": "0222.3822111"}
    land = {"code": "H05.9", "name": "Văn phòng Đăng ký đất đai", "short_name": "VPDK dat dai", "phone": "0222.3822333"}
    earlier, before, soon = today - timedelta(days=6), today - timedelta(days=20), today + timedelta(days=5)
    common = {"unit": unit, "procedure": {"id": "1.004222", "name": "Đăng ký thường trú"}}
    return [
        common
        | {
            "code": code(earlier, 1),
            "phone": CITIZEN,
            "status": 4,
            "status_text": "Đang xử lý",
            "received_at": _at(earlier, 9),
            "due_at": _at(soon, 17),
        },
        common
        | {
            "code": code(before, 7),
            "status": 4,
            "status_text": "Đang xử lý",
            "holding_unit": land,
            "received_at": _at(before, 9),
            "due_at": _at(today - timedelta(days=4), 17),
        },
        common
        | {
            "code": code(earlier, 3),
            "status": 9,
            "status_text": "Đã xử lý xong",
            "received_at": _at(earlier, 8),
            "due_at": _at(soon, 17),
            "finished_at": _at(today, 8),
            "delivery": {"method": "counter"},
        },
        common
        | {
            "code": code(earlier, 4),
            "phone": CITIZEN,
            "status": 5,
            "status_text": "Yêu cầu bổ sung giấy tờ",
            "received_at": _at(earlier, 8),
            "due_at": _at(soon, 17),
            "missing_papers": ["Bản sao CCCD"],
        },
    ]


def conversation(today: date) -> list[Line]:
    """Some twenty texts, in the order in which they are played."""
    earlier, before = today - timedelta(days=6), today - timedelta(days=20)
    open_code, late_code, ready_code, papers_code = (
        code(earlier, 1),
        code(before, 7),
        code(earlier, 3),
        code(earlier, 4),
    )
    mistyped = open_code.replace("0001", "OOO1").replace("H05", "HO5").replace("-", " ")
    return [
        Line(STRANGER, open_code, "a bare code"),
        Line(STRANGER, f"Tra cứu {late_code}", "a late dossier, now at another office"),
        Line(CITIZEN, f"cho hỏi hồ sơ {ready_code} xong chưa ạ", "a code inside a sentence"),
        Line(CITIZEN, f"hs {mistyped.lower()}", "letters for digits, blanks for dashes: mended"),
        Line(CITIZEN, papers_code, "papers missing, asked by the person of the dossier"),
        Line(STRANGER, papers_code, "the same, asked by somebody else"),
        Line(CITIZEN, code(earlier, 2), "an unknown code, one digit from the person's own"),
        Line(CITIZEN, "1", "the answer to our question"),
        Line(STRANGER, code(earlier, 9999), "an unknown code of nobody we know"),
        Line(STRANGER, "H29.5-260610-0001", "a code of another province"),
        Line(STRANGER, f"NK {late_code}", "the log"),
        Line(CITIZEN, "HS cua toi", "own dossiers"),
        Line(STRANGER, "H05.12-261399-0001", "an impossible date"),
        Line(CITIZEN, "PA Den duong truoc nha so 12 Ly Thai To phuong Vo Cuong hong da 3 ngay", "a petition"),
        Line(CITIZEN, "THEM cot den so 15, toi nao cung toi om", "more about it"),
        Line(CITIZEN, "XEM", "how the petition stands"),
        Line(STRANGER, "EN", "English from now on"),
        Line(STRANGER, "TG", "help"),
    ]
