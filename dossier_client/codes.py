"""The grammar of dossier codes (mã số hồ sơ), and what else looks like one.

Sources: Decision 20/2020/QĐ-TTg (agency identifiers), the national form of Thông tư 01/2018/TT-VPCP, and codes seen in production.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

from dossier_client.mending_cleaning import clean
from dossier_client.mending_links import links
from dossier_client.mending_readings import readings
from dossier_client.mending_runs import bare, groups_of

FIRST_DAY = date(2016, 1, 1)
"""No one-stop system issued such codes before."""
PARSED_AT_ONCE = 1024


class CodeKind(StrEnum):
    """What a typed thing is."""

    NATIONAL_2018 = "national_2018"
    QD20_PROVINCE = "qd20_province"
    QD20_MINISTRY = "qd20_ministry"
    BAD_DATE = "bad_date"
    AGENCY = "agency"
    PROCEDURE = "procedure"
    PAPER = "paper"
    FIELD = "field"
    PERSONAL_ID = "personal_id"
    PHONE = "phone"
    OFFICIAL_DOCUMENT = "official_document"
    UNKNOWN = "unknown"


_DATE = re.compile(r"(?:\d{2}){3,4}", re.ASCII)


@dataclass(frozen=True, slots=True)
class DossierCode:
    """A code that fits a shape and whose date exists."""

    text: str
    """Canonical: upper case, dots and dashes in place."""
    head: str
    """The province or ministry, ``H05``."""
    agency: str
    received_on: date
    sequence: str
    kind: CodeKind


SHAPES: dict[CodeKind, re.Pattern[str]] = {
    CodeKind.NATIONAL_2018: re.compile(
        r"(?P<agency>\d{3}\.\d{2,3}\.\d{2,3}\.(?P<head>[A-Z]\d{2}))-(?P<ymd>\d{6})-(?P<seq>\d{3,6})", re.ASCII
    ),
    CodeKind.QD20_PROVINCE: re.compile(
        r"(?P<agency>(?P<head>H\d{2})(?:\.\d{1,4}){0,4})-(?P<ymd>\d{6})-(?P<seq>\d{3,7})", re.ASCII
    ),
    CodeKind.QD20_MINISTRY: re.compile(
        r"(?P<agency>(?P<head>G\d{2})(?:\.\d{1,4}){0,4})-(?P<ymd>\d{8}|\d{6})-(?P<seq>\d{3,7})", re.ASCII
    ),
}

LOOK_ALIKES: dict[CodeKind, re.Pattern[str]] = {
    CodeKind.PAPER: re.compile(r"\d{3}\.\d{2}\.\d{2}\.[A-Z]\d{2}-KQ\d{6}", re.ASCII),
    CodeKind.FIELD: re.compile(r"G\d{2}-[A-ZĐ]{2}\d{2}", re.ASCII),
    CodeKind.PROCEDURE: re.compile(
        r"\d\.\d{6}(?:\.\d{2})?(?:\.\d{3}\.\d{2}\.\d{2}\.[A-Z]\d{2}(?:\.\d{2})?)?", re.ASCII
    ),
    CodeKind.AGENCY: re.compile(r"\d{3}\.\d{2,3}\.\d{2,3}\.[A-Z]\d{2}|[GH]\d{2}(?:\.\d{1,4}){1,4}", re.ASCII),
    CodeKind.PERSONAL_ID: re.compile(r"0\d{11}", re.ASCII),
    CodeKind.PHONE: re.compile(r"(?:\+?84|0084|0)[35789]\d{8}", re.ASCII),
    CodeKind.OFFICIAL_DOCUMENT: re.compile(r"\d{1,5}/(?:\d{4}/)?[A-ZĐ]{2,}(?:-[A-ZĐ]+)+", re.ASCII),
}


def received_on(digits: str) -> date | None:
    """The date written as ``yymmdd`` or ``yyyymmdd``; None when the calendar has no such day."""
    if not _DATE.fullmatch(digits):
        return None
    year = int(digits[:-4]) + (2000 if len(digits) == len("yymmdd") else 0)
    try:
        return date(year, int(digits[-4:-2]), int(digits[-2:]))
    except ValueError:
        return None


def is_plausible(day: date, today: date) -> bool:
    """From the first year of such codes to tomorrow: clocks of two systems may differ by a day."""
    return FIRST_DAY <= day <= today + timedelta(days=1)


@lru_cache(maxsize=PARSED_AT_ONCE)
def parse(text: str, today: date) -> DossierCode | None:
    """The code, when *text* is canonical and its date is plausible; nothing is mended.

    The last ones are remembered: on its way a code is read when it is found, when it is routed and when it is asked for.
    """
    found = shape_of(text)
    if found is None:
        return None
    kind, match = found
    day = received_on(match["ymd"])
    if day is None or not is_plausible(day, today):
        return None
    return DossierCode(text, match["head"], match["agency"], day, match["seq"], kind)


def shape_of(text: str) -> tuple[CodeKind, re.Match[str]] | None:
    """The shape that the whole text has, whatever its date."""
    for kind, pattern in SHAPES.items():
        if match := pattern.fullmatch(text):
            return kind, match
    return None


def kind_of(text: str, today: date) -> CodeKind:
    """What a canonical text is."""
    if found := shape_of(text):
        return found[0] if parse(text, today) else CodeKind.BAD_DATE
    for kind, pattern in LOOK_ALIKES.items():
        if pattern.fullmatch(text):
            return kind
    return CodeKind.UNKNOWN


@dataclass(frozen=True, slots=True)
class Classified:
    """What one typed thing is."""

    normalised: str
    """Canonical writing; "" when it is nothing known."""
    kind: CodeKind


def day_test(today: date) -> Callable[[str], bool]:
    """A test of ``yymmdd`` or ``yyyymmdd``: can a code have been issued on that day?"""

    def is_day(digits: str) -> bool:
        day = received_on(digits)
        return day is not None and is_plausible(day, today)

    return is_day


def classify(text: str, today: date) -> Classified:
    """What one typed thing is, after mending; the command before it and punctuation around it do not count."""
    link = next(links(text), None)
    plain = bare(clean(link.code if link else text).text)
    kind = kind_of(plain, today)
    if kind is CodeKind.UNKNOWN and len(texts := readings(groups_of(plain), day_test(today))) == 1:
        plain, kind = texts[0], kind_of(texts[0], today)
    return Classified("" if kind is CodeKind.UNKNOWN else plain, kind)
