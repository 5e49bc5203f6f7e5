"""Cutting a cleaned text into code-like runs: digits and digit-like letters, held together by separators or blanks."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from dossier_client.mending_cleaning import DIGIT_LIKE as D

_SEPARATORS = "-._/"
_CHUNK = re.compile(r"(?:[^\W_]|\|)+(?:[-._/]+(?:[^\W_]|\|)+)*")
_SEPARATOR = re.compile(r"[-._/ ]+")
_CODE_LIKE = re.compile(r"(?=[^0-9]*[0-9])[-._/0-9OQDILZSB|HGK]+|OOO?")
_DIGIT = re.compile(r"[0-9]")
_NEXT_CODE = re.compile(rf"(-{D}{{3,7}})[-._/](?=(?:{D}{{3}}\.{D}{{2,3}}\.{D}{{2,3}}\.)?[HGK]{D}{{2}}[-.])")
_FIELD_END = re.compile(r"(-[0-9]{6,8}-[0-9]{3,7})\|(?=[0-9]{9}|[^\W\d_]*[^\W\d_OQDILZSB])")
"""The sign between the fields of a QR code, which otherwise is taken for a 1."""
_WORDS_BEHIND = "XONG|CHƯA|CHUA|NHÉ|NHE|VỚI|VOI|GIÚP|GIUP|CỦA|CUA|HS|TC|TD|KQ|EM|Ạ"
_CODE_AND_WORDS = re.compile(rf"(.*[0-9]{{6}}-[0-9]{{3,7}})(?:{_WORDS_BEHIND})+")
_WORDS = "KIỂMTRA|KIEMTRA|KIỂM TRA|KIEM TRA|TÌNHTRẠNG|TINHTRANG|KẾTQUẢ|KETQUA|THEODÕI|THEODOI|TRACỨU|MÃHỒSƠ|MÃSỐ|MASO|MASOHS|SOHS|SỐHS|SỐHỒSƠ|SOHOSO|HỒSƠ|XEM|TRACUU|TRA CUU|TRA CỨU|MAHOSO|MA HO SO|MÃ HỒ SƠ|HOSO|HO SO|HỒ SƠ|MAHS|MA HS|MÃ HS|MHS|CODE|MÃ SỐ|MA SO|HUY|TC|HS|TD|DK|KQ|TT|NK|GT|DG|MÃ|MA|SỐ|SO|CUU|CỨU|SƠ"
_GLUED_WORDS = re.compile(rf"(?:{_WORDS})+(?=[HGK]?[0-9OQ]{{2}})")
_LEADING_WORDS = re.compile(rf"(?:(?:{_WORDS})(?![^\W0-9_])[\s:.=#-]*)+")
_AROUND = " .,;:!?\"'()<>[]{}-“”‘’«»#*/"


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece without blanks, and its place in the cleaned text."""

    text: str
    start: int
    end: int

    @property
    def groups(self) -> list[str]:
        """What stands between its separators."""
        return groups_of(self.text)


def groups_of(text: str) -> list[str]:
    """What stands between separators and blanks."""
    return _SEPARATOR.split(text)


def bare(plain: str) -> str:
    """One typed thing without the command before it and the punctuation around it."""
    stripped = plain.strip(_AROUND)
    for words in (_LEADING_WORDS, _GLUED_WORDS):
        if word := words.match(stripped):
            stripped = stripped[word.end() :]
    return stripped.strip(_AROUND)


def is_code_like(text: str) -> bool:
    """Does a piece without blanks hold nothing but what codes are made of?"""
    return _CODE_LIKE.fullmatch(text) is not None


def runs(plain: str, stands_alone: Callable[[str], bool]) -> Iterator[list[Chunk]]:
    """Neighbouring code-like chunks belong to one run; other words with digits, and what *stands_alone*, are runs of their own."""
    run: list[Chunk] = []
    for match in _CHUNK.finditer(_NEXT_CODE.sub(r"\1 ", _FIELD_END.sub(r"\1 ", plain))):
        chunk = _without_glued_word(match.group(), match.start())
        joins = is_code_like(chunk.text) and not stands_alone(chunk.text)
        if run and not (joins and _is_gap(plain[run[-1].end : chunk.start])):
            yield run
            run = []
        if joins:
            run.append(chunk)
        elif _DIGIT.search(chunk.text):
            yield [chunk]
    if run:
        yield run


def _without_glued_word(text: str, start: int) -> Chunk:
    skip = word.end() if (word := _GLUED_WORDS.match(text)) else 0
    end = words.end(1) if (words := _CODE_AND_WORDS.fullmatch(text)) else len(text)
    return Chunk(text[skip:end], start + skip, start + end)


def _is_gap(between: str) -> bool:
    return not between.strip(_SEPARATORS + " ")
