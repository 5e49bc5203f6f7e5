"""Two matters in one text: cut where people say "secondly", "besides", or number them."""

import re
from itertools import pairwise

from bot.understanding.petition.keywords import STRONG, weigh
from bot.understanding.text import fold

NUMBERED = re.compile(
    r"(?:^|[\s.;:,])(?:\(?[1-9][).:/-]|[1-9]\.|thu nhat|thu hai|thu ba|mot la|hai la|ba la|viec 1|viec 2|v/d 1|first|second)[ :,.]?"
)
ALSO = re.compile(
    r"[.;,!?\n]?\s*\b(?:ngoai ra|ben canh do|dong thoi|them nua|hon nua|mat khac|con nua|tien the|nhan tien|nhan day|mot viec nua|mot chuyen nua|viec nua"
    r"|va con|va ca|a ma|cung xin phan anh them|xin phan anh them|cung xin hoi|cung muon phan anh|con ve|con viec|con chuyen|toi cung muon|cho hoi luon|also|besides|another thing|in addition)\b"
)
SENTENCE_END = re.compile(r"[.;!?\n]\s+")
LEAST = 2
"""A single weak word names no field."""
SHORTEST = 12
"""Characters that a matter of its own takes."""


def matters_in(text: str) -> tuple[str, ...]:
    """The text of each matter when there are two or more, else nothing."""
    plain = "".join(fold(character) if len(fold(character)) == 1 else character for character in text).lower()
    for cuts in (_cuts(NUMBERED, plain), _cuts(ALSO, plain)):
        parts = _pieces(text, cuts)
        if len(parts) > 1:
            return parts
    return _by_category(text, _cuts(SENTENCE_END, plain, after=True))


def _cuts(pattern: "re.Pattern[str]", plain: str, *, after: bool = False) -> list[int]:
    return [match.end() if after else match.start() for match in pattern.finditer(plain)]


def _pieces(text: str, cuts: list[int]) -> tuple[str, ...]:
    edges = [0, *cuts, len(text)]
    pieces = (text[start:end].strip(" \n\t.,;:!?-") for start, end in pairwise(edges))
    return tuple(piece for piece in pieces if len(piece) >= SHORTEST)


def _by_category(text: str, cuts: list[int]) -> tuple[str, ...]:
    """Sentences of clearly different fields; a sentence without a strong word belongs to the one before."""
    parts: list[str] = []
    fields: list[set[str]] = []
    for piece in _pieces(text, cuts):
        weights = weigh(piece)
        found = {code for code, weight in weights.items() if weight >= LEAST}
        strong = max(weights.values(), default=0) >= STRONG
        if parts and (not strong or not fields[-1] or fields[-1] & found):
            parts[-1] += ". " + piece
            fields[-1] |= found
        else:
            parts.append(piece)
            fields.append(found)
    return tuple(parts) if len(parts) > 1 else ()
