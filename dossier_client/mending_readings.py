"""How one code-like run can be read as a code when separators are missing or wrong, or letters stand for digits."""

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from dossier_client.mending_cleaning import DIGIT_LIKE as D
from dossier_client.mending_cleaning import as_digits
from dossier_client.mending_dates import IsDay, date_texts
from dossier_client.mending_rewriting import rewritten

_NATIONAL = re.compile(rf"({D}{{3}})-({D}{{2,3}})-({D}{{2,3}})-([HGK]{D}{{2}})-({D}{{6}}|{D}{{8}})-({D}{{3,6}})")
_NATIONAL_GLUED = re.compile(rf"({D}{{3}})({D}{{2}})({D}{{2}})([HGK]{D}{{2}})({D}{{6}})({D}{{4}})")
_NATIONAL_SEAMS = frozenset({3, 5, 7, 10, 16})
_QD20_GLUED = re.compile(rf"[HG]{D}{{11,33}}")
_HEAD = 3
_SHORT_DATE, _LONG_DATE = 6, 8
_SEQUENCES = range(3, 8)
_MOST_LEVELS, _LONGEST_LEVEL, _LONGEST_GLUED_LEVEL = 4, 4, 3
USUAL_SEQUENCES = MappingProxyType({"H": frozenset({4}), "G": frozenset({6, 7}), "K": frozenset({4})})
"""Without a dash before it a sequence of another length may be a slip: nothing is guessed then."""


@dataclass(frozen=True, slots=True)
class _Candidate:
    texts: tuple[str, ...]
    date: str
    usual: bool


def readings(groups: Sequence[str], is_day: IsDay) -> tuple[str, ...]:
    """Every canonical text that uses up all *groups* (what stands between separators) without another digit than the typed.

    Only the first way of reading that fits counts: as the shapes say, without separators, with other dates or fewer zeros.
    The date of one that only lacks separators may be impossible.
    """
    if match := _NATIONAL.fullmatch("-".join(groups)):
        *agency, ymd, sequence = match.groups()
        return _written(agency, ymd, sequence, is_day)
    return _glued_reading(groups, is_day) or rewritten(groups, is_day)


def _written(agency: Sequence[str], ymd: str, sequence: str, is_day: IsDay) -> tuple[str, ...]:
    units = ".".join(as_digits(part) for part in agency)
    dates = date_texts(as_digits(ymd), is_day, keeps_century=units.startswith("G"))
    return tuple(f"{units}-{day}-{as_digits(sequence)}" for day in dates)


def _glued_reading(groups: Sequence[str], is_day: IsDay) -> tuple[str, ...]:
    characters = "".join(groups)
    cuts = frozenset(itertools.accumulate(map(len, groups[:-1])))
    if match := _NATIONAL_GLUED.fullmatch(characters):
        *agency, ymd, sequence = match.groups()
        return _written(agency, ymd, sequence, is_day) if cuts <= _NATIONAL_SEAMS else ()
    if not _QD20_GLUED.fullmatch(characters):
        return ()
    candidates = list(_qd20_candidates(characters, cuts, is_day))
    days = [candidate for candidate in candidates if is_day(candidate.date)] or candidates
    return days[0].texts if len(days) == 1 and days[0].usual else ()


def _qd20_candidates(characters: str, cuts: frozenset[int], is_day: IsDay) -> Iterator[_Candidate]:
    """Every way to set date and sequence at the end; each separator that was typed stands at a seam."""
    for date_width, sequence_width in itertools.product((_SHORT_DATE, _LONG_DATE), _SEQUENCES):
        end = len(characters) - sequence_width
        start = end - date_width
        levels = _levels(characters, cuts, start)
        if levels is None or any(cut > start and cut != end for cut in cuts):
            continue
        if texts := _written([characters[:_HEAD], *levels], characters[start:end], characters[end:], is_day):
            usual = end in cuts or sequence_width in USUAL_SEQUENCES[characters[0]]
            yield _Candidate(texts, texts[0].split("-")[1], usual)


def _levels(characters: str, cuts: frozenset[int], start: int) -> list[str] | None:
    """The levels between the head and the date; None where they cannot end at *start*.

    Digits between two separators are one level. A level may be glued to the date only when nothing at all is separated:
    else a digit too many in the date would be read as a level.
    """
    if start < _HEAD or (cuts and start not in cuts) or any(cut < _HEAD for cut in cuts):
        return None
    seams = sorted({_HEAD, start} | {cut for cut in cuts if cut < start})
    levels = [characters[left:right] for left, right in itertools.pairwise(seams)]
    first_is_glued = bool(levels) and _HEAD not in cuts
    if len(levels) > _MOST_LEVELS or any(len(level) > _LONGEST_LEVEL for level in levels):
        return None
    return None if first_is_glued and len(levels[0]) > _LONGEST_GLUED_LEVEL else levels
