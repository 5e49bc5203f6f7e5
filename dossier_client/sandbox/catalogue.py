"""The agencies, procedures and states of the data files, as the one-stop system tells them."""

import csv
import re
import unicodedata
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

SHORT_NAME_LENGTH = 22
"""What an SMS has room for."""

ABBREVIATIONS = (
    ("UBND phường", "UBND P."),
    ("UBND xã", "UBND X."),
    ("UBND thị trấn", "UBND TT."),
    ("UBND thị xã", "UBND TX."),
    ("UBND thành phố", "UBND TP."),
    ("UBND huyện", "UBND H."),
    ("Lao động - Thương binh và Xã hội", "LD-TBXH"),
    ("Nông nghiệp và Phát triển nông thôn", "NN va PTNT"),
    ("Tài nguyên và Môi trường", "TN va MT"),
    ("Thông tin và Truyền thông", "TT va TT"),
    ("Văn hóa, Thể thao và Du lịch", "VH, TT va DL"),
    ("Khoa học và Công nghệ", "KH va CN"),
    ("Trung tâm Hành chính công", "TT HCC"),
    ("Ban Quản lý các khu công nghiệp", "BQL cac KCN"),
)
CERTIFICATION = "Chứng thực"
"""The field of nearly nine dossiers in ten."""
LOCAL_LEVELS = frozenset({"commune", "commune_2025"})
SENSITIVE_FIELDS = frozenset({"Nuôi con nuôi", "Lý lịch tư pháp"})
SENSITIVE_WORDS = ("ly hôn", "nhận cha, mẹ, con", "ma túy", "HIV")
HOURS_OF_A_DAY = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Agency:
    """Who receives dossiers; ``code`` is the part of a dossier code before the date."""

    code: str
    name: str
    short_name: str
    phone: str
    is_local: bool
    """A ward or commune: the place of certification and civil status."""

    def as_json(self) -> dict[str, Any]:
        """The contract's Unit."""
        return {"code": self.code, "name": self.name, "short_name": self.short_name, "phone": self.phone}


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueProcedure:
    """One row of the catalogue."""

    id: str
    name: str
    field: str
    level: str
    unit: str
    working_days: float | None
    calendar_days: int | None
    fee: int | None
    papers: tuple[str, ...]
    online: bool

    @property
    def is_sensitive(self) -> bool:
        """Its name is not shown to everybody."""
        return self.field in SENSITIVE_FIELDS or any(word in self.name for word in SENSITIVE_WORDS)

    def as_json(self) -> dict[str, Any]:
        """The contract's Procedure; the source tells only *that* it is online, not on which level."""
        return {
            "id": self.id,
            "name": self.name,
            "field": self.field or None,
            "level": self.level or None,
            "unit": self.unit or None,
            "working_days": self.working_days,
            "fee_vnd": self.fee,
            "papers": list(self.papers),
            "online": None if self.online else "none",
            "url": None,
        }


@cache
def agencies() -> dict[str, Agency]:
    """Every agency by its code; one that has an old and a new code is there twice."""
    return {agency.code: agency for row in _rows("agencies_bac_ninh.csv") for agency in _agencies_of(row)}


@cache
def procedures() -> dict[str, CatalogueProcedure]:
    """The procedure catalogue by national code."""
    return {row["code"]: _procedure(row) for row in _rows("procedures.csv")}


@cache
def status_texts() -> dict[int, str]:
    """The Vietnamese names of the national states."""
    return {int(row["code"]): row["label_vi"] for row in _rows("dossier_statuses.csv") if row["system"] == "dvcqg"}


@cache
def agency_of(code: str) -> Agency:
    """The agency with this code; a code that the table lacks stands for some commune, always the same one."""
    known = agencies()
    if code in known:
        return known[code]
    communes = [agency for agency in known.values() if agency.is_local]
    stand_in = communes[zlib.crc32(code.encode()) % len(communes)]
    return _agency(code, stand_in.name, is_local=True)


def short_name(name: str) -> str:
    """The name without diacritics, abbreviated and cut at a word to what an SMS has room for."""
    for long, short in ABBREVIATIONS:
        name = name.replace(long, short)
    bare = unicodedata.normalize("NFD", name.replace("đ", "d").replace("Đ", "D"))
    text = "".join(char for char in bare if not unicodedata.combining(char))
    if len(text) <= SHORT_NAME_LENGTH:
        return text
    return text[: SHORT_NAME_LENGTH - 1].rsplit(" ", 1)[0][: SHORT_NAME_LENGTH - 2] + ".."


def _rows(name: str) -> Iterator[dict[str, str]]:
    with files("dossier_client").joinpath("data", name).open(encoding="utf-8") as file:
        yield from csv.DictReader(file)


def _agencies_of(row: dict[str, str]) -> Iterator[Agency]:
    for code in (row["code_2018"], row["code_2025"]):
        if code:
            yield _agency(code, _name(row), is_local=row["level"] in LOCAL_LEVELS)


def _name(row: dict[str, str]) -> str:
    kind = "phường" if "Phường " in row["note"] else "xã"
    return row["name_vi"].replace("(phường/xã)", kind)


def _agency(code: str, name: str, *, is_local: bool) -> Agency:
    phone = f"0222.38{zlib.crc32(code.encode()) % 100_000:05d}"
    return Agency(code=code, name=name, short_name=short_name(name), phone=phone, is_local=is_local)


def _procedure(row: dict[str, str]) -> CatalogueProcedure:
    limit = int(row["time_limit"]) if re.fullmatch(r"\d+", row["time_limit"]) else None
    days = {"working_day": limit, "hour": limit and limit / HOURS_OF_A_DAY}.get(row["time_unit"])
    return CatalogueProcedure(
        id=row["code"],
        name=row["name_vi"],
        field=row["field"],
        level=row["level"],
        unit=row["agency"].replace("\xa0", " "),
        working_days=days,
        calendar_days=limit if row["time_unit"] == "day" else None,
        fee=int(row["fee_min_vnd"]) if row["fee_min_vnd"] else None,
        papers=tuple(paper.strip() for paper in row["documents"].split("|") if paper.strip()),
        online=row["online"] == "yes",
    )
