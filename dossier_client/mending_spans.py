"""What some neighbouring pieces of a run can be read as together, where a blank may be a separator or a slip."""

import itertools
import re
from collections.abc import Iterator, Sequence

from dossier_client.mending_cleaning import DIGIT_LIKE as D
from dossier_client.mending_dates import IsDay
from dossier_client.mending_readings import USUAL_SEQUENCES, readings
from dossier_client.mending_rewriting import MOST_READINGS
from dossier_client.mending_runs import Chunk

_HEAD = re.compile(rf"[HGK]{D}")
_HEAD_LETTER = re.compile(r"[HGK]")
_DATE_GLUED_TO_LEVEL = re.compile(r"([HG][0-9]{2}(?:\.[0-9]{1,4}){0,3}\.[0-9]{1,4})([0-9]{6})-([0-9]{3,7})")
_ZEROS = re.compile(r"[0OQD]+")
_MOST_BLANKS = 5
"""With more blanks than these, all or none of them are slips."""
_UNITS = 3
_LONG_DATE = 8
_OF_PROVINCES, _BESIDE_SHORT_DATE, _BESIDE_LONG_DATE = 4, 6, 7


def readings_of_span(chunks: Sequence[Chunk], is_day: IsDay) -> tuple[str, ...]:
    """The readings with every blank taken for a separator."""
    groups = [group for chunk in chunks for group in chunk.groups]
    if not any(_HEAD_LETTER.search(group) for group in groups) or _lacks_start(chunks):
        return ()
    found = readings(groups, is_day)
    return tuple(dict.fromkeys((*found, *_date_glued_to_level(chunks[0].text, is_day)))) if len(chunks) == 1 else found


def _date_glued_to_level(text: str, is_day: IsDay) -> tuple[str, ...]:
    """``H05.12260610-0001``: behind a dot stands a level, so only the dash before the date is missing."""
    match = _DATE_GLUED_TO_LEVEL.fullmatch(text)
    return (f"{match[1]}-{match[2]}-{match[3]}",) if match and is_day(match[2]) else ()


def readings_with_slips(chunks: Sequence[Chunk], plain: str, is_day: IsDay) -> tuple[str, ...]:
    """The readings with every blank taken for a separator or for a slip; none when there are too many.

    Where blanks are the only separators they are slips only if nothing can be read otherwise.
    """
    gaps = [plain[left.end : right.start] for left, right in itertools.pairwise(chunks)]
    blanks = [place for place, gap in enumerate(gaps) if not gap.strip(" ")]
    as_separators = readings_of_span(chunks, is_day)
    only_blanks = len(blanks) == len(gaps) and all(len(chunk.groups) == 1 for chunk in chunks)
    if (as_separators and only_blanks) or _lacks_start(chunks):
        return as_separators
    texts = dict.fromkeys(as_separators)
    for joined in _choices(blanks):
        groups = _joined(chunks, joined)
        found = [text for text in readings(groups, is_day) if is_day(text.split("-")[1])]
        if len(chunks) - 2 in joined and any(not _is_usual(text) for text in found):
            continue
        texts |= dict.fromkeys(found)
    return tuple(texts) if len(texts) <= MOST_READINGS else ()


def _choices(blanks: Sequence[int]) -> Iterator[frozenset[int]]:
    if len(blanks) > _MOST_BLANKS:
        yield frozenset(blanks)
        return
    for count in range(1, len(blanks) + 1):
        yield from map(frozenset, itertools.combinations(blanks, count))


def _joined(chunks: Sequence[Chunk], joined: frozenset[int]) -> list[str]:
    groups = chunks[0].groups
    for place, chunk in enumerate(chunks[1:]):
        first, *others = chunk.groups
        if place in joined and not _HEAD.match(first):
            groups[-1] += first
        else:
            groups.append(first)
        groups += others
    return groups


def usual_sequence(text: str) -> int:
    """How many digits the number of such a code mostly has: in those of ministries as many as belong to its date."""
    _, day, _ = text.split("-")
    if not text.startswith("G"):
        return _OF_PROVINCES
    return _BESIDE_LONG_DATE if len(day) == _LONG_DATE else _BESIDE_SHORT_DATE


def _is_usual(text: str) -> bool:
    """A number whose last digits stood apart counts only in its usual length: they may be something else."""
    return len(text.rpartition("-")[2]) in USUAL_SEQUENCES["G" if text.startswith("G") else "H"]


def _lacks_start(chunks: Sequence[Chunk]) -> bool:
    """Whether fewer than three units stand before the head, over a blank: they may be another number, unless they begin with zeros."""
    at = next((place for place, chunk in enumerate(chunks) if _HEAD_LETTER.search(chunk.text)), 0)
    if not at:
        return False
    groups = [group for chunk in chunks[: at + 1] for group in chunk.groups]
    before = list(itertools.takewhile(lambda group: not _HEAD_LETTER.search(group), groups))
    return len(before) < _UNITS and not (len(before) > 1 and _ZEROS.fullmatch(before[0]))
