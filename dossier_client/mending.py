"""Finding dossier codes in what people type, and mending slips of typing where exactly one reading exists.

Nothing here knows which dossiers exist: a code is mended by its grammar alone, never by likeness to other people's codes.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from dossier_client.cleaning import clean, has_bidi
from dossier_client.codes import (
    DOSSIER_KINDS,
    LOOK_ALIKES,
    CodeKind,
    DossierCode,
    kind_of,
    parse,
    received_on,
    shape_of,
)
from dossier_client.readings import Run, readings

CANONICAL = re.compile(
    r"(?<![\w.])((?:(?:\d{3}\.\d{2,3}\.\d{2,3}\.[A-Z]\d{2}|[HG]\d{2}(?:\.\d{1,4}){0,4})-\d{6}|G\d{2}(?:\.\d{1,4}){0,4}-\d{8})"
    r"-\d{3,7})(?![\w-])",
    re.ASCII,
)
WORD = re.compile(r"\S+")
KEYWORD_BEFORE = re.compile(
    r"^(?:TRACUU|MAHOSO|HOSO|MAHS|MHS|HS|TC|MA|SO)[:.\-]?(?=[0-9OHGK(])|^[^\w|]+|[^\w|]+$", re.ASCII
)
CODE_LIKE = re.compile(r"[0-9OQDILZSBHGK|.\-/]*[0-9][0-9OQDILZSBHGK|.\-/]*|O{2,3}|[HGK][0-9O][0-9OILSB]|-", re.ASCII)
GROUP_SEPARATORS = re.compile(r"[\s.\-/]+")
LONGEST_TEXT = 2000
TYPED_LENGTH = 25
FEWEST_DIGITS = 8
TAIL = re.compile(r"(?:\d{1,4}-)?(\d{6})-(\d{3,6})", re.ASCII)


@dataclass(frozen=True, slots=True)
class TypedCode:
    """A code that was found."""

    code: DossierCode
    typed: str
    mended: bool
    """Letters, digits or separators were repaired: the reply shows the code as understood."""


@dataclass(frozen=True, slots=True)
class Malformed:
    """Something meant as a code that fits no shape."""

    typed: str
    """As understood so far, at most 25 characters."""
    problem: str
    """``date``, ``too_few_digits``, ``too_many_digits``, ``no_head``, ``no_sequence``, ``procedure``, ``agency``, ``bidi`` or ``not_a_code``."""
    part: str
    """What can be held against the sender's own codes."""


@dataclass(frozen=True, slots=True)
class CodesInText:
    """What a text holds."""

    codes: tuple[TypedCode, ...] = ()
    """In text order, each once."""
    malformed: tuple[Malformed, ...] = ()
    rest: str = ""
    """The cleaned text without what was read as a code."""


def find_codes(text: str, today: date) -> CodesInText:
    """Codes, things that were meant as codes, and the rest. Never raises; reads at most 2,000 characters."""
    if not any(character.isdigit() for character in text):
        return CodesInText(rest=text)
    cleaned = clean(text[:LONGEST_TEXT])
    codes: list[TypedCode] = []
    malformed: list[Malformed] = []
    rest: list[str] = []
    bidi = has_bidi(text)
    for piece in _pieces(cleaned):
        _read_piece(piece, today, codes, malformed, rest, bidi=bidi)
    unique = {typed.code.text: typed for typed in reversed(codes)}
    ordered = dict.fromkeys(typed.code.text for typed in codes)
    return CodesInText(tuple(unique[text] for text in ordered), tuple(malformed), " ".join(rest))


def _pieces(cleaned: str) -> Iterator[str | list[str]]:
    """Canonical codes and other words as strings, runs of code-like words as lists."""
    at = 0
    for found in CANONICAL.finditer(cleaned):
        yield from _runs(cleaned[at : found.start()])
        yield found[1]
        at = found.end()
    yield from _runs(cleaned[at:])


def _runs(text: str) -> Iterator[str | list[str]]:
    run: list[str] = []
    for word in WORD.findall(text):
        bare = KEYWORD_BEFORE.sub("", KEYWORD_BEFORE.sub("", word))
        if CODE_LIKE.fullmatch(bare):
            run.append(bare)
            continue
        if bare or word != "-":
            if run:
                yield run
                run = []
            yield word
    if run:
        yield run


