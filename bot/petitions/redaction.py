"""Personal data in what officers send or show: what was found has to be looked at first."""

from collections.abc import Iterable
from functools import lru_cache

from bot.officers import AgencyRecord
from bot.understanding.personal import personal_data, redacted
from bot.understanding.personal.spans import PersonalKind, Span
from bot.understanding.petition.abuse import masked

GIST = 80
WARNED = frozenset(
    {PersonalKind.IDENTITY, PersonalKind.PHONE, PersonalKind.ACCOUNT, PersonalKind.BIRTH_DATE, PersonalKind.TAX}
)
"""What an answer should not hold."""
NEVER_PUBLIC = WARNED | {PersonalKind.EMAIL, PersonalKind.PLATE}
"""What no public text holds. Names and addresses are only suggested: an officer knows which are public ones."""


def personal_in_answer(text: str, agencies: Iterable[AgencyRecord]) -> tuple[Span, ...]:
    """What an officer has to confirm before an answer leaves; the telephone numbers of agencies are none of it."""
    own = {_digits(agency.phone) for agency in agencies}
    return tuple(
        span for span in personal_data(text) if span.kind in WARNED and _digits(text[span.start : span.end]) not in own
    )


def personal_in_public(text: str) -> tuple[Span, ...]:
    """What forbids to release a text."""
    return tuple(span for span in personal_data(text) if span.kind in NEVER_PUBLIC)


def _digits(text: str) -> str:
    digits = "".join(filter(str.isdigit, text))
    return f"0{digits[2:]}" if digits.startswith("84") else digits


def suggested_public_text(text: str, blocked_words: Iterable[str] = ()) -> str:
    """What an officer may release after having read it: without personal data, insults and the desk's blocked words masked."""
    return masked(redacted(text), blocked_words)


@lru_cache(1024)
def gist(text: str) -> str:
    """The beginning of a text, for those who are told of it elsewhere than in the desk. One decision asks for it many times."""
    line = " ".join(redacted(text).split())
    return line if len(line) <= GIST else f"{line[: GIST - 1].rstrip()}…"
