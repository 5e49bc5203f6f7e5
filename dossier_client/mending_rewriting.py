"""Codes with dates as people write them, without their zeros, or without the zeros before an old-style agency.

No digit is ever replaced, and none is added but zeros. A single zero is not: the digit that was left out may be another.
"""

import itertools
import re
from collections.abc import Iterator, Sequence

from dossier_client.mending_cleaning import DIGIT_LIKE as D
from dossier_client.mending_cleaning import as_digits
from dossier_client.mending_dates import IsDay, date_texts, parted_date

MOST_READINGS = 4
"""More are not asked for."""
_AT_HEAD = re.compile(rf"({D}{{2}}|{D}{{4}}|{D}{{7}})?([HGK]{D}{{2}})({D}{{1,3}})?")
_DATE = re.compile(r"[0-9]{6}(?:[0-9]{2})?")
_UNITS = (3, 2, 2)
_MOST_LEVELS, _LONGEST_LEVEL = 4, 4
_SEQUENCE_AS_TYPED, _LONGEST_SEQUENCE, _LONGEST_NATIONAL_SEQUENCE = 3, 7, 6
_SEQUENCES = (4, 3, 5, 6)
_SEQUENCES_OF_MINISTRIES = (6, 7)
_LONGEST_UNIT = 3
_AS_MANY_AS_A_SLIP = 1


def rewritten(groups: Sequence[str], is_day: IsDay) -> tuple[str, ...]:
    """Every canonical text that *groups* stand for, the likeliest first; none when there are too many."""
    texts = tuple(dict.fromkeys(_readings(groups, is_day)))
    return texts if len(texts) <= MOST_READINGS else ()


def _readings(groups: Sequence[str], is_day: IsDay) -> Iterator[str]:
    at = next((place for place, group in enumerate(groups) if _AT_HEAD.fullmatch(group)), None)
    if at is None or (match := _AT_HEAD.fullmatch(groups[at])) is None:
        return
    glued, head, level = match.groups()
    before = [as_digits(group) for group in (*groups[:at], *_units(glued or ""))]
    after = [as_digits(group) for group in (*([level] if level else []), *groups[at + 1 :])]
    if not all(map(str.isdigit, (*before, *after))):
        return
    head = head[0] + as_digits(head[1:])
    is_national = bool(before) or head[0] == "K"
    is_ministry = head[0] == "G" and not is_national
    widths = _SEQUENCES_OF_MINISTRIES if is_ministry else _SEQUENCES
    for levels, dates, sequence in _tails(after, is_day, keeps_century=is_ministry):
        if len(sequence) > (_LONGEST_NATIONAL_SEQUENCE if is_national else _LONGEST_SEQUENCE):
            continue
        added, agency = _national(before, head, levels) if is_national else _of_levels(head, levels)
        if not agency:
            continue
        for day, (zeros, number) in itertools.product(dates, _numbered(sequence, widths)):
            if added + zeros != _AS_MANY_AS_A_SLIP:
                yield f"{agency}-{day}-{number}"


def _units(glued: str) -> list[str]:
    """Units without dots between them, cut from the right."""
    return [part for part in (glued[:-4], glued[-4:-2], glued[-2:]) if part]


def _tails(
    after: Sequence[str], is_day: IsDay, *, keeps_century: bool
) -> Iterator[tuple[Sequence[str], tuple[str, ...], str]]:
    """Ways to cut what follows the head into levels, date and sequence."""
    for width in (1, 3):
        end = len(after) - 1
        if end - width < 0:
            continue
        parts = after[end - width : end]
        if width == 1:
            dates = date_texts(parts[0], is_day, keeps_century=keeps_century) if _DATE.fullmatch(parts[0]) else ()
        else:
            dates = parted_date(parts, is_day, keeps_century=keeps_century)
        dates = tuple(day for day in dates if is_day(day))
        if dates:
            yield after[: end - width], dates, after[-1]


def _numbered(sequence: str, widths: Sequence[int]) -> Iterator[tuple[int, str]]:
    """The sequence with the zeros that were left out, and how many they are."""
    if len(sequence) >= _SEQUENCE_AS_TYPED:
        yield 0, sequence
        return
    for width in widths:
        if int(sequence) and width - len(sequence) > _AS_MANY_AS_A_SLIP:
            yield width - len(sequence), sequence.zfill(width)


def _of_levels(head: str, levels: Sequence[str]) -> tuple[int, str]:
    fits = len(levels) <= _MOST_LEVELS and all(len(level) <= _LONGEST_LEVEL for level in levels)
    return 0, ".".join([head, *levels]) if fits else ""


def _national(before: Sequence[str], head: str, levels: Sequence[str]) -> tuple[int, str]:
    """How many zeros must be added to the units (beside those of "000" itself), and the agency; "" when they do not fit."""
    if levels or not 1 <= len(before) <= len(_UNITS) or (len(before) < len(_UNITS) and before[0] == "000"):
        return 0, ""
    missing = len(_UNITS) - len(before)
    zeros = ["0" * width for width in _UNITS[:missing]]
    if any(len(unit) > _LONGEST_UNIT for unit in before):
        return 0, ""
    units = [unit.zfill(width) for unit, width in zip(before, _UNITS[missing:], strict=True)]
    added = sum(map(len, units)) - sum(map(len, before))
    if added == _AS_MANY_AS_A_SLIP and not int(before[0]) and len(before[0]) < len(units[0]):
        added = 0
    return added, ".".join([*zeros, *units, head])