def _read_piece(
    piece: str | list[str],
    today: date,
    codes: list[TypedCode],
    malformed: list[Malformed],
    rest: list[str],
    *,
    bidi: bool,
) -> None:
    if isinstance(piece, str):
        if shape_of(piece) is None:
            rest.append(piece)
        elif bidi:
            malformed.append(_told(piece, "bidi"))
        elif code := parse(piece, today):
            codes.append(TypedCode(code, piece, mended=False))
        else:
            malformed.append(_told(piece, "date"))
        return
    if code := mend(" ".join(piece), today):
        if bidi:
            malformed.append(_told(code.text, "bidi"))
        else:
            codes.append(TypedCode(code, " ".join(piece), mended=True))
        return
    if len(piece) > 1 and (parts := [mend(word, today) for word in piece]) and all(parts):
        codes.extend(TypedCode(part, word, mended=True) for part, word in zip(parts, piece, strict=True) if part)
    elif problem := problem_of(" ".join(piece), today):
        malformed.append(_told(" ".join(piece), problem))
    else:
        rest.extend(piece)


def mend(run: str, today: date) -> DossierCode | None:
    """The one code that uses up the whole run, or None: also when several readings are possible."""
    groups = [group for group in GROUP_SEPARATORS.split(run) if group]
    possible = {text: parse(text, today) for text in readings(Run.of(groups))} if groups else {}
    valid = [code for code in possible.values() if code]
    return valid[0] if len(valid) == 1 else None


def problem_of(run: str, today: date) -> str | None:
    """Why a run that was meant as a code is none; None when it was not meant as one (a phone, an amount, a date)."""
    joined = re.sub(r"\s*([.\-/])\s*", r"\1", run.strip(" .-/"))
    kind = kind_of(joined, today)
    if kind in {CodeKind.PROCEDURE, CodeKind.AGENCY}:
        return kind.value
    if any(pattern.fullmatch(joined.replace(" ", "")) for pattern in LOOK_ALIKES.values()) or not joined:
        return None
    groups = [group for group in GROUP_SEPARATORS.split(run) if group]
    if any(shape_of(text) for text in readings(Run.of(groups))):
        return "date"
    digits = sum(character.isdigit() for character in joined)
    headed = re.search(r"[HGK][0-9O]{2}", joined) is not None
    if tail := TAIL.fullmatch(joined.replace(" ", "-")):
        return "no_head" if received_on(tail[1]) else None
    if not headed or digits < FEWEST_DIGITS or len(groups) < 2:  # noqa: PLR2004 - one group alone is a word
        return None
    return _length_problem(groups)


def _length_problem(groups: list[str]) -> str:
    ymd_and_sequence = "".join(groups[-2:]) if len(groups[-1]) < len("yymmdd") else groups[-1]
    if len(groups[-1]) in {6, 8} and received_on(groups[-1].replace("O", "0")) if groups[-1].isdigit() else False:
        return "no_sequence"
    return "too_few_digits" if len(ymd_and_sequence) < len("yymmddssss") else "too_many_digits"


def _told(run: str, problem: str) -> Malformed:
    return Malformed(run[:TYPED_LENGTH].strip(), problem, GROUP_SEPARATORS.sub("-", run.strip(" .-/")))


def resembles(typed_part: str, own_code: str) -> bool:
    """One edit or one transposition away, or the typed part is its tail: to be asked only about the sender's own codes."""
    typed, own = _bare(typed_part), _bare(own_code)
    if not typed:
        return False
    return typed == own or (len(typed) >= FEWEST_DIGITS and own.endswith(typed)) or _one_edit(typed, own)


def _bare(text: str) -> str:
    return GROUP_SEPARATORS.sub("", text.upper())


def _one_edit(left: str, right: str) -> bool:
    """Optimal string alignment distance of at most one."""
    if abs(len(left) - len(right)) > 1:
        return False
    start = next(
        (index for index, (a, b) in enumerate(zip(left, right, strict=False)) if a != b), min(len(left), len(right))
    )
    if len(left) == len(right):
        swapped = left[:start] + left[start + 1 : start + 2] + left[start : start + 1] + left[start + 2 :]
        return left[start + 1 :] == right[start + 1 :] or swapped == right
    longer, shorter = (left, right) if len(left) > len(right) else (right, left)
    return longer[:start] + longer[start + 1 :] == shorter


@dataclass(frozen=True, slots=True)
class Classified:
    """What one typed thing is."""

    normalised: str
    kind: CodeKind


def classify(text: str, today: date) -> Classified:
    """What one typed thing is, after mending."""
    found = find_codes(text, today)
    if found.codes:
        code = found.codes[0].code
        return Classified(code.text, code.kind)
    cleaned = clean(text).strip(" .:;!?")
    kind = kind_of(cleaned, today)
    if kind is CodeKind.UNKNOWN or kind in DOSSIER_KINDS:
        return Classified("", CodeKind.UNKNOWN)
    return Classified(cleaned, kind)
