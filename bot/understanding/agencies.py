"""The agencies of the province, with the names that people use for them and used before the mergers of 2025."""

import csv
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from bot.understanding.text import fold

WARD = "commune_2025"
FORMER = re.compile(r"(?:Phường|Xã|Thị trấn) ([^,\"(]+?)(?: \([^)]*\))?,")
"""A ward that a ward of today was formed from. The last of the list may be cut, so a comma must follow."""
WARD_CUES = ("phường", "xã", "p", "x", "ubnd", "ủy ban", "ward", "thị trấn", "tt")
DISTRICT_CUES = ("huyện", "thị xã", "thành phố", "tp", "tx")
WARD_KIND = re.compile(r"^UBND (?:\(phường/xã\)|phường|xã|thị trấn) ")
DISTRICT_KIND = re.compile(r"^UBND (?:huyện|thị xã|thành phố) ")
WORDS = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Agency:
    """An agency of today."""

    code: str
    name: str
    short_name: str
    """For an SMS."""


@cache
def _by_code() -> dict[str, Agency]:
    return {item.code: item for item in (*departments(), *wards())}


def agency(code: str) -> Agency | None:
    """The agency of today with this code."""
    return _by_code().get(code)


def _rows(package: str, path: str) -> list[dict[str, str]]:
    return list(csv.DictReader(files(package).joinpath(path).read_text(encoding="utf-8").splitlines()))


@cache
def _department_rows() -> list[dict[str, str]]:
    return _rows("bot", "data/departments.csv")


@cache
def _agency_rows() -> list[dict[str, str]]:
    return _rows("dossier_client", "data/agencies_bac_ninh.csv")


def _department(row: dict[str, str]) -> Agency:
    return Agency(row["code"], row["name"], row["short_name"])


@cache
def departments() -> tuple[Agency, ...]:
    """Of the province; the first is the centre where dossiers are handed in."""
    return tuple(map(_department, _department_rows()))


def department_names() -> Iterator[tuple[str, Agency]]:
    """Of today, with those that people use."""
    for row in _department_rows():
        for name in (row["name"], *row["folk"].split("|")):
            if name:
                yield name, _department(row)


def former_department_names() -> Iterator[tuple[str, Agency]]:
    """Of the departments that were merged in 2025, with those that people used."""
    for row in _department_rows():
        for name in row["former"].split("|"):
            if name:
                yield name, _department(row)


def _ward_rows() -> Iterator[dict[str, str]]:
    return (row for row in _agency_rows() if row["level"] == WARD)


def _ward(row: dict[str, str]) -> Agency:
    """A ward when a ward is among those it was formed from: the list does not say which of the two it is."""
    name = WARD_KIND.sub("", row["name_vi"])
    kind, short = ("phường", "P.") if "Phường " in row["note"] else ("xã", "X.")
    return Agency(row["code_2025"], f"UBND {kind} {name}", f"UBND {short} {fold(name)}")


def wards() -> Iterator[Agency]:
    """Wards and communes since 2025-07-01."""
    return map(_ward, _ward_rows())


def ward_names() -> Iterator[tuple[str, Agency]]:
    """Of today."""
    for row in _ward_rows():
        yield from _with_cues(WARD_KIND.sub("", row["name_vi"]), _ward(row))


def former_ward_names() -> Iterator[tuple[str, Agency]]:
    """Of before, each with what it became."""
    for row in _ward_rows():
        for name in FORMER.findall(row["note"]):
            yield from _with_cues(name, _ward(row))


def district_names() -> Iterator[tuple[str, Agency]]:
    """A district of before 2025-07-01 stands for the ward of its name, then those formed from its wards."""
    today = _former_and_today()
    for row in _agency_rows():
        if row["level"] == "district":
            name = DISTRICT_KIND.sub("", row["name_vi"])
            own = (
                WARD_KIND.sub("", one["name_vi"]) for one in _agency_rows() if one["parent_code"] == row["code_2018"]
            )
            for ward in (name, *own):
                for item in today.get(plain_name(ward), ()):
                    yield from ((f"{cue} {name}", item) for cue in DISTRICT_CUES)


def _former_and_today() -> dict[str, list[Agency]]:
    found: defaultdict[str, list[Agency]] = defaultdict(list)
    for name, item in (*ward_names(), *former_ward_names()):
        if item not in found[plain_name(name)]:
            found[plain_name(name)].append(item)
    return found


def _with_cues(name: str, item: Agency) -> Iterator[tuple[str, Agency]]:
    """A name of one word is only a name behind a word that says so: ``chu`` is also "chữ"."""
    if " " in name:
        yield name, item
    for cue in WARD_CUES:
        yield f"{cue} {name}", item


def plain_name(name: str) -> str:
    """Folded words, single blanks."""
    return " ".join(WORDS.findall(fold(name).lower()))
