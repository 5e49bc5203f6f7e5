"""Agencies by the names that people use: full, short, folk, of before the mergers of 2025, with slips and without accents."""

import csv
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from rapidfuzz.distance import OSA

from bot.understanding.text import fold

WARD = "commune_2025"
FORMER = re.compile(r"(?:Phường|Xã|Thị trấn) ([^,\"(]+?)(?: \([^)]*\))?,")
"""A ward that a ward of today was formed from. The last of the list may be cut, so a comma must follow."""
WARD_CUES = ("phường", "xã", "p", "x", "ubnd", "ủy ban", "ward", "thị trấn", "tt")
DISTRICT_CUES = ("huyện", "thị xã", "thành phố", "tp", "tx")
WARD_KIND = re.compile(r"^UBND (?:\(phường/xã\)|phường|xã|thị trấn) ")
DISTRICT_KIND = re.compile(r"^UBND (?:huyện|thị xã|thành phố) ")
MOST = 3
SHORTEST_WITH_SLIP, LENGTH_OF_TWO_SLIPS = 6, 12
LONG_NAME = 3
"""Words; one of them may carry a wrong mark."""
WORDS = re.compile(r"[^\W_]+")
_CUES = tuple(f"{fold(cue)} " for cue in WARD_CUES)
_FIRST_WORDS = frozenset({"so", "trung", "ban", "thanh", "van", "phuong", "xa", "ubnd", "huyen", "thi"})
"""After one of these a slip in the rest of a name is still a name."""


@dataclass(frozen=True, slots=True)
class Agency:
    """An agency of today."""

    code: str
    name: str
    short_name: str
    """For an SMS."""


@dataclass(frozen=True, slots=True)
class Named:
    """The agencies that a text may mean, best first, at most three; one: that is it."""

    agencies: tuple[Agency, ...] = ()
    elsewhere: bool = False
    """It names a body that has offices of its own: police, court, tax, insurance."""


def agencies_named(text: str) -> Named:
    """What *text* names: a code, else the longest name in it, else one that is a slip away."""
    if known := agency(text.strip().upper()):
        return Named((known,))
    typed = [_word(word) for word in WORDS.findall(unicodedata.normalize("NFC", text).lower())]
    found = _longest(typed)
    if _names_another_body([word.plain for word in typed]) and not (found and set(found) <= set(_departments())):
        return Named(elsewhere=True)
    return Named((found or _with_slip([word.plain for word in typed]))[:MOST])


@cache
def _by_code() -> dict[str, Agency]:
    return {item.code: item for item in (*_departments(), *_wards())}


def agency(code: str) -> Agency | None:
    """The agency of today with this code."""
    return _by_code().get(code)


@dataclass(frozen=True, slots=True)
class _Word:
    plain: str
    marks: str
    """Its marks in order, wherever they stand: ``hoà`` and ``hòa`` are one word. Empty when typed without."""


def _word(typed: str) -> _Word:
    apart = unicodedata.normalize("NFD", typed)
    marks = (character for character in apart if unicodedata.combining(character) or character == "đ")
    return _Word(fold(typed), "".join(sorted(marks)))


def _longest(typed: list[_Word]) -> tuple[Agency, ...]:
    """A ward named behind "một cửa" or the centre is the ward's own counter, so there the ward wins."""
    hits = list(_hits(typed))
    departments = {item for name, _ in hits for item in name.agencies if item in _departments()}
    wards = [hit for hit in hits if hit[0].has_cue]
    if wards and departments == {_centre()}:
        hits = wards
    return max(hits, key=lambda hit: hit[1], default=(_NOTHING, 0))[0].agencies


def _hits(typed: list[_Word]) -> Iterator[tuple["_Name", int]]:
    """Each name in the text with its number of words."""
    names = _names()
    plain = [word.plain for word in typed]
    for length in range(min(len(typed), _most_words()), 0, -1):
        for start, phrase in enumerate(_runs(plain, length)):
            name = names.get(phrase)
            if name is not None and _marks_agree(typed[start : start + length], name):
                yield name, length


def _marks_agree(typed: list[_Word], name: "_Name") -> bool:
    """``xã chỗ nào`` does not name "Chờ": marks that were typed must be the right ones, in long names but for one word."""
    wrong = sum(bool(word.marks) and word.marks != marks for word, marks in zip(typed, name.marks, strict=True))
    return wrong <= (1 if len(typed) >= LONG_NAME else 0)


def _with_slip(words: list[str]) -> tuple[Agency, ...]:
    """A slip behind a right first word ("phường", "sở"): one in six letters and more, two in twelve; all equally near ones."""
    alike: defaultdict[int, list[Agency]] = defaultdict(list)
    for length in range(min(len(words), _most_words()), 1, -1):
        for typed in _runs(words, length):
            first, _, rest = typed.partition(" ")
            if first in _FIRST_WORDS:
                for distance, agencies in _alike(length, first, rest):
                    alike[distance] += agencies
        if alike:
            return tuple(dict.fromkeys(alike[min(alike)]))
    return ()


