"""Texts typed while the Vietnamese keyboard was off: Telex letters and VNI digits turned back into plain syllables."""

import re
from functools import cache

INITIALS = "b|c|ch|d|g|gh|gi|h|k|kh|l|m|n|ng|ngh|nh|p|ph|q|r|s|t|th|tr|v|x"
RIMES = (
    "a ac ach ai am an ang anh ao ap at au ay e ec ech em en eng enh eo ep et eu i ia ich iec iem ien ieng iep iet ieu im in inh ip it iu"
    " o oa oac oach oai oam oan oang oanh oao oap oat oay oc oe oen oeo oet oi om on ong op ot u ua uan uang uat uay uc ue uech uenh"
    " ui um un ung uo uoc uoi uom uon uong uop uot uou up ut uu uy uya uych uyen uyet uyn uynh uyt uyu uynh y yem yen yeng yet yeu ui"
)
"""Every rime of written Vietnamese without its marks."""
TELEX_TONES = "sfrxj"
TELEX_LETTERS = (
    ("dd", "d"),
    ("aa", "a"),
    ("ee", "e"),
    ("oo", "o"),
    ("uow", "uo"),
    ("uw", "u"),
    ("ow", "o"),
    ("aw", "a"),
    ("w", ""),
)
VNI_DIGITS = re.compile(r"(?<=[a-z])[0-9]+(?=[a-z]|\b)")
WORD = re.compile(r"[a-z][a-z0-9]*")
ENGLISH_WORDS = (
    "the is my please what where how you for with and are this your of status english much many does did was were been when who which why whose"
    " cost costs lost must should would could want need wants needs has have had that these those there here from about into until after before"
    " we they she our their its being not dont doesnt isnt office offices post fix forms fees his cases"
)
"""Words that are no Vietnamese, though key strokes may spell some of them; two, and the text is English."""
MARKED_SHARE = 0.25
"""How much of a text must be raw key strokes before it is taken for such: one odd word is a name, English, or a slip."""


def is_syllable(word: str) -> bool:
    """Whether *word* (lower case, no accents) could be one written Vietnamese syllable."""
    return _syllable().fullmatch(word) is not None


def without_key_strokes(folded: str) -> str:
    """*folded* (lower case, no accents) with raw Telex or VNI undone: ``tras cwsu hoof sow`` gives ``tra cuu ho so``.

    Texts that are not raw key strokes come back as they are; so does English, whose words look like them.
    """
    words = WORD.findall(folded)
    if len(_english().intersection(words)) > 1:
        return folded
    undone = {word: plain for word in words if not is_syllable(word) and (plain := _undone(word)) is not None}
    if not words or sum(word in undone for word in words) < max(1, MARKED_SHARE * len(words)):
        return folded
    return WORD.sub(lambda match: undone.get(match[0], match[0]), folded)


def _undone(word: str) -> str | None:
    """The syllable that these strokes were meant for, or None."""
    for plain in (VNI_DIGITS.sub("", word), *_telex(word)):
        if plain != word and is_syllable(plain):
            return plain
    return None


def _telex(word: str) -> tuple[str, ...]:
    """Readings with the tone letter last, as most type it, or in the middle."""
    readings = [word, *(word[:at] + word[at + 1 :] for at in range(len(word) - 1, 0, -1) if word[at] in TELEX_TONES)]
    return tuple(_letters(reading) for reading in readings)


def _letters(word: str) -> str:
    for typed, meant in TELEX_LETTERS:
        word = word.replace(typed, meant)
    return word


@cache
def _english() -> frozenset[str]:
    return frozenset(ENGLISH_WORDS.split())


@cache
def _syllable() -> "re.Pattern[str]":
    rimes = "|".join(sorted(set(RIMES.split()), key=len, reverse=True))
    return re.compile(rf"(?:{INITIALS})?(?:{rimes})")
