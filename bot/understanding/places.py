"""The gazetteer: wards and communes of the province, and streets that bear names of people."""

import csv
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from rapidfuzz.distance import OSA

from bot.understanding.text import fold

LEVEL = "commune_2025"
FORMER = re.compile(r"(?:Phường|Xã|Thị trấn) ([^,\"]+),")
"""A name in the list of what a ward was formed from; a cut one at the end would be a wrong name."""
KINDS = (
    "UBND (phường/xã) ",
    "UBND phường ",
    "UBND xã ",
    "UBND thị trấn ",
    "UBND thành phố ",
    "UBND thị xã ",
    "UBND huyện ",
    "UBND ",
)
CUE = re.compile(r"\b(?:phuong|p\.|p|xa|x\.|tt\.|thi tran|tt|ubnd|uy ban|thanh pho|tp\.?|huyen|thi xa)[ .]*$")
SLIP_CUE = re.compile(r"\b(?:phuong|xa|p\.|x\.|thi tran|ubnd)[ .]+")
SHORTEST_WITH_SLIP = 6
LONGEST_NAME = 30


@dataclass(frozen=True, slots=True)
class Place:
    """A ward or commune of today."""

    name: str
    """Without "phường", "xã": ``Võ Cường``."""
    agency_name: str
    agency_code: str


@cache
def places() -> dict[str, Place]:
    """By folded name: the wards and communes since the two-level reform of 2025-07-01, and those before it, each as what it became."""
    text = files("dossier_client").joinpath("data/agencies_bac_ninh.csv").read_text(encoding="utf-8")
    rows = [row for row in csv.DictReader(text.splitlines()) if row["level"] == LEVEL]
    found = {_key(former): _place(row) for row in rows for former in FORMER.findall(row["note"])}
    return found | {_key(_place(row).name): _place(row) for row in rows}


@cache
def streets() -> frozenset[str]:
    """Folded names of streets that are names of people."""
    rows = json.loads(files("bot").joinpath("data/places.json").read_text(encoding="utf-8"))
    return frozenset(fold(name).lower() for name in rows["streets"].split("|"))


def is_place(folded: str) -> bool:
    """Whether a folded name is known as that of a place."""
    return folded in places() or folded in streets()


def ward_in(text: str) -> Place | None:
    """The ward or commune that *text* names: longest name first, those after "phường", "xã" before others, then slips of them."""
    plain = fold(text).lower()
    named = sorted(_named(plain), key=lambda item: (-item[0], -len(item[1].name)))
    if named:
        return named[0][1]
    return _slip_after_a_cue(plain)


def _key(name: str) -> str:
    return fold(name).lower()


def _place(row: dict[str, str]) -> Place:
    name = row["name_vi"]
    for kind in KINDS:
        name = name.removeprefix(kind)
    return Place(name, row["name_vi"], row["code_2025"] or row["code_2018"])


def _named(plain: str) -> Iterator[tuple[int, Place]]:
    """Each place named, with 1 where a word before it says that it is one."""
    for match in _pattern().finditer(plain):
        yield int(CUE.search(plain, 0, match.start()) is not None), places()[match[0]]


@cache
def _pattern() -> "re.Pattern[str]":
    names = sorted((name for name in places() if " " in name), key=len, reverse=True)
    single = sorted(name for name in places() if " " not in name)
    cued = rf"(?<=phuong )(?:{'|'.join(single)})|(?<=xa )(?:{'|'.join(single)})" if single else r"(?!)"
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, names))}|{cued})\b")


def _slip_after_a_cue(plain: str) -> Place | None:
    """One slip in a name of six letters and more, right after "phường", "xã" or "UBND"."""
    for cue in SLIP_CUE.finditer(plain):
        words = re.findall(r"[a-z]+", plain[cue.end() : cue.end() + LONGEST_NAME])
        typed = {" ".join(words[:count]) for count in (2, 3)}
        alike = [name for name in places() if any(_one_slip(name, attempt) for attempt in typed)]
        if len(alike) == 1:
            return places()[alike[0]]
    return None


def _one_slip(name: str, typed: str) -> bool:
    return len(name) >= SHORTEST_WITH_SLIP and OSA.distance(name, typed, score_cutoff=1) <= 1