def _alike(length: int, first: str, rest: str) -> Iterator[tuple[int, tuple[Agency, ...]]]:
    for name, agencies in _rests(length, first):
        allowed = _slips_allowed(name)
        distance = OSA.distance(name, rest, score_cutoff=allowed) if allowed else 1
        if distance <= allowed:
            yield distance, agencies


def _slips_allowed(name: str) -> int:
    letters = len(name)
    return 0 if letters < SHORTEST_WITH_SLIP else 1 if letters < LENGTH_OF_TWO_SLIPS else 2


def _runs(words: list[str], length: int) -> Iterator[str]:
    return (" ".join(words[start : start + length]) for start in range(len(words) - length + 1))


def _names_another_body(words: list[str]) -> bool:
    text = f" {' '.join(words)} "
    return any(f" {body} " in text for body in _other_bodies())


@cache
def _other_bodies() -> tuple[str, ...]:
    lines = files("bot").joinpath("data/other_bodies.txt").read_text(encoding="utf-8").splitlines()
    return tuple(_plain(line) for line in lines if line)


@dataclass(frozen=True, slots=True)
class _Name:
    agencies: tuple[Agency, ...]
    marks: tuple[str, ...]
    has_cue: bool


_NOTHING = _Name((), (), has_cue=False)


@cache
def _names() -> dict[str, _Name]:
    """Folded names, each with the agencies of today that it may mean. A name of today hides an older use of it."""
    found: dict[str, _Name] = {}
    for names in (_department_names(), _ward_names(), _former_ward_names(), _district_names()):
        meant: defaultdict[str, dict[Agency, None]] = defaultdict(dict)
        written: dict[str, str] = {}
        for name, item in names:
            meant[_plain(name)][item] = None
            written.setdefault(_plain(name), name)
        found = {plain: _name(written[plain], tuple(items)) for plain, items in meant.items()} | found
    return found


def _name(written: str, agencies: tuple[Agency, ...]) -> _Name:
    words = WORDS.findall(unicodedata.normalize("NFC", written).lower())
    return _Name(agencies, tuple(_word(word).marks for word in words), has_cue=fold(written).lower().startswith(_CUES))


@cache
def _rests(words: int, first: str) -> tuple[tuple[str, tuple[Agency, ...]], ...]:
    """The names of so many words that begin with this one, without it."""
    return tuple(
        (name.removeprefix(f"{first} "), known.agencies)
        for name, known in _names().items()
        if name.count(" ") == words - 1 and name.startswith(f"{first} ")
    )


@cache
def _most_words() -> int:
    return max(name.count(" ") + 1 for name in _names())


@cache
def _centre() -> Agency:
    return _departments()[0]


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
def _departments() -> tuple[Agency, ...]:
    return tuple(map(_department, _department_rows()))


def _department_names() -> Iterator[tuple[str, Agency]]:
    for row in _department_rows():
        for name in (row["name"], *row["former"].split("|"), *row["folk"].split("|")):
            if name:
                yield name, _department(row)


def _ward_rows() -> Iterator[dict[str, str]]:
    return (row for row in _agency_rows() if row["level"] == WARD)


def _ward(row: dict[str, str]) -> Agency:
    """A ward when a ward is among those it was formed from: the list does not say which of the two it is."""
    name = WARD_KIND.sub("", row["name_vi"])
    kind, short = ("phường", "P.") if "Phường " in row["note"] else ("xã", "X.")
    return Agency(row["code_2025"], f"UBND {kind} {name}", f"UBND {short} {fold(name)}")


def _wards() -> Iterator[Agency]:
    return map(_ward, _ward_rows())


def _ward_names() -> Iterator[tuple[str, Agency]]:
    for row in _ward_rows():
        yield from _with_cues(WARD_KIND.sub("", row["name_vi"]), _ward(row))


def _former_ward_names() -> Iterator[tuple[str, Agency]]:
    for row in _ward_rows():
        for name in FORMER.findall(row["note"]):
            yield from _with_cues(name, _ward(row))


def _district_names() -> Iterator[tuple[str, Agency]]:
    """A district of before 2025-07-01 stands for the ward of its name, then those formed from its wards."""
    today = _former_and_today()
    for row in _agency_rows():
        if row["level"] == "district":
            name = DISTRICT_KIND.sub("", row["name_vi"])
            own = (
                WARD_KIND.sub("", one["name_vi"]) for one in _agency_rows() if one["parent_code"] == row["code_2018"]
            )
            for ward in (name, *own):
                for item in today.get(_plain(ward), ()):
                    yield from ((f"{cue} {name}", item) for cue in DISTRICT_CUES)


def _former_and_today() -> dict[str, list[Agency]]:
    found: defaultdict[str, list[Agency]] = defaultdict(list)
    for name, item in (*_ward_names(), *_former_ward_names()):
        if item not in found[_plain(name)]:
            found[_plain(name)].append(item)
    return found


def _with_cues(name: str, item: Agency) -> Iterator[tuple[str, Agency]]:
    """A name of one word is only a name behind a word that says so: ``chu`` is also "chữ"."""
    if " " in name:
        yield name, item
    for cue in WARD_CUES:
        yield f"{cue} {name}", item


def _plain(name: str) -> str:
    return " ".join(WORDS.findall(fold(name).lower()))
