"""Scores as people type them: ``DG 5 nhanh gon``, ``DG-3 4``, the words of the scale, and what answers our questions about a rating."""

import re

from bot.intent import Intent
from bot.model import Question
from bot.understanding import details
from bot.understanding.details import PETITION_CODE, Said
from bot.understanding.keywords import COUNTER, LONG_TEXT, Match, keyword_at_head
from bot.understanding.text import normal
from bot.wishes import ExplainRating, Rate

REASON = "rating_reason"
"""The kind of question that asks why somebody is not satisfied."""
REASONS = {"11": "Thời gian chờ", "12": "Thái độ phục vụ", "13": "Hướng dẫn chưa rõ", "14": "Kết quả chưa đúng"}
"""What the buttons under it say. Not numbered from 1: a digit typed there is another score."""
SCALE = (
    ("RAT KHONG HAI LONG", 1),
    ("RAT HAI LONG", 5),
    ("KHONG HAI LONG", 2),
    ("CHUA HAI LONG", 2),
    ("BINH THUONG", 3),
    ("HAI LONG", 4),
    ("VERY DISSATISFIED", 1),
    ("VERY SATISFIED", 5),
    ("DISSATISFIED", 2),
    ("SATISFIED", 4),
    ("NEUTRAL", 3),
)
"""The longest first."""
NUMBERS = {"MOT": 1, "HAI": 2, "BA": 3, "BON": 4, "TU": 4, "NAM": 5}
SCORES = frozenset("12345")
MOST_BESIDE = 3
"""Words behind those of the scale: with more it is a sentence."""
LONGEST_COMMENT = 500
NEVER_MIND = frozenset({"0", "KHONG", "K", "N", "NO", "BO QUA", "BOQUA", "THOI", "SKIP"})
_NUMBER = re.compile(r"([-−+]?\d+(?:[.,]\d+)?)(?:\s*(?:/\s*5|điểm|diem|sao|[*★⭐]))?(?![\w.,]*\d)(?!\w)", re.IGNORECASE)
_COUNTER = re.compile(r"\s*DG-((?:[A-Z]\d{2}(?:[._]\d{1,3}){0,3}-)?[0-9A-Z]{1,8})(?=\s|$)", re.IGNORECASE)
_WORD = re.compile(r"\S+")
_EDGES = " \t\r\n:;,.-–!"
_UNSETTLED = re.compile(
    r"\b(?:CHUA (?:DUOC )?(?:GIAI QUYET|XONG|XU LY|KHAC PHUC|SUA|LAM)|VAN (?:CHUA|HONG|NHU CU)|KHONG GIAI QUYET"
    r"|NOT (?:YET )?(?:SETTLED|SOLVED|RESOLVED|FIXED))\b"
)


def rate_command(match: Match, said: Said) -> Intent | None:
    """``DG 5 nhanh gon``, ``DG-3 5``; a long text without a score is no rating."""
    named = _counter(said.rest)
    if named is None and match.rest.startswith("-") and normal(said.rest).startswith(COUNTER):
        return None
    counter, text = named or ("", _after(match, said))
    score, comment, is_none = _score(PETITION_CODE.sub("", text, count=1).strip())
    if score is None and not is_none:
        score, comment = details.score(said), text
    if score is None and not is_none and len(match.rest) >= LONG_TEXT:
        return None
    is_wrong = is_none or (score is None and bool(comment))
    return Rate(score, comment=comment[:LONGEST_COMMENT], is_wrong=is_wrong, counter=counter)


def score_said(normalised: str) -> tuple[int, str] | None:
    """A score without its command, which counts only while we wait for one: with the words behind it."""
    if normalised in SCORES:
        return int(normalised), ""
    score, rest = _of_scale(normalised)
    return (score, rest) if score and len(rest.split()) <= MOST_BESIDE else None


def reason_answer(normalised: str) -> Intent | None:
    """A button under the question why, or that there is no reason; any other words are taken as they are."""
    if normalised in NEVER_MIND:
        return ExplainRating()
    return ExplainRating(REASONS[normalised]) if normalised in REASONS else None


def is_unsettled(comment: str) -> bool:
    """Whether somebody says that the matter is not done."""
    return _UNSETTLED.search(normal(comment)) is not None


def is_reason_open(question: Question | None) -> bool:
    """Whether we asked why."""
    return question is not None and question.kind == REASON


def _after(match: Match, said: Said) -> str:
    """What follows the command, as it was written, without dossier codes."""
    text = said.rest
    rest = (keyword_at_head(normal(text)) or match).rest
    words, count = list(_WORD.finditer(text)), len(rest.split())
    after = text[words[-count].start() :] if 0 < count <= len(words) else ""
    return after.strip(_EDGES) if said.codes.codes else after


def _counter(text: str) -> tuple[str, str] | None:
    """Which counter is named right behind the command, and what follows."""
    found = _COUNTER.match(text)
    return (found[1].upper().replace("_", "."), text[found.end() :]) if found else None


def _score(text: str) -> tuple[int | None, str, bool]:
    """The score at the head, what follows it, and whether a number stands there that is none."""
    if found := _NUMBER.match(text):
        comment = text[found.end() :].strip(_EDGES)
        return (int(found[1]), comment, False) if found[1] in SCORES else (None, "", True)
    normalised = normal(text)
    if normalised in NUMBERS:
        return NUMBERS[normalised], "", False
    score, rest = _of_scale(normalised)
    words = text.split()
    return score, " ".join(words[len(words) - len(rest.split()) :]) if score and rest else "", False


def _of_scale(normalised: str) -> tuple[int | None, str]:
    for phrase, score in SCALE:
        if normalised == phrase or normalised.startswith((f"{phrase} ", f"{phrase},", f"{phrase}.")):
            return score, normalised[len(phrase) :].strip(_EDGES)
    return None, ""
