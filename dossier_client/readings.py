"""All ways in which one code-like run can be read as a code, when its separators may be missing or wrong."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dossier_client.cleaning import DIGIT_FOR_LETTER

HEAD_WIDTH = 3
SHORT_DATE, LONG_DATE = 6, 8
NATIONAL_WIDTHS = (3, 2, 2, HEAD_WIDTH, SHORT_DATE, 4)
USUAL_SEQUENCE = 4
MAX_GLUED_LEVEL = 3


@dataclass(frozen=True, slots=True)
class Run:
    """A run without its separators, and the places where it had them."""

    characters: str
    cuts: frozenset[int]

    @classmethod
    def of(cls, groups: Sequence[str]) -> "Run":
        """*groups* are what stands between separators."""
        ends = list(itertools.accumulate(map(len, groups)))
        return cls("".join(groups), frozenset(ends[:-1]))


def readings(run: Run) -> set[str]:
    """Canonical texts that use up the whole run, each of its separators standing between two parts. Dates are not looked at."""
    found = set(_national(run))
    if run.characters[:1] in {"H", "G"}:
        found |= set(_qd20(run))
    return found


def _national(run: Run) -> Iterator[str]:
    for middle in itertools.product((2, 3), (2, 3)):
        for sequence in (3, 4, 5, 6):
            widths = (3, *middle, HEAD_WIDTH, SHORT_DATE, sequence)
            parts = _cut(run, widths, glued_allowed=widths == NATIONAL_WIDTHS)
            if parts and parts[3][0].isalpha():
                digits = [_digits(part) for part in parts]
                digits[3] = parts[3][0] + _digits(parts[3][1:])
                if _all_digits([*digits[:3], digits[3][1:], *digits[4:]]):
                    yield f"{'.'.join(digits[:4])}-{digits[4]}-{digits[5]}"


def _qd20(run: Run) -> Iterator[str]:
    for date_width in (SHORT_DATE, LONG_DATE):
        for sequence in (3, 4, 5, 6, 7):
            room = len(run.characters) - HEAD_WIDTH - date_width - sequence
            for levels in _levels(room):
                usual = sequence == USUAL_SEQUENCE and (
                    len(levels) == 0 or (len(levels) == 1 and levels[0] <= MAX_GLUED_LEVEL)
                )
                parts = _cut(run, (HEAD_WIDTH, *levels, date_width, sequence), glued_allowed=usual)
                if parts and (text := _written(parts)):
                    yield text


def _levels(room: int) -> Iterator[tuple[int, ...]]:
    """Widths of up to four levels of 1-4 digits that fill *room*."""
    for count in range(5):
        for widths in itertools.product((1, 2, 3, 4), repeat=count):
            if sum(widths) == room:
                yield widths


def _cut(run: Run, widths: Sequence[int], *, glued_allowed: bool) -> list[str] | None:
    """The parts, when the widths fill the run and every separator stands at a seam; all seams need one unless glued."""
    seams = list(itertools.accumulate(widths))
    if seams[-1] != len(run.characters) or not run.cuts <= set(seams[:-1]):
        return None
    if not glued_allowed and len(run.cuts) != len(widths) - 1:
        return None
    return [run.characters[start:end] for start, end in itertools.pairwise([0, *seams])]


def _written(parts: Sequence[str]) -> str | None:
    letter, head = parts[0][0], _digits(parts[0][1:])
    levels, ymd, sequence = [_digits(part) for part in parts[1:-2]], _digits(parts[-2]), _digits(parts[-1])
    if not _all_digits([head, *levels, ymd, sequence]):
        return None
    if letter == "H" and len(ymd) == LONG_DATE:
        if not ymd.startswith("20"):
            return None
        ymd = ymd[2:]
    return f"{'.'.join([letter + head, *levels])}-{ymd}-{sequence}"


def _digits(part: str) -> str:
    return part.translate(DIGIT_FOR_LETTER)


def _all_digits(parts: Sequence[str]) -> bool:
    return all(part.isascii() and part.isdigit() for part in parts)
