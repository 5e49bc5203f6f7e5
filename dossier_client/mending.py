"""Finding dossier codes in what people type, and mending slips of typing where exactly one reading exists.

Nothing here knows which dossiers exist: a code is mended by its grammar alone, never by likeness to other codes.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from rapidfuzz.distance import OSA

from dossier_client.codes import LOOK_ALIKES, CodeKind, DossierCode, day_test, parse
from dossier_client.mending_cleaning import DIGIT_LIKE as D
from dossier_client.mending_cleaning import Cleaned, clean, has_bidi
from dossier_client.mending_diagnosis import part_of, problem_of_run
from dossier_client.mending_links import Link, links
from dossier_client.mending_readings import only_reading
from dossier_client.mending_runs import Chunk, bare, groups_of, runs

_DIGIT = re.compile(r"\d")
_ALONE = (CodeKind.PROCEDURE, CodeKind.PERSONAL_ID, CodeKind.PHONE)
_START_OF_AGENCY = re.compile(rf"{D}{{2,3}}(?:[-._/]{D}{{2,3}})*")
_ENDINGS = frozenset({1, 4})
"""Digits that may follow a code over a blank: a rating, or the last four of an identity number."""
_MOST_CHUNKS = 7
"""A head, four levels, the date and the number."""
_SHORTEST_CODE, _LONGEST_CODE = 12, 40
"""Over blanks, and with all its separators."""
_TYPED = 25
_SHORTEST_PART = 4
_DISTANCE = 1


@dataclass(frozen=True, slots=True)
class TypedCode:
    """A code in a text; ``text[start:end]`` is where it stands (the whole link, when it came in one)."""

    code: DossierCode
    typed: str
    start: int
    end: int
    mended: bool
    """More than case and blanks was repaired: the reply shows the code as understood."""


@dataclass(frozen=True, slots=True)
class Malformed:
    """Something that was meant as a code and fits no shape."""

    typed: str
    """Cleaned, at most 25 characters."""
    problem: str
    """``date``, ``too_few_digits``, ``too_many_digits``, ``no_head``, ``no_sequence``, ``procedure``, ``agency``, ``not_a_code``, ``bidi``."""
    start: int
    end: int
    part: str
    """What can be held against the sender's own codes, for instance ``12-260610-0001``."""


@dataclass(frozen=True, slots=True)
class CodesInText:
    """What a text holds, in text order."""

    codes: tuple[TypedCode, ...] = ()
    """Each code once, no cap."""
    malformed: tuple[Malformed, ...] = ()
    rest: str = ""
    """The text without these; links that hold personal values are left out too."""


@dataclass(frozen=True, slots=True)
class _Dropped:
    """A link without a code: it may hold an identity number."""

    start: int
    end: int


_Finding = TypedCode | Malformed | _Dropped


def find_codes(text: str, today: date) -> CodesInText:
    """Codes, things meant as codes, and the rest. Never raises. A text that fits the grammar is not repaired."""
    if not _DIGIT.search(text):
        return CodesInText((), (), text)
    findings = sorted(_findings(text, today), key=lambda finding: finding.start)
    codes: dict[str, TypedCode] = {}
    for finding in findings:
        if isinstance(finding, TypedCode):
            codes.setdefault(finding.code.text, finding)
    malformed = tuple(finding for finding in findings if isinstance(finding, Malformed))
    return CodesInText(tuple(codes.values()), malformed, _rest(text, findings))


def _rest(text: str, findings: Sequence[_Finding]) -> str:
    if not findings:
        return text
    starts = [0, *(finding.end for finding in findings)]
    ends = [*(finding.start for finding in findings), len(text)]
    return " ".join(text[start:end].strip() for start, end in zip(starts, ends, strict=True)).strip()


def _findings(text: str, today: date) -> Iterator[_Finding]:
    bidi = has_bidi(text)
    visible = text
    for link in links(text):
        finding = _from_link(link, today)
        yield _checked(finding, bidi=bidi or (isinstance(finding, TypedCode) and has_bidi(finding.typed)))
        visible = visible[: link.start] + " " * (link.end - link.start) + visible[link.end :]
    cleaned = clean(visible)
    for run in runs(cleaned.text, _stands_alone):
        for finding in _Run(run, cleaned, visible, today).findings():
            yield _checked(finding, bidi=bidi)


def _checked(finding: _Finding, *, bidi: bool) -> _Finding:
    """Signs that turn the reading direction make another code seen than is stored: nothing is guessed then."""
    if not bidi or not isinstance(finding, TypedCode):
        return finding
    return Malformed(clean(finding.typed).text[:_TYPED], "bidi", finding.start, finding.end, "")


