"""Why something that was meant as a code is none."""

import re
from collections.abc import Sequence

from dossier_client.codes import LOOK_ALIKES, CodeKind
from dossier_client.mending_cleaning import DIGIT_LIKE as D
from dossier_client.mending_cleaning import as_digits
from dossier_client.mending_dates import IsDay
from dossier_client.mending_runs import Chunk, groups_of, is_code_like

_HEAD_GROUP = re.compile(rf"[HGK]{D}{{2,}}")
_TAIL = re.compile(r"(?:^|[-._/])\d{6,8}[-._/]\d{3,7}(?!\d)", re.ASCII)
_NATIONAL_START = re.compile(r"\d{3}[-._/]\d{2,3}[-._/]\d{2,3}[-._/]", re.ASCII)
_FEWEST_DIGITS, _FEWEST_DIGITS_OVER_BLANKS = 4, 6
_HEAD = 3
_DATES, _SEQUENCES, _LEVELS = (6, 8), range(3, 8), range(1, 5)
_NATIONAL_UNITS = (range(3, 4), range(2, 4), range(2, 4))
_DATE_AND_SEQUENCE = range(10, 11)
_LEVEL_DATE_AND_SEQUENCE = range(11, 14)
_TWO = 2


def problem_of_run(chunks: Sequence[Chunk], is_day: IsDay) -> str | None:
    """For a run without a reading; None when it was not meant as a code (a date, an amount, a house number)."""
    first = chunks[0].text
    if len(chunks) == 1 and LOOK_ALIKES[CodeKind.AGENCY].fullmatch(first):
        return "agency"
    if LOOK_ALIKES[CodeKind.PAPER].fullmatch(first) or LOOK_ALIKES[CodeKind.FIELD].fullmatch(first):
        return "not_a_code"
    if not is_code_like(first):
        return "not_a_code" if _TAIL.search(first) else None
    groups = [group for chunk in chunks for group in chunk.groups]
    head = next((index for index, group in enumerate(groups) if _HEAD_GROUP.fullmatch(group)), None)
    if head is None:
        return _problem_without_head(chunks, groups, is_day)
    digits = sum(map(len, groups[head:])) - _HEAD
    if digits < (_FEWEST_DIGITS if len(chunks) == 1 else _FEWEST_DIGITS_OVER_BLANKS):
        return None
    return _problem_with_head(groups[:head], groups[head:], is_day)


def _problem_without_head(chunks: Sequence[Chunk], groups: Sequence[str], is_day: IsDay) -> str | None:
    """``260610 0001`` alone may be anything; with a dash or with more before it, it is the end of a code."""
    if len(groups) < _TWO or len(chunks) == len(groups) == _TWO:
        return None
    ymd, sequence = as_digits(groups[-2]), groups[-1]
    if len(sequence) in _SEQUENCES and is_day(ymd):
        return "no_head"
    return "no_head" if _NATIONAL_START.match(chunks[0].text) and _TAIL.search(chunks[0].text) else None


def _problem_with_head(before: Sequence[str], after: Sequence[str], is_day: IsDay) -> str:
    """*before* are the groups before the head, *after* the head with what is glued to it and the groups after it."""
    numbers = [as_digits(group) for group in after[1:]]
    days = [is_day(number) for number in numbers[-2:]]
    if days and days[-1] and days[0] is (len(days) == 1):
        return "no_sequence"
    if len(numbers) >= _TWO:
        return (
            _misfit(numbers[-2], _DATES)
            or _misfit(numbers[-1], _SEQUENCES)
            or _agency_misfit(before, numbers[:-2])
            or "not_a_code"
        )
    glued = numbers[0] if numbers else after[0][_HEAD:]
    return _misfit(glued, _DATE_AND_SEQUENCE if before or numbers else _LEVEL_DATE_AND_SEQUENCE) or "not_a_code"


def _misfit(number: str, allowed: Sequence[int]) -> str | None:
    if len(number) in allowed:
        return None
    return "too_few_digits" if len(number) < allowed[0] else "too_many_digits"


def _agency_misfit(before: Sequence[str], levels: Sequence[str]) -> str | None:
    rules = [*zip(before, _NATIONAL_UNITS, strict=False), *((level, _LEVELS) for level in levels)]
    return next((problem for number, allowed in rules if (problem := _misfit(number, allowed))), None)


def part_of(plain: str) -> str:
    """A run written as a code is: what can be held against the sender's own codes."""
    written = [as_digits(group) for group in groups_of(plain)]
    agency, tail = written[:-2], written[-2:]
    return "-".join([*([".".join(agency)] if agency else []), *tail])
