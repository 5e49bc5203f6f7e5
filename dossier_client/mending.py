"""Finding dossier codes in what people type, and mending slips of typing where exactly one reading exists.

Nothing here knows which dossiers exist: a code is mended by its grammar alone, never by likeness to other codes.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from dossier_client.codes import LOOK_ALIKES, CodeKind, DossierCode, day_test, parse
from dossier_client.mending_cleaning import DIGIT_LIKE as D
from dossier_client.mending_cleaning import Cleaned, as_digits, clean, decoded, has_bidi
from dossier_client.mending_diagnosis import part_of, problem_of_run
from dossier_client.mending_links import Link, links
from dossier_client.mending_ranges import begins_range, is_range
from dossier_client.mending_readings import readings
from dossier_client.mending_runs import Chunk, bare, groups_of, runs
from dossier_client.mending_spans import readings_of_span, readings_with_slips, usual_sequence
from dossier_client.mending_spoken import with_separators

_DIGIT = re.compile(r"\d")
_ALONE = (CodeKind.PROCEDURE, CodeKind.PERSONAL_ID, CodeKind.PHONE)
_START_OF_AGENCY = re.compile(rf"{D}{{2,3}}|{D}{{1,3}}(?:[-._/]{D}{{1,3}})+")
_ENDINGS = frozenset({1, 4})
"""Digits that may follow a code over a blank: a rating, or the last four of an identity number."""
_MOST_CHUNKS = 9
"""A head, four levels, the date in three and the number."""
_SHORTEST_CODE, _LONGEST_CODE = 12, 40
"""Over blanks, and with all its separators."""
_TYPED = 60
_SHORTEST_SEQUENCE = 3
_CLOSED = re.compile(r"(?:[.,;:!)>\]}\"'”’]?(?: |\Z))")
_WILDCARD_BEFORE = re.compile(r"[*?%#][-._/ ]?\Z")
_HEAD = re.compile(rf"[HGK]{D}")
_HEAD_LETTER = re.compile(r"[HGK]")
_ALNUM = re.compile(r"[^\W_]")
_RATING = re.compile(r"\b(?:DG|DANH ?GIA|ĐÁNH ?GIÁ|CHAM ?DIEM|CHẤM ?ĐIỂM|RATE|SAO)\b")
_MOST_UNITS = 3
"""Before the head."""
_BEFORE_HEAD = re.compile(r"[HGK].*|[^0-9A-Z|]")
_UNIT_DIGITS = 7
SEVERAL_READINGS, RANGE = "several_readings", "range"


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
    """Cleaned, at most 60 characters."""
    problem: str
    """``date``, ``too_few_digits``, ``too_many_digits``, ``no_head``, ``no_sequence``, ``procedure``, ``agency``, ``not_a_code``, ``bidi``,
    ``several_readings``, ``range``."""
    start: int
    end: int
    part: str
    """What can be held against the sender's own codes, for instance ``12-260610-0001``."""
    readings: tuple[str, ...] = ()
    """Two to four codes that it may stand for: it stands for one of them if exactly that one exists."""


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
    if whole := _whole(text, today):
        return CodesInText((whole,))
    findings = _without_ranges(text, sorted(_findings(text, today), key=lambda finding: finding.start))
    codes: dict[str, TypedCode] = {}
    for finding in findings:
        if isinstance(finding, TypedCode):
            codes.setdefault(finding.code.text, finding)
    malformed = tuple(finding for finding in findings if isinstance(finding, Malformed))
    return CodesInText(tuple(codes.values()), malformed, _rest(text, findings))


def _whole(text: str, today: date) -> TypedCode | None:
    """A text that is one code and nothing else, as most are: what follows would find the same in forty times the time."""
    typed = text.strip()
    code = parse(typed.upper(), today) if typed.isascii() else None
    if code is None:
        return None
    start = text.index(typed)
    return TypedCode(code, typed, start, start + len(typed), mended=False)