def _from_link(link: Link, today: date) -> _Finding:
    """Only the parameter made for codes is mended; elsewhere in a link a code counts as it stands."""
    if not link.code:
        codes = ((value, parse(value.upper(), today)) for value in link.others)
        found = (TypedCode(code, value, link.start, link.end, mended=False) for value, code in codes if code)
        return next(found, _Dropped(link.start, link.end))
    plain = bare(clean(link.code).text)
    if code := parse(plain, today) or parse(only_reading(groups_of(plain), day_test(today)) or "", today):
        return TypedCode(code, link.code, link.start, link.end, _is_mended(link.code, code))
    problems = [finding.problem for finding in find_codes(plain, today).malformed]
    return Malformed(plain[:_TYPED], (*problems, "not_a_code")[0], link.start, link.end, part_of(plain))


def _stands_alone(text: str) -> bool:
    return any(LOOK_ALIKES[kind].fullmatch(text) for kind in _ALONE)


def _is_mended(typed: str, code: DossierCode) -> bool:
    return "".join(typed.split()).upper() != code.text


class _Run:
    """One run: its codes, and what is wrong with the rest of it."""

    def __init__(self, chunks: Sequence[Chunk], cleaned: Cleaned, text: str, today: date) -> None:
        self.chunks = chunks
        self.cleaned = cleaned
        self.text = text
        self.today = today
        self.is_day = day_test(today)

    def findings(self) -> Iterator[_Finding]:
        """Codes take as many chunks as have a reading together; what stands between them is diagnosed."""
        first = left = 0
        while left < len(self.chunks):
            right, canonical = self._longest_code(left)
            if canonical is None:
                left += 1
                continue
            if self._goes_on(first, left, right, canonical):
                yield self._told(first, len(self.chunks), "not_a_code")
                return
            yield from self._problem(first, left)
            yield self._code(left, right, canonical)
            first = left = right
        yield from self._problem(first, len(self.chunks))

    def _longest_code(self, left: int) -> tuple[int, str | None]:
        width, groups = 0, []
        readings: list[tuple[int, str | None]] = [(left + 1, None)]
        for right in range(left, min(len(self.chunks), left + _MOST_CHUNKS)):
            groups += self.chunks[right].groups
            width += len(self.chunks[right].text)
            if width > _LONGEST_CODE:
                break
            if width >= _SHORTEST_CODE and (reading := self._reading(left, right, groups)):
                readings.append((right + 1, reading))
        return readings[-1]

    def _reading(self, left: int, right: int, groups: Sequence[str]) -> str | None:
        if left == right and parse(self.chunks[left].text, self.today):
            return self.chunks[left].text
        return only_reading(groups, self.is_day)

    def _goes_on(self, first: int, left: int, right: int, canonical: str) -> bool:
        """Do digits beside the code belong to it, so that it does not use up its run?"""
        over_blanks = right - left > 1
        before = self.chunks[left - 1].text if left > first else ""
        after = self.chunks[right].text if right < len(self.chunks) else ""
        may_lack_start = "." not in canonical or (over_blanks and canonical[0].isdigit())
        if may_lack_start and _START_OF_AGENCY.fullmatch(before):
            return True
        return over_blanks and after.isdigit() and len(after) not in _ENDINGS and self._longest_code(right)[1] is None

    def _code(self, left: int, right: int, canonical: str) -> TypedCode | Malformed:
        start, end = self._place(left, right)
        code = parse(canonical, self.today)
        if code is None:
            return Malformed(self._typed(left, right)[:_TYPED], "date", start, end, canonical)
        typed = self.text[start:end]
        return TypedCode(code, typed, start, end, _is_mended(typed, code))

    def _problem(self, first: int, last: int) -> Iterator[Malformed]:
        if chunks := self.chunks[first:last]:
            is_procedure = LOOK_ALIKES[CodeKind.PROCEDURE].fullmatch(chunks[0].text)
            if problem := "procedure" if is_procedure else problem_of_run(chunks, self.is_day):
                yield self._told(first, last, problem)

    def _told(self, first: int, last: int, problem: str) -> Malformed:
        typed = self._typed(first, last)
        return Malformed(typed[:_TYPED], problem, *self._place(first, last), part_of(typed))

    def _typed(self, left: int, right: int) -> str:
        return self.cleaned.text[self.chunks[left].start : self.chunks[right - 1].end]

    def _place(self, left: int, right: int) -> tuple[int, int]:
        return self.cleaned.place(self.chunks[left].start, self.chunks[right - 1].end)


def resembles(typed_part: str, own_code: str) -> bool:
    """One edit or one transposition away, or some of its parts. To be asked about the sender's own codes only."""
    typed, own = (groups_of(part_of(code.upper())) for code in (typed_part, own_code))
    characters, own_characters = "".join(typed), "".join(own)
    if len(characters) < _SHORTEST_PART:
        return False
    if OSA.distance(characters, own_characters, score_cutoff=_DISTANCE) <= _DISTANCE:
        return True
    return own_characters.endswith(characters) or f"-{'-'.join(typed)}-" in f"-{'-'.join(own)}-"
