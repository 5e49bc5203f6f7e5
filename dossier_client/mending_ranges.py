"""A code followed by "đến" and a later number of the same unit and day: a walk through the numbers, not a dossier."""

import re

from dossier_client.codes import DossierCode

_WORD = r"\s*(?:ĐẾN|DEN|TỚI|TOI|TO|THRU|->|=>|→|–|—|-|~|>|\.{2,}|…)\s*"
_TO = re.compile(_WORD)
_TO_NUMBER = re.compile(rf"{_WORD}(?:SỐ|SO)?\s*([0-9]{{3,7}})(?![-./]?[0-9])")
_LONGEST_WALK = 1000
"""A later number beyond this is a year or a figure of another kind."""


def begins_range(code: DossierCode, behind: str) -> bool:
    """Does the text *behind* a code name a last number?"""
    match = _TO_NUMBER.match(behind.upper())
    return match is not None and len(match[1]) == len(code.sequence) and _is_later(code.sequence, match[1])


def is_range(first: DossierCode, between: str, last: DossierCode) -> bool:
    """Are two codes the ends of a range?"""
    same_place = (first.agency, first.received_on) == (last.agency, last.received_on)
    return same_place and _TO.fullmatch(between.upper()) is not None and _is_later(first.sequence, last.sequence)


def _is_later(first: str, last: str) -> bool:
    return 0 < int(last) - int(first) < _LONGEST_WALK
