"""Agencies by the names that people use: full, short, folk, of before the mergers of 2025, with slips and without accents."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from rapidfuzz.distance import OSA

from bot.understanding.agencies import (
    WARD_CUES,
    WORDS,
    Agency,
    agency,
    department_names,
    departments,
    district_names,
    former_department_names,
    former_ward_names,
    plain_name,
    ward_names,
)
from bot.understanding.text import fold

MOST = 3
SHORTEST_WITH_SLIP, LENGTH_OF_TWO_SLIPS = 6, 12
LONG_NAME = 3
"""Words; one of them may carry a wrong mark."""
_CUES = tuple(f"{fold(cue)} " for cue in WARD_CUES)
_FIRST_WORDS = frozenset({"so", "trung", "ban", "thanh", "van", "phuong", "xa", "ubnd", "huyen", "thi"})
"""After one of these a slip in the rest of a name is still a name."""


@dataclass(frozen=True, slots=True)
class Named:
    """The agencies that a text may mean, best first, at most three; one: that is it."""

    agencies: tuple[Agency, ...] = ()
    is_former: bool = False
    """The name is that of an agency which was merged into these."""
    elsewhere: bool = False
    """It names a body that has offices of its own: police, court, tax, insurance."""


def agencies_named(text: str) -> Named:
    """What *text* names: a code, else the longest name in it, else one that is a slip away."""
    if known := agency(text.strip().upper()):
        return Named((known,))
    typed = [_word(word) for word in WORDS.findall(unicodedata.normalize("NFC", text).lower())]
    found = _longest(typed)
    if _names_another_body([word.plain for word in typed]) and not (
        found and set(found.agencies) <= set(departments())
    ):
        return Named(elsewhere=True)
    if found:
        return Named(found.agencies[:MOST], found.is_former)
    return Named(_with_slip([word.plain for word in typed])[:MOST])


@dataclass(frozen=True, slots=True)
class _Word:
    plain: str
    marks: str
    """Its marks in order, wherever they stand: ``hoà`` and ``hòa`` are one word. Empty when typed without."""


def _word(typed: str) -> _Word:
    apart = unicodedata.normalize("NFD", typed)
    marks = (character for character in apart if unicodedata.combining(character) or character == "đ")
    return _Word(fold(typed), "".join(sorted(marks)))


def _longest(typed: list[_Word]) -> "_Name | None":
    """A ward named behind "một cửa" or the centre is the ward's own counter, so there the ward wins."""
    hits = list(_hits(typed))
    named = {item for name, _ in hits for item in name.agencies if item in departments()}
    wards = [hit for hit in hits if hit[0].has_cue]
    if wards and named == {_centre()}:
        hits = wards
    return max(hits, key=lambda hit: hit[1])[0] if hits else None


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
    return tuple(plain_name(line) for line in lines if line)


@dataclass(frozen=True, slots=True)
class _Name:
    agencies: tuple[Agency, ...]
    marks: tuple[str, ...]
    has_cue: bool = False
    is_former: bool = False


@cache
def _names() -> dict[str, _Name]:
    """Folded names, each with the agencies of today that it may mean. A name of today hides an older use of it."""
    found: dict[str, _Name] = {}
    sources = (
        (department_names(), False),
        (former_department_names(), True),
        (ward_names(), False),
        (former_ward_names(), True),
        (district_names(), True),
    )
    for names, is_former in sources:
        meant: defaultdict[str, dict[Agency, None]] = defaultdict(dict)
        written: dict[str, str] = {}
        for name, item in names:
            meant[plain_name(name)][item] = None
            written.setdefault(plain_name(name), name)
        new = {plain: _name(written[plain], tuple(items), is_former=is_former) for plain, items in meant.items()}
        found = new | found
    return found


def _name(written: str, agencies: tuple[Agency, ...], *, is_former: bool) -> _Name:
    marks = tuple(_word(word).marks for word in WORDS.findall(unicodedata.normalize("NFC", written).lower()))
    return _Name(agencies, marks, fold(written).lower().startswith(_CUES), is_former)


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
    return departments()[0]