def _without_ranges(text: str, findings: Sequence[_Finding]) -> list[_Finding]:
    refused: set[int] = set()
    for place, finding in enumerate(findings):
        if not isinstance(finding, TypedCode):
            continue
        following = findings[place + 1] if place + 1 < len(findings) else None
        if begins_range(finding.code, text[finding.end : finding.end + _TYPED]):
            refused.add(place)
        elif isinstance(following, TypedCode) and is_range(
            finding.code, text[finding.end : following.start], following.code
        ):
            refused |= {place, place + 1}
    return [
        Malformed(clean(finding.typed).text[:_TYPED], RANGE, finding.start, finding.end, "")
        if place in refused and isinstance(finding, TypedCode)
        else finding
        for place, finding in enumerate(findings)
    ]


def _rest(text: str, findings: Sequence[_Finding]) -> str:
    if not findings:
        return text
    starts = [0, *(finding.end for finding in findings)]
    ends = [*(finding.start for finding in findings), len(text)]
    return " ".join(text[start:end].strip() for start, end in zip(starts, ends, strict=True)).strip()


def _findings(text: str, today: date) -> Iterator[_Finding]:
    bidi = has_bidi(decoded(text))
    visible = text
    for link in links(text):
        finding = _from_link(link, today)
        yield _checked(finding, bidi=bidi or (isinstance(finding, TypedCode) and has_bidi(finding.typed)))
        visible = visible[: link.start] + " " * (link.end - link.start) + visible[link.end :]
    cleaned = clean(visible)
    cleaned = Cleaned(with_separators(cleaned.text), cleaned.offsets)
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
        codes = ((value, parse(bare(clean(value).text), today)) for value in link.others)
        found = (TypedCode(code, value, link.start, link.end, mended=False) for value, code in codes if code)
        return next(found, _Dropped(link.start, link.end))
    plain = bare(clean(link.code).text)
    texts = (plain,) if parse(plain, today) else readings(groups_of(plain), day_test(today))
    if len(texts) == 1 and (only := parse(texts[0], today)):
        return TypedCode(only, link.code, link.start, link.end, _is_mended(link.code, only))
    if len(texts) > 1:
        return Malformed(plain[:_TYPED], SEVERAL_READINGS, link.start, link.end, part_of(plain), texts)
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
        self.heads = [place for place, chunk in enumerate(chunks) if _HEAD_LETTER.search(chunk.text)]

    def findings(self) -> Iterator[_Finding]:
        """Codes take as many chunks as have a reading together; what stands between them is diagnosed."""
        first = left = 0
        while left < len(self.chunks):
            right, found = self._longest_code(left)
            if not found:
                left += 1
                continue
            if self._goes_on(first, left, right, found):
                yield from self._unread(first, len(self.chunks), "not_a_code")
                return
            yield from self._unread(first, left)
            yield self._code(left, right, found)
            first = left = right
        yield from self._unread(first, len(self.chunks))

    def _longest_code(self, left: int) -> tuple[int, tuple[str, ...]]:
        if code := parse(self.chunks[left].text, self.today):
            found = self._with_rest_of_number(left, code)
            return (left + 2, found) if found else (left + 1, (code.text,))
        width = 0
        longest: tuple[int, tuple[str, ...]] = (left + 1, ())
        at = bisect_left(self.heads, left)
        head, following = (*self.heads[at : at + 2], len(self.chunks), len(self.chunks))[:2]
        if head - left > _MOST_UNITS:
            return longest
        for right in range(left + 1, min(following, left + _MOST_CHUNKS) + 1):
            width += len(self.chunks[right - 1].text)
            if width > _LONGEST_CODE:
                break
            if width >= _SHORTEST_CODE and (found := readings_of_span(self.chunks[left:right], self.is_day)):
                longest = (right, found)
        return longest

    def _with_rest_of_number(self, left: int, code: DossierCode) -> tuple[str, ...]:
        """``-012 3`` at the end of a text may be one number with a blank in it, unless a rating is given; ``-000 1`` always is."""
        if left + 1 == len(self.chunks):
            return ()
        joined = readings_with_slips(self.chunks[left : left + 2], self.cleaned.text, self.is_day)
        if not int(code.sequence):
            return joined
        end = self.chunks[left + 1].end
        is_last = not _ALNUM.search(self.cleaned.text, end) and not self._ends_open(left + 2)
        is_short = len(code.sequence) < usual_sequence(code.text)
        return (code.text, *joined) if joined and is_last and is_short and not _RATING.search(self.cleaned.text) else ()

    def _goes_on(self, first: int, left: int, right: int, found: Sequence[str]) -> bool:
        """Do digits beside the code belong to it, so that it does not use up its run?"""
        over_blanks = right - left > 1
        before = self.chunks[left - 1].text if left > first else ""
        after = self.chunks[right].text if right < len(self.chunks) else ""
        may_lack_start = "." not in found[0] or (found[0][0].isdigit() and (over_blanks or self._lacks_units(left)))
        if may_lack_start and (_START_OF_AGENCY.fullmatch(before) or self._begins_open(left)):
            return True
        if self._is_padded(left, right, found):
            return after.isdigit() or self._ends_open(right)
        return over_blanks and after.isdigit() and len(after) not in _ENDINGS and not self._longest_code(right)[1]

    def _lacks_units(self, left: int) -> bool:
        return len(_BEFORE_HEAD.sub("", self.chunks[left].text)) < _UNIT_DIGITS

    def _is_padded(self, left: int, right: int, found: Sequence[str]) -> bool:
        """Whether zeros were put before the number, so that what follows may be the rest of it."""
        typed = as_digits("".join("".join(chunk.groups) for chunk in self.chunks[left:right]))
        return not all(typed.endswith(text.rpartition("-")[2]) for text in found)

    def _begins_open(self, left: int) -> bool:
        start = self.chunks[left].start
        return _WILDCARD_BEFORE.search(self.cleaned.text[max(0, start - 2) : start]) is not None

    def _ends_open(self, right: int) -> bool:
        """Whether a sign follows that may stand for more digits, and not a blank or the end of a sentence."""
        return _CLOSED.match(self.cleaned.text, self.chunks[right - 1].end) is None

    def _unread(self, first: int, last: int, problem: str | None = None) -> Iterator[_Finding]:
        """Pieces that are no code with their blanks as separators: with some blanks taken for slips, else what is wrong."""
        if first == last:
            return
        for left, right in self._spans(first, last):
            found = readings_with_slips(self.chunks[left:right], self.cleaned.text, self.is_day)
            if found and not self._goes_on(first, left, right, found):
                yield from self._problem(first, left)
                yield self._code(left, right, found)
                yield from self._problem(right, last)
                return
        if problem:
            yield self._told(first, last, problem)
        else:
            yield from self._problem(first, last)

    def _spans(self, first: int, last: int) -> Iterator[tuple[int, int]]:
        """From the first piece or from the head, to the last or to the one before a rating or an identity number."""
        heads = [place for place in range(first, last) if _HEAD.match(self.chunks[place].text)]
        ends = [last, last - 1] if len(self.chunks[last - 1].text) in _ENDINGS else [last]
        for left in dict.fromkeys([first, *heads[:1]]):
            for right in ends:
                if right - left > 1 and sum(len(chunk.text) for chunk in self.chunks[left:right]) <= _LONGEST_CODE:
                    yield left, right

    def _code(self, left: int, right: int, found: tuple[str, ...]) -> TypedCode | Malformed:
        if right - left > 1:
            slips = readings_with_slips(self.chunks[left:right], self.cleaned.text, self.is_day)
            found = tuple(dict.fromkeys((*found, *slips)))
        start, end = self._place(left, right)
        told = self._typed(left, right)
        if len(found) > 1:
            return Malformed(told[:_TYPED], SEVERAL_READINGS, start, end, part_of(told), found)
        code = parse(found[0], self.today)
        if code is None:
            return Malformed(told[:_TYPED], "date", start, end, found[0])
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
