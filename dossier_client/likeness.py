"""Which of a person's own codes may be meant by something that is no code. Never to be asked about other people's codes."""

import re
from collections.abc import Iterator, Sequence
from enum import IntEnum

from rapidfuzz.distance import OSA

from dossier_client.mending_cleaning import as_digits, clean
from dossier_client.mending_runs import groups_of, runs
from dossier_client.mending_spoken import with_separators

_SHORTEST_PART, _SHORTEST_SEQUENCE = 4, 3
_SHORTEST_WHOLE = 10
"""A head, a date and a number of one digit."""
_LONGEST_TYPED = 80
_DISTANCE = 1
_PHONE_OR_IDENTITY = re.compile(r"(?:\+?84|0)\d{9,11}")
_PART_ALONE = re.compile(
    r"(?:(?:HS|HỒ SƠ|HO SO|HOSO|MÃ|MA|SỐ|SO|NGÀY|NGAY|ĐUÔI|DUOI|CUỐI|CUOI)[ :.]*)*"
    r"((?:(?:\d{6}|\d{8}|\d{1,2}[-./]\d{1,2}[-./]\d{4})[-./ ]+(?:(?:SỐ|SO)[ :]*)?)?\d{3,7})(?: (?:Ạ|A|NHÉ|NHE))?[ .?!]*",
    re.ASCII,
)
_NATIONAL_UNITS = 3


class Likeness(IntEnum):
    """How much something typed is like a code; more is better."""

    NONE = 0
    NUMBER = 1
    """Its number, or the end of it."""
    PART = 2
    """Several of its parts."""
    SLIP = 3
    """All of it but for one character: one too many, one missing, another one, or two exchanged."""


def likeness(typed: str, own_code: str) -> Likeness:
    """How much *typed* is like one of the sender's own codes, in whatever way its date and zeros are written."""
    forms = list(_forms(own_code))
    return max((_likeness(groups, forms) for groups in _typed_groups(typed)), default=Likeness.NONE)


def part_alone(text: str) -> str | None:
    """The number of a dossier, or its date and number, when the text says nothing else."""
    match = _PART_ALONE.fullmatch(clean(text).text.strip()) if len(text) <= _LONGEST_TYPED else None
    return match[1] if match else None


def _typed_groups(typed: str) -> Iterator[list[str]]:
    plain = with_separators(clean(typed[:_LONGEST_TYPED]).text)
    for run in runs(plain, lambda text: _PHONE_OR_IDENTITY.fullmatch(text) is not None):
        if groups := [as_digits(group) for chunk in run for group in chunk.groups if group]:
            yield groups


def _likeness(typed: Sequence[str], forms: Sequence[Sequence[str]]) -> Likeness:
    characters = "".join(typed)
    if len(characters) < _SHORTEST_SEQUENCE:
        return Likeness.NONE
    whole = [text for form in forms if len(text := "".join(form)) >= _SHORTEST_WHOLE]
    if any(OSA.distance(characters, text, score_cutoff=_DISTANCE) <= _DISTANCE for text in whole):
        return Likeness.SLIP
    if len(typed) > 1 and any(_holds(form, typed) for form in forms):
        return Likeness.PART
    if any(form[-1] == characters for form in forms):
        return Likeness.NUMBER
    ends = len(characters) >= _SHORTEST_PART and any("".join(form).endswith(characters) for form in forms)
    return Likeness.PART if ends else Likeness.NONE


def _holds(form: Sequence[str], typed: Sequence[str]) -> bool:
    return f"-{'-'.join(typed)}-" in f"-{'-'.join(form)}-"


def _forms(own_code: str) -> Iterator[list[str]]:
    """The groups of a code in the ways in which they are written: short and long dates, with and without zeros."""
    *agency, day, number = groups_of(own_code.upper())
    agencies = [agency]
    if len(agency) > _NATIONAL_UNITS and agency[0].isdigit():
        agencies += [
            agency[:-1],
            agency[1:],
            agency[2:],
            [str(int(unit)) if unit.isdigit() else unit for unit in agency],
        ]
    year, month, date = day[:-4][-2:], day[-4:-2], day[-2:]
    days: tuple[list[str], ...] = (
        [day],
        [f"{year}{month}{date}"],
        [f"20{year}{month}{date}"],
        [f"{date}{month}20{year}"],
        [f"{date}{month}{year}"],
        [date, month, f"20{year}"],
        [str(int(date)), str(int(month)), f"20{year}"],
        [],
    )
    for units in agencies:
        for parts in days:
            for sequence in dict.fromkeys((number, number.lstrip("0"))):
                yield [*units, *parts, sequence]
