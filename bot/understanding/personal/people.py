"""Names of people: after a title, in a signature, or written out with a family name. Streets, schools and places named after people stay."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from bot.understanding.personal.spans import PersonalKind, Span
from bot.understanding.places import is_place
from bot.understanding.text import fold

WORD = re.compile(r"[^\W\d_]+")
MORE_OFTEN_OTHER_WORDS = frozenset({"co", "chu", "bac", "chau", "cu", "thay", "mo", "di", "cau", "duong", "thim"})
COMMON_NAMES = frozenset({"hang", "thi"})
STRONG_MIDDLES = frozenset({"van", "thi"})
MOST_WORDS = 4
FAMILY_AND_GIVEN = 2
SENTENCE_STARTS = frozenset({". ", "! ", "? ", ".\n", " \n"})
BETWEEN_CUE_AND_NAME = re.compile(r"[ :,.\n-]{1,4}")
SIGNATURE = re.compile(r"[.,;!\n–-]\s*([^.,;!\n–-]+?)\s*[.!]*\s*$")


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a text, as written, in lower case, and folded."""

    start: int
    end: int
    lower: str
    folded: str
    capital: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """What names are made of and stand beside, in lower case, with accents or without as the text is written."""

    surnames: frozenset[str]
    others: frozenset[str]
    """Middle and given names."""
    titles: frozenset[str]
    """Followed by a name, alone or in full. Without accents only those that are rarely another word ("co", "chau", "bac" are left out)."""
    before_a_name: tuple[str, ...]
    """Words that a full name often follows."""
    never_first: frozenset[str]
    """Never the first word of a name: "anh em", "chi nhánh", "bà con"."""
    before_a_place: "re.Pattern[str]"
    """What comes before a name that a place bears."""
    compounds_without_accents: frozenset[str]
    """Pairs that without accents are more often another word than a title and a name."""
    strong_surnames: frozenset[str]


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as words, and how far its writing helps."""

    text: str
    words: Sequence[Word]
    accented: bool
    cased: bool
    """Written with capitals where they belong, so that a capital means something."""

    @property
    def lexicon(self) -> Lexicon:
        """The words to compare with."""
        return lexicon(accented=self.accented)

    def key(self, word: Word) -> str:
        """The form to look a word up in."""
        return word.lower if self.accented else word.folded

    def joined(self, at: int) -> bool:
        """Word *at* follows the one before it with nothing but a blank between."""
        return at > 0 and self.text[self.words[at - 1].end : self.words[at].start] == " "


def people_in(text: str) -> Iterator[Span]:
    """Spans in *text* (NFC) that name a person."""
    reading = _read(text)
    at = 0
    while at < len(reading.words):
        length = _name_at(reading, at)
        if length:
            yield Span(reading.words[at].start, reading.words[at + length - 1].end, PersonalKind.NAME)
        at += max(1, length)


@cache
def lexicon(*, accented: bool) -> Lexicon:
    """About 400 syllables, read once."""
    rows = json.loads(files("bot").joinpath("data/person_names.json").read_text(encoding="utf-8"))
    words = {key: tuple((value if accented else fold(value)).lower().split(", ")) for key, value in rows.items()}
    other_words = frozenset() if accented else MORE_OFTEN_OTHER_WORDS
    return Lexicon(
        surnames=frozenset(words["surnames"]),
        others=frozenset(words["others"]),
        titles=frozenset(words["titles"]) - other_words,
        before_a_name=words["before_a_name"],
        never_first=frozenset(words["never_first"]) - (frozenset() if accented else COMMON_NAMES),
        before_a_place=re.compile(rf"(?:^|.* )(?:{'|'.join(words['before_a_place'])})"),
        compounds_without_accents=frozenset(words["compounds_without_accents"]),
        strong_surnames=frozenset(fold(word) for word in words["strong_surnames"]),
    )


def _read(text: str) -> Reading:
    words = tuple(
        Word(match.start(), match.end(), match[0].lower(), fold(match[0]).lower(), match[0][0].isupper())
        for match in WORD.finditer(text)
    )
    inside = sum(
        word.capital and text[max(0, word.start - 2) : word.start] not in SENTENCE_STARTS for word in words[1:]
    )
    return Reading(
        text=text,
        words=words,
        accented=any(word.lower != word.folded for word in words),
        cased=inside > 0 and not text.isupper(),
    )


def _name_at(reading: Reading, at: int) -> int:
    """How many words from here name a person; 0 for none."""
    word = reading.words[at]
    if reading.joined(at) and (_after_a_place(reading, at) or _ends_a_place(reading, at)):
        return 0
    length = _run(reading, at)
    if not length or (reading.key(word) in reading.lexicon.never_first and not (word.capital and length > 1)):
        return 0
    if _has_title(reading, at):
        return length if _fits_a_title(reading, at, length) else 0
    if _is_signature(reading, at, length) or (_follows_a_cue(reading, at) and _is_full(reading, at, length)):
        return length
    return length if _stands_alone(reading, at, length) else 0


def _after_a_place(reading: Reading, at: int) -> bool:
    before = " ".join(reading.key(word) for word in reading.words[max(0, at - 2) : at])
    return reading.lexicon.before_a_place.fullmatch(before) is not None


def _ends_a_place(reading: Reading, at: int) -> bool:
    """Its second word, where the first without accents is a title too: "phuong Vo Cuong" tells of no wife."""
    pair = f"{reading.words[at - 1].folded} {reading.words[at].folded}"
    return reading.joined(at - 1) and _after_a_place(reading, at - 1) and is_place(pair)


def _run(reading: Reading, at: int) -> int:
    """How many words from here on could belong to one name."""
    known = reading.lexicon
    capitals = reading.cased and (reading.words[at].capital or not _has_title(reading, at))
    most = MOST_WORDS if reading.cased or reading.key(reading.words[at]) in known.surnames else 1
    count = 0
    for index in range(at, min(at + most, len(reading.words))):
        word = reading.words[index]
        key = reading.key(word)
        like_a_name = word.capital if capitals else key in known.surnames or key in known.others
        if not like_a_name or (index > at and (not reading.joined(index) or key in known.titles - known.others)):
            break
        count += 1
    return count


def _has_title(reading: Reading, at: int) -> bool:
    return reading.joined(at) and reading.key(reading.words[at - 1]) in reading.lexicon.titles


def _fits_a_title(reading: Reading, at: int, length: int) -> bool:
    """After a title one given name is enough."""
    known = reading.lexicon
    first = reading.words[at]
    if reading.cased and first.capital:
        return True
    if (
        length == 1
        and not reading.accented
        and f"{reading.words[at - 1].folded} {first.folded}" in reading.lexicon.compounds_without_accents
    ):
        return False
    return reading.key(first) in known.surnames | known.others


def _follows_a_cue(reading: Reading, at: int) -> bool:
    if at == 0 or not BETWEEN_CUE_AND_NAME.fullmatch(reading.text[reading.words[at - 1].end : reading.words[at].start]):
        return False
    before = " ".join(reading.key(word) for word in reading.words[max(0, at - 4) : at])
    return any(before == cue or before.endswith(" " + cue) for cue in reading.lexicon.before_a_name)


def _is_full(reading: Reading, at: int, length: int) -> bool:
    """A family name and more; or capitals, in a text that uses them."""
    first = reading.words[at]
    if reading.cased:
        return length > 1 or first.folded in lexicon(accented=False).others
    return length > 1 and reading.key(first) in reading.lexicon.surnames


def _is_signature(reading: Reading, at: int, length: int) -> bool:
    """The last words, on their own, in capitals, all of them syllables of names."""
    last = SIGNATURE.search(reading.text)
    if last is None or not reading.cased or last.start(1) != reading.words[at].start:
        return False
    known = lexicon(accented=False)
    whole = at + length == len(reading.words)
    return whole and all(word.folded in known.surnames | known.others for word in reading.words[at:])


def _stands_alone(reading: Reading, at: int, length: int) -> bool:
    """A full name without any word before it that says so."""
    known = reading.lexicon
    folded = [word.folded for word in reading.words[at : at + length]]
    if reading.key(reading.words[at]) not in known.surnames or is_place(" ".join(folded)):
        return False
    if reading.cased:
        return length > 1 and (folded[1] in lexicon(accented=False).others or len(folded[-1]) == 1)
    return (
        length > FAMILY_AND_GIVEN
        and folded[0] in known.strong_surnames
        and (reading.accented or folded[1] in STRONG_MIDDLES)
    )
