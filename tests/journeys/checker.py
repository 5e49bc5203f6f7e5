"""Knows what a right answer is from the one-stop system's data alone: imports neither templates nor router."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

WORDS = {
    1: ("vua dang ky",),
    2: ("da tiep nhan",),
    3: ("khong duoc tiep nhan",),
    4: ("dang xu ly",),
    5: ("bo sung",),
    6: ("phi",),
    7: ("rut ho so",),
    8: ("ngung xu ly",),
    9: ("da co ket qua",),
    10: ("da tra ket qua",),
}
LATE = ("tre hen", "xin loi")
NOT_FOUND = ("Khong tim thay",)
DATED = {2, 4}


@dataclass(frozen=True)
class Verdict:
    """Whether an answer is right, and why not."""

    right: bool
    why: str = ""


def judge(answer: str, code: str, dossier: dict[str, Any] | None, today: date) -> Verdict:
    """*dossier* is the record of the data file, or None when there is none with that code."""
    if len(answer) > 160 or not answer.isascii():
        return Verdict(right=False, why="not one plain segment")
    if code not in answer:
        return Verdict(right=False, why="the code is not in the answer")
    missing = [word for word in _expected(dossier, today) if word.casefold() not in answer.casefold()]
    return Verdict(right=not missing, why=f"missing {missing}" if missing else "")


def _expected(dossier: dict[str, Any] | None, today: date) -> tuple[str, ...]:
    if dossier is None:
        return NOT_FOUND
    status = dossier["status"]
    due = datetime.fromisoformat(dossier["due_at"]).date()
    words = LATE if status in DATED and due < today else WORDS[status]
    return (*words, f"{due:%d/%m/%Y}") if status in DATED else words
