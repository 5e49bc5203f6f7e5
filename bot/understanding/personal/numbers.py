"""Personal data that is written in digits: phones, identity papers, accounts, tax numbers, plates, dates of birth; and e-mail."""

import re
from collections.abc import Iterator
from functools import lru_cache

from bot.understanding.personal.spans import PersonalKind, Span
from bot.understanding.text import fold

EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
PLATE = re.compile(
    r"(?<![\w.-])\d{2}[ -]?(?!(?:h|k|m|g|tr|kg|km)(?: |\d\d))[a-z]{1,2}\d?[- .]{0,2}(?:\d{3}[. ]?\d{2}|\d{4})(?![\w-]|[.,]\d)",
    re.ASCII,
)
"""A province's number, a series letter, four or five digits; not "24h 1000" or "15m 2000"."""
DIGIT_RUN = re.compile(r"(?<![\w./-])\(?\+?\d(?:[ .()\-]{0,2}\d){5,21}(?![\w/])", re.ASCII)
DOSSIER_CODE = re.compile(
    r"(?:\d{3}\.\d{2,3}\.\d{2,3}\.)?[A-Za-z]\d{2}(?:\.\d{1,4}){0,4}-\d{6,8}-\d{3,7}|PA\d{8}", re.ASCII | re.IGNORECASE
)
PHONE = re.compile(r"(?:0|84)(?:[35789]\d{8}|2\d{8,9})")
BIRTH = re.compile(
    r"\b(?:sinh(?: ngay| nam)?|ngay sinh|nam sinh|ns|sn)\b[ :.,]{0,3}(?:ngay )?"
    r"(\d{1,2}\s?[/.\-]\s?\d{1,2}\s?[/.\-]\s?\d{2,4}|\d{1,2} thang \d{1,2} nam \d{4}|\d{1,2}[/.\-]\d{4}|(?:19|20)\d{2})"
)
MONEY_AFTER = re.compile(r"\s?(?:d|dong|vnd|trieu|tr|nghin|ngan|k|ty|usd|%)\b")
WORDS_BEFORE = 40
"""How far before a number the word that names it may stand, in characters: about five words and a bank's name."""
NAMED = (
    (
        PersonalKind.ACCOUNT,
        re.compile(r"\b(?:stk|tk|so tai khoan|tai khoan|so tk|chuyen khoan|so the)\b"),
        range(6, 20),
    ),
    (PersonalKind.TAX, re.compile(r"\b(?:mst|ma so thue|ma thue)\b"), range(10, 14)),
    (
        PersonalKind.IDENTITY,
        re.compile(r"\b(?:cccd|cmnd|cmt|cmtnd|cc|can cuoc|chung minh|ho chieu|dinh danh|bhxh|bhyt)\b"),
        range(8, 13),
    ),
    (
        PersonalKind.PHONE,
        re.compile(r"\b(?:sdt|dt|dien thoai|lien he|goi|zalo|so may|phone|tel|hotline)\b"),
        range(9, 13),
    ),
)
"""A word that names the number, and how many digits it may then have."""
IDENTITY_DIGITS = frozenset({9, 12})
TAX_DIGITS = frozenset({10, 13})


def numbers_in(text: str) -> Iterator[Span]:
    """Spans in *text* (NFC); dossier and petition codes are never among them."""
    plain = folded_in_place(text)
    codes = [match.span() for match in DOSSIER_CODE.finditer(text)]
    for span in _all(text, plain):
        if all(span.end <= start or span.start >= end for start, end in codes):
            yield span


def folded_in_place(text: str) -> str:
    """Lower case without accents, each character at its own place."""
    return "".join(map(_folded, text))


@lru_cache(2048)
def _folded(character: str) -> str:
    folded = fold(character).lower()
    return folded if len(folded) == 1 else character


def _all(text: str, plain: str) -> Iterator[Span]:
    for match in EMAIL.finditer(text):
        yield Span(*match.span(), PersonalKind.EMAIL)
    for match in BIRTH.finditer(plain):
        yield Span(*match.span(1), PersonalKind.BIRTH_DATE)
    for match in DIGIT_RUN.finditer(text):
        if (kind := _kind(match, plain)) is not None:
            yield Span(*match.span(), kind)
    for match in PLATE.finditer(plain):
        yield Span(*match.span(), PersonalKind.PLATE)


def _kind(run: "re.Match[str]", plain: str) -> PersonalKind | None:
    digits = re.sub(r"\D", "", run[0])
    before = plain[max(0, run.start() - WORDS_BEFORE) : run.start()]
    if (named := _named(before, len(digits))) is not None:
        return named
    if PHONE.fullmatch(digits):
        return PersonalKind.PHONE
    if MONEY_AFTER.match(plain, run.end()) or _in_thousands(run[0]):
        return None
    if len(digits) in IDENTITY_DIGITS:
        return PersonalKind.IDENTITY
    return PersonalKind.TAX if len(digits) in TAX_DIGITS else None


def _named(before: str, digits: int) -> PersonalKind | None:
    """The kind whose word stands nearest before the number and allows so many digits."""
    found = [
        (match.end(), kind) for kind, word, allowed in NAMED if digits in allowed for match in word.finditer(before)
    ]
    return max(found, default=(0, None))[1]


def _in_thousands(written: str) -> bool:
    return re.fullmatch(r"[1-9]\d{0,2}(?:\.\d{3})+", written) is not None and not written.startswith("84")
